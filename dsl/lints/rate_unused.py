"""A rate that nothing converts by.

No plan of the file converts between the two services, when asked or at a
close.

Customers read that a gigabyte is worth half an hour, and can't have it.

Avoid:

    rate 1 GB = 30 minutes
    plan "A" prepaid
      grant 10 GB
      unused data: carry 1 month

Prefer:

    rate 1 GB = 30 minutes
    plan "A" prepaid
      grant 10 GB
      unused data: carry 1 month, convert the rest to minutes
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl import nodes
from dsl.amounts import Amounts
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, Findings, remark
from dsl.lints._plans import document, rules
from dsl.phrase import phrase
from dsl.plan import Convert
from dsl.units import called

CODE = "L017"


def find(checked: Checked) -> Iterator[Diagnostic]:
    used = {(rule.service, one.to_service) for _, rule in rules(checked) for one in rule.clauses if isinstance(one, Convert)}
    read = document(checked.source)
    amounts = Amounts(Findings(), checked.data_step, checked.declared)
    for line in (*read.settings, *(line for block in read.blocks for line in block.lines)):
        said = line.statement
        if isinstance(said, nodes.Equation) and said.is_rate:
            first, second = amounts.quantity(line, said.left), amounts.quantity(line, said.right)
            if first and second and (first.service, second.service) not in used:
                message = phrase(
                    "nothing converts {service} to {target}", service=called(first.service), target=called(second.service)
                )
                yield remark(
                    CODE,
                    line.span(said.at),
                    message,
                    phrase("add a clause such as `convert the rest to minutes`, or take it out"),
                )
