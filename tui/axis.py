"""Time as columns of a line: which column shows an instant, what stands in a column. No terminal."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.calendar import Calendar, Instant

COLUMNS_OF_CYCLE = 8  # the fewest: the day on which it begins stands above it


@dataclass(frozen=True, slots=True)
class Scale:
    """Equal columns from `start` to `end`, an instant that begins the one behind them."""

    start: Instant
    end: Instant
    columns: int

    def column(self, at: Instant) -> int:
        """The column of an instant, counted from 0; outside that of its nearer end, which for the later one is `columns`."""
        passed = max(0, min(at - self.start, self.end - self.start))
        return passed * self.columns // max(1, self.end - self.start)

    def instant(self, column: int) -> Instant:
        """The first instant of a column."""
        return self.start - (self.start - self.end) * max(0, min(column, self.columns)) // self.columns


@dataclass(frozen=True, slots=True)
class Axis:
    """From `start` to `end`, instants, over `columns`; `boundaries` are those of the cycles it shows."""

    calendar: Calendar
    boundaries: tuple[Instant, ...]
    columns: int

    @property
    def start(self) -> Instant:
        return self.boundaries[0]

    @property
    def end(self) -> Instant:
        return self.boundaries[-1]

    @property
    def scale(self) -> Scale:
        return Scale(self.start, self.end, self.columns)

    def column(self, at: Instant) -> int:
        """The column of an instant, counted from 0; outside the axis that of its nearer end."""
        return min(self.columns - 1, self.scale.column(at))

    def day(self, column: int) -> date:
        """The first day that begins in a column, or, where none does, the one that runs in it."""
        within = max(0, min(column, self.columns - 1))
        first, last = self.scale.instant(within), self.scale.instant(within + 1)
        day = self.calendar.local(last - 1).date()
        return day if self.calendar.midnight(day) >= first else self.calendar.local(first).date()

    def shows(self, at: Instant) -> bool:
        return self.start <= at < self.end


def axis(calendar: Calendar, boundaries: Sequence[Instant], moment: Instant, columns: int) -> Axis:
    """As many whole cycles as have room in so many columns, the one of the moment among them."""
    cycles = len(boundaries) - 1
    room = max(1, min(cycles, columns // COLUMNS_OF_CYCLE))
    current = max(0, min(cycles - 1, bisect_right(boundaries, moment) - 1))
    first = current // room * room if cycles > room else 0  # a page at a time, so that the line stands still under the cursor
    first = min(first, cycles - room)
    return Axis(calendar, tuple(boundaries[first : first + room + 1]), max(1, columns))
