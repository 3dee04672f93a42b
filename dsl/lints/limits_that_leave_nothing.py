"""Limits of what is asked for that leave nothing to ask for.

`at least` is above `at most` at a time, or `keeping` as much as the plan
grants.

The terms offer a gift or an exchange, and every request is refused.

Avoid:

    plan "A" prepaid
      grant 10 GB
      when asked, unused data: give, at least 2 GB, at most 1 GB at a time

Prefer:

    plan "A" prepaid
      grant 10 GB
      when asked, unused data: give, at least 1 GB, at most 2 GB at a time
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import carries, rules
from dsl.phrase import phrase
from dsl.plan import AtLeast, AtMost, Convert, Give, Keeping, LotClass, Over

CODE = "L024"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan, rule in rules(checked):
        for clause in rule.clauses:
            limits = clause.limits if isinstance(clause, Give | Convert) else ()
            least = {one.service: one for one in limits if isinstance(one, AtLeast)}
            for limit in limits:
                match limit:
                    case AtMost(over=over) if over is not Over.HELD and limit.service in least:
                        if least[limit.service].amount > limit.amount:
                            also = ((least[limit.service].span, phrase("and this is the least")),)
                            yield remark(
                                CODE,
                                limit.span,
                                phrase("the most is below the least, so that all is refused"),
                                phrase("raise it"),
                                also=also,
                            )
                    case Keeping() if rule.classes == {LotClass.ALLOWANCE} and not any(carries(one) for one in plan.rules):
                        if 0 < plan.allowance(limit.service) <= limit.amount:
                            yield remark(
                                CODE,
                                limit.span,
                                phrase("this keeps all that a cycle grants, so that all is refused"),
                                phrase("lower it"),
                            )
