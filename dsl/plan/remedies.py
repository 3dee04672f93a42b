"""What happens when it runs out."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan.rules import Condition
from dsl.plan.time import Lasts, Life, Period
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Sell:
    """Sells started blocks of `block` at `price` minor units of `currency`, at most `most` blocks a cycle (NO_CEILING: any).
    They live `life` from the sale. `from_credit`: none but those that money the subscriber holds pays whole."""

    block: int
    price: int
    currency: str
    most: int
    span: Span
    life: Life = Lasts(1, Period.CYCLE)
    from_credit: bool = False


@dataclass(frozen=True, slots=True)
class Advance:
    """Gives started blocks of `block` to the end of the cycle, at most `most` a cycle (NO_CEILING: any). What the plan grants
    in the cycles that follow pays them back first."""

    block: int
    most: int
    span: Span


@dataclass(frozen=True, slots=True)
class Owe:
    """Serves all the rest; the next lot that comes pays it first."""

    span: Span


@dataclass(frozen=True, slots=True)
class Slow:
    """Serves all the rest, at lower speed."""

    bits_per_second: int
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """Serves nothing."""

    span: Span


Remedy = Sell | Advance | Owe | Slow | Block


@dataclass(frozen=True, slots=True)
class RunsOut:
    """What is done, in this order, with use of `service` that no lot covers. What nothing serves is blocked.

    Of several for a service the first acts whose conditions hold at that moment. What is sold where a use `is` something is
    only for such use.
    """

    service: str
    remedies: tuple[Remedy, ...]
    span: Span
    conditions: tuple[Condition, ...] = ()
