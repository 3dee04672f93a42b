"""Packs and promotions: what comes beside the plan."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import assert_never

from dsl.plan import Grant, Joins, LotClass, Occasion, Pack, Promotion, Rule
from engine.grants import ends_with_cycle
from tui.describe.conditions import all_of
from tui.describe.limits import limits
from tui.describe.lots import Comes, granted
from tui.describe.prices import of_pack
from tui.describe.rules import Typical, rules
from tui.describe.teller import Teller
from tui.describe.terms import Item


def packs(teller: Teller, packs: Collection[Pack], of_plan: Collection[Rule]) -> Iterator[Item]:
    """`of_plan` are the plan's own rules, which may be about what packs bring."""
    for pack in packs:
        yield Item(teller.say("Pack {pack}", pack=teller.name(pack.name)), tuple(_pack(teller, pack, of_plan)))


def _pack(teller: Teller, pack: Pack, of_plan: Collection[Rule]) -> Iterator[Item]:
    def typical(service: str) -> int:
        return sum(grant.amount for grant in pack.grants if grant.service == service)

    yield from (of_pack(teller, price) for price in pack.prices)
    yield from granted(teller, pack.grants, LotClass.ADD_ON, Comes.PURCHASE)
    if pack.conditions:
        yield Item(teller.say("You can buy it only if {conditions}.", conditions=all_of(teller, pack.conditions)))
    if pack.limits:
        within = tuple(Item(text) for text in limits(teller, pack.limits))
        yield Item(teller.say("You can buy it within these limits:"), within)
    at_boundaries = all(ends_with_cycle(grant.life) for grant in pack.grants)
    yield from rules(teller, pack.rules, typical, inside=pack.name, at_boundaries=at_boundaries)
    if any(_is_taken(pack, grant, of_plan) for grant in pack.grants):
        yield Item(teller.say("What is left of it when a cycle ends with it is treated as is said above."))
    elif pack.grants and not any(rule.occasion is Occasion.CLOSE for rule in pack.rules):
        yield Item(teller.say("What you have not used of it by its end is gone."))


def _is_taken(pack: Pack, grant: Grant, of_plan: Collection[Rule]) -> bool:
    """Whether a rule of the plan is about what is left of a pack's grant."""
    return any(
        rule.occasion is Occasion.CLOSE
        and rule.service == grant.service
        and grant.lot_class in rule.classes
        and rule.pack in ("", pack.name)
        for rule in of_plan
    )


def promotions(teller: Teller, promotions: Collection[Promotion], typical: Typical) -> Iterator[Item]:
    for one in promotions:
        items = [Item(_window(teller, one))]
        if one.times[0] != one.times[1]:
            times = teller.times(one.times)
            text = teller.say(
                "With each cycle that begins in that time you get {times} times what your plan brings; the additional part is"
                " a bonus.",
                times=times,
            )
            items.append(Item(text))
        items += granted(teller, one.grants, LotClass.BONUS, Comes.PROMOTION)
        items += rules(teller, one.rules, typical)
        yield Item(teller.say("Promotion {promotion}", promotion=teller.name(one.name)), tuple(items))


def _window(teller: Teller, one: Promotion) -> str:
    first, last = teller.language.date(one.start), teller.language.date(one.end - timedelta(days=1))
    runs = teller.say("It runs from {first} to {last}, both days included.", first=first, last=last)
    return teller.paragraph(runs, _joins(teller, one.joins), _plans(teller, one))


def _joins(teller: Teller, joins: Joins) -> str:
    match joins:
        case Joins.START:
            return teller.say("It applies to you once: when it begins, or when you join while it runs.")
        case Joins.RENEWAL:
            return teller.say("It applies to you once: when you renew while it runs.")
        case Joins.OPT_IN:
            return teller.say("It applies to you once: when you opt in while it runs.")
        case _:
            assert_never(joins)


def _plans(teller: Teller, one: Promotion) -> str:
    return teller.say("It is for the plans {plans}.", plans=teller.names(one.plans)) if len(one.plans) > 1 else ""
