"""Plans whose cycles are all alike: what one computes does not depend on when the line began, or on how many were before.

Then one program serves all lines of a plan. Whoever is not sure says no: such lines are only grouped by start and cycle.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from dsl.plan import (
    Changes,
    Condition,
    DayCycle,
    Earliest,
    Endless,
    Grant,
    InGroup,
    IsIn,
    Lasts,
    MonthCycle,
    NewEnd,
    Not,
    Period,
    Plan,
    Renewed,
    RenewedBefore,
    RenewedWithin,
    SamePlan,
    SizeAtLeast,
    ToDayEnd,
    ToMonthEnd,
    UntilDay,
    UntilWeekday,
    WithPack,
)

_OF_EVENTS = Changes | InGroup | IsIn | Renewed | RenewedBefore | RenewedWithin | SamePlan | SizeAtLeast
_BY_DATE = ToMonthEnd | ToDayEnd | UntilDay | UntilWeekday | WithPack


def is_even(plan: Plan, *, undisturbed: bool = False) -> bool:
    """Whether every cycle of every line of a plan computes the same; or of those that are `undisturbed`: they use, stay on the
    plan, and renew themselves when a cycle ends."""
    rules = [rule for rule in plan.rules if not rule.pack]
    clauses = [clause for rule in rules for clause in rule.clauses]
    conditions = [one for rule in rules for one in rule.conditions] + [one for rule in plan.runs_out for one in rule.conditions]
    remedies = [remedy for rule in plan.runs_out for remedy in rule.remedies]
    return (
        not (plan.later or plan.promotions or plan.shares or plan.by_lines)
        and all(undisturbed and _asks_for_events(one) for one in conditions)
        and all(map(_comes_with_each_cycle, plan.grants))
        and all(price.each_cycle and price.cycles == 1 and not price.by_day for price in plan.prices)
        and _is_whole(plan.cycle)
        and all(map(_ends_with_cycles, (*plan.grants, *clauses, *remedies)))
    )


def _asks_for_events(condition: Condition) -> bool:
    """Whether it is always so, or never, of a line to which nothing happens."""
    if isinstance(condition, Not):
        return _asks_for_events(condition.condition)
    return isinstance(condition, _OF_EVENTS)


def _comes_with_each_cycle(grant: Grant) -> bool:
    return grant.each_cycle and grant.cycles == 1 and not grant.whole_cycles and grant.per_renewals is None


def _is_whole(cycle: MonthCycle | DayCycle) -> bool:
    """Whether no cycle is cut: neither the first one nor what is left of a block of days."""
    return not (cycle.first_by_day if isinstance(cycle, MonthCycle) else cycle.block)


def _ends_with_cycles(found: object) -> bool:
    """Whether each life that is said in a part of a plan ends at a boundary, or never."""
    if isinstance(found, Lasts):
        return found.period is Period.CYCLE
    if isinstance(found, _BY_DATE):
        return False
    if isinstance(found, Earliest):
        return all(map(_ends_with_cycles, found.lives))
    if isinstance(found, Endless | NewEnd):
        return True
    if isinstance(found, tuple):
        return all(map(_ends_with_cycles, found))
    if is_dataclass(found):
        return all(_ends_with_cycles(getattr(found, field.name)) for field in fields(found))
    return True
