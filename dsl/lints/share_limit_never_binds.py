"""A limit for each member above all that is shared.

`each up to` is more than the plan grants in a cycle, so that no member can
ever reach it.

Families think that it protects them, and one member uses all there is.

Avoid:

    plan "A" postpaid
      grant 10 GB
      share data with up to 4 lines, each up to 20 GB a month

Prefer:

    plan "A" postpaid
      grant 10 GB
      share data with up to 4 lines, each up to 5 GB a month
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl import units
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import carries, each_time
from dsl.phrase import phrase

CODE = "L021"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        kept = any(carries(rule) for rule in plan.rules)
        for share in plan.shares:
            for service, limit in share.each_limit:
                whole = plan.allowance(service)
                more = plan.by_lines or any(grant.service == service for grant in share.each_adds) or plan.is_unlimited(service)
                if not kept and not more and 0 < whole < limit and not plan.packs:
                    granted = units.exact(service, whole, plan.data_step)
                    yield remark(
                        CODE,
                        share.span,
                        phrase("no member can reach this limit: a cycle grants {granted}", granted=granted),
                        phrase("lower it, or take it out"),
                    )
