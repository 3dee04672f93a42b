"""An order of use that leaves several classes without a place.

The order names some lots; two other classes that the plan can have come after
them, as they happen to end.

Which of them is used first decides what a customer loses at the end of the
month.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB data, 1 GB bonus data
      use "Extra" first
      unused data: carry 1 cycle

    pack "Extra"
      grant 1 GB

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB data, 1 GB bonus data
      use "Extra", then bonus, then carried, then allowance
      unused data: carry 1 cycle

    pack "Extra"
      grant 1 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import carries, each_time
from dsl.phrase import listed, phrase
from dsl.plan import LotClass, Plan
from dsl.units import called

CODE = "L033"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        for order in plan.orders:
            if not all(key.lot_class or key.pack for key in order.keys):
                continue  # a key that sorts all lots leaves none without a place
            named = {key.lot_class for key in order.keys}
            for service in (order.service,) if order.service else plan.services:
                left = sorted(_ending_alike(plan, service) - named)
                if len(left) > 2:
                    message = phrase(
                        "{lots} lots of {service} have no place in this order", lots=listed(left), service=called(service)
                    )
                    yield remark(CODE, order.span, message, phrase("name them, or end with `soonest to end first`"))


def _ending_alike(plan: Plan, service: str) -> set[LotClass]:
    """The classes that a plan itself makes of a service; what packs and gifts bring has ends of its own."""
    found = {grant.lot_class for grant in plan.grants if grant.service == service and grant.each_cycle}
    return found | ({LotClass.CARRIED} if any(rule.service == service and carries(rule) for rule in plan.rules) else set())
