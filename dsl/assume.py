"""What a plan leaves unsaid and what is assumed: one sentence each, with the words that would say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dsl.context import NEXT_CYCLE
from dsl.plan import (
    ACTIVATION_DAY,
    Assumption,
    Cap,
    Carry,
    Clause,
    Convert,
    Endless,
    MonthCycle,
    Plan,
)  # fmt: skip
from dsl.units import DATA, DEFAULT_DATA_STEP


def assumptions(plan: Plan, said: Collection[str]) -> tuple[Assumption, ...]:
    """The choices that can change a balance of this plan and that its text does not make. `said` are the topics it does.
    Which of them mattered in a run, the run knows."""
    return tuple(one for one in [*_of_time(plan), *_of_lots(plan), *_of_running_out(plan)] if one.topic not in said)


def _of_time(plan: Plan) -> Iterable[Assumption]:
    cycle = plan.cycle
    yield Assumption("cycle", "cycle: month from activation", "a cycle is a month from the day of activation")
    if isinstance(cycle, MonthCycle) and cycle.anchor_day in (ACTIVATION_DAY, 29, 30, 31):
        text = "a cycle of a month that lacks its day ends on the last day of that month"
        yield Assumption("short months", "cycle: ..., short month on its last day", text)
    if isinstance(cycle, MonthCycle) and cycle.anchor_day != ACTIVATION_DAY:
        yield Assumption("the first cycle", "cycle: ..., first one whole", "a first cycle that is short gets the whole grant")
    yield Assumption("the hour", "cycle: ..., at 00:00", "a cycle ends at midnight, whatever the hour of its activation")
    if any(price.each_cycle for price in plan.prices):
        yield Assumption("price", "price ..., whole", "a first cycle that is short costs the whole price")
    if any(grant.service == DATA for grant in plan.grants):
        yield Assumption("units", f"units: 1 GB = {DEFAULT_DATA_STEP} MB", f"1 GB is {DEFAULT_DATA_STEP} MB")
    yield Assumption("timezone", "timezone UTC", "days begin at midnight UTC")


def _of_lots(plan: Plan) -> Iterable[Assumption]:
    clauses = [clause for line in plan.rules for clause in line.clauses]
    of_packs = [clause for pack in plan.packs for line in pack.rules for clause in line.clauses]
    text = "what ends soonest is used first, then the oldest, so carried lots go before a fresh allowance that ends with them"
    yield Assumption("order", "use soonest to end first", text)
    if any(isinstance(clause, Carry) and clause.life not in (NEXT_CYCLE, Endless()) for clause in clauses):
        yield Assumption("carried", "carry ... from rolling", "what is carried lives from the day on which it is carried")
    if any(isinstance(clause, Cap) for clause in clauses):
        text = "a cap counts what its line has carried and is there after the boundary"
        yield Assumption("cap counts", "cap ... on carried", text)
        if _ends_differ(clauses):
            yield Assumption("cap cuts", "newest goes first", "where a cap is exceeded the newest lots are cut")
    if any(isinstance(clause, Convert) for clause in [*clauses, *of_packs]):
        text = "what is converted ends with the next cycle and does not carry"
        yield Assumption("converted", "convert ... to the end of the next cycle", text)


def _of_running_out(plan: Plan) -> Iterable[Assumption]:
    for service in sorted({grant.service for grant in plan.grants}):
        text = f"{service} beyond what is left is blocked"
        yield Assumption(f"runs out {service}", f"when {service} runs out: block", text)


def _ends_differ(clauses: Iterable[Clause]) -> bool:
    """Whether two carried lots of different ends can be alive at once, so that it matters which is cut."""
    carries = [clause for clause in clauses if isinstance(clause, Carry) and not (clause.each_time and not clause.from_grant)]
    return any(not isinstance(carry.life, Endless) and carry.life != NEXT_CYCLE for carry in carries)
