"""A claim that the first grant breaks.

`ensure` says that a balance is never above less than one cycle grants.

Every test of the plan fails, and the claim says nothing about what customers
have.

Avoid:

    plan "A" prepaid
      grant 10 GB
      ensure data never above 5 GB

Prefer:

    plan "A" prepaid
      grant 10 GB
      ensure data never above 10 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl import units
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase
from dsl.plan import NeverAbove

CODE = "L022"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        for claim in plan.claims:
            if not isinstance(claim, NeverAbove):
                continue
            granted = plan.allowance(claim.service)
            if granted > claim.amount:
                whole = units.exact(claim.service, granted, plan.data_step)
                also = tuple((one.span, phrase("granted here")) for one in plan.grants if one.service == claim.service)
                message = phrase("this can't hold: a cycle grants {whole}", whole=whole)
                yield remark(CODE, claim.span, message, phrase("raise it to what the plan grants, at least"), also=also)
