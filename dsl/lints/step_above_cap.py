"""A cap below the step it is carried or converted in.

Only whole steps are carried or converted, and the cap is below one step.

Terms promise that something carries, and nothing ever does.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry 1 cycle in steps of 2 GB, cap 1 GB

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry 1 cycle in steps of 2 GB, cap 4 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import is_limited, rules
from dsl.phrase import phrase
from dsl.plan import Cap, Carry, Convert

CODE = "L002"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for _, rule in rules(checked):
        step = 1
        for clause in rule.clauses:
            match clause:
                case Carry():
                    step = clause.step
                case Cap() if not clause.of_new_plan[0] and 0 < clause.amount < step:
                    yield remark(
                        CODE,
                        clause.span,
                        phrase("this cap is below one step, so that nothing is carried"),
                        phrase("raise the cap, or lower the step"),
                    )
                case Convert() if is_limited(clause.ceiling) and clause.ceiling < clause.to_step:
                    yield remark(
                        CODE,
                        clause.span,
                        phrase("the cap is below one step, so that nothing is converted"),
                        phrase("raise the cap, or lower the step"),
                    )
