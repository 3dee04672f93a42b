"""What a cap cuts is not said where lots of several ends stand below it.

What is carried lives for several cycles, the cap can bind, and nothing says
whether the newest or the oldest lots go.

It decides how much a customer still has next month: terms that do not say it
are argued about.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry 3 cycles, cap 12 GB

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry 3 cycles, cap 12 GB, oldest goes first
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, Fix, remark
from dsl.lints._plans import caps, carried_once, each_time
from dsl.phrase import phrase
from dsl.plan import CapCounts
from dsl.source import Span

CODE = "L008"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        if not any(one.topic == "cap cuts" for one in plan.assumptions):
            continue
        for rule in plan.rules:
            once, allowance = carried_once(plan, rule), plan.allowance(rule.service)
            if once is None:
                continue
            for cap in caps(rule):
                if cap.counts is CapCounts.CARRIED and allowance <= cap.amount < allowance * once[1]:
                    end = Span(cap.span.line, cap.span.end, cap.span.end)
                    message = phrase("lots of several ends stand below this cap, and nothing says which of them it cuts")
                    help_ = phrase("add `newest goes first`, which is assumed, or `oldest goes first`")
                    yield remark(CODE, cap.span, message, help_, fix=Fix(((end, ", newest goes first"),)))
