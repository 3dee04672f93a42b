"""The shipped examples, read as everybody's plans are: a file, the scenarios beside it, and what they come to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dsl import scenario_file
from dsl.check import Checked, check
from dsl.diagnostics import render
from dsl.scenario import Scenario
from dsl.source import Source
from engine.judge import broken, missed
from engine.run import run

EXAMPLES = Path(__file__).parent.parent / "examples"
PLANS = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.plan"))
SCENARIOS = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.scenario.yaml"))
OPERATORS = sorted(path.stem for path in (EXAMPLES / "operators").glob("*.plan"))


def source(name: str) -> Source:
    return Source(name, (EXAMPLES / name).read_text(encoding="utf-8"))


@cache
def checked_plan(name: str) -> Checked:
    """The plans of an example file, which must have no problem."""
    read = source(name)
    checked = check(read)
    assert [render(diagnostic, read) for diagnostic in checked.diagnostics] == []
    return checked


def beside(plan: str) -> str:
    return plan.removesuffix(".plan") + ".scenario.yaml"


@cache
def scenarios(plan: str) -> tuple[Scenario, ...]:
    """The examples in a plan file, and the scenarios beside it, which must have no problem."""
    checked = checked_plan(plan)
    found = checked.scenarios
    if beside(plan) in SCENARIOS:
        read = source(beside(plan))
        more, diagnostics = scenario_file.read(read, checked)
        assert [render(diagnostic, read) for diagnostic in diagnostics] == []
        found += more
    return found


@cache
def failures(plan: str) -> dict[str, list[object]]:
    """What did not come out as expected, by the name of each example of a plan file and scenario beside it; of those
    with one name together."""
    found: dict[str, list[object]] = {}
    for scenario in scenarios(plan):
        about = checked_plan(plan).plan(scenario.plan)
        assert about is not None
        outcome = run(about, scenario, checked_plan(plan).plans)
        found.setdefault(scenario.name, []).extend([*missed(outcome), *broken(outcome, checked_plan(plan).plans)])
    return found
