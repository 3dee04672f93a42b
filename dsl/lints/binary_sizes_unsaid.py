"""Sizes in steps of 1024, and nothing says that 1 GB is 1024 MB.

An amount such as 1024 MB or 2048 MB stands in a file that does not say its
units, so that 1 GB is 1000 MB.

A plan of 1024 MB sold as 1 GB is 2.4 % more than the engine counts, or less:
each customer has a wrong balance.

Avoid:

    plan "A" prepaid
      grant 1024 MB

Prefer:

    units: 1 GB = 1024 MB
    plan "A" prepaid
      grant 1024 MB
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.phrase import phrase
from dsl.source import Span

_BINARY = re.compile(r"(?<![\w.])(\d+) ?(?:MB|KB)\b", re.IGNORECASE)

CODE = "L013"


def find(checked: Checked) -> Iterator[Diagnostic]:
    if not any(one.topic == "units" for plan in checked.plans for one in plan.assumptions):
        return
    for number, line in enumerate(checked.source.lines, 1):
        for hit in _BINARY.finditer(line.partition("#")[0]):
            if int(hit[1]) >= 1024 and int(hit[1]) % 1024 == 0:
                message = phrase("{hit} is no round number here: 1 GB is 1000 MB, which is not said", hit=hit[0])
                yield remark(
                    CODE,
                    Span(number, hit.start(), hit.end()),
                    message,
                    phrase("add `units: 1 GB = 1024 MB` at the top, or `units: 1 GB = 1000 MB`"),
                )
                return
