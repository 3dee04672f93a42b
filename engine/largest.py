"""The largest balance that a plan can come to by itself, without promotions and purchases: when nothing is ever used.

A run of cycles without use, and of twice as many, until the second half brings nothing that the first did not. Nothing is said
of a service about which a rule asks for more than time: conditions, requests, dates, other lines, first uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from dsl.plan import (
    Carry,
    Convert,
    Endless,
    Expire,
    Freeze,
    Give,
    Lasts,
    MonthCycle,
    Occasion,
    Period,
    Plan,
    Rule,
    RunsOut,
    Sell,
)  # fmt: skip
from dsl.scenario import CycleSteps, Scenario
from dsl.source import NOWHERE
from engine.run import run

FEWEST, ENOUGH, MOST = 12, 24, 192  # cycles: at first; where nothing ends by itself; at most, within a century
_MONTHS = 1_200
_BRINGS_NOTHING = (Expire, Freeze, Give)


@dataclass(frozen=True, slots=True)
class Largest:
    """`amount` base units of `service` are there at the start of cycle `cycle`, the first that has so much, of `cycles` without
    any use. Where it `grows` there was more to the end, and would be more."""

    service: str
    amount: int
    cycle: int
    cycles: int
    grows: bool


def largest(plan: Plan, start: datetime) -> tuple[Largest, ...]:
    """Of each service that carries, converts or is granted anew, what a line that starts then and uses nothing comes to; of
    services whose balance depends on more than time, nothing."""
    told = [service for service in plan.services if _depends_on_time_alone(plan, service)]
    if not told or _waits(plan):
        return ()
    most = min(MOST, _MONTHS // plan.cycle.months) if isinstance(plan.cycle, MonthCycle) else MOST
    cycles = min(FEWEST, most)
    while True:
        balances = _balances(plan, start, cycles)
        growing = [service for service in told if max(balances[service]) > max(balances[service][: cycles // 2])]
        if cycles * 2 > most or all(cycles >= ENOUGH and _is_kept_for_good(plan, service) for service in growing):
            return tuple(_told(service, balances[service]) for service in told)
        cycles *= 2


def _balances(plan: Plan, start: datetime, cycles: int) -> dict[str, list[int]]:
    """By service, what each cycle starts with."""
    idle = Scenario("", plan.name, start, (CycleSteps((), ()),) * cycles, (), NOWHERE)
    rows = run(replace(plan, promotions=()), idle).statement.cycles
    return {service: [row.services[service].available for row in rows] for service in plan.services}


def _told(service: str, balances: list[int]) -> Largest:
    most = max(balances)
    grows = max(balances[: len(balances) // 2]) < most
    return Largest(service, most, balances.index(most) + 1, len(balances), grows)


def _waits(plan: Plan) -> bool:
    """Whether rules change with dates, or something waits for a first use that never comes, or for other lines."""
    grants = (grant.from_first_use for grant in plan.grants)
    return bool(plan.later or plan.shares or plan.by_lines or plan.cycle.from_first_use or any(grants))


def _depends_on_time_alone(plan: Plan, service: str) -> bool:
    if any(grant.unlimited and grant.service == service for grant in plan.grants):
        return False
    if any(grant.per_renewals for grant in plan.grants if grant.service == service):
        return False
    if any(_sells_for_later(runs_out) for runs_out in plan.runs_out if runs_out.service == service):
        return False
    for rule in plan.rules:
        if service not in _touched(rule):
            continue
        saved = any(isinstance(clause, Carry) and clause.saved for clause in rule.clauses)
        by_itself = rule.occasion is Occasion.CLOSE or all(isinstance(clause, _BRINGS_NOTHING) for clause in rule.clauses)
        if rule.conditions or saved or not by_itself:
            return False
    return True


def _sells_for_later(runs_out: RunsOut) -> bool:
    """Whether use may bring more than it takes: blocks sold to it that outlive the cycle."""
    return any(isinstance(one, Sell) and one.life != Lasts(1, Period.CYCLE) for one in runs_out.remedies)


def _is_kept_for_good(plan: Plan, service: str) -> bool:
    """Whether lots of a service may live on without end, so that waiting for their end is in vain."""
    carries = (clause for rule in plan.rules if rule.service == service for clause in rule.clauses if isinstance(clause, Carry))
    granted = (grant.life for grant in plan.grants if grant.service == service)
    return any(carry.each_time or carry.life == Endless() for carry in carries) or Endless() in granted


def _touched(rule: Rule) -> Iterator[str]:
    """The services whose balance a rule of a plan changes."""
    yield rule.service
    yield from (clause.to_service for clause in rule.clauses if isinstance(clause, Convert))
