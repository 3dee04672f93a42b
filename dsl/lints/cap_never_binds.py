"""A cap that never binds.

The cap is above all that its line can ever have carried: the allowance of as
many cycles as what is carried lives.

Who reads the terms expects to lose something at the cap, or to gain up to it;
neither ever happens.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry 1 cycle, cap 25 GB

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry 3 cycles, cap 25 GB, newest goes first
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import caps, carried_once, rules
from dsl.phrase import phrase
from dsl.plan import CapCounts

CODE = "L001"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan, rule in rules(checked):
        once = carried_once(plan, rule)
        if once is None:
            continue
        carry, cycles = once
        most = plan.allowance(rule.service) * cycles
        for cap in caps(rule):
            if cap.counts is CapCounts.CARRIED and not cap.of_new_plan[0] and cap.amount > most:
                message = phrase("this cap never binds: the line can't have carried so much")
                help_ = phrase("lower it, let what is carried live longer, or take it out")
                granted = [(one.span, phrase("granted here")) for one in plan.grants if one.service == rule.service]
                also = ((carry.span, phrase("carried for so long")), *granted)
                yield remark(CODE, cap.span, message, help_, also=also)
