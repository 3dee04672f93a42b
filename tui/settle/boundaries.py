"""When the cycles of lines begin and end, by columns: a calendar for each start there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np

from dsl.plan import Plan
from engine.calendar import Calendar

Array = Any


@dataclass(slots=True)
class Boundaries:
    """Of a plan. Starts are seconds of local time, as a file has them; instants are seconds of UTC."""

    plan: Plan
    _of: dict[int, tuple[Calendar, list[int]]] = field(default_factory=dict)

    def table(self, starts: Array, most: int) -> Array:
        """Of each start the instants of its boundaries 0 to `most`."""
        return np.array([self._up_to(int(start), most) for start in starts], np.int64).reshape(len(starts), most + 1)

    def calendar(self, start: int) -> Calendar:
        if start not in self._of:
            self._of[start] = Calendar(self.plan.cycle, self.plan.zone, local(start)), []
        return self._of[start][0]

    def _up_to(self, start: int, most: int) -> list[int]:
        calendar = self.calendar(start)
        known = self._of[start][1]
        known += [calendar.boundary(number) for number in range(len(known), most + 1)]
        return known[: most + 1]


def local(seconds: int) -> datetime:
    """A local time, from the seconds a file has."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
