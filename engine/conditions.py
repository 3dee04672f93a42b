"""Whether a condition holds: of what a line did and is, and of how its cycle is followed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from dsl.plan import (
    GENERAL,
    AfterFirstCycle,
    Changes,
    Condition,
    CyclesInARow,
    Direction,
    HeldAtLeast,
    HeldWholeCycle,
    InGroup,
    IsIn,
    LeftAtMost,
    Not,
    Plan,
    Renewed,
    RenewedBefore,
    RenewedHow,
    RenewedWithin,
    SamePlan,
    SizeAtLeast,
    State,
    Tags,
    TenureAtLeast,
    UsedAtLeast,
    UseIs,
)
from engine.calendar import Calendar, Instant
from engine.ledger import Ledger

MORE_THAN_ANY = 10**30  # the size of a plan that sets no limit


@dataclass(frozen=True, slots=True)
class Term:
    """How a term that ends at `end` is followed: by one that is renewed at `at`, or by none."""

    renewed: bool
    by_hand: bool
    at: Instant
    end: Instant


@dataclass(slots=True)
class Facts:
    """What conditions ask about, at `ledger.at`. `uses` are those of the cycle; `next_plan` the one that follows; `held_since`
    when the plan was taken; `tags` what the use is that is asked about, where one is."""

    calendar: Calendar
    ledger: Ledger
    uses: Mapping[str, int]
    states: Set[State]
    plan: Plan
    next_plan: Plan
    start: Instant
    cycle: int
    cycle_is_whole: bool
    held_since: Instant
    term: Term
    cycles_in_a_row: int
    tags: Tags = GENERAL


def holds(condition: Condition, facts: Facts) -> bool:
    calendar, term = facts.calendar, facts.term
    match condition:
        case UsedAtLeast():
            return facts.uses.get(condition.service, 0) >= condition.amount
        case AfterFirstCycle():
            return facts.cycle > 1
        case HeldAtLeast():
            return calendar.end(condition.life, calendar.boundary(facts.cycle - 1)) <= facts.ledger.at
        case HeldWholeCycle():
            return facts.cycle_is_whole and facts.held_since <= calendar.boundary(facts.cycle - 1) and term.at >= term.end
        case CyclesInARow():
            return facts.cycles_in_a_row >= condition.count
        case TenureAtLeast():
            return calendar.end(condition.life, facts.start) <= facts.ledger.at
        case LeftAtMost():
            lots = [lot for lot in facts.ledger.live if lot.service == condition.service]
            left = sum(lot.amount for lot in lots if condition.lot_class in (None, lot.lot_class))
            return left <= condition.amount
        case IsIn():
            return condition.state in facts.states
        case Renewed(how=RenewedHow.ON_TIME):
            return term.renewed and term.at <= term.end
        case Renewed(how=RenewedHow.EARLY):
            return term.renewed and term.at < term.end
        case Renewed():
            return term.renewed and term.by_hand
        case RenewedWithin():
            return term.renewed and term.at <= calendar.end(condition.life, term.end)
        case RenewedBefore():
            return term.renewed and calendar.end(condition.life, term.at) <= term.end
        case SamePlan():
            return facts.next_plan.name == facts.plan.name
        case Changes():
            return facts.next_plan.name != facts.plan.name and _lies(condition, facts.plan, facts.next_plan)
        case SizeAtLeast():
            return size(facts.next_plan, condition.group, facts.plan) >= size(facts.plan, condition.group) - condition.steps
        case UseIs():
            return condition.tag in facts.tags
        case InGroup():
            return facts.next_plan.name in condition.group
        case Not():
            return not holds(condition.condition, facts)
        case _:
            assert_never(condition)


def goes_up(old: Plan, new: Plan, group: tuple[str, ...]) -> bool:
    """Whether a change is one to a higher price, or at the same price to a bigger plan."""
    return compared(old, new, group) > 0


def compared(old: Plan, new: Plan, group: tuple[str, ...]) -> Fraction | int:
    """Above zero where the new plan costs more, or as much and is bigger; below where it costs less, or as much and is
    smaller."""
    if _price(old)[0] == _price(new)[0] and (by_price := _price(new)[1] - _price(old)[1]):
        return by_price
    return size(new, group, old) - size(old, group)


def _lies(condition: Changes, old: Plan, new: Plan) -> bool:
    sizes = size(new, condition.group, old) - size(old, condition.group)
    match condition.direction:
        case Direction.UP:
            return compared(old, new, condition.group) > 0
        case Direction.DOWN:
            return compared(old, new, condition.group) < 0
        case Direction.BIGGER:
            return sizes > 0
        case Direction.SMALLER:
            return sizes < 0


def size(plan: Plan, group: tuple[str, ...], as_of: Plan | None = None) -> int:
    """A plan's place in its group; where it has none there, what it grants of the service that `as_of` grants first."""
    if plan.name in group and (as_of is None or as_of.name in group):
        return group.index(plan.name)
    service = next((grant.service for grant in (as_of or plan).grants), "")
    return MORE_THAN_ANY if plan.is_unlimited(service) else plan.allowance(service)


def _price(plan: Plan) -> tuple[str, Fraction | int]:
    """Currency and amount of a cycle."""
    each = [price for price in plan.prices if price.each_cycle]
    return each[0].currency if each else "", sum(Fraction(price.amount, price.cycles) for price in each)
