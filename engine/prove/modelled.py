"""What a cycle does not tell of a claim, because a plan says more than the symbolic reader models: such claims stay open.

A cycle is told by what it uses in all, of use of which nothing is said, with nothing asked for. Where a plan makes a difference
of what a use is for, of single records, of what a customer asks for, saves or is given, or charges who leaves, that is not all
there is. What a plan does not speak of, and can happen to any line, is told beside a verdict (`left_out.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass

from dsl.phrase import NOTHING, phrase
from dsl.plan import (
    ANY_USE,
    GENERAL,
    Bounded,
    Carry,
    Convert,
    CycleNeverAbove,
    Give,
    LotClass,
    NeverAbove,
    Occasion,
    OfOnePlan,
    Plan,
    Rule,
    Sell,
    UseIs,
)
from dsl.units import is_money


def never_judged(plan: Plan, claim: OfOnePlan) -> str:
    """Why neither a proof nor a history tells anything of a claim; empty where they do."""
    if plan.promotions and (isinstance(claim, CycleNeverAbove) or claim.with_promotions):
        return phrase("promotions come when they come: with them it is only looked at in examples")
    if isinstance(claim, NeverAbove) and is_money(claim.service) and any(_pays_bills(rule) for rule in plan.rules):
        return phrase("what pays a bill before more comes is not looked at")
    if plan.shares or plan.by_lines:
        return phrase("what several lines share is not looked at")
    return NOTHING


def never_proved(plan: Plan, claim: OfOnePlan, given: Iterable[str] = ()) -> str:
    """Why a history may break a claim that no history which is looked at does; empty where none may. `given` is what lines of
    other plans may give."""
    services = _behind(plan, claim.service)
    if why := use_is_more(plan, services):
        return why
    if any(map(carries_at_will, _about(plan, services))):
        return phrase("what a customer saves is not looked at")
    asked = [rule for rule in _about(plan, services) if rule.occasion is Occasion.ASKED]
    if any(isinstance(clause, Give) for rule in asked for clause in rule.clauses) or _meets(services, given):
        return phrase("gifts between lines are not looked at")
    if asked or _meets(services, (loan.service for loan in plan.loans)):
        return phrase("what is converted or borrowed when the customer asks for it is not looked at")
    is_charged = isinstance(claim, CycleNeverAbove) and claim.figure is not Bounded.CONVERTED
    if is_charged and any(fee.currency == claim.service for fee in plan.leaving):
        return phrase("what is charged to who leaves early is not looked at")
    return NOTHING


def gives(plans: Iterable[Plan]) -> frozenset[str]:
    """The services that lines of some plans may give to other lines."""
    return frozenset(
        rule.service for plan in plans for rules in _of_all_times(plan) for rule in rules.rules
        if any(isinstance(clause, Give) for clause in rule.clauses)
    )  # fmt: skip


def carries_at_will(rule: Rule) -> bool:
    """Whether it carries as much as a customer wants to."""
    return any(isinstance(clause, Carry) and clause.saved for clause in rule.clauses)


def _behind(plan: Plan, service: str) -> frozenset[str] | None:
    """The services that what is claimed of one may depend on; None: all, since all may cost money."""
    found = {service}
    made = [
        (clause.to_service, rule.service) for rules in _of_all_times(plan) for rule in rules.rules for clause in rule.clauses
        if isinstance(clause, Convert)
    ]  # fmt: skip
    for _ in made:
        found |= {source for target, source in made if target in found}
    paid_from_credit = [
        rule.service for rule in plan.runs_out for remedy in rule.remedies if isinstance(remedy, Sell) and remedy.from_credit
    ]
    return None if any(map(is_money, found)) or found & {*paid_from_credit} else frozenset(found)


def _meets(services: frozenset[str] | None, others: Iterable[str]) -> bool:
    return any(services is None or other in services for other in others)


def _about(plan: Plan, services: frozenset[str] | None) -> list[Rule]:
    """The rules that have some of these in hand, or make some of them."""
    return [
        rule for rules in _of_all_times(plan) for rule in rules.rules
        if _meets(services, (rule.service, *(clause.to_service for clause in rule.clauses if isinstance(clause, Convert))))
    ]  # fmt: skip


def _pays_bills(rule: Rule) -> bool:
    return any(isinstance(clause, Convert) and clause.to_bill for clause in rule.clauses)


def _of_all_times(plan: Plan) -> tuple[Plan, ...]:
    return plan, *(later.plan for later in plan.later)


def promotes_more(plan: Plan, claim: OfOnePlan) -> bool:
    """Whether promotions do more than bring lots that a claim is not about: they move lots of the plan, or theirs share a hand
    with these, so that caps and conversions take more or less of them."""
    services = _behind(plan, claim.service)
    for promotion in plan.promotions:
        brought = {(grant.service, grant.lot_class) for grant in promotion.grants}
        if promotion.times != (1, 1):
            brought |= {(grant.service, LotClass.BONUS) for grant in plan.grants if grant.each_cycle}
        filled = {grant.service for grant in plan.grants if grant.fills}
        in_hand = {(rule.service, one) for rule in _about(plan, services) for one in rule.classes}
        if brought & in_hand or any(_meets(services, (rule.service,)) for rule in promotion.rules):
            return True
        if filled & {service for service, _ in brought}:
            return True
    return False


# ---- use


def use_is_more(plan: Plan, services: frozenset[str] | None = None) -> str:
    """Why lines that use otherwise than in a sum of which nothing is said may come to something else, in these services or in
    any; empty where they do not."""
    if what_for_matters(plan, services):
        return phrase("what it is used for matters, and is not looked at")
    if any(counts_otherwise(plan, most.service) for most in plan.most_used):
        return phrase("what is assumed of use is not what counts of it")
    return NOTHING


def what_for_matters(plan: Plan, services: frozenset[str] | None = None) -> bool:
    """Whether lines may come to something else that use what something is said of; None: of any service."""
    for rules in _of_all_times(plan):
        grants = [grant for grant in rules.grants if _meets(services, (grant.service,))]
        runs_out = [rule for rule in rules.runs_out if _meets(services, (rule.service,))]
        if _asks_what_for((grants, runs_out, _about(rules, services))) or _weighs_all(rules):
            return True
    return False


def _asks_what_for(found: object) -> bool:
    """Whether some part of a plan is about use of which something is said."""
    if isinstance(found, UseIs) or getattr(found, "scope", ANY_USE) != ANY_USE:
        return True
    if is_dataclass(found):
        return any(_asks_what_for(getattr(found, field.name)) for field in fields(found))
    return isinstance(found, tuple | list) and any(map(_asks_what_for, found))


def _weighs_all(plan: Plan) -> bool:
    """Whether use of which nothing is said counts otherwise than other use, so that it does not come to each amount."""
    return any(weight.tag in GENERAL for weight in plan.counting.weights)


def counts_otherwise(plan: Plan, service: str) -> bool:
    """Whether some use of a service counts more than is used."""
    counting = [rules.counting for rules in _of_all_times(plan)]
    counted = {rule.service for one in counting for rule in one.steps} | {rule.service for one in counting for rule in one.more}
    return service in counted or any(one.weights for one in counting)
