"""Tiers by the number of lines that leave a number out or go down.

`by lines` starts above one line, or gives more lines less than fewer.

A family that adds a member gets less, or a single customer gets nothing.

Avoid:

    plan "A" postpaid
      grant 1 GB
      share with up to 4 lines
      by lines: 2 7 GB, 3 5 GB

Prefer:

    plan "A" postpaid
      grant 1 GB
      share with up to 4 lines
      by lines: 1 4 GB, 2 7 GB, 3 9 GB
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

from dsl import units
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase
from dsl.plan import ByLines

CODE = "L011"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        tiers: dict[str, list[ByLines]] = defaultdict(list)
        for tier in plan.by_lines:
            tiers[tier.grant.service].append(tier)
        for service, found in tiers.items():
            found.sort(key=lambda tier: tier.lines)
            if found[0].lines > 1:
                message = phrase("an account of {lines} has no tier", lines=_up_to(found[0].lines - 1))
                yield remark(CODE, found[0].grant.span, message, phrase("add a tier such as `1 4 GB`"))
            for fewer, more in itertools.pairwise(found):
                if fewer.lines == more.lines:
                    yield remark(
                        CODE,
                        more.grant.span,
                        phrase("{lines} lines have two tiers", lines=more.lines),
                        phrase("keep one of them"),
                    )
                elif more.grant.amount < fewer.grant.amount:
                    less = units.exact(service, more.grant.amount, plan.data_step)
                    yield remark(
                        CODE,
                        more.grant.span,
                        phrase("{lines} lines get less than {fewer}: {less}", lines=more.lines, fewer=fewer.lines, less=less),
                        phrase("raise it"),
                    )


def _up_to(lines: int) -> str:
    return phrase("1 line") if lines == 1 else phrase("1 to {lines} lines", lines=lines)
