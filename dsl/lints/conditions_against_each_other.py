"""Conditions that can not hold together.

A line asks for something and for its contrary.

The rule is in the terms and never applies to anybody.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      unused data, if paid and not paid: carry 1 cycle

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      unused data, if paid and not opted in: carry 1 cycle
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time, packs, rules
from dsl.phrase import phrase
from dsl.plan import Condition, Not, Renewed, RenewedHow
from dsl.source import NOWHERE

CODE = "L025"


def find(checked: Checked) -> Iterator[Diagnostic]:
    asked = [rule.conditions for _, rule in rules(checked)]
    asked += [pack.conditions for pack in packs(checked)]
    asked += [rule.conditions for plan in each_time(checked) for rule in plan.runs_out]
    asked += [loan.conditions for plan in each_time(checked) for loan in plan.loans]
    for conditions in asked:
        held: set[Condition] = {replace(one, span=NOWHERE) for one in conditions if not isinstance(one, Not)}
        for one in conditions:
            if isinstance(one, Not) and replace(one.condition, span=NOWHERE) in _follows(held):
                yield remark(
                    CODE,
                    one.span,
                    phrase("this can't hold together with what stands beside it"),
                    phrase("take one of the two out"),
                )


def _follows(held: set[Condition]) -> set[Condition]:
    """What holds where all of these do."""
    if Renewed(RenewedHow.EARLY, NOWHERE) in held:
        return held | {Renewed(RenewedHow.ON_TIME, NOWHERE)}
    return held
