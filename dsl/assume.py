"""What a plan leaves unsaid and what is assumed: one sentence each, with the words that would say it.

Each sentence is written where its `Assumption` is made: from there the catalogs of other languages take it."""

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
from dsl.units import DATA, DEFAULT_DATA_STEP, called


def assumptions(plan: Plan, said: Collection[str]) -> tuple[Assumption, ...]:
    """The choices that can change a balance of this plan and that its text does not make. `said` are the topics it does.
    Which of them mattered in a run, the run knows."""
    return tuple(
        one for one in [*_of_time(plan), *_of_what_follows(), *_of_lots(plan), *_of_running_out(plan)] if one.topic not in said
    )


def _of_time(plan: Plan) -> Iterable[Assumption]:
    cycle = plan.cycle
    yield Assumption("cycle", "cycle: month from activation", "a cycle is a month from the day of activation")
    if isinstance(cycle, MonthCycle) and cycle.anchor_day in (ACTIVATION_DAY, 29, 30, 31):
        yield Assumption(
            "short months",
            "cycle: ..., short month on its last day",
            "a cycle of a month that lacks its day ends on the last day of that month",
        )
    if isinstance(cycle, MonthCycle) and cycle.anchor_day != ACTIVATION_DAY:
        yield Assumption("the first cycle", "cycle: ..., first one whole", "a first cycle that is short gets the whole grant")
    yield Assumption("the hour", "cycle: ..., at 00:00", "a cycle ends at midnight, whatever the hour of its activation")
    if any(price.each_cycle for price in plan.prices):
        yield Assumption("price", "price ..., whole", "a first cycle that is short costs the whole price")
    if any(grant.service == DATA for grant in plan.grants):
        step = str(DEFAULT_DATA_STEP)
        yield Assumption("units", f"units: 1 GB = {step} MB", "1 GB is {step} MB", (("step", step),))
    yield Assumption("timezone", "timezone UTC", "days begin at midnight UTC")


def _of_what_follows() -> Iterable[Assumption]:
    yield Assumption(
        "renewed early",
        "renewal early: adds",
        "a renewal before the end grants the allowance once more, until the end of the cycle that runs",
    )
    yield Assumption(
        "renewed late",
        "renewal late: nothing left",
        "what is not renewed ends with its cycle; the next begins when it is renewed",
    )
    yield Assumption("change", "change: new plan next cycle", "another plan begins with the next cycle")


def _of_lots(plan: Plan) -> Iterable[Assumption]:
    clauses = [clause for line in plan.rules for clause in line.clauses]
    if any(grant.per_renewals for grant in plan.grants):
        yield Assumption("renewals", "every ... renewals in all", "renewals count on after a lapse, and anew with another plan")
    of_packs = [clause for pack in plan.packs for line in pack.rules for clause in line.clauses]
    yield Assumption(
        "order",
        "use soonest to end first",
        "what ends soonest is used first, then the oldest, so carried lots go before a fresh allowance that ends with them",
    )
    if any(isinstance(clause, Carry) and clause.life not in (NEXT_CYCLE, Endless()) for clause in clauses):
        yield Assumption("carried", "carry ... from rolling", "what is carried lives from the day on which it is carried")
    if any(isinstance(clause, Cap) for clause in clauses):
        yield Assumption(
            "cap counts",
            "cap ... on carried",
            "a cap counts what its line has carried and is there after the boundary",
        )
        if _ends_differ(clauses):
            yield Assumption("cap cuts", "newest goes first", "where a cap is exceeded the newest lots are cut")
    if any(isinstance(clause, Convert) for clause in [*clauses, *of_packs]):
        yield Assumption(
            "converted",
            "convert ... to the end of the next cycle",
            "what is converted ends with the next cycle and does not carry",
        )


def _of_running_out(plan: Plan) -> Iterable[Assumption]:
    for service in sorted({grant.service for grant in plan.grants}):
        topic, rule = f"runs out {service}", f"when {service} runs out: block"
        yield Assumption(topic, rule, "use of {service} beyond what is left is blocked", (("service", called(service)),))


def _ends_differ(clauses: Iterable[Clause]) -> bool:
    """Whether two carried lots of different ends can be alive at once, so that it matters which is cut."""
    carries = [clause for clause in clauses if isinstance(clause, Carry) and not (clause.each_time and not clause.from_grant)]
    return any(not isinstance(carry.life, Endless) and carry.life != NEXT_CYCLE for carry in carries)
