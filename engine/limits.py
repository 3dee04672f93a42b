"""Whether an action is within its limits: it and those before it, in whole base units."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from dsl.plan import AtLeast, AtMost, InSteps, Keeping, Lasts, Limit, Over
from engine.calendar import Calendar, Instant


@dataclass(frozen=True, slots=True)
class Deed:
    """One action: when it was done, and how much of each service it moved, or of that is still there."""

    at: Instant
    amounts: Mapping[str, int]


def first_broken(
    limits: Iterable[Limit],
    deed: Deed,
    calendar: Calendar,
    past: Collection[Deed] = (),
    *,
    held: Collection[Deed] = (),
    left: Mapping[str, int] | None = None,
) -> Limit | None:
    """The first limit that a deed would break, or None. `past` are those of its kind that were done, `held` what there still
    is of them, and `left` what would be left, by service, where it takes from."""
    for limit in limits:
        match limit:
            case AtMost():
                others = held if limit.over is Over.HELD else [one for one in past if _counts(limit.over, one, deed, calendar)]
                kept = sum(_measure(limit, one) for one in (*others, deed)) <= limit.amount
            case AtLeast():
                kept = deed.amounts.get(limit.service, 0) >= limit.amount
            case Keeping():
                kept = left is None or left.get(limit.service, 0) >= limit.amount
            case InSteps():
                kept = deed.amounts.get(limit.service, 0) % limit.amount == 0
            case _:
                assert_never(limit)
        if not kept:
            return limit
    return None


def _measure(limit: AtMost, deed: Deed) -> int:
    return deed.amounts.get(limit.service, 0) if limit.service else 1


def _counts(over: Over | Lasts, earlier: Deed, deed: Deed, calendar: Calendar) -> bool:
    """Whether a limit over that time counts an earlier deed together with this one."""
    if isinstance(over, Lasts):
        return calendar.end(over, earlier.at) > deed.at
    match over:
        case Over.ACTION | Over.HELD:
            return False
        case Over.EVER:
            return True
        case Over.CYCLE:
            return calendar.cycle_at(earlier.at) == calendar.cycle_at(deed.at)
        case _:
            return _part(over, calendar.local(earlier.at)) == _part(over, calendar.local(deed.at))


def _part(over: Over, at: datetime) -> tuple[int, ...]:
    """Which day, week, month or year of the calendar a time lies in."""
    match over:
        case Over.YEAR:
            return (at.year,)
        case Over.MONTH:
            return at.year, at.month
        case Over.WEEK:
            return at.isocalendar()[:2]
        case _:
            return at.year, at.month, at.day
