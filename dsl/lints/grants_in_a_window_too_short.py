"""A grant of each cycle in a promotion shorter than a cycle.

The grant comes with cycles that begin in the window, and the window is
shorter than a cycle: many lines have none in it.

Two customers read the same campaign, and one of them gets nothing.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB

    promotion "Week" for "A"
      from 2026-05-01 until 2026-05-08
      every cycle grant 1 GB

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB

    promotion "Week" for "A"
      from 2026-05-01 until 2026-05-08
      grant 1 GB bonus data for 30 days
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase
from dsl.plan import Cycle, DayCycle

CODE = "L031"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        for promotion in plan.promotions:
            if (promotion.end - promotion.start).days < _shortest_days(plan.cycle):
                for grant in promotion.grants:
                    if grant.each_cycle:
                        message = phrase("this comes only to lines whose cycle begins in so short a window")
                        yield remark(CODE, grant.span, message, phrase("write `grant 1 GB for 30 days`, or a longer window"))


def _shortest_days(cycle: Cycle) -> int:
    return cycle.days if isinstance(cycle, DayCycle) else cycle.months * 28
