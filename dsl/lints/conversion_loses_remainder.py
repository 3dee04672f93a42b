"""A conversion that loses the same remainder each time.

A whole allowance makes no whole number of steps, and no clause behind the
conversion takes the rest.

Who uses nothing loses a part each month that the terms do not name.

Avoid:

    rate 1 GB = 30 minutes
    plan "A" prepaid
      cycle: 30 days
      grant 2.5 GB
      unused data: convert to minutes in steps of 1 GB

Prefer:

    rate 1 GB = 30 minutes
    plan "A" prepaid
      cycle: 30 days
      grant 2.5 GB
      unused data: convert to minutes in steps of 0.5 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import behind, is_limited, of_the_allowance, rules
from dsl.phrase import phrase
from dsl.plan import Convert

CODE = "L006"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan, rule in rules(checked):
        for clause in rule.clauses if of_the_allowance(plan, rule) else ():
            if not isinstance(clause, Convert) or clause.from_step == 1 or is_limited(clause.ceiling) or behind(rule, clause):
                continue
            if rule.clauses[0] is clause and plan.allowance(rule.service) % clause.from_step:
                message = phrase("of a whole allowance this leaves a rest each time, and what is left expires")
                yield remark(
                    CODE,
                    clause.span,
                    message,
                    phrase("write steps of which the allowance is a multiple, or say what becomes of the rest"),
                )
