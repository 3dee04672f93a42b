"""A plan's claims: proved for every number of cycles, refuted by a history, or left open, with what was looked at.

Where all cycles of a plan are alike (`engine/batch/even.py`) the proof is by induction over one cycle. Bounds on what is held
(`bounds.py`) hold at the start and no cycle breaks them; from these the claim follows, or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import z3

from dsl import units
from dsl.phrase import phrase
from dsl.plan import CarriedNeverAbove, Claim, MonthCycle, MostUsed, NeverAbove, NeverExpires, NeverWorse, OfOnePlan, Plan
from engine.batch.trace import NotTracedError, Step
from engine.calendar import Calendar
from engine.prove import dominance
from engine.prove.bounds import Kept, always, holds
from engine.prove.breach import FIGURES, broken, divides, every, sources, within
from engine.prove.cycles import FAR, OLD, SEARCHED, Cycles, cycles, used
from engine.prove.histories import refute
from engine.prove.modelled import gives, never_judged, never_proved
from engine.prove.reach import is_never_broken
from engine.prove.solving import solver
from engine.prove.terms import read
from engine.prove.typical import Given, grown, tried
from engine.prove.verdict import History, Outcome, Verdict

_BEFORE_THE_END = timedelta(days=3)  # of a cycle of months, so that what begins then is a part of it


def prove(
    plan: Plan, claim: Claim, start: datetime, others: Mapping[str, Plan] | None = None, given: Sequence[Given] = ()
) -> Outcome:  # fmt: skip
    """One claim of a plan, about lines that begin at `start`; where all cycles are alike, about all lines. `others` are the
    plans of its file, by name, and `given` are histories that are tried beside typical ones. What no history has in it that is
    looked at `left_out.py` tells."""
    plans = {**(others or {}), plan.name: plan}
    if isinstance(claim, NeverWorse):
        return dominance.claimed(plan, claim, start, plans)
    if why := never_judged(plan, claim):
        return Outcome(claim, Verdict.UNKNOWN, why=why)
    why = never_proved(plan, claim, gives(other for other in plans.values() if other is not plan))
    found = _judged(replace(plan, promotions=()), claim, start, given, may_hold=not why)  # which the claim is not about
    return found if not why or found.verdict is Verdict.REFUTED else Outcome(claim, Verdict.UNKNOWN, why=why)


def _judged(plan: Plan, claim: OfOnePlan, start: datetime, given: Sequence[Given], *, may_hold: bool) -> Outcome:
    """Where it can't be said that it holds it may be broken all the same."""
    try:
        shown = _cycles(plan, claim, start)
        known = tried(shown.at_hand, claim, plan, given)
        kept = _kept(plan, shown, claim) if may_hold and not known else None
        found = _refuted(shown, claim, plan, known, given) if kept is None else None
        if found and found.verdict is Verdict.REFUTED:
            return found
        if found and (other := _far(shown, claim, plan, given, found) or _on_another_day(shown, claim, plan)):
            return other
        if found and may_hold and _never(shown, claim, plan):
            found = Outcome(claim, Verdict.PROVED, why=phrase("by an invariant that Spacer found"))
        if isinstance(claim, NeverExpires) and (inside := _inside_a_cycle(plan, claim, start)):
            steps = _cycles(plan, claim, inside).first(max(SEARCHED, claim.cycles))
            late = refute(steps, claim, plan, tried(steps, claim, plan, given))
            if late.verdict is Verdict.REFUTED:
                return replace(late, start=inside)
            if (not found or found.verdict is Verdict.PROVED) and late.looked < claim.cycles:
                return replace(late, why=phrase("of a line that begins inside a cycle, {why}", why=late.why))
        return found or Outcome(claim, Verdict.PROVED, kept.bounds if kept else ())
    except NotTracedError as error:
        return Outcome(claim, Verdict.UNKNOWN, why=error.told)


def _refuted(shown: Cycles, claim: OfOnePlan, plan: Plan, known: History, given: Sequence[Given]) -> Outcome:
    """Where cycles differ, and no typical history is `known` of few of them, one of more cycles is tried."""
    if known or shown.each:
        return refute(shown.at_hand, claim, plan, known)
    steps = shown.all_to_try
    return refute(steps, claim, plan, tried(steps, claim, plan, given))


def _far(shown: Cycles, claim: OfOnePlan, plan: Plan, given: Sequence[Given], found: Outcome) -> Outcome | None:
    """What far more cycles refute, where all are alike; or that it comes to more and more, so that nothing bounds it. It was
    `found` to be open."""
    if not shown.each:
        return None
    steps = [shown.each] * FAR
    if known := tried(steps, claim, plan, given):
        return refute(steps, claim, plan, known)
    if not isinstance(claim, NeverAbove | CarriedNeverAbove) or not (amount := grown(steps, claim, plan)):
        return None
    told = units.exact(claim.service, amount, plan.data_step)
    why = phrase("it grows as long as nothing is used: after {cycles} cycles it is {amount}", cycles=FAR, amount=told)
    return replace(found, why=why)


def _on_another_day(shown: Cycles, claim: OfOnePlan, plan: Plan) -> Outcome | None:
    """What the first cycle refutes of a line that begins on another day, where first ones differ."""
    for start in shown.starts:
        steps = [shown.begin(start)]
        if known := tried(steps, claim, plan):
            return replace(refute(steps, claim, plan, known), start=start)
    return None


def _cycles(plan: Plan, claim: Claim, start: datetime) -> Cycles:
    """The cycles of a plan, with what they show of a claim."""
    old = max(OLD, claim.cycles + 1) if isinstance(claim, NeverExpires) else OLD
    return every(cycles(plan, start, used(plan), old), claim, plan)


# ---- all cycles


def _kept(plan: Plan, shown: Cycles, claim: Claim) -> Kept | None:
    """What is never held, from which the claim follows for every cycle of every line that begins with a whole one, or where all
    cycles but the first one are alike, on any day; None where none is found, or cycles differ."""
    each = shown.later_ones
    if each is None or not each.by_sum or (shown.later and _counts_the_first(plan, claim)):
        return None
    for kept in always(plan, each, sources([each])):
        # What holds of any numbers holds of whole ones, too, of which a claim may be.
        for whole in (False, True) if divides(each) and not kept.whole else (kept.whole,):
            if _follows(each, kept, claim, plan.most_used, whole=whole) and (
                shown.each or _begins(each, map(shown.begin, shown.starts), kept, claim, plan)
            ):
                return kept
    return None


def _begins(each: Step, begun: Iterable[Step], kept: Kept, claim: Claim, plan: Plan) -> bool:
    """Whether the claim holds in the first cycle, too, which differs, and closes with no more than that."""
    for step in begun:
        cycle = read(step, "c", {}, about=sources([each, step]), figures=FIGURES, whole=True)
        if not step.by_sum or not set(cycle.closing) <= set(each.opening):
            return False
        asked = solver()
        asked.add(*cycle.bounds, *within(cycle, plan.most_used))
        asked.add(z3.Or(broken(cycle, claim), *(z3.Not(holds(bound, cycle.closing)) for bound in kept.bounds)))
        if asked.check() != z3.unsat:
            return False
    return True


def _counts_the_first(plan: Plan, claim: Claim) -> bool:
    """Whether it matters how much a first cycle grants that counts for no full one: a lot that came in it has one less than
    later ones of its age."""
    return isinstance(claim, NeverExpires) and isinstance(plan.cycle, MonthCycle) and plan.cycle.first_by_day


def _follows(step: Step, kept: Kept, claim: Claim, most_used: Iterable[MostUsed], *, whole: bool) -> bool:
    """Whether the claim holds in a cycle that opens with no more than that."""
    cycle = read(step, "c", about=(), figures=FIGURES, whole=whole)
    asked = solver()
    asked.add(*cycle.bounds, *within(cycle, most_used), *(holds(bound, cycle.opening) for bound in kept.bounds))
    asked.add(broken(cycle, claim))
    return bool(asked.check() == z3.unsat)


def _never(shown: Cycles, claim: OfOnePlan, plan: Plan) -> bool:
    """Whether it is proved without a bound that can be told; asked last, since it may take some seconds."""
    return shown.each is not None and shown.each.by_sum and is_never_broken(shown.each, claim, plan.most_used)


def _inside_a_cycle(plan: Plan, claim: NeverExpires, start: datetime) -> datetime | None:
    """A time at which a line may begin so that its first cycle is no full one, where the claim counts full ones. What such a
    line computes is the same, but that what came in that cycle has one full cycle less."""
    if not claim.cycles:
        return None
    calendar = Calendar(plan.cycle, plan.zone, start)
    inside = calendar.local(calendar.boundary(1)) - _BEFORE_THE_END
    part, whole = Calendar(plan.cycle, plan.zone, inside).part(1)
    return inside if part < whole else None
