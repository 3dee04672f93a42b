"""A history that breaks a claim: a typical one, or a shorter one, which is searched for in one cycle, then in two, and so on.
The caller runs it in the engine before anybody is shown it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import z3

from dsl.phrase import phrase
from dsl.plan import Claim, OfOnePlan, Plan
from engine.batch.course import Piece
from engine.batch.trace import Step
from engine.prove.bounds import holds
from engine.prove.breach import FIGURES, broken, sources, within
from engine.prove.cycles import HORIZON, SEARCHED
from engine.prove.reached import cycle_by_cycle
from engine.prove.solving import Term, solver
from engine.prove.terms import Cycle, read
from engine.prove.typical import least
from engine.prove.verdict import Held, History, Outcome, Verdict


def refute(steps: Sequence[Step], claim: OfOnePlan, plan: Plan, known: History) -> Outcome:
    """A history that breaks a claim, which these cycles show: the shortest that is searched for, none longer than a `known`
    one; else that one."""
    in_sum = next((number for number, step in enumerate(steps) if not step.by_sum), len(steps))
    searched = _search(steps[: min(in_sum, _longest(known, len(steps)))], claim, plan)
    if searched.verdict is Verdict.REFUTED:
        return replace(searched, history=least(searched.history, steps, claim, plan))
    if known:
        return replace(searched, verdict=Verdict.REFUTED, history=known)
    if in_sum < len(steps):
        why = phrase("in cycle {cycle} it matters on which day something is used", cycle=in_sum + 1)
        return Outcome(claim, Verdict.UNKNOWN, why=why)
    why = phrase(
        "no history of {cycles} cycles breaks it, nor a typical one of {known}; of others nothing is known",
        cycles=searched.looked, known=len(steps),
    )  # fmt: skip
    return replace(searched, why=why)


def _longest(known: History, many: int) -> int:
    """How many of these cycles a history may have that is searched for: fewer than one that is known, or, of few cycles, as
    many, of which one may use less."""
    if not known:
        return min(many, HORIZON)
    uses_less = len(known) <= SEARCHED and any(amount for used in known for amount in used.values())
    return len(known) - (not uses_less)


def _search(steps: Sequence[Step], claim: Claim, plan: Plan) -> Outcome:
    """The shortest history that breaks a claim: of those, one that uses little. Most often what can be held when a cycle begins
    tells that it breaks nothing; else the solver is asked for all that is used up to it."""
    services = sources(steps)
    held: list[Sequence[Held]] = []
    for opening, may_break in cycle_by_cycle(plan, steps, claim, services):
        held.append(opening)
        if may_break:
            found, history = _ending(steps[: len(held)], held, claim, plan, services)
            if found == z3.sat:
                return Outcome(claim, Verdict.REFUTED, history=history, looked=len(held) - 1)
            if found != z3.unsat:
                return Outcome(claim, Verdict.UNKNOWN, looked=len(held) - 1)
    return Outcome(claim, Verdict.UNKNOWN, looked=len(held))


def _ending(
    steps: Sequence[Step], held: Sequence[Sequence[Held]], claim: Claim, plan: Plan, services: frozenset[str]
) -> tuple[z3.CheckSatResult, History]:  # fmt: skip
    """Whether a history breaks a claim in the last of these cycles, and which. What is `held` when each begins follows; said,
    it spares the solver to find it."""
    for whole in (False, True):
        cycles = _unrolled(steps, services, whole=whole)
        asked = solver()
        asked.add(*(bound for one in cycles for bound in (*one.bounds, *within(one, plan.most_used))))
        asked.add(*(holds(bound, one.opening) for one, bounds in zip(cycles, held, strict=True) for bound in bounds))
        asked.add(broken(cycles[-1], claim))
        found = asked.check()
        if found == z3.unsat:
            return found, ()
    return found, _small(asked, cycles) if found == z3.sat else ()


def _unrolled(steps: Sequence[Step], services: frozenset[str], *, whole: bool) -> list[Cycle]:
    """Cycles that follow each other, from nothing on; the figures are those of the last."""
    opening: dict[Piece, Term] = {}
    cycles = []
    for number, step in enumerate(steps, 1):
        told = FIGURES if number == len(steps) else ()
        cycles.append(read(step, f"c{number}", opening, about=services, figures=told, whole=whole))
        opening = dict(cycles[-1].closing)
    return cycles


def _small(asked: z3.Solver, cycles: Sequence[Cycle]) -> History:
    """Uses nothing wherever nothing can be used."""
    for used in [used for cycle in cycles for used in cycle.used.values()]:
        asked.push()
        asked.add(used == 0)
        if asked.check() != z3.sat:
            asked.pop()
    assert asked.check() == z3.sat
    model = asked.model()
    return tuple(
        {service: model.eval(used, model_completion=True).as_long() for service, used in cycle.used.items()} for cycle in cycles
    )
