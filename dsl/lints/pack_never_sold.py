"""A pack that its own limit refuses.

The limit of what is sold is below what one purchase brings.

Customers are offered a pack, and every purchase is refused.

Avoid:

    plan "A" prepaid
      grant 1 GB
    pack "P"
      sold at most 500 MB a cycle
      grant 1 GB

Prefer:

    plan "A" prepaid
      grant 1 GB
    pack "P"
      sold at most 2 GB a cycle
      grant 1 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import packs
from dsl.phrase import phrase
from dsl.plan import AtLeast, AtMost, Over

CODE = "L023"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for pack in packs(checked):
        for limit in pack.limits:
            if not isinstance(limit, AtMost | AtLeast) or not limit.service:
                continue
            brings = sum(grant.amount for grant in pack.grants if grant.service == limit.service)
            if isinstance(limit, AtMost) and limit.over is not Over.HELD and brings > limit.amount:
                yield remark(
                    CODE,
                    limit.span,
                    phrase("one purchase is past this limit: the pack is never sold"),
                    phrase("raise it to what the pack grants, at least"),
                )
            elif isinstance(limit, AtLeast) and brings < limit.amount:
                yield remark(
                    CODE,
                    limit.span,
                    phrase("one purchase is below this limit: the pack is never sold"),
                    phrase("lower it to what the pack grants, at most"),
                )
