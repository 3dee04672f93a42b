"""A rule that another always comes before.

Of lines with the same hand the first whose conditions hold acts; the one
above holds whenever this one does.

The exception that somebody wrote for loyal or paying customers never applies
to them.

Avoid:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      unused data, if paid: carry 1 cycle
      unused data, if paid and tenure at least 12 months: carry 3 cycles

Prefer:

    plan "A" prepaid
      cycle: 30 days
      grant 10 GB
      unused data, if paid and tenure at least 12 months: carry 3 cycles
      unused data, if paid: carry 1 cycle
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase
from dsl.plan import Condition, Not, Rule
from dsl.source import NOWHERE

CODE = "L010"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        every = (plan.rules, *(pack.rules for pack in plan.packs))
        for rules in every:
            for index, rule in enumerate(rules):
                for above in rules[:index]:
                    if _is_same_hand(above, rule) and _asked(above) <= _asked(rule):
                        also = ((above.span, phrase("this holds whenever it does")),)
                        help_ = phrase("put the line that asks for more above, or take it out")
                        yield remark(
                            CODE, rule.span, phrase("this never acts: a line above takes the same lots first"), help_, also=also
                        )
                        break


def _is_same_hand(one: Rule, other: Rule) -> bool:
    return (one.name, one.occasion, one.about) == (other.name, other.occasion, other.about)


def _asked(rule: Rule) -> set[Condition]:
    """The conditions of a rule, wherever they are written."""
    return {_anywhere(condition) for condition in rule.conditions}


def _anywhere(condition: Condition) -> Condition:
    if isinstance(condition, Not):
        return Not(replace(condition.condition, span=NOWHERE), NOWHERE)
    return replace(condition, span=NOWHERE)
