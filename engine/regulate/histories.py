"""Histories that may break what is asked, the plainest first: nothing used, a pack bought, a part used, a line that is
suspended or not paid, one that renews early or late. Which of them say anything depends on the plan; all stay on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from dsl.plan import (
    Condition,
    Demand,
    HeldAtLeast,
    HeldWholeCycle,
    IsIn,
    Joins,
    MonthCycle,
    Not,
    Occasion,
    Plan,
    State,
)
from dsl.scenario import Act, Buy, CycleSteps, Dated, DoNotRenew, Renew, Scenario, SetState, Use
from dsl.source import NOWHERE
from dsl.units import is_money
from engine.regulate.happens import conditions_of, depends_on, has_rule, renews_early

FEWEST, MOST = 3, 60  # cycles of a history
LONGEST = 2 * 366  # days in which something that is never to end is watched
_PARTS = ((1, 3), (9, 10))  # of what a cycle grants, that is used in each
_USED = 6  # cycles in which something is used: behind them nothing is new, and days of use take long to run


@dataclass(frozen=True, slots=True)
class Probed:
    """What a demand is asked of, and the `packs` whose grants it is about or whose purchase may say something."""

    plan: Plan
    demand: Demand
    packs: tuple[str, ...]


def cycles_in(plan: Plan, days: int) -> int:
    """How many cycles a history of so many days has."""
    of_one = plan.cycle.months * 28 if isinstance(plan.cycle, MonthCycle) else plan.cycle.days
    return max(FEWEST, min(MOST, -(-days // of_one)))


def start_of(demand: Demand, rules: date, else_: date) -> datetime:
    """The first day of a month on which something is asked, and rules are in force that are since `rules`; where it is asked
    of all times, the day `else_`."""
    since = demand.start if demand.start != date.min else min(else_, _before(demand.end))
    first = max(since, rules)
    months = first.replace(day=1) + timedelta(days=31)
    turn = first if first.day == 1 else months.replace(day=1)
    return datetime.combine(turn if turn < demand.end else first, time())


def _before(day: date) -> date:
    """A year before, where there is one."""
    return day - timedelta(days=365) if day.year > 2 else day


def histories(about: Probed, start: datetime, cycles: int) -> Iterator[Scenario]:
    """They begin at that local time; each names what happens in it."""
    given = _given(about.demand)
    idle = _of(about, start, [given, *[()] * (cycles - 1)])
    yield idle
    yield from (_with(idle, Buy(pack)) for pack in about.packs)
    yield from (_with(idle, Buy(pack), Buy(pack)) for pack in about.packs if has_rule(about.plan, Occasion.BOUGHT))
    if depends_on(about.plan, HeldWholeCycle, HeldAtLeast):
        yield replace(idle, start=start + timedelta(days=14))
    for part in _PARTS:
        used = tuple(_uses(about.plan, part))
        if used:
            yield _of(about, start, [(*given, *used), *[used] * (min(cycles, _USED) - 1)])
    yield from _of_states(about, idle)
    if about.demand.occasion is Occasion.CLOSE:
        yield from _of_renewals(about, idle)
    elif has_rule(about.plan, Occasion.RENEWED_LATE) or about.plan.renewal.grace:
        # It was not renewed in its first cycle: a day late, and so late that no grace is left.
        first_end = start + timedelta(days=_longest(about.plan))
        yield from (_dated(idle, first_end + timedelta(days=days), Renew()) for days in (1, 40))


def _given(demand: Demand) -> tuple[Act, ...]:
    """What makes the conditions of a demand hold, from the start on."""
    acts: list[Act] = []
    for condition in demand.conditions:
        match condition:
            case IsIn(state=State.OPTED_IN):
                acts.append(SetState(State.OPTED_IN, on=True))
            case Not(condition=IsIn(state=State.PAID | State.ACTIVE as state)):
                acts.append(SetState(state, on=False))
            case _:
                pass  # it holds by itself
    if demand.occasion is Occasion.NOT_RENEWED:
        acts.append(DoNotRenew())
    return tuple(acts)


def _of(about: Probed, start: datetime, cycles: Sequence[tuple[Act, ...]]) -> Scenario:
    name = f"breaks: {about.plan.name}"
    return Scenario(name, about.plan.name, start, tuple(CycleSteps(acts, ()) for acts in cycles), (), NOWHERE)


def _with(idle: Scenario, *acts: Act, cycle: int = 1) -> Scenario:
    steps = [replace(one, acts=(*one.acts, *acts)) if number == cycle else one for number, one in enumerate(idle.cycles, 1)]
    return replace(idle, cycles=tuple(steps))


def _dated(idle: Scenario, at: datetime, act: Act) -> Scenario:
    return replace(idle, dated=(Dated(at, act, NOWHERE),))


def _uses(plan: Plan, part: tuple[int, int]) -> Iterator[Use]:
    for service in plan.services:
        if amount := 0 if is_money(service) else plan.allowance(service) * part[0] // part[1]:
            yield Use(service, amount, in_all=True)


def _of_states(about: Probed, idle: Scenario) -> Iterator[Scenario]:
    """A line that is not, or no more, in a state about which the demand says nothing."""
    said = {_state(one) for one in about.demand.conditions}
    for state, occasion in ((State.ACTIVE, Occasion.SUSPENDED), (State.PAID, Occasion.PAYMENT_FAILS)):
        asks = any(_state(one) is state for one in conditions_of(about.plan)) or has_rule(about.plan, occasion)
        if asks and state not in said:
            off = SetState(state, on=False)
            yield _with(idle, off)
            yield _with(idle, off, cycle=2)  # what was carried is there then
    if State.ACTIVE not in said and has_rule(about.plan, Occasion.RESUMED):
        yield _with(_with(idle, SetState(State.ACTIVE, on=False)), SetState(State.ACTIVE, on=True), cycle=2)
    waits = any(promotion.joins is Joins.OPT_IN for promotion in about.plan.promotions)
    if State.OPTED_IN not in said and (waits or any(_state(one) is State.OPTED_IN for one in conditions_of(about.plan))):
        yield _with(idle, SetState(State.OPTED_IN, on=True))


def _state(condition: Condition) -> State | None:
    match condition:
        case IsIn(state=state) | Not(condition=IsIn(state=state)):
            return state
        case _:
            return None


def _of_renewals(about: Probed, idle: Scenario) -> Iterator[Scenario]:
    """A line that renews early, where subscribers do that or the plan speaks of it."""
    plan = about.plan
    if renews_early(plan):
        half = max(1, _shortest(plan) // 2)
        yield _dated(idle, idle.start + timedelta(days=half), Renew())
        yield _dated(idle, idle.start + timedelta(days=_longest(plan) + half), Renew())  # where something was carried


def _shortest(plan: Plan) -> int:
    """Days of the shortest cycle."""
    return plan.cycle.months * 28 if isinstance(plan.cycle, MonthCycle) else plan.cycle.days


def _longest(plan: Plan) -> int:
    return plan.cycle.months * 31 if isinstance(plan.cycle, MonthCycle) else plan.cycle.days
