"""How long things last: lives, ends, cycles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Period(StrEnum):
    CYCLE = "cycle"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Lasts:
    """A life of `count` periods. `CYCLE`: to the count-th boundary after the start; others: the same local time, later."""

    count: int
    period: Period


@dataclass(frozen=True, slots=True)
class ToMonthEnd:
    """To the end of the calendar month `after` months after the one the life starts in (0: that month)."""

    after: int


@dataclass(frozen=True, slots=True)
class ToDayEnd:
    """To the midnight that ends the `days`-th day, of which the one the life starts on is the first; days are those of `zone`,
    or, where that is "", of the plan's."""

    days: int
    zone: str = ""


@dataclass(frozen=True, slots=True)
class UntilDay:
    """To the midnight at which `day` begins."""

    day: date


@dataclass(frozen=True, slots=True)
class UntilWeekday:
    """To the first midnight after the start at which that day of the week begins; Monday is 0."""

    weekday: int


@dataclass(frozen=True, slots=True)
class WithPack:
    """As long as that pack is in force: until the last of its own lots ends, used up or not, and none comes again."""

    pack: str


@dataclass(frozen=True, slots=True)
class Endless:
    """Without end."""


@dataclass(frozen=True, slots=True)
class NewEnd:
    """To the end that an event brings: of the cycle that runs then, of what was bought, of what the receiver has. `or_own`: or
    to the lot's own end, if that is later."""

    or_own: bool


@dataclass(frozen=True, slots=True)
class Earliest:
    """To the earliest of several ends."""

    lives: tuple[Life, ...]


Life = Lasts | ToMonthEnd | ToDayEnd | UntilDay | UntilWeekday | WithPack | Endless | NewEnd | Earliest


def packs_of(life: Life) -> frozenset[str]:
    """The packs with which a life ends at the latest."""
    match life:
        case WithPack(pack=pack):
            return frozenset({pack})
        case Earliest(lives=lives):
            return frozenset[str]().union(*map(packs_of, lives))
        case _:
            return frozenset()


class ShortMonth(StrEnum):
    """Where a boundary falls in a month that lacks the anchor day."""

    CLAMP = "clamp"  # its last day
    TO_28 = "to 28"  # anchors 29 to 31 are the 28th in every month
    OVERFLOW = "overflow"  # the first of the next month


ACTIVATION_DAY = 0
MIDNIGHT = 0
ACTIVATION_MINUTE = -1


@dataclass(frozen=True, slots=True)
class MonthCycle:
    """Every `months` months on day `anchor_day` (1 to 31, or ACTIVATION_DAY). A calendar month has anchor day 1.

    Boundaries of any cycle fall at `minute` of their local day, or, with ACTIVATION_MINUTE, at the time of the activation. With
    `from_first_use` the first use is the activation; the first cycle runs on to its end from the start of the line.
    """

    months: int
    anchor_day: int
    short_month: ShortMonth
    first_by_day: bool  # a first, partial cycle gets its part of the grant, by days, rounded down
    minute: int = MIDNIGHT
    from_first_use: bool = False


@dataclass(frozen=True, slots=True)
class DayCycle:
    """Every `days` days from activation. Where `block` is not 0, cycles are counted anew every `block` days: what is left of
    these after the last whole cycle is a short one."""

    days: int
    block: int = 0
    minute: int = MIDNIGHT
    from_first_use: bool = False


Cycle = MonthCycle | DayCycle
