"""What happens when: at the end of a cycle, at an event, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import assert_never

from dsl.plan import Carry, Expire, Extend, Freeze, Keep, Loan, Occasion, Rule
from tui.describe.clauses import Steps
from tui.describe.conditions import all_of
from tui.describe.limits import limits
from tui.describe.lots import hand
from tui.describe.teller import Teller
from tui.describe.terms import Item

Typical = Callable[[str], int]  # what there may be of a service


def rules(
    teller: Teller, rules: Collection[Rule], typical: Typical, *, inside: str = "", at_boundaries: bool = True
) -> list[Item]:
    """An item a rule, in the order in which they act; of those with one hand the first acts whose conditions hold. They are
    those of the pack `inside`, or of a plan or promotion; what they are about ends `at_boundaries` of cycles, or whenever."""
    items: list[Item] = []
    for alike, services in _of_services(rules):
        last = alike[-1]
        lots = hand(teller, services, last.classes, last.pack, inside)
        for before, rule in enumerate(alike):
            steps = Steps(teller, rule, typical(rule.service), at_boundaries=at_boundaries)
            lead = _lead(teller, rule, lots, is_other=before > 0)
            items.append(_rule(teller, lead, list(steps.items()), in_order=rule.occasion is not Occasion.ASKED))
        if last.conditions and last.occasion is Occasion.CLOSE:
            items.append(Item(teller.say("Otherwise what is left of {lots} is gone.", lots=lots)))
    return items


def _of_services(rules: Iterable[Rule]) -> list[tuple[list[Rule], list[str]]]:
    """Rules by their hand, and its services: what is said of one, and of another in the same words, is told once."""
    found: list[tuple[list[Rule], list[str]]] = []
    for _, group in groupby(rules, key=lambda rule: (rule.name, rule.occasion, rule.about)):
        alike = list(group)
        if found and all(map(_names_no_amount, alike)) and _any_service(found[-1][0]) == _any_service(alike):
            found[-1][1].append(alike[0].service)
        else:
            found.append((alike, [alike[0].service]))
    return found


def _names_no_amount(rule: Rule) -> bool:
    plain = Carry | Extend | Keep | Freeze | Expire
    return all(isinstance(one, plain) and not (isinstance(one, Carry) and one.step > 1) for one in rule.clauses)


def _any_service(rules: Iterable[Rule]) -> list[Rule]:
    return [replace(rule, name="", service="") for rule in rules]


def _rule(teller: Teller, lead: str, steps: Sequence[Item], *, in_order: bool) -> Item:
    if len(steps) == 1:
        return Item(teller.inline(lead, steps[0].text), steps[0].below)
    return Item(lead, tuple(steps), in_order)


def _lead(teller: Teller, rule: Rule, lots: str, *, is_other: bool) -> str:
    """What a rule is about, when, and if what."""
    when = teller.language.sentence(_when(teller, rule))
    if rule.occasion is Occasion.CLOSE:
        lots = teller.say("what is left of {lots}", lots=lots)
    elif rule.occasion is Occasion.BOUGHT:
        lots = teller.say("what you had before of {lots}", lots=lots)
    if not rule.conditions:
        if is_other:
            return teller.say("{when}, otherwise, {lots}:", lots=lots, when=when)
        return teller.say("{when}, {lots}:", lots=lots, when=when)
    conditions = all_of(teller, rule.conditions)
    if is_other:
        return teller.say("{when}, otherwise, if {conditions}, {lots}:", lots=lots, when=when, conditions=conditions)
    return teller.say("{when}, if {conditions}, {lots}:", lots=lots, when=when, conditions=conditions)


def _when(teller: Teller, rule: Rule) -> str:
    pack = teller.name(rule.about or rule.pack)
    match rule.occasion:
        case Occasion.CLOSE if rule.pack:
            return teller.say("at its end")
        case Occasion.CLOSE:
            return teller.say("at the end of a cycle")
        case Occasion.STARTS:
            return teller.say("when the promotion applies to you")
        case Occasion.PLAN_CHANGES:
            return teller.say("when you change to another plan")
        case Occasion.RENEWED_EARLY:
            return teller.say("when you renew before the end of a cycle")
        case Occasion.RENEWED_LATE:
            return teller.say("when you renew after the end of a cycle")
        case Occasion.NOT_RENEWED:
            return teller.say("when a cycle is not renewed")
        case Occasion.PAYMENT_FAILS:
            return teller.say("when a payment fails")
        case Occasion.SUSPENDED:
            return teller.say("when your line is suspended")
        case Occasion.RESUMED:
            return teller.say("when your line is resumed")
        case Occasion.MEMBER_LEAVES:
            return teller.say("when a line that shares with yours leaves")
        case Occasion.OWNER_LEAVES:
            return teller.say("when the line that shares with you leaves")
        case Occasion.LINE_ENDS:
            return teller.say("when your line ends")
        case Occasion.BOUGHT:
            return teller.say("when you buy the pack {pack}", pack=pack)
        case Occasion.ENDS:
            return teller.say("when the pack {pack} ends", pack=pack)
        case Occasion.ASKED:
            return teller.say("when you ask for it")
        case _:
            assert_never(rule.occasion)


def loans(teller: Teller, loans: Collection[Loan]) -> Iterator[Item]:
    for loan in loans:
        service = teller.service(loan.service)
        if loan.conditions:
            conditions = all_of(teller, loan.conditions)
            lead = teller.say(
                "You may borrow {service} when you ask for it, if {conditions}.", service=service, conditions=conditions
            )
        else:
            lead = teller.say("You may borrow {service} when you ask for it.", service=service)
        back = teller.say("It can be used to the end of the cycle, and what your plan brings next pays it back first.")
        yield Item(teller.paragraph(lead, back), tuple(Item(text) for text in limits(teller, loan.limits)))
