"""A history that breaks a claim: searched for in one cycle, then in two, and so on. The caller runs it in the engine before
anybody is shown it."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from dsl.plan import NeverAbove
from engine.batch.course import Piece
from engine.batch.program import evaluate, program
from engine.batch.trace import Step
from engine.prove.breach import figures, peak
from engine.prove.cycles import HORIZON
from engine.prove.terms import Cycle, Term, behind, read, solver
from engine.prove.verdict import Outcome, Verdict

SEARCHED = 6  # cycles in which any history that does is searched for; behind them it takes long


def refute(steps: Sequence[Step], claim: NeverAbove) -> Outcome:
    """A history that breaks a claim: one of few cycles, or one without any use."""
    for number, step in enumerate(steps, 1):
        if not step.by_sum:
            return Outcome(claim, Verdict.UNKNOWN, why=f"in cycle {number} it matters on which day something is used")
    broken = idle(steps, claim)
    found = _search(steps[: min(SEARCHED, (broken or HORIZON + 1) - 1)], claim)
    if broken and found.verdict is Verdict.UNKNOWN:
        return Outcome(claim, Verdict.REFUTED, history=(dict.fromkeys(steps[0].uses, 0),) * broken)
    return found


def idle(steps: Sequence[Step], claim: NeverAbove) -> int:
    """The first cycle in which there is too much where nothing is ever used; 0 where there is none."""
    rows = evaluate(program(steps, in_64_bits=False), [{}] * len(steps), [0] * len(steps[0].opening)).figures
    peaks = [sum(row.get(name, 0) for name in figures(claim.service)) for row in rows]
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
    why = f"no history of {looked} cycles breaks it, nor one of {HORIZON} without use; of others nothing is known"
    return Outcome(claim, Verdict.UNKNOWN, why=why)


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
