"""Rules about renewal and change that can never act, or never end: found in a checked plan, each with a warning."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.context import NEXT_CYCLE
from dsl.diagnostics import Findings
from dsl.phrase import phrase
from dsl.plan import (
    Cap,
    Carry,
    Changes,
    Condition,
    Early,
    Extend,
    HeldWholeCycle,
    InGroup,
    LotClass,
    Not,
    Occasion,
    Plan,
    Renewed,
    RenewedHow,
    Rule,
    SamePlan,
    UntilDay,
)
from dsl.source import Span


def report(plan: Plan, plans: int, findings: Findings) -> None:
    """Adds what is wrong to `findings`; `plans` is how many plans the file has."""
    for rule in plan.rules:
        if _is_endless(plan, rule):
            findings.add("R295", rule.span)
        if rule.occasion is Occasion.RENEWED_LATE and _is_gone_then(plan, rule):
            why = phrase("renewed late, nothing of it is left")
            findings.add("R293", rule.span, why=why, instead=phrase("add a line such as `renewal late: grace 7 days`"))
        if rule.occasion is Occasion.PLAN_CHANGES and plans == 1:
            findings.add(
                "R293", rule.span, why=phrase("the file has no other plan"), instead=phrase("add the plans one may change to")
            )
        for span in _never_early(plan, rule, plans):
            why = phrase("a renewal before the end closes no cycle here")
            findings.add("R293", span, why=why, instead=phrase("add `renewal early: restart the clock`, or take it out"))


def _is_endless(plan: Plan, rule: Rule) -> bool:
    """Whether who renews early again and again has all there ever was: it is in hand each time, gets a later end, and nothing
    caps it or costs anything."""
    acts = (Occasion.CLOSE, Occasion.RENEWED_EARLY)
    if plan.renewal.early is not Early.RESTART or rule.occasion not in acts or any(price.each_cycle for price in plan.prices):
        return False
    if any(map(_bars_early, rule.conditions)) or any(isinstance(clause, Cap) for clause in rule.clauses):
        return False
    return any(_gives_a_later_end(clause, rule) for clause in rule.clauses)


def _bars_early(condition: Condition) -> bool:
    """Whether a condition fails at a renewal of the same plan before the end."""
    match condition:
        case HeldWholeCycle() | Changes() | Not(condition=SamePlan() | InGroup()):
            return True
        case Not(condition=Renewed(how=RenewedHow.EARLY | RenewedHow.BY_HAND | RenewedHow.ON_TIME)):
            return True
    return False


def _gives_a_later_end(clause: object, rule: Rule) -> bool:
    match clause:
        case Carry(from_grant=False, each_time=each_time, life=life) if not isinstance(life, UntilDay):
            return each_time or LotClass.CARRIED in rule.classes
        case Extend(life=life):
            return rule.occasion is Occasion.RENEWED_EARLY and not isinstance(life, UntilDay)
    return False


def _is_gone_then(plan: Plan, rule: Rule) -> bool:
    """Whether the lots of a hand all end with the term, so that none are there after it."""
    own = [grant for grant in plan.grants if grant.service == rule.service]
    ends = all(grant.life == NEXT_CYCLE and not grant.from_first_use for grant in own)
    return plan.renewal.grace is None and not rule.pack and rule.classes == {LotClass.ALLOWANCE} and ends


def _never_early(plan: Plan, rule: Rule, plans: int) -> Iterator[Span]:
    if rule.occasion is Occasion.CLOSE and plan.renewal.early is not Early.RESTART and plans == 1:
        for condition in rule.conditions:
            if isinstance(condition, Renewed) and condition.how is RenewedHow.EARLY:
                yield condition.span
