"""What a plan leaves unsaid and what is assumed: one sentence each, with the words that would say it."""

from __future__ import annotations

from collections.abc import Collection

from dsl.plan import Assumption, Cap, Carry, Convert, Plan
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
    if any(isinstance(clause, Cap) and _carries_long(plan) for clause in clauses):
        found.append(Assumption("cap cuts", "newest goes first", "where a cap is exceeded the newest lots are cut"))
    if "converted" not in said and any(isinstance(clause, Convert) for clause in clauses):
        text = "what is converted ends with the next cycle and does not carry"
        found.append(Assumption("converted", "convert ... to the end of the next cycle", text))
    for service in sorted(services):
        if f"runs out {service}" not in said:
            text = f"{service} beyond what is left is blocked"
            found.append(Assumption(f"runs out {service}", f"when {service} runs out: block", text))
    return tuple(found)


def _carries_long(plan: Plan) -> bool:
    """Whether two carried lots can be alive at once, so that it matters which is cut."""
    lives = [clause for line in plan.lines for clause in line.clauses if isinstance(clause, Carry)]
    return any(life.each_time or getattr(life.life, "count", 2) > 1 for life in lives)
