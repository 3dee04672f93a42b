"""What the command line and the app both do: text to checked plans, a plan and its usage to a run. No file, no terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dsl.check import Checked, check
from dsl.examples import DEFAULT_START
from dsl.plan import Assumption, Plan
from dsl.scenario import Act, CycleSteps, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.history import HistoryError
from engine.run import Run, run

# Six months of a light, a heavy, a middling, a greedy, an idle and a middling use: enough to see every rule act once.
SAMPLE_SHARES = (30, 125, 100, 150, 0, 60)  # percent of the allowance


@dataclass(frozen=True, slots=True)
class Preview:
    """The plan at a place of a text, and what a history of it comes to. `problem` says why there is no run."""

    checked: Checked
    plan: Plan | None
    run: Run | None
    problem: str


def sample_usage(plan: Plan) -> list[dict[str, int]]:
    """Usage per cycle, in base units by service, that makes a plan show what it does."""
    services = dict.fromkeys(grant.service for grant in plan.grants)
    return [{name: plan.allowance(name) * share // 100 for name in services} for share in SAMPLE_SHARES]


def usage_scenario(plan: Plan, usage: Sequence[Mapping[str, int]], start: datetime = DEFAULT_START) -> Scenario:
    """A history in which each cycle uses so much of each service, in base units, from `start` on."""
    cycles = []
    for amounts in usage:
        acts: list[Act] = [Use(service, amount) for service, amount in amounts.items()]
        cycles.append(CycleSteps(tuple(acts), ()))
    return Scenario("", plan.name, start, tuple(cycles), (), NOWHERE)


def preview(source: Source, line: int = 1, usage: Sequence[Mapping[str, int]] | None = None) -> Preview:
    """Checks a text and runs the plan whose block holds `line` (counted from 1) on `usage`, or on a sample."""
    return forecast(check(source), line, lambda plan: sample_usage(plan) if usage is None else usage)


def forecast(checked: Checked, line: int, usage_of: Callable[[Plan], Sequence[Mapping[str, int]]]) -> Preview:
    """Runs the plan whose block holds `line` (counted from 1) on the usage that `usage_of` knows for it."""
    plan = checked.plan_at(line)
    if plan is None:
        return Preview(checked, None, None, "no plan yet")
    try:
        return Preview(checked, plan, run(plan, usage_scenario(plan, usage_of(plan))), "")
    except HistoryError as error:
        return Preview(checked, plan, None, f"{error.problem}: {error.instead}")


def with_assumption(found: Run, assumption: Assumption) -> Run:
    """The same run, with one more assumption to tell: one made by whoever asked, not by the plan."""
    statement = replace(found.statement, assumptions=(*found.statement.assumptions, assumption))
    return replace(found, statement=statement)
