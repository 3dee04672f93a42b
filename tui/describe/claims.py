"""What a plan claims, and what it assumes of use for that."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from dsl.plan import Bounded, CarriedNeverAbove, Claim, CycleNeverAbove, MostUsed, NeverAbove, NeverExpires, NeverWorse, Plan
from tui.describe.teller import Teller
from tui.describe.terms import Item


def claims(teller: Teller, plan: Plan) -> Iterator[Item]:
    if plan.claims:
        yield Item(teller.say("This takes nothing from you: it is what the rules above come to."))
    for claim in plan.claims:
        yield Item(_claim(teller, claim))
    yield from (Item(_assumed(teller, most)) for most in plan.most_used)


def _claim(teller: Teller, claim: Claim) -> str:
    match claim:
        case NeverAbove(with_promotions=True):
            amount = teller.amount_of(claim.service, claim.amount)
            return teller.say("You never have more than {amount} to use at one time, promotions included.", amount=amount)
        case NeverAbove():
            amount = teller.amount_of(claim.service, claim.amount)
            return teller.say("You never have more than {amount} to use at one time, promotions left out.", amount=amount)
        case CarriedNeverAbove(with_promotions=True):
            amount = teller.amount_of(claim.service, claim.amount)
            return teller.say("You never take more than {amount} into the next cycle, promotions included.", amount=amount)
        case CarriedNeverAbove():
            amount = teller.amount_of(claim.service, claim.amount)
            return teller.say("You never take more than {amount} into the next cycle, promotions left out.", amount=amount)
        case CycleNeverAbove():
            return _of_cycle(teller, claim)
        case NeverExpires():
            return _kept(teller, claim)
        case NeverWorse(plan=plan, than=than):
            return teller.say(
                "Whatever you use, {plan} never leaves more of it uncovered, in all, than {than}.",
                plan=teller.name(plan), than=teller.name(than),
            )  # fmt: skip
        case _:
            assert_never(claim)


def _of_cycle(teller: Teller, claim: CycleNeverAbove) -> str:
    match claim.figure:
        case Bounded.CONVERTED:
            amount = teller.amount_of(claim.service, claim.amount)
            return teller.say("In no cycle is more than {amount} converted.", amount=amount)
        case Bounded.CHARGED:
            amount = teller.amount(claim.service, claim.amount)
            return teller.say("In no cycle are you charged more than {amount}.", amount=amount)
        case Bounded.DUE:
            amount = teller.amount(claim.service, claim.amount)
            return teller.say("In no cycle do you pay more than {amount} beside your credit.", amount=amount)


def _kept(teller: Teller, claim: NeverExpires) -> str:
    service = teller.service(claim.service)
    if not claim.cycles:
        text = teller.say("None of your {service} ever expires.", service=service)
    else:
        text = teller.say_many(
            "None of your {service} expires before you had it for a full cycle.",
            "None of your {service} expires before you had it for {number} full cycles.", claim.cycles, service=service,
        )  # fmt: skip
    if claim.with_promotions:
        return teller.paragraph(text, teller.say("That is so for what promotions bring, too."))
    return teller.paragraph(text, teller.say("What promotions bring is left out."))


def _assumed(teller: Teller, most: MostUsed) -> str:
    amount = teller.amount_of(most.service, most.amount)
    return teller.say("What these terms promise holds for lines that use no more than {amount} in a cycle.", amount=amount)
