"""A promotion that has nothing to act on.

It multiplies the allowance of plans that grant none, or extends carried lots
of plans that carry nothing.

The campaign is announced, and no customer sees any of it.

Avoid:

    plan "A" prepaid
      grant 10 GB

    promotion "May" for "A"
      from 2026-05-01 until 2026-06-01
      when it starts, carried data: extend 1 month

Prefer:

    plan "A" prepaid
      grant 10 GB
      unused data: carry 1 month

    promotion "May" for "A"
      from 2026-05-01 until 2026-06-01
      when it starts, carried data: extend 1 month
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.phrase import phrase
from dsl.plan import Carry, LotClass, Plan, Promotion
from dsl.source import Span

CODE = "L009"


def find(checked: Checked) -> Iterator[Diagnostic]:
    found: dict[Span, list[bool]] = {}
    for plan in checked.plans:
        for promotion in plan.promotions:
            found.setdefault(promotion.span, []).append(_acts(plan, promotion))
    for span, acts in found.items():
        if not any(acts):
            message = phrase("this promotion does nothing for any of its plans")
            yield remark(CODE, span, message, phrase("name plans that grant or carry what it is about, or add a grant"))


def _acts(plan: Plan, promotion: Promotion) -> bool:
    """Whether there may be something in a plan that the promotion gives, multiplies or moves."""
    if promotion.grants or (promotion.times != (1, 1) and any(grant.each_cycle for grant in plan.grants)):
        return True
    return any(rule.classes != {LotClass.CARRIED} or _is_carried(plan, rule.service) for rule in promotion.rules)


def _is_carried(plan: Plan, service: str) -> bool:
    every = (*plan.rules, *(rule for pack in plan.packs for rule in pack.rules))
    return any(isinstance(clause, Carry) for rule in every if rule.service == service for clause in rule.clauses)
