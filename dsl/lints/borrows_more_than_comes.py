"""More is lent at once than the next cycle grants.

A block that is borrowed is larger than the allowance which pays it back.

The debt is never paid off, and the customer has nothing from the next cycle
on.

Avoid:

    plan "A" prepaid
      grant 1 GB
      when data runs out: borrow 2 GB from the next cycle up to 1 time

Prefer:

    plan "A" prepaid
      grant 1 GB
      when data runs out: borrow 500 MB from the next cycle up to 1 time
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase
from dsl.plan import Advance

CODE = "L030"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        for rule in plan.runs_out:
            for remedy in rule.remedies:
                if isinstance(remedy, Advance) and remedy.block > plan.allowance(rule.service):
                    also = tuple((one.span, phrase("granted here")) for one in plan.grants if one.service == rule.service)
                    message = phrase("one block is more than a cycle grants to pay it back")
                    yield remark(CODE, remedy.span, message, phrase("lend smaller blocks"), also=also)
