"""A plan of a file that nothing else speaks of.

Other plans of the file are in groups, promotions, examples or changes; this
one has no example and is in none of them.

A plan that is left over from an earlier offer is sold, or counted on, by
mistake.

Avoid:

    group "Now": "S", "M"
    plan "S" prepaid
      grant 1 GB
      example "e"
        use 1 GB
    plan "M" prepaid
      grant 2 GB
    plan "Old" prepaid
      grant 3 GB

Prefer:

    group "Now": "S", "M"
    plan "S" prepaid
      grant 1 GB
      example "e"
        use 1 GB
    plan "M" prepaid
      grant 2 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.phrase import phrase

CODE = "L014"


def find(checked: Checked) -> Iterator[Diagnostic]:
    if not any(plan.group for plan in checked.plans):
        return
    lines = checked.source.lines
    for plan in checked.plans:
        told = sum(f'"{plan.name}"' in line.partition("#")[0] for line in lines)
        if not plan.group and told == 1 and not any(scenario.plan == plan.name for scenario in checked.scenarios):
            message = phrase("nothing of this file leads to this plan: no group, promotion, change or example")
            yield remark(CODE, plan.span, message, phrase("put it in a group, give it an example, or take it out"))
