"""How long lives are, to be compared: in hours, at least and at most."""

from __future__ import annotations

from typing import NamedTuple

from dsl.plan import Cycle, Earliest, Endless, Lasts, Life, MonthCycle, Period, ToDayEnd, UntilWeekday

_ENDLESS = 10**12


class Length(NamedTuple):
    """`months` is how many whole months it is, and `days` how many days, 0 where it is no such number: months are compared with
    months by their number, days with days, and else by the shortest and the longest there are."""

    shortest: int
    longest: int
    months: int = 0
    days: int = 0


def length(life: Life, cycle: Cycle) -> Length | None:
    """None where it depends on the day on which it begins, and may be anything."""
    match life:
        case Lasts(count=count, period=Period.CYCLE):
            if isinstance(cycle, MonthCycle):
                return _months(count * cycle.months)
            if cycle.block % cycle.days:  # and what is left of a block is a short cycle
                return Length((count - 1) * cycle.days * 24 + cycle.block % cycle.days * 24, count * cycle.days * 24)
            return _days(count * cycle.days)
        case Lasts(count=count, period=Period.MONTH):
            return _months(count)
        case Lasts(count=count, period=Period.DAY):
            return _days(count)
        case Lasts(count=count, period=Period.HOUR):
            return Length(count, count)
        case ToDayEnd(days=days):
            return Length((days - 1) * 24, days * 24)  # as many days are named, though the first of them has begun
        case UntilWeekday():
            return Length(0, 7 * 24)
        case Endless():
            return Length(_ENDLESS, _ENDLESS)
        case Earliest(lives=lives):
            lengths = [length(one, cycle) for one in lives]
            known = [one for one in lengths if one]
            if len(known) < len(lengths):
                return None
            return Length(min(one.shortest for one in known), min(one.longest for one in known))
        case _:
            return None


def _months(count: int) -> Length:
    return Length(count * 28 * 24, count * 31 * 24, count)


def _days(count: int) -> Length:
    return Length(count * 24, count * 24, 0, count)


def is_as_long(one: Length | None, other: Length | None) -> bool | None:
    """Whether one is never shorter than another; None where that depends on the day."""
    if one is None or other is None:
        return None
    if one.months and other.months:
        return one.months >= other.months
    if one.days and other.days:
        return one.days >= other.days
    if one.shortest >= other.longest:
        return True
    return False if one.longest < other.shortest else None


def less(one: Length | None, other: Length | None) -> Length | None:
    """What is left of one when another has passed."""
    if one is None or other is None:
        return None
    if one.days and other.days:
        return _days(max(0, one.days - other.days))
    months = one.months - other.months if one.months and other.months else 0
    return Length(max(0, one.shortest - other.longest), max(0, one.longest - other.shortest), max(0, months))
