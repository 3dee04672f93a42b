"""An order of use that names lots which never are there.

The order gives carried or converted lots a place, and no rule carries or
converts to that service.

Readers conclude that something carries over, and it does not.

Avoid:

    plan "A" prepaid
      grant 10 GB
      use carried, then allowance

Prefer:

    plan "A" prepaid
      grant 10 GB
      use carried, then allowance
      unused data: carry 1 month
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase
from dsl.plan import Carry, Convert, LotClass, Plan

CODE = "L004"


def find(checked: Checked) -> Iterator[Diagnostic]:
    made = {held.lot_class for scenario in checked.scenarios for held in scenario.opening}
    for plan in each_time(checked):
        made |= {*_made(plan)}  # an order may stand for the plans made `like` this one, too
    for plan in each_time(checked):
        for order in plan.orders:
            for key in order.keys:
                if key.lot_class in (LotClass.CARRIED, LotClass.CONVERTED) and key.lot_class not in made:
                    message = phrase("this names {lot_class} lots, and no rule makes any", lot_class=key.lot_class)
                    yield remark(
                        CODE,
                        order.span,
                        message,
                        phrase("leave them out, or add the rule, such as `unused data: carry 1 month`"),
                    )


def _made(plan: Plan) -> Iterator[LotClass]:
    """The classes that rules of a plan, its packs and promotions make."""
    for rules in (plan.rules, *(pack.rules for pack in plan.packs), *(promotion.rules for promotion in plan.promotions)):
        for clause in (clause for rule in rules for clause in rule.clauses):
            if isinstance(clause, Carry):
                yield LotClass.CARRIED
            elif isinstance(clause, Convert):
                yield LotClass.CONVERTED
