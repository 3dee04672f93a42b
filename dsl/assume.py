"""What a plan leaves unsaid and what is assumed: one sentence each, with the words that would say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dsl.clauses import NEXT_CYCLE
from dsl.plan import Assumption, Cap, Carry, Clause, Convert, Endless, Plan
from dsl.units import DATA, DEFAULT_DATA_STEP


def assumptions(plan: Plan, said: Collection[str]) -> tuple[Assumption, ...]:
    """The choices that can change a balance of this plan and that its text does not make. `said` are the topics it does."""
    clauses = [clause for line in plan.lines for clause in line.clauses]
    services = {grant.service for grant in plan.grants}
    found = []
    if "cycle" not in said:
        found.append(Assumption("cycle", "cycle: month from activation", "a cycle is a month from the day of activation"))
    if "units" not in said and DATA in services:
        found.append(Assumption("units", f"units: 1 GB = {DEFAULT_DATA_STEP} MB", f"1 GB is {DEFAULT_DATA_STEP} MB"))
    if "timezone" not in said:
        found.append(Assumption("timezone", "timezone UTC", "days begin at midnight UTC"))
    if "order" not in said and any(isinstance(clause, Carry) for clause in clauses):
        text = (
            "what ends soonest is used first, then the oldest, so carried lots go before a fresh allowance that ends with them"
        )
        found.append(Assumption("order", "use soonest to end carried, then allowance", text))
    if "cap cuts" not in said and any(isinstance(clause, Cap) for clause in clauses) and _ends_differ(clauses):
        found.append(Assumption("cap cuts", "newest goes first", "where a cap is exceeded the newest lots are cut"))
    if "converted" not in said and any(isinstance(clause, Convert) for clause in clauses):
        text = "what is converted ends with the next cycle and does not carry"
        found.append(Assumption("converted", "convert ... to the end of the next cycle", text))
    for service in sorted(services):
        if f"runs out {service}" not in said:
            text = f"{service} beyond what is left is blocked"
            found.append(Assumption(f"runs out {service}", f"when {service} runs out: block", text))
    return tuple(found)


def _ends_differ(clauses: Iterable[Clause]) -> bool:
    """Whether two carried lots of different ends can be alive at once, so that it matters which is cut."""
    carries = [clause for clause in clauses if isinstance(clause, Carry) and not clause.each_time]
    return any(not isinstance(carry.life, Endless) and carry.life != NEXT_CYCLE for carry in carries)
