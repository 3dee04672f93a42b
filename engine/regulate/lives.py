"""How long lives are, to be compared: in hours, at least and at most."""

from __future__ import annotations

from typing import NamedTuple

from dsl.plan import Cycle, Earliest, Endless, Lasts, Life, MonthCycle, NewEnd, Period, ToDayEnd, UntilWeekday

_HOURS = {Period.HOUR: 1, Period.DAY: 24}
_ENDLESS = 10**12


class Length(NamedTuple):
    """`months` is how many whole months it is, 0 where it is no such number: months are compared with months by their number,
    and with days by the shortest and the longest there are."""

    shortest: int
    longest: int
    months: int = 0


def length(life: Life, cycle: Cycle) -> Length | None:
    """None where it depends on the day on which it begins, and may be anything."""
    match life:
        case Lasts(count=count, period=Period.CYCLE):
            if isinstance(cycle, MonthCycle):
                return _months(count * cycle.months)
            return Length(count * cycle.days * 24, count * cycle.days * 24)
        case Lasts(count=count, period=Period.MONTH):
            return _months(count)
        case Lasts(count=count, period=period):
            return Length(count * _HOURS[period], count * _HOURS[period])
        case ToDayEnd(days=days):
            return Length(days * 24, days * 24)  # as many days are named, though the first of them has begun
        case UntilWeekday():
            return Length(0, 7 * 24)
        case NewEnd():
            return length(Lasts(1, Period.CYCLE), cycle)
        case Endless():
            return Length(_ENDLESS, _ENDLESS)
        case Earliest(lives=lives):
            lengths = [length(one, cycle) for one in lives]
            known = [one for one in lengths if one]
            return min(known, key=lambda one: one.longest) if len(known) == len(lengths) else None
        case _:
            return None


def _months(count: int) -> Length:
    return Length(count * 28 * 24, count * 31 * 24, count)


def is_as_long(one: Length | None, other: Length | None) -> bool | None:
    """Whether one is never shorter than another; None where that depends on the day."""
    if one is None or other is None:
        return None
    if one.months and other.months:
        return one.months >= other.months
    if one.shortest >= other.longest:
        return True
    return False if one.longest < other.shortest else None


def less(one: Length | None, other: Length | None) -> Length | None:
    """What is left of one when another has passed."""
    if one is None or other is None:
        return None
    months = one.months - other.months if one.months and other.months else 0
    return Length(max(0, one.shortest - other.longest), max(0, one.longest - other.shortest), max(0, months))
