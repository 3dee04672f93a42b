"""The cycles of a plan as a proof looks at them: those with which a line begins, and the one that all cycles are like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from dsl.plan import Plan
from engine.batch.even import is_even, steady
from engine.batch.terms import Memory
from engine.batch.trace import Step, trace
from engine.prove.terms import MOST

HORIZON = 13  # cycles of which each is looked at


@dataclass(frozen=True, slots=True)
class Cycles:
    """`begin` are the first cycles. Where all are alike, `each` is what every one of them computes: it opens with all that can
    be held, and closes with the same."""

    begin: tuple[Step, ...]
    each: Step | None


@lru_cache(maxsize=4)
def cycles(plan: Plan, start: datetime, uses: tuple[str, ...]) -> Cycles:
    """Kept for the next claim of a plan. Raises NotTracedError."""
    memory = Memory(most_terms=0)  # an amount that is below another for sure is a choice that the solver makes as fast
    begin = tuple(trace(plan, start, uses, HORIZON, memory=memory, most=MOST))
    if not is_even(plan):
        return Cycles(begin, None)
    last = begin[-1]
    if tuple(piece for piece, _ in last.closing) == last.opening:
        return Cycles(begin, last)
    return Cycles(begin, steady(plan, uses, start, memory=memory, most=MOST))
