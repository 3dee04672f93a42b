"""When the cycles of lines begin and end, by columns: a calendar for each start there is."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from dsl.plan import Plan
from dsl.scenario import MAX_CYCLES
from engine.calendar import Calendar

Array = Any
_EPOCH = datetime(1970, 1, 1)
_SECOND = timedelta(seconds=1)
_SKIPPED = 86_400  # more than a change of the clock ever skips


@dataclass(slots=True)
class Boundaries:
    """Of a plan. Starts are seconds of local time, as a file has them; instants are seconds of UTC."""

    plan: Plan
    _of: dict[int, tuple[Calendar, list[int]]] = field(default_factory=dict)
    _begins: dict[int, list[int]] = field(default_factory=dict)

    def table(self, starts: Array, most: int) -> Array:
        """Of each start the instants of its boundaries 0 to `most`."""
        return np.array([self._up_to(int(start), most) for start in starts], np.int64).reshape(len(starts), most + 1)

    def calendar(self, start: int) -> Calendar:
        if start not in self._of:
            self._of[start] = Calendar(self.plan.cycle, self.plan.zone, local(start)), []
        return self._of[start][0]

    def begins(self, start: int, latest: int) -> list[int]:
        """When cycles begin by local time, the first one and all those that begin up to `latest`, but for those behind the last
        that a line may have: of two local times the earlier is never the later instant, so these decide to which cycle one
        belongs."""
        calendar = self.calendar(start)
        known = self._begins.setdefault(start, [])
        while (not known or known[-1] <= latest) and len(known) <= MAX_CYCLES:
            known.append(_first_local(calendar, calendar.boundary(len(known))))
        return known

    def _up_to(self, start: int, most: int) -> list[int]:
        calendar = self.calendar(start)
        known = self._of[start][1]
        known += [calendar.boundary(number) for number in range(len(known), most + 1)]
        return known[: most + 1]


def _first_local(calendar: Calendar, at: int) -> int:
    """The first local time that is not before an instant: of those that a change of the clock skips all are at the change."""
    told = (calendar.local(at) - _EPOCH) // _SECOND
    if calendar.instant(local(told - 1)) < at <= calendar.instant(local(told)):
        return told
    near = range(told - _SKIPPED, told + _SKIPPED)
    return near[bisect_left(near, at, key=lambda seconds: calendar.instant(local(seconds)))]


def local(seconds: int) -> datetime:
    """A local time, from the seconds a file has."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
