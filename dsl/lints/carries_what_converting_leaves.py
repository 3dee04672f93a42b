"""A carry behind a conversion that takes all.

The conversion has no cap, so that only what makes no whole unit is left to
carry.

Customers read that their data carries over; a few kilobytes of it do.

Avoid:

    rate 1 GB = 30 minutes
    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      unused data: convert to minutes, carry 1 cycle

Prefer:

    rate 1 GB = 30 minutes
    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      unused data: convert to minutes, cap 60 minutes, carry 1 cycle
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import behind, is_limited, rules
from dsl.phrase import phrase
from dsl.plan import Carry, Convert

CODE = "L028"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for _, rule in rules(checked):
        for clause in rule.clauses:
            if isinstance(clause, Convert) and not is_limited(clause.ceiling) and clause.from_step == 1:
                for later in behind(rule, clause):
                    if isinstance(later, Carry):
                        also = ((clause.span, phrase("all that makes a whole unit is taken here")),)
                        help_ = phrase("cap what is converted, or carry first")
                        yield remark(CODE, later.span, phrase("only a rest is left to carry here"), help_, also=also)
