"""The cycles of a plan as a proof looks at them: those with which a line begins, and the one that all cycles are like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from dsl.plan import Convert, Plan
from dsl.units import is_money
from engine.batch.course import Piece
from engine.batch.even import is_even
from engine.batch.program import evaluate, program
from engine.batch.steady import steady
from engine.batch.terms import Memory
from engine.batch.trace import Step, trace

MOST = 10**30  # of what a cycle uses or a lot holds
HORIZON = 13  # cycles of which each is looked at
LONG = 40  # cycles without use, where all are alike


@dataclass(frozen=True, slots=True)
class Cycles:
    """`begin` are the first cycles. Where all are alike, `each` is what every one of them computes: it opens with all that can
    be held, and closes with the same."""

    begin: tuple[Step, ...]
    each: Step | None

    @property
    def known(self) -> int:
        """How many cycles of a line that uses nothing can be told."""
        return LONG if self.each else HORIZON

    def without_use(self) -> Iterator[Mapping[str, int]]:
        """The figures of these, cycle by cycle."""
        held: dict[Piece, int] = {}
        for number in range(self.known):
            step = self.begin[number] if number < HORIZON else self.each
            assert step
            done = evaluate(program([step], in_64_bits=False), [{}], [held.get(piece, 0) for piece in step.opening])
            held = {piece: amount for (piece, _), amount in zip(step.closing, done.closing, strict=True)}
            yield done.figures[0]


def used(plan: Plan) -> tuple[str, ...]:
    """The services that a line of a plan may use: what it grants, and what it converts to or serves otherwise."""
    clauses = [clause for rule in plan.rules for clause in rule.clauses]
    made = [clause.to_service for clause in clauses if isinstance(clause, Convert)]
    ruled = [*(rule.service for rule in plan.rules), *(rule.service for rule in plan.runs_out)]
    others = (service for service in (*made, *ruled) if not is_money(service))
    return tuple(dict.fromkeys((*plan.services, *others)))


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
