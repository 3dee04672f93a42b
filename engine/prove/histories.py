"""A history that breaks a claim: searched for in one cycle, then in two, and so on. The caller runs it in the engine before
anybody is shown it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import z3

from dsl.phrase import phrase
from dsl.plan import Claim, MostUsed
from engine.batch.course import Piece
from engine.batch.trace import Step
from engine.prove.breach import FIGURES, broken, is_broken, sources, within
from engine.prove.cycles import HORIZON, Cycles
from engine.prove.solving import Term, solver
from engine.prove.terms import Cycle, read
from engine.prove.verdict import Outcome, Verdict

SEARCHED = 6  # cycles in which any history that does is searched for; behind them it takes long


def refute(found: Cycles, claim: Claim, most_used: Iterable[MostUsed] = ()) -> Outcome:
    """A history that breaks a claim, which the cycles show: one of few cycles, or one without any use."""
    first = idle(found, claim)
    nothing = Outcome(claim, Verdict.REFUTED, history=(dict.fromkeys(found.begin[0].uses, 0),) * first)
    for number, step in enumerate(found.begin, 1):
        if not step.by_sum and first:  # what is never used is used on no day
            return nothing
        if not step.by_sum:
            why = phrase("in cycle {cycle} it matters on which day something is used", cycle=number)
            return Outcome(claim, Verdict.UNKNOWN, why=why)
    searched = _search(found.begin[: min(SEARCHED, (first or HORIZON + 1) - 1)], claim, tuple(most_used))
    if searched.verdict is Verdict.REFUTED or first:
        return searched if searched.verdict is Verdict.REFUTED else nothing
    why = phrase(
        "no history of {cycles} cycles breaks it, nor one of {known} without use; of others nothing is known",
        cycles=searched.looked, known=found.known,
    )  # fmt: skip
    return replace(searched, why=why)


def idle(found: Cycles, claim: Claim) -> int:
    """The first cycle in which there is too much where nothing is ever used; 0 where there is none."""
    return next((number for number, row in enumerate(found.without_use(), 1) if is_broken(row, claim)), 0)


def _search(steps: Sequence[Step], claim: Claim, most_used: Sequence[MostUsed]) -> Outcome:
    """The shortest history that breaks a claim: of those, one that uses little."""
    services = sources(steps)
    looked = 0
    for number, _ in enumerate(steps, 1):
        for whole in (False, True):
            cycles = _unrolled(steps[:number], services, whole=whole)
            asked = solver()
            asked.add(*(bound for one in cycles for bound in (*one.bounds, *within(one, most_used))), broken(cycles[-1], claim))
            found = asked.check()
            if found == z3.unsat:
                break
        if found == z3.sat:
            return Outcome(claim, Verdict.REFUTED, history=_least(asked, cycles))
        if found != z3.unsat:
            break
        looked = number
    return Outcome(claim, Verdict.UNKNOWN, looked=looked)


def _unrolled(steps: Sequence[Step], services: frozenset[str], *, whole: bool) -> list[Cycle]:
    """Cycles that follow each other, from nothing on; the figures are those of the last."""
    opening: dict[Piece, Term] = {}
    cycles = []
    for number, step in enumerate(steps, 1):
        told = FIGURES if number == len(steps) else ()
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
