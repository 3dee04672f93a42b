"""The limits of an action, wherever something is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.plan.time import Lasts
from dsl.source import Span


class Over(StrEnum):
    """What a limit counts over. Days, weeks (from Monday), months and years are those of the calendar."""

    ACTION = "at a time"
    DAY = "a day"
    WEEK = "a week"
    MONTH = "a calendar month"
    YEAR = "a year"
    CYCLE = "a cycle"
    EVER = "ever"
    HELD = "held"  # of what was made so far, what is still there


@dataclass(frozen=True, slots=True)
class AtMost:
    """No more than `amount` base units of `service` over that time, this action and those before it together; or, where
    `service` is "", no more than so many actions. A life counts back from the action: earlier ones count for so long.
    `received`: it counts what the line that is given to receives, from whomever, in its own cycles. Where `packs` are named it
    counts the purchases of all of them."""

    amount: int
    service: str
    over: Over | Lasts
    span: Span
    received: bool = False
    packs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """No less than `amount` base units of `service` at a time."""

    amount: int
    service: str
    span: Span


@dataclass(frozen=True, slots=True)
class Keeping:
    """`amount` base units of `service` must remain where the action takes from."""

    amount: int
    service: str
    span: Span


@dataclass(frozen=True, slots=True)
class InSteps:
    """A whole number of times `amount` base units of `service`."""

    amount: int
    service: str
    span: Span


Limit = AtMost | AtLeast | Keeping | InSteps
