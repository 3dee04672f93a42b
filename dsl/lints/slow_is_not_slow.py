"""A reduced speed that nobody would notice.

What is served beyond the allowance comes at more than 20 Mbps.

Either the unit is wrong, or customers have unlimited data that the price does
not know of.

Avoid:

    plan "A" prepaid
      grant 10 GB
      when data runs out: slow to 128 Mbps

Prefer:

    plan "A" prepaid
      grant 10 GB
      when data runs out: slow to 128 kbps
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase
from dsl.plan import Slow

NOTICED_BITS_PER_SECOND = 20_000_000

CODE = "L027"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        for remedy in (remedy for rule in plan.runs_out for remedy in rule.remedies):
            if isinstance(remedy, Slow) and remedy.bits_per_second > NOTICED_BITS_PER_SECOND:
                yield remark(CODE, remedy.span, phrase("this is hardly slow"), phrase("check the unit: 128 kbps, 1 Mbps"))
