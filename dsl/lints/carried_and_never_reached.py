"""What is carried is used last and is gone before anybody reaches it.

The allowance is used first, what is carried lives for one cycle, and no
example of the plan uses more than one allowance.

Rollover is advertised, and no customer of the kind that the plan is made for
ever uses a byte of it.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      use allowance, then carried
      carry 1 cycle
      example "as most do"
        use 4 GB -> carried 6 GB
        use 5 GB -> carried 5 GB

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      use carried, then allowance
      carry 1 cycle
      example "as most do"
        use 4 GB -> carried 6 GB
        use 5 GB -> carried 10 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import carries, of_the_allowance
from dsl.phrase import phrase
from dsl.plan import Lasts, LotClass, Period, Plan
from dsl.scenario import Scenario, Use

CODE = "L032"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in checked.plans:
        told = [scenario for scenario in checked.scenarios if scenario.plan == plan.name]
        cycles = [cycle for scenario in told for cycle in scenario.cycles]
        if len(cycles) < 2 or any(scenario.dated for scenario in told) or plan.packs or plan.changes:
            continue
        for rule in plan.rules if not plan.later else ():
            once = [one for one in carries(rule) if not one.each_time and one.life == Lasts(1, Period.CYCLE)]
            if (
                once
                and of_the_allowance(plan, rule)
                and _is_last(plan, rule.service)
                and not _reached(plan, rule.service, told)
            ):
                message = phrase("carried data is used last, is gone after a cycle, and no example uses that much")
                yield remark(
                    CODE,
                    once[0].span,
                    message,
                    phrase("write `use carried, then allowance`, a longer life, or an example that reaches it"),
                )


def _is_last(plan: Plan, service: str) -> bool:
    """Whether the order puts the allowance before what is carried."""
    for order in plan.orders:
        classes = [key.lot_class for key in order.keys]
        if order.service in ("", service) and LotClass.ALLOWANCE in classes:
            after = classes[classes.index(LotClass.ALLOWANCE) + 1 :]
            return LotClass.CARRIED in after or LotClass.CARRIED not in classes
    return False


def _reached(plan: Plan, service: str, told: list[Scenario]) -> bool:
    for cycle in (cycle for scenario in told for cycle in scenario.cycles):
        used = sum(act.amount for act in cycle.acts if isinstance(act, Use) and act.service == service)
        if used > plan.allowance(service):
            return True
    return False
