"""A life and an amount that say the same.

`carry 3 cycles, cap 3x plan`: what lives for three cycles and is carried once
can never be more than three allowances.

The two numbers look like one rule said twice; who changes one of them changes
the terms without knowing.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry 3 cycles, cap 3x plan, newest goes first

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry 3 cycles, cap 2x plan, newest goes first
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import caps, carried_once, rules, words
from dsl.phrase import phrase

CODE = "L015"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan, rule in rules(checked):
        once = carried_once(plan, rule)
        if once is None or once[1] == 1:
            continue
        for cap in caps(rule):
            times = re.match(r"cap (\d+) ?x (the )?plan", words(checked, cap.span), re.IGNORECASE)
            if times and int(times[1]) == once[1]:
                message = phrase("{count} cycles of allowance are never more than {count} times the plan", count=once[1])
                yield remark(CODE, cap.span, message, phrase("take the cap out, or write the amount that is meant"))
