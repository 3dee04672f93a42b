"""What is carried without end and without a cap.

`carry without end` moves all that is left of each cycle to lots that never
end, and nothing caps them.

The liability of the operator grows with each month of each quiet line; nobody
may ever take it back.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry without end

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      carry without end, cap 100 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import behind, of_the_allowance, rules
from dsl.phrase import phrase
from dsl.plan import Cap, Carry, Endless

CODE = "L016"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan, rule in rules(checked):
        for clause in rule.clauses if of_the_allowance(plan, rule) else ():
            endless = isinstance(clause, Carry) and isinstance(clause.life, Endless) and not clause.saved
            if endless and not any(isinstance(one, Cap) for one in behind(rule, clause)):
                yield remark(
                    CODE,
                    clause.span,
                    phrase("nothing ever ends or caps what this carries"),
                    phrase("add a cap, or a life such as `12 cycles`"),
                )
