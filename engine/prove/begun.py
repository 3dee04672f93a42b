"""Plans of which the first cycle differs and all later ones are alike: it is cut, and grants or costs its share by day, it has
a price of its own, or some rules hold only behind it. What is proved of the later ones by induction begins with what it leaves.

A life in months ends with cycles where these begin on the same day of each month, and what lives begins with one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from dsl.plan import AfterFirstCycle, Condition, HeldWholeCycle, Lasts, MonthCycle, Not, Period, Plan
from engine.batch.even import is_even
from engine.calendar import Calendar

_IN_EVERY_MONTH = 28  # days
_YEARS = 40  # in which no change of the clock may skip the time at which a cycle begins
_LENGTHS = 48  # months, in which there are months of each length


def is_even_later(plan: Plan, start: datetime) -> bool:
    """Whether each cycle but the first one of an undisturbed line computes the same."""
    return is_even(_behind_the_first(plan, start), undisturbed=True)


def _behind_the_first(plan: Plan, start: datetime) -> Plan:
    """With what makes no difference of later cycles left out, and lives that end with these said in them."""
    rules = [replace(rule, conditions=tuple(one for one in rule.conditions if not _of_the_first(one))) for rule in plan.rules]
    prices = tuple(replace(price, by_day=False) for price in plan.prices if price.each_cycle)
    cycle = plan.cycle
    if not isinstance(cycle, MonthCycle):
        return replace(plan, prices=prices, rules=tuple(rules))
    if _begins_on_one_day(plan, cycle, start):
        rules = [_in_cycles(rule, cycle.months) for rule in rules]
    return replace(plan, cycle=replace(cycle, first_by_day=False), prices=prices, rules=tuple(rules))


def _of_the_first(condition: Condition) -> bool:
    if isinstance(condition, Not):
        return _of_the_first(condition.condition)
    return isinstance(condition, AfterFirstCycle | HeldWholeCycle)


def _in_cycles(found: Any, months: int) -> Any:
    """With lives of whole cycles said so."""
    if isinstance(found, Lasts) and found.period is Period.MONTH and found.count % months == 0:
        return Lasts(found.count // months, Period.CYCLE)
    if isinstance(found, tuple):
        return tuple(_in_cycles(one, months) for one in found)
    if is_dataclass(found) and not isinstance(found, type):
        return replace(found, **{field.name: _in_cycles(getattr(found, field.name), months) for field in fields(found)})
    return found


def _begins_on_one_day(plan: Plan, cycle: MonthCycle, start: datetime) -> bool:
    """Whether each cycle begins at the same time of the same day of a month, so that months and cycles end together."""
    if not 1 <= cycle.anchor_day <= _IN_EVERY_MONTH:
        return False
    calendar = Calendar(cycle, plan.zone, start)
    begins = {calendar.local(calendar.boundary(number)).time() for number in range(1, 12 * _YEARS // cycle.months)}
    return len(begins) == 1


def starts(plan: Plan, start: datetime) -> Iterator[datetime]:
    """When lines may begin whose first cycles differ: for each part of a whole cycle that a first one may be; where it neither
    grants nor costs its part, for a whole and a part."""
    calendar = Calendar(plan.cycle, plan.zone, start)
    whole = calendar.local(calendar.boundary(1))
    by_day = isinstance(plan.cycle, MonthCycle) and plan.cycle.first_by_day
    if not by_day and not any(price.by_day for price in plan.prices):
        yield from (whole, whole + timedelta(days=1))
        return
    known = set()
    for number in range(1, _LENGTHS):
        first, end = (calendar.local(calendar.boundary(one)) for one in (number, number + 1))
        for days in range((end - first).days):
            begins = first + timedelta(days=days)
            part = Calendar(plan.cycle, plan.zone, begins).part(1)
            if part not in known:
                known.add(part)
                yield begins
