"""Claims of plans in words: what one says, and what a run that breaks it came to."""

from __future__ import annotations

from typing import assert_never

from dsl import units
from dsl.plan import Bounded, CarriedNeverAbove, Claim, CycleNeverAbove, NeverAbove, NeverExpires, NeverWorse
from engine.judge import Broken
from engine.run import Run


def said(claim: Claim, data_step: int) -> str:
    """A claim as it would be written behind `ensure`."""
    match claim:
        case NeverAbove(service=service, amount=amount):
            text = f"{service} never above {units.exact(service, amount, data_step)}"
        case CarriedNeverAbove(service=service, amount=amount):
            text = f"carried {service} never above {units.exact(service, amount, data_step)}"
        case CycleNeverAbove(figure=figure, service=service, amount=amount):
            what = f"converted {service}" if figure is Bounded.CONVERTED else f"what is {figure} is"
            return f"{what} never above {units.exact(service, amount, data_step)} a cycle"
        case NeverExpires(service=service, cycles=cycles):
            passed = ["", " before a full cycle has passed"][cycles] if cycles < 2 else f" before {cycles} cycles have passed"
            text = f"no {service} expires{passed}"
        case NeverWorse(plan=plan, than=than):
            return f'"{plan}" is never worse than "{than}"'
        case _:
            assert_never(claim)
    return f"{text} with promotions" if claim.with_promotions else text


def named(claim: Claim) -> tuple[str, ...]:
    """The plans that a claim names."""
    return (claim.plan, claim.than) if isinstance(claim, NeverWorse) else ()


def came_to(run: Run, one: Broken) -> str:
    """What was too much, and when; names are as they are written."""
    amount = units.exact(one.service, one.got, run.plan.data_step)
    day = f"{run.calendar.local(one.at):%Y-%m-%d}"
    match one.claim:
        case NeverAbove():
            return f"{one.service} is {amount} on {run.calendar.local(one.at):%Y-%m-%d %H:%M}"
        case CarriedNeverAbove():
            return f"{amount} carried on {day}"
        case CycleNeverAbove(figure=figure):
            return f"{amount} {figure} in the cycle that ends on {day}"
        case NeverExpires(cycles=0):
            return f"{amount} expired on {day}"
        case NeverExpires(cycles=cycles):
            passed = "a full cycle has" if cycles == 1 else f"{cycles} full cycles have"
            return f"{amount} expired on {day}, before {passed} passed since it came"
        case NeverWorse(plan=plan, than=than):
            return f'"{plan}" has left {amount} more uncovered than "{than}" by {day}'
        case _:
            assert_never(one.claim)


def as_data(claim: Claim) -> dict[str, object]:
    """A claim for programs: its kind, and what it says in base units."""
    match claim:
        case NeverAbove() | CarriedNeverAbove():
            kind = "never_above" if isinstance(claim, NeverAbove) else "carried_never_above"
            of = {"service": claim.service, "amount": claim.amount, "with_promotions": claim.with_promotions}
        case CycleNeverAbove():
            kind = f"{claim.figure}_never_above"
            of = {"service": claim.service, "amount": claim.amount}
        case NeverExpires():
            kind = "never_expires"
            of = {"service": claim.service, "cycles": claim.cycles, "with_promotions": claim.with_promotions}
        case NeverWorse():
            kind, of = "never_worse", {"plan": claim.plan, "than": claim.than}
        case _:
            assert_never(claim)
    return {"kind": kind, **of}
