"""What a cycle shows of a claim: amounts, none of which may be above what the claim allows. They are figures of a step made for
the claim, so that it is asked of terms and of plain numbers alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import assert_never

import z3

from dsl.plan import (
    Advance,
    Bounded,
    CarriedNeverAbove,
    Claim,
    CycleNeverAbove,
    MostUsed,
    NeverAbove,
    NeverExpires,
    NeverWorse,
    Plan,
    Sell,
)
from engine.arithmetic import least, most
from engine.batch.program import needed
from engine.batch.terms import Input, Quotient
from engine.batch.trace import Step
from engine.claims import allowed
from engine.ledger import Reason
from engine.prove.cycles import Cycles
from engine.prove.solving import Term
from engine.prove.terms import Cycle, behind

FIGURES = ("claimed", "claimed besides")
_IN_BLOCKS = (Reason.SOLD, Reason.BORROWED)


def showing(step: Step, claim: Claim, plan: Plan) -> Step:
    """The step with what it shows of a claim of a plan as its figures."""
    return replace(step, figures=dict(zip(FIGURES, _shown(step, claim, plan), strict=False)))


def every(found: Cycles, claim: Claim, plan: Plan) -> Cycles:
    """All the cycles so."""
    each, later = (showing(one, claim, plan) if one else None for one in (found.each, found.later))
    first = cache(lambda many: tuple(showing(step, claim, plan) for step in found.first(many)))
    return Cycles(each, first, later, found.starts, lambda start: showing(found.begin(start), claim, plan))


def _shown(step: Step, claim: Claim, plan: Plan) -> Sequence[int]:
    """Amounts of the tape of the step."""
    match claim:
        case NeverAbove(service=service):
            # Most is there when it begins: all that comes comes then, but for what is used as it comes, or comes at the close.
            first = sum(_figures(step, service, "carried_in", "granted", "received")) - _not_at_once(step, service)
            return [first, _of_a_block(step, service, plan)]
        case CarriedNeverAbove(service=service):
            return _figures(step, service, "carried_out")
        case CycleNeverAbove(figure=Bounded.CONVERTED, service=service):
            return _figures(step, service, "converted_in", "converted_out")
        case CycleNeverAbove(figure=figure, service=service):
            return _figures(step, service, str(figure))
        case NeverExpires(service=service, cycles=cycles):
            early = [
                amount for one, amount in step.expired.items() if one.service == service and (not cycles or one.cycles < cycles)
            ]
            return [sum(early)]
        case NeverWorse():
            return []  # no cycle of one plan shows it
        case _:
            assert_never(claim)


def _not_at_once(step: Step, service: str) -> int:
    """What is received, and not there when the cycle begins: use without a limit and what is served on trust, which no lot
    holds, what is sold or lent when there is no more, and what a step of what is carried lacks."""
    reasons = [str(one) for one in (Reason.UNLIMITED, Reason.OWED_FOR, Reason.ROUNDED_UP, *_IN_BLOCKS)]
    return sum(amount for moved, amount in step.moved.items() if moved.service == service and moved.reason in reasons)


def _of_a_block(step: Step, service: str, plan: Plan) -> int:
    """What may be left of a block that was sold or lent for a use: all but what is used the least of. Nothing else is there."""
    made = {
        remedy.span: remedy.block
        for rules in (plan, *(later.plan for later in plan.later)) for rule in rules.runs_out for remedy in rule.remedies
        if isinstance(remedy, Sell | Advance)
    }  # fmt: skip
    left = 0
    for moved, amount in step.moved.items():
        if moved.service == service and moved.reason in map(str, _IN_BLOCKS):
            left = most(left, least(amount, made[moved.span] - 1))
    return left


def _figures(step: Step, service: str, *names: str) -> list[int]:
    return [step.figures.get(f"{service}_{name}", 0) for name in names]


def broken(cycle: Cycle, claim: Claim) -> Term:
    return z3.Or([amount > allowed(claim) for amount in cycle.figures.values()])


def within(cycle: Cycle, most_used: Iterable[MostUsed]) -> list[Term]:
    """That no more is used than is assumed."""
    return [cycle.used[most.service] <= most.amount for most in most_used if most.service in cycle.used]


def divides(step: Step) -> bool:
    """Whether what a step shows comes of a division, so that real and whole numbers differ."""
    return any(isinstance(step.tape.atoms[number], Quotient) for number in needed(step, step.figures.values()))


def sources(steps: Iterable[Step]) -> frozenset[str]:
    """The services on which what the steps show depends: of which something is held that has to do with it."""
    steps = list(steps)
    direct = {
        step.opening[number - len(step.uses)].service
        for step in steps
        for number in needed(step, step.figures.values())
        if isinstance(step.tape.atoms[number], Input) and number >= len(step.uses)
    }
    return frozenset[str]().union(*(behind(steps, service) for service in direct))


def used_for(steps: Iterable[Step], lots: Collection[str]) -> frozenset[str]:
    """The services of which use matters for what the steps show, and for what they close with of these."""
    return frozenset(
        step.uses[number]
        for step in steps
        for number in needed(
            step, [*step.figures.values(), *(amount for piece, amount in step.closing if piece.service in lots)]
        )
        if isinstance(step.tape.atoms[number], Input) and number < len(step.uses)
    )
