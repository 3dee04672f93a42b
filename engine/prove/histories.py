"""A history that breaks a claim: searched for in one cycle, then in two, and so on. The caller runs it in the engine before
anybody is shown it."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from dsl.plan import NeverAbove
from engine.batch.course import Piece
from engine.batch.trace import Step
from engine.prove.breach import figures, peak
from engine.prove.cycles import HORIZON, Cycles
from engine.prove.terms import Cycle, Term, behind, read, solver
from engine.prove.verdict import Outcome, Verdict

SEARCHED = 6  # cycles in which any history that does is searched for; behind them it takes long


def refute(found: Cycles, claim: NeverAbove) -> Outcome:
    """A history that breaks a claim: one of few cycles, or one without any use."""
    for number, step in enumerate(found.begin, 1):
        if not step.by_sum:
            return Outcome(claim, Verdict.UNKNOWN, why=f"in cycle {number} it matters on which day something is used")
    broken = idle(found, claim)
    searched = _search(found.begin[: min(SEARCHED, (broken or HORIZON + 1) - 1)], claim)
    if searched.verdict is Verdict.REFUTED:
        return searched
    if broken:
        return Outcome(claim, Verdict.REFUTED, history=(dict.fromkeys(found.begin[0].uses, 0),) * broken)
    why = f"{searched.why}, nor one of {found.known} without use; of others nothing is known"
    return Outcome(claim, Verdict.UNKNOWN, why=why)


def idle(found: Cycles, claim: NeverAbove) -> int:
    """The first cycle in which there is too much where nothing is ever used; 0 where there is none."""
    peaks = (sum(row.get(name, 0) for name in figures(claim.service)) for row in found.without_use())
    return next((number for number, peak in enumerate(peaks, 1) if peak > claim.amount), 0)


def _search(steps: Sequence[Step], claim: NeverAbove) -> Outcome:
    """The shortest history that breaks a claim: of those, one that uses little."""
    services = behind(steps, claim.service)
    looked = 0
    for number, _ in enumerate(steps, 1):
        for whole in (False, True):
            cycles = _unrolled(steps[:number], services, claim, whole=whole)
            asked = solver()
            asked.add(*(bound for one in cycles for bound in one.bounds), peak(cycles[-1]) > claim.amount)
            found = asked.check()
            if found == z3.unsat:
                break
        if found == z3.sat:
            return Outcome(claim, Verdict.REFUTED, history=_least(asked, cycles))
        if found != z3.unsat:
            break
        looked = number
    return Outcome(claim, Verdict.UNKNOWN, why=f"no history of {looked} cycles breaks it")


def _unrolled(steps: Sequence[Step], services: frozenset[str], claim: NeverAbove, *, whole: bool) -> list[Cycle]:
    """Cycles that follow each other, from nothing on; the figures are those of the last."""
    opening: dict[Piece, Term] = {}
    cycles = []
    for number, step in enumerate(steps, 1):
        told = figures(claim.service) if number == len(steps) else ()
        cycles.append(read(step, f"c{number}", opening, about=services, figures=told, whole=whole))
        opening = dict(cycles[-1].closing)
    return cycles


def _least(asked: z3.Solver, cycles: Sequence[Cycle]) -> tuple[dict[str, int], ...]:
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
