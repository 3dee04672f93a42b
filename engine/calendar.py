"""Boundaries of cycles and ends of lives, in a plan's zone. Every date is counted from the anchor, never from the one before.

An instant is a whole number of seconds since 1970-01-01 UTC. Local times are naive datetimes. The midnight, or other time of
day, of a boundary that a change of the clock skips is the instant of the change; one that comes twice is the first of the two
(PEP 495, fold 0).
"""

from __future__ import annotations

import calendar as months
from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from dsl.plan import (
    ACTIVATION_DAY,
    ACTIVATION_MINUTE,
    Cycle,
    DayCycle,
    Earliest,
    Endless,
    Lasts,
    Life,
    MonthCycle,
    NewEnd,
    Period,
    ShortMonth,
    ToDayEnd,
    ToMonthEnd,
    UntilDay,
    UntilWeekday,
    WithPack,
)
from engine.arithmetic import blocks

Instant = int
NEVER: Instant = 1 << 60

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
# Starts before the year 2201 and lives of at most 3,600 years leave room to the year 9999. What is extended beyond has no end.
_FAR: Instant = (datetime(5900, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND


class Calendar:
    """The cycles of one line: cycle k runs from `boundary(k - 1)` to `boundary(k)`; `boundary(0)` is the start.

    Boundaries are counted from a start, or from the first use where the cycle says so (local times), which a renewal or another
    plan may move: what is past stays as it was.
    """

    def __init__(self, cycle: Cycle, zone: str, start: datetime, first_use: datetime | None = None) -> None:
        self.zone = _zone(zone)
        self._boundaries: list[Instant] = [self.instant(start)]
        self._over: dict[int, Instant] = {}  # when cycles that wait for a renewal were over
        waits = cycle.from_first_use and first_use is not None
        self._count(cycle, self.instant(first_use) if waits and first_use else self._boundaries[0])

    def _count(self, cycle: Cycle, since: Instant) -> None:
        """Boundaries after the last one known are counted from `since`."""
        self.cycle = cycle
        self._base = len(self._boundaries) - 1
        self._stacked = 0
        self.start = self.local(since)  # not as told where a change of the clock skipped that
        self._clock = self.start.time() if cycle.minute == ACTIVATION_MINUTE else time(*divmod(cycle.minute, 60))
        self._first_month = self._month_of_first_boundary() if isinstance(cycle, MonthCycle) else 0

    def restart(self, number: int, at: Instant, cycle: Cycle) -> None:
        """Ends cycle `number` at `at`; from there cycles are counted anew."""
        del self._boundaries[number:]
        self._boundaries.append(at)
        self._count(cycle, at)

    def defer(self, number: int, until: Instant) -> None:
        """Cycle `number` ends at `until`, and is then over already for some time."""
        self._over[number] = self.boundary(number)
        self.restart(number, until, self.cycle)

    def stack(self, number: int) -> None:
        """Cycle `number` ends where the one after it would have."""
        del self._boundaries[number:]
        self._stacked += 1

    def leave(self, number: int, at: Instant) -> None:
        """The line ends at `at`, inside cycle `number`: no use falls on the days that are left of it."""
        self._over[number] = min(at, self._over.get(number, at))

    # ---- local time

    def instant(self, local: datetime) -> Instant:
        """When a local time is: one that a change of the clock skips is the instant of the change, of one that comes twice it
        is the first."""
        return _instant(local, self.zone)

    def local(self, at: Instant) -> datetime:
        return _local(at, self.zone)

    def iso(self, at: Instant) -> str:
        """Local time with its offset, as in 2026-01-31T00:00:00+08:00."""
        return (_EPOCH + timedelta(seconds=at)).astimezone(self.zone).isoformat()

    def midnight(self, day: date) -> Instant:
        return self.instant(datetime.combine(day, time()))

    def days_between(self, start: Instant, end: Instant) -> int:
        """Days from one to the other; a day that has begun counts."""
        return (self.local(end).date() - self.local(start).date()).days

    # ---- cycles

    @property
    def anchor_day(self) -> int:
        """The day of the month on which cycles of months begin; 0 for other cycles."""
        if not isinstance(self.cycle, MonthCycle):
            return 0
        return self.cycle.anchor_day or self.start.day

    def boundary(self, number: int) -> Instant:
        while number >= len(self._boundaries):
            self._boundaries.append(self.instant(datetime.combine(self._boundary_day(len(self._boundaries)), self._clock)))
        return self._boundaries[number]

    def cycle_at(self, at: Instant) -> int:
        """The number of the cycle that holds `at`; the first is 1. A boundary belongs to the cycle it begins."""
        while self._boundaries[-1] <= at:
            self.boundary(len(self._boundaries))
        return bisect_right(self._boundaries, at)

    def days(self, number: int) -> list[Instant]:
        """The start of cycle `number` and each later local midnight in it, up to where it waits for a renewal."""
        start, end = self.boundary(number - 1), self._over.get(number, self.boundary(number))
        found, day = [start], self.local(start).date()
        while (midnight := self.midnight(day := day + timedelta(days=1))) < end:
            if midnight > found[-1]:
                found.append(midnight)
        return found

    def _boundary_day(self, number: int) -> date:
        number += self._stacked - self._base
        match self.cycle:
            case DayCycle(days=days, block=0):
                return self.start.date() + timedelta(days=number * days)
            case DayCycle(days=days, block=block):
                whole, rest = divmod(number, blocks(block, days))
                return self.start.date() + timedelta(days=whole * block + rest * days)
            case MonthCycle(months=count):
                return self._anchor(self._first_month + (number - 1) * count)

    def _anchor(self, month: int) -> date:
        """The anchor's date in a month, counted as year * 12 + month - 1."""
        assert isinstance(self.cycle, MonthCycle)
        wanted = self.anchor_day
        year, zero_month = divmod(month, 12)
        length = months.monthrange(year, zero_month + 1)[1]
        match self.cycle.short_month:
            case ShortMonth.CLAMP:
                return date(year, zero_month + 1, min(wanted, length))
            case ShortMonth.TO_28:
                return date(year, zero_month + 1, min(wanted, 28))
            case ShortMonth.OVERFLOW if wanted > length:
                return date(year, zero_month + 1, length) + timedelta(days=1)
            case ShortMonth.OVERFLOW:
                return date(year, zero_month + 1, wanted)

    def _month_of_first_boundary(self) -> int:
        assert isinstance(self.cycle, MonthCycle)
        month = self.start.year * 12 + self.start.month - 1
        if self.cycle.anchor_day == ACTIVATION_DAY:
            return month + self.cycle.months
        # An overflowing anchor of the month before may fall on the first of this one.
        return next(other for other in range(month - 1, month + 3) if self._anchor(other) > self.start.date())

    def part(self, number: int) -> tuple[int, int]:
        """Days of a cycle, of those yet to come or running, and days of the whole cycle it is a part of; equal where it is
        whole, as all are but the first after a start and what is left of a block of days."""
        if isinstance(self.cycle, DayCycle) and self.cycle.block and number > self._base:
            return (self._boundary_day(number) - self._boundary_day(number - 1)).days, self.cycle.days
        if not isinstance(self.cycle, MonthCycle) or number != self._base + 1:
            return 1, 1
        first = self._anchor(self._first_month)
        before = self._anchor(self._first_month - self.cycle.months)
        return (first - self.start.date()).days, (first - before).days

    def whole(self, number: int) -> tuple[Instant, Instant]:
        """Begin and end of the whole cycle of which cycle `number`, as it was counted, is a part: other than its own where it
        is a first one that starts late, or what is left of a block of days."""
        start, end = self.boundary(number - 1), self.boundary(number)
        part, days = self.part(number)
        if part < days and isinstance(self.cycle, MonthCycle):
            start = self.midnight(self._anchor(self._first_month - self.cycle.months))
        elif part < days:
            start = self.midnight(self.local(end).date() - timedelta(days=days))
        return start, end

    # ---- lives

    def end(self, life: Life, start: Instant) -> Instant:
        """The instant at which a life that starts at `start` is over; it does not belong to the life."""
        if start >= _FAR:
            return NEVER
        match life:
            case Endless():
                return NEVER
            case Lasts(count=count, period=Period.CYCLE):
                return self.boundary(self.cycle_at(start) + count - 1)
            case Lasts(count=count, period=Period.HOUR):
                return start + count * 3600
            case Lasts(count=count, period=Period.DAY):
                return self.instant(self.local(start) + timedelta(days=count))
            case Lasts(count=count, period=_):
                return self._months_after(start, count)
            case ToDayEnd(days=days, zone=name):
                zone = _zone(name) if name else self.zone
                return _instant(datetime.combine(_local(start, zone).date() + timedelta(days=days), time()), zone)
            case UntilDay(day=day):
                return self.midnight(day)
            case UntilWeekday(weekday=weekday):
                day = self.local(start).date()
                return self.midnight(day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1))
            case Earliest(lives=lives):
                return min(self.end(one, start) for one in lives)
            case WithPack():
                return NEVER  # the ledger knows which packs are in force
            case NewEnd():
                raise ValueError("only an event knows its new end")
            case ToMonthEnd(after=after):
                local = self.local(start)
                return self.midnight(_months_later(local.replace(day=1), after + 1).date())

    def end_unused(self, life: Life) -> Instant:
        """When a life that starts with the first use is over at the latest, used or not."""
        match life:
            case Earliest(lives=lives):
                return min(map(self.end_unused, lives))
            case UntilDay(day=day):
                return self.midnight(day)
            case _:
                return NEVER

    def _months_after(self, start: Instant, count: int) -> Instant:
        """From a boundary on, months are counted from the anchor, as cycles are: the 28th of February may stand for a 31st."""
        number = self.cycle_at(start) - 1
        if (
            isinstance(self.cycle, MonthCycle)
            and number > self._base
            and count % self.cycle.months == 0
            and start == self.boundary(number)
        ):
            return self.boundary(number + count // self.cycle.months)
        return self.instant(_months_later(self.local(start), count))


def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)


def _local(at: Instant, zone: tzinfo) -> datetime:
    return (_EPOCH + timedelta(seconds=at)).astimezone(zone).replace(tzinfo=None)


def _instant(local: datetime, zone: tzinfo) -> Instant:
    at = (local.replace(tzinfo=zone) - _EPOCH) // _SECOND
    if _local(at, zone) == local:
        return at
    before = (local.replace(tzinfo=zone, fold=1) - _EPOCH) // _SECOND  # by the offset after the change, so before it
    return before + bisect_left(range(at - before), True, key=lambda seconds: _local(before + seconds, zone) > local)


def _months_later(local: datetime, count: int) -> datetime:
    """The same day and time `count` months later, or the last day of that month where it lacks the day."""
    year, zero_month = divmod(local.year * 12 + local.month - 1 + count, 12)
    day = min(local.day, months.monthrange(year, zero_month + 1)[1])
    return local.replace(year=year, month=zero_month + 1, day=day)
