"""A floor that the grant already reaches.

`fill ... up to` comes after the allowance of the same cycle, which is as
much.

The promise of a full tank each month is empty.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      every cycle grant 10 GB
      every cycle fill data up to 8 GB

Prefer:

    plan "A" prepaid
      cycle: 30 days
      every cycle grant 10 GB
      every cycle fill data up to 25 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase

CODE = "L026"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        for index, fill in enumerate(plan.grants):
            if fill.fills and fill.each_cycle:
                before = [one for one in plan.grants[:index] if one.each_cycle and not one.fills and not one.per_renewals]
                granted = sum(one.amount for one in before if (one.service, one.scope) == (fill.service, fill.scope))
                if granted >= fill.amount:
                    message = phrase("nothing is ever missing to this: the cycle grants as much before")
                    also = tuple((one.span, phrase("granted here")) for one in before)
                    yield remark(CODE, fill.span, message, phrase("raise it, or take it out"), also=also)
