"""A cycle from a day that short months lack, and nothing said about them.

Cycles begin on the 29th, 30th or 31st; February and other months lack the
day, and the plan does not say what they do.

The bill of February is the one that customers ask about.

Avoid:

    plan "A" postpaid
      cycle: month from the 31st
      grant 10 GB

Prefer:

    plan "A" postpaid
      cycle: month from the 31st, short month on its last day
      grant 10 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.phrase import phrase
from dsl.plan import MonthCycle

CODE = "L012"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in checked.plans:
        unsaid = any(one.topic == "short months" for one in plan.assumptions)
        if unsaid and isinstance(plan.cycle, MonthCycle) and plan.cycle.anchor_day > 28:
            message = phrase(
                "months without a day {anchor_day} end on their last day, which is not said", anchor_day=plan.cycle.anchor_day
            )
            yield remark(
                CODE,
                plan.span,
                message,
                phrase("add `short month on its last day`, or `days 29 to 31 move to the 28th`, to its cycle"),
            )
