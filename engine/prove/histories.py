"""A history that breaks a claim: a typical one, or a shorter one, which is searched for in one cycle, then in two, and so on.
The caller runs it in the engine before anybody is shown it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import z3

from dsl.phrase import phrase
from dsl.plan import Claim, MostUsed, OfOnePlan, Plan
from engine.batch.course import Piece
from engine.batch.trace import Step
from engine.prove.breach import FIGURES, broken, sources, within
from engine.prove.cycles import SEARCHED, Cycles
from engine.prove.solving import Term, solver
from engine.prove.terms import Cycle, read
from engine.prove.typical import Given, least, tried
from engine.prove.verdict import History, Outcome, Verdict


def refute(found: Cycles, claim: OfOnePlan, plan: Plan, known: History = (), given: Sequence[Given] = ()) -> Outcome:
    """A history that breaks a claim, which the cycles show: the shortest of few cycles, none longer than a `known` one; else
    that one, or, where cycles differ, a typical or `given` one of more cycles than were at hand."""
    steps = found.first(SEARCHED)
    in_sum = next((number for number, step in enumerate(steps) if not step.by_sum), len(steps))
    uses_nothing = not any(amount for used in known for amount in used.values())
    most = len(known) - uses_nothing if known else SEARCHED
    searched = _search(steps[: min(in_sum, most)], claim, plan.most_used)
    if searched.verdict is Verdict.REFUTED:
        return replace(searched, history=least(searched.history, steps, claim, plan))
    if history := known or (() if found.each else tried(found.all_to_try, claim, plan, given)):
        return Outcome(claim, Verdict.REFUTED, history=history)
    for number, step in enumerate(found.at_hand, 1):
        if not step.by_sum:
            why = phrase("in cycle {cycle} it matters on which day something is used", cycle=number)
            return Outcome(claim, Verdict.UNKNOWN, why=why)
    why = phrase(
        "no history of {cycles} cycles breaks it, nor a typical one of {known}; of others nothing is known",
        cycles=searched.looked, known=len(found.all_to_try),
    )  # fmt: skip
    return replace(searched, why=why)


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
            return Outcome(claim, Verdict.REFUTED, history=_small(asked, cycles))
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
