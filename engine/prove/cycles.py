"""The cycles of a plan as a proof looks at them: those with which a line begins, and the one that all cycles are like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache

from dsl.plan import Convert, Plan
from dsl.units import is_money
from engine.batch.even import is_even
from engine.batch.steady import steady
from engine.batch.terms import Memory
from engine.batch.trace import NotTracedError, Step, trace
from engine.prove.begun import is_even_later, starts

MOST = 10**30  # of what a cycle uses or a lot holds
SEARCHED = 6  # cycles of a history beside which one is searched for that is as short and uses less
HORIZON = 13  # cycles in which any history is searched for, and of which each is looked at, where they differ
OLD = 4  # cycles: of what is carried again and again it is not told apart what came before, if nobody asks for it
LONG = 40  # cycles that are tried, where all are alike
FAR = 240  # the same, where nothing is proved: what grows with each cycle has come to much
LATE = 26  # where they differ: what comes after two years has come


@dataclass(frozen=True, slots=True)
class Cycles:
    """Where all cycles are alike, `each` is what every one of them computes: it opens with all that can be held, and closes
    with the same. Where all but the first one are, `later` is that; first ones differ by `starts`, of which `begin` has the
    first cycle. All but `each` and `later` is traced when asked for."""

    each: Step | None
    first: Callable[[int], tuple[Step, ...]]  # so many cycles of a line, which holds few lots then
    later: Step | None
    starts: Sequence[datetime]
    begin: Callable[[datetime], Step]

    @property
    def later_ones(self) -> Step | None:
        """What each cycle computes, or each but the first."""
        return self.each or self.later

    @property
    def at_hand(self) -> Sequence[Step]:
        """Cycles that follow each other, as many as are known."""
        return [self.each] * LONG if self.each else self.first(HORIZON)

    @property
    def all_to_try(self) -> Sequence[Step]:
        """More of them, where they differ: to trace these takes long."""
        try:
            return self.first(LATE)
        except NotTracedError:
            return self.at_hand


def used(plan: Plan) -> tuple[str, ...]:
    """The services that a line of a plan may use: what it grants, and what it converts to or serves otherwise."""
    clauses = [clause for rule in plan.rules for clause in rule.clauses]
    made = [clause.to_service for clause in clauses if isinstance(clause, Convert)]
    ruled = [*(rule.service for rule in plan.rules), *(rule.service for rule in plan.runs_out)]
    others = (service for service in (*made, *ruled) if not is_money(service))
    return tuple(dict.fromkeys((*plan.services, *others)))


def _grows(second: Step) -> bool:
    """Whether a line comes to hold lots that differ in nothing but their age, of which each cycle adds one."""
    kinds = [replace(piece, born=0) for piece, _ in second.closing if piece.by_cycles]
    return len(set(kinds)) < len(kinds)


@lru_cache(maxsize=4)
def cycles(plan: Plan, start: datetime, uses: tuple[str, ...], old: int = OLD) -> Cycles:
    """Kept for the next claim of a plan. Of lots that are carried again and again it is told up to `old` cycles how old each
    is. Raises NotTracedError."""
    memory = Memory(most_terms=0)  # an amount that is below another for sure is a choice that the solver makes as fast

    each = later = None
    if is_even(plan, undisturbed=True):
        each = _each(plan, start, uses, old, memory)
    elif is_even_later(plan, start):
        later = _each(plan, start, uses, old, memory)
    begin = () if each else tuple(trace(plan, start, uses, HORIZON, memory=memory, most=MOST))

    @cache
    def first(many: int) -> tuple[Step, ...]:
        return begin[:many] if many <= len(begin) else tuple(trace(plan, start, uses, many, memory=memory, most=MOST))

    @cache
    def begun(at: datetime) -> Step:
        return trace(plan, at, uses, 1, memory=memory, most=MOST)[0]

    return Cycles(each, first, later, tuple(starts(plan, start)) if later else (), begun)


def _each(plan: Plan, start: datetime, uses: tuple[str, ...], old: int, memory: Memory) -> Step | None:
    second = trace(plan, start, uses, 2, memory=memory, most=MOST)[-1]
    if not _grows(second):
        return steady(plan, uses, start, memory=memory, most=MOST, begun=second)

    from engine.prove.aged import aged  # loads the solver, which most plans do without

    return aged(plan, start, second, old=old, memory=memory, most=MOST)
