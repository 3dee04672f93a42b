"""A unit that nothing grants.

The file declares a unit of its own, and no plan, pack or promotion grants any
of it, or converts to it.

It is a part of an offer that was taken back, and may be sold still.

Avoid:

    unit flex
    plan "A" prepaid
      grant 10 GB

Prefer:

    unit flex
    plan "A" prepaid
      grant 10 GB, 300 flex
      1 minute uses 2 flex
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl import nodes
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import document, each_time, rules
from dsl.phrase import phrase
from dsl.plan import Convert

CODE = "L018"


def find(checked: Checked) -> Iterator[Diagnostic]:
    made = {one.to_service for _, rule in rules(checked) for one in rule.clauses if isinstance(one, Convert)}
    for plan in each_time(checked):
        made |= {grant.service for grant in plan.grants}
        made |= {grant.service for pack in plan.packs for grant in pack.grants}
        made |= {grant.service for promotion in plan.promotions for grant in promotion.grants}
    for line in document(checked.source).settings:
        if isinstance(line.statement, nodes.Unit) and line.statement.name.text not in made:
            message = phrase("nothing grants {unit}, or converts to it", unit=line.statement.name.text)
            yield remark(CODE, line.span(line.statement.at), message, phrase("grant some, or take the unit out"))
