"""A plan's claims: proved for every number of cycles, refuted by a history, or left open, with what was looked at.

Where all cycles of a plan are alike (`engine/batch/even.py`) the proof is by induction over one cycle. Bounds on what is held
(`bounds.py`) hold at the start and no cycle breaks them; from these the claim follows, or not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import z3

from dsl.plan import Advance, NeverAbove, Plan, Sell
from engine.batch.trace import NotTracedError, Step
from engine.prove.bounds import Kept, always, holds
from engine.prove.breach import figures, peak
from engine.prove.cycles import cycles, used
from engine.prove.histories import idle, refute
from engine.prove.terms import read, solver
from engine.prove.verdict import Outcome, Verdict


def prove(plan: Plan, claim: NeverAbove, start: datetime) -> Outcome:
    """One claim of a plan, about lines that begin at `start`; where all cycles are alike, about all lines."""
    if why := _not_modelled(plan, claim):
        return Outcome(claim, Verdict.UNKNOWN, why=why)
    plan = replace(plan, promotions=())  # which the claim is not about
    try:
        found = cycles(plan, start, used(plan))
        if found.each and found.each.by_sum and not idle(found, claim):
            for kept in always(plan, found.each, (claim.service,)):
                if _follows(found.each, kept, claim):
                    return Outcome(claim, Verdict.PROVED, kept.bounds)
        return refute(found, claim)
    except NotTracedError as error:
        where = f" (line {error.span.line})" if error.span.line else ""
        return Outcome(claim, Verdict.UNKNOWN, why=f"{error.reason}{where}")


def _not_modelled(plan: Plan, claim: NeverAbove) -> str:
    """What the peak of a cycle does not tell."""
    if claim.with_promotions and plan.promotions:
        return "promotions come when they come: with them it is only looked at in examples"
    for rule in plan.runs_out:
        if rule.service == claim.service and any(isinstance(one, Sell | Advance) for one in rule.remedies):
            return "what is sold or lent when it runs out is not looked at"
    if plan.shares or plan.by_lines:
        return "what several lines share is not looked at"
    return ""


def _follows(step: Step, kept: Kept, claim: NeverAbove) -> bool:
    """Whether the claim holds in a cycle that opens with no more than that."""
    cycle = read(step, "c", about=(), figures=figures(claim.service), whole=kept.whole)
    asked = solver()
    asked.add(*cycle.bounds, *(holds(bound, cycle.opening) for bound in kept.bounds), peak(cycle) > claim.amount)
    return bool(asked.check() == z3.unsat)
