"""What no history that is looked at has in it: what is told with each proof, since the proof is not about it.

A history is a line that begins with nothing, uses, and renews itself when a cycle ends. All that may happen to a line besides
is here, each with whether a plan has anything that it could be about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from dsl.phrase import phrase
from dsl.plan import Claim, IsIn, NeverWorse, Not, Occasion, Plan, State
from engine.prove.modelled import promotes_more

_STATES = {Occasion.SUSPENDED, Occasion.RESUMED, Occasion.PAYMENT_FAILS}


def left_out(plan: Plan, claim: Claim, others: Iterable[Plan] = ()) -> tuple[str, ...]:
    """What a proof of a claim is not about, as phrases. `others` are the plans of its file."""
    return tuple(_of_any(plan, claim, [plan, *others]))


def _states(plan: Plan) -> set[State]:
    """Those that conditions of a plan ask for."""
    every = [one for rule in plan.rules for one in rule.conditions] + [one for rule in plan.runs_out for one in rule.conditions]
    plain = [one.condition if isinstance(one, Not) else one for one in every]
    return {one.state for one in plain if isinstance(one, IsIn)}


def _of_any(plan: Plan, claim: Claim, plans: Collection[Plan]) -> Iterator[str]:
    yield phrase("what a line holds at its start")
    yield phrase("top-ups and what the operator adds or takes")
    yield phrase("renewals before or after the end of a cycle")
    yield phrase("changes of plan")
    yield phrase("lines that leave")
    states = _states(plan)
    if states & {State.PAID, State.ACTIVE} or any(rule.occasion in _STATES for rule in plan.rules):
        yield phrase("suspension and payments that fail")
    if State.OPTED_IN in states:
        yield phrase("customers who opt in")
    if plan.packs:
        yield phrase("packs that are bought")
    if any(one.promotions for one in plans) if isinstance(claim, NeverWorse) else promotes_more(plan, claim):
        yield phrase("promotions")
    if any(one.shares for one in plans):
        yield phrase("what other lines share")
