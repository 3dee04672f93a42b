"""What the app knows of a scenario file: its problems, and the plan beside it, run on the scenario at the cursor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dsl import scenario_file
from dsl.check import Checked, check
from dsl.plan import Plan
from dsl.scenario import Scenario
from dsl.source import Source, printable
from tui import buffer, folders
from tui.draft import Draft
from tui.files import FileError
from tui.forecast import Forecast, ours
from tui.saying import say


class ScenarioForecast(Forecast):
    """`checked` has the plans of the file beside, but the source, scenarios and problems of the scenario file."""

    def __init__(self) -> None:
        super().__init__()
        self._scenario: Scenario | None = None

    def plan_at(self, line: int) -> Plan | None:
        scenarios = self.checked.scenarios
        at = next((one for one in reversed(scenarios) if one.span.line <= line), next(iter(scenarios), None))
        plan = self.checked.plan(at.plan) if at else None
        if at and plan and at != self._scenario:
            self._scenario = at
            self.drafts.put(plan, Draft(at, printable(at.name) or say("of the file")))
        return plan

    def note_on(self, plan: Plan) -> str:  # noqa: ARG002
        return ""  # its problems stand in the other file


def plan_text(scenario: Path) -> Source:
    """The plan file beside a scenario file as it is on disk; empty, where it can't be read: then the scenario has no plan."""
    path = folders.plan_beside(scenario)
    try:
        return Source(str(path), buffer.read(path))
    except FileError:
        return Source(str(path), "")


def checked_scenario(source: Source, plan: Source) -> Checked | str:
    """A scenario file, checked against the plan file beside it; where that fails on us, a sentence."""
    try:
        beside = check(plan)
        scenarios, problems = scenario_file.read(source, beside)
    except Exception as error:
        return ours(error)
    return replace(beside, source=source, scenarios=scenarios, diagnostics=problems)
