"""What the command line and the app both do: text to checked plans, a plan and its usage to a run. No file, no terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from dsl.examples import DEFAULT_START
from dsl.plan import Assumption, Plan
from dsl.scenario import Act, CycleSteps, Scenario, Use
from dsl.source import NOWHERE
from engine.presets import Preset, length, usage
from engine.run import Run


def sample_usage(plan: Plan) -> list[dict[str, int]]:
    """Usage per cycle, in base units by service, that makes a plan show what it does."""
    return usage(plan, Preset.SAMPLE, length(Preset.SAMPLE), DEFAULT_START.date())


def usage_scenario(plan: Plan, used: Sequence[Mapping[str, int]], start: datetime = DEFAULT_START) -> Scenario:
    """A history in which each cycle uses so much of each service, in base units, from `start` on."""
    cycles = []
    for amounts in used:
        acts: list[Act] = [Use(service, amount) for service, amount in amounts.items()]
        cycles.append(CycleSteps(tuple(acts), ()))
    return Scenario("", plan.name, start, tuple(cycles), (), NOWHERE)


def with_assumption(found: Run, assumption: Assumption) -> Run:
    """The same run, with one more assumption to tell: one made by whoever asked, not by the plan."""
    statement = replace(found.statement, assumptions=(*found.statement.assumptions, assumption))
    return replace(found, statement=statement)
