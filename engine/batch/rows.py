"""Lines one at a time, through the reference engine: what no step computes, and what steps are compared with."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dsl.plan import Plan
from engine.batch.course import Closed, Course, Held, Record


def _nothing(_: Course) -> None:
    return


@dataclass(slots=True)
class Rows:
    """Lines of one plan that began at `start`. A line is run up to its first cycle once, and goes on from there for each."""

    plan: Plan
    start: datetime
    others: Mapping[str, Plan] | None = None
    _kept: dict[int, bytes] = field(default_factory=dict)

    def settle(
        self, uses: Sequence[Mapping[str, int]], *, first: int = 1, opening: Held | None = None,
        records: Iterable[tuple[datetime, str, int]] | None = None,
    ) -> list[Closed]:  # fmt: skip
        """Cycles `first` and those behind it. Without an `opening` it holds what it would if nothing had been used so far. What
        a cycle uses is spread over its days, or, with `records` (when, of what, how much), used at their own times."""
        closed: list[Closed] = []
        course = self._at(first)
        if opening is not None:
            course.lay(opening)
        course.at_boundary = lambda course: closed.append(course.closed(uses[0] if uses else ()))
        course.begin()
        told = sorted(Record(course.calendar.instant(at), service, amount) for at, service, amount in records or ())
        left = deque(told)
        for used in uses:
            if records is None:
                course.use_daily(used)
            else:
                course.use_recorded(left)
            course.close()
        if left:
            raise ValueError("records behind the last cycle")
        return closed

    def _at(self, first: int) -> Course:
        """A line at the beginning of a cycle, which has granted nothing yet."""
        if first not in self._kept:
            course = Course(self.plan, self.start, self.others, _nothing, waits_at=first)
            while course.cycle < first:
                course.close()
            self._kept[first] = pickle.dumps(course, pickle.HIGHEST_PROTOCOL)
        kept: Course = pickle.loads(self._kept[first])
        return kept
