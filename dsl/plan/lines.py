"""Several lines in one account."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan.limits import Limit
from dsl.plan.lots import Grant, LotClass
from dsl.plan.rules import Condition
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Share:
    """What members use where they have nothing of their own, or, with `shared_first`, before it: lots of the owner of `service`
    ("" for any) and of `classes` or `packs`; where both are empty, of all. At most `most_lines` members, or any number where
    that is NO_CEILING."""

    service: str
    classes: frozenset[LotClass]
    packs: frozenset[str]
    most_lines: int
    each_limit: tuple[tuple[str, int], ...]  # what a member may take in a cycle of the owner's, by service
    each_adds: tuple[Grant, ...]  # to what is shared, in each cycle
    shared_first: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ByLines:
    """What is granted each cycle where there are so many lines, the owner's with them, or more up to the next such rule."""

    lines: int
    grant: Grant


@dataclass(frozen=True, slots=True)
class Loan:
    """What may be borrowed of `service` when it is asked for: as an `Advance`, of the amount that is asked."""

    service: str
    conditions: tuple[Condition, ...]
    limits: tuple[Limit, ...]
    span: Span
