"""What you get: grants, and what names the lots they put."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from enum import Enum, auto
from itertools import groupby

from dsl.plan import Grant, LotClass, PerRenewals
from dsl.source import NOWHERE
from tui.describe.teller import Teller
from tui.describe.terms import Item
from tui.describe.time import until
from tui.describe.uses import only
from tui.language import message

# What a pack's own lines have in hand where they name no class: all that it may have brought.
BROUGHT = frozenset({LotClass.ALLOWANCE, LotClass.ADD_ON, LotClass.BONUS, LotClass.GIFT})


class Comes(Enum):
    """With what a grant comes that does not come each cycle."""

    ACTIVATION = auto()
    PURCHASE = auto()
    PROMOTION = auto()


def hand(teller: Teller, services: Collection[str], classes: Collection[LotClass], pack: str, inside: str = "") -> str:
    """Lots of services, by class and pack: `your plan's data and add-on data`. What is said `inside` a pack is about that."""
    what = teller.services(services)
    named = [teller.lots(what, one) for one in LotClass if one in classes]
    if not pack:
        return teller.language.every(named)
    name = teller.name(pack)
    if pack == inside and set(classes) == BROUGHT:
        return teller.say("the {service} that it brought", service=what)
    if set(classes) == set(LotClass):
        return teller.say("{service} of the pack {pack}", service=what, pack=name)
    if set(classes) == BROUGHT:
        return teller.say("{service} that the pack {pack} brought", service=what, pack=name)
    return teller.say("{lots} of the pack {pack}", lots=teller.language.every(named), pack=name)


def granted(teller: Teller, grants: Iterable[Grant], usual: LotClass, comes: Comes) -> list[Item]:
    """An item for grants that differ in nothing but what they are of. `usual` is the class that goes without saying."""
    alike = groupby(
        grants, key=lambda one: (replace(one, service="", amount=0, unlimited=False, span=NOWHERE), one.fills and one)
    )
    return [Item(_granted(teller, list(group), usual, comes)) for _, group in alike]


def _granted(teller: Teller, grants: list[Grant], usual: LotClass, comes: Comes) -> str:
    first = grants[0]
    return teller.paragraph(
        _comes(teller, grants, usual, comes), _again(teller, first), _renewals(teller, first.per_renewals), rest(teller, first)
    )


def what(teller: Teller, grants: Iterable[Grant], usual: LotClass) -> str:
    """What grants bring: `20 GB of data, 300 minutes and unlimited text messages`."""
    return teller.language.every([_what(teller, one, usual) for one in grants])


def _what(teller: Teller, grant: Grant, usual: LotClass) -> str:
    if grant.unlimited:
        named = teller.say("unlimited {service}", service=teller.service(grant.service))
    else:
        named = teller.amount_of(grant.service, grant.amount)
    if grant.lot_class is usual:
        return named
    return teller.say("{amount} ({class_})", amount=named, class_=teller.label(grant.lot_class))


def _comes(teller: Teller, grants: list[Grant], usual: LotClass, comes: Comes) -> str:
    first, named = grants[0], what(teller, grants, usual)
    if first.fills:
        return _filled(teller, first, named, comes)
    if first.per_renewals:
        return _loyal(teller, first.per_renewals, named)
    if first.each_cycle:
        return _each_cycle(teller, named, comes)
    match comes:
        case Comes.ACTIVATION:
            return teller.say("At activation you get {what}, once.", what=named)
        case Comes.PURCHASE:
            return teller.say("When you buy it you get {what}.", what=named)
        case Comes.PROMOTION:
            return teller.say("When it applies to you, you get {what}.", what=named)


def _loyal(teller: Teller, per: PerRenewals, named: str) -> str:
    number = teller.language.number(per.count)
    match per:
        case PerRenewals(grows=True, count=1):
            return teller.say("At the beginning of each cycle you get {what} for each renewal so far.", what=named)
        case PerRenewals(grows=True):
            text = message("At the beginning of each cycle you get {what} for every {number} renewals so far.")
            return teller.say(text, what=named, number=number)
        case PerRenewals(count=1):
            return teller.say("With each renewal you get {what}.", what=named)
        case _:
            return teller.say("With every {number} renewals you get {what}, once.", what=named, number=number)


def _each_cycle(teller: Teller, named: str, comes: Comes) -> str:
    match comes:
        case Comes.ACTIVATION:
            return teller.say("At the beginning of each cycle you get {what}.", what=named)
        case Comes.PURCHASE:
            return teller.say("When you buy it, and again at the beginning of each cycle, you get {what}.", what=named)
        case Comes.PROMOTION:
            return teller.say("At the beginning of each cycle that begins while it runs you get {what}.", what=named)


def _filled(teller: Teller, grant: Grant, named: str, comes: Comes) -> str:
    if grant.each_cycle:
        return teller.say(
            "At the beginning of each cycle your balance is filled up to {what}: you get what is missing.", what=named
        )
    match comes:
        case Comes.ACTIVATION:
            return teller.say("At activation your balance is filled up to {what}, once.", what=named)
        case Comes.PURCHASE:
            return teller.say("When you buy it your balance is filled up to {what}: you get what is missing.", what=named)
        case Comes.PROMOTION:
            return teller.say(
                "When it applies to you, your balance is filled up to {what}: you get what is missing.", what=named
            )


def _again(teller: Teller, grant: Grant) -> str:
    if grant.cycles == 1 and not grant.whole_cycles:
        return ""
    again = teller.say_many(
        "It comes {number} time in all, at the beginning of a cycle each.",
        "It comes {number} times in all, again at the beginning of each cycle that follows.",
        grant.cycles,
    )
    if not grant.whole_cycles:
        return again
    more = teller.say("A cycle that already runs when it first comes is not counted: it has one more.")
    return teller.paragraph(again, more)


def _renewals(teller: Teller, per: PerRenewals | None) -> str:
    if per is None:
        return ""
    lapse = (
        teller.say("If a cycle is not renewed, the count begins again.")
        if per.in_a_row
        else teller.say("A cycle that is not renewed only pauses the count.")
    )
    if per.plans:
        among = teller.say(
            "Renewals among the plans {plans} count; any other plan begins again.", plans=teller.names(per.plans)
        )
    else:
        among = teller.say("With another plan the count begins again.")
    return teller.paragraph(lapse, among)


def rest(teller: Teller, grant: Grant) -> str:
    """How long what is granted can be used, and for what."""
    how_long = until(teller, grant.life)
    if grant.from_first_use:
        life = teller.say("This waits for your first use. From then on you can use it {until}.", until=how_long)
    else:
        life = teller.say("You can use this {until}.", until=how_long)
    return teller.paragraph(life, only(teller, grant.scope))
