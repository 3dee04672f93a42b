"""Rates that make more of something by turning it round.

What is converted to another service and back again comes to more than it was.

Customers who notice turn their minutes round until the cap, and revenue is
lost.

Avoid:

    rate 1 GB = 60 minutes
    rate 30 minutes = 1 GB
    plan "A" prepaid
      grant 10 GB, 100 minutes
      when asked, unused data: convert to minutes
      when asked, unused minutes: convert to data

Prefer:

    rate 1 GB = 30 minutes
    rate 60 minutes = 1 GB
    plan "A" prepaid
      grant 10 GB, 100 minutes
      when asked, unused data: convert to minutes
      when asked, unused minutes: convert to data
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import rules
from dsl.phrase import phrase
from dsl.plan import Convert
from dsl.units import called

CODE = "L007"


def find(checked: Checked) -> Iterator[Diagnostic]:
    made: dict[str, list[tuple[str, Convert]]] = defaultdict(list)  # by plan
    for plan, rule in rules(checked):
        made[plan.name] += [(rule.service, clause) for clause in rule.clauses if isinstance(clause, Convert)]
    for conversions in made.values():
        for (service, there), (back_of, back) in product(conversions, repeat=2):
            if (back_of, back.to_service) != (there.to_service, service):
                continue
            gain = there.to_amount * back.to_amount > there.from_amount * back.from_amount
            if gain and not there.fee and not back.fee and there.span < back.span:
                message = phrase(
                    "{service} turned into {target} and back comes to more than it was",
                    service=called(service),
                    target=called(back_of),
                )
                also = ((there.span, phrase("there")),)
                yield remark(
                    CODE, back.span, message, phrase("lower one of the two rates, or charge a fee with `at 1 EUR`"), also=also
                )
