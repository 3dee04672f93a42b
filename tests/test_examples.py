"""The shipped examples: each is sound, laid out canonically and does what it says; those of operators agree with the corpus.

The corpus of real rule sets is not part of the repository; where it is not beside it, what needs it is skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dsl import scenario_file, units
from dsl.check import Checked, check
from dsl.diagnostics import render
from dsl.examples import DEFAULT_START
from dsl.format import format_text
from dsl.plan import Plan
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.judge import broken, missed
from engine.run import run
from engine.statement import Figures

EXAMPLES = Path(__file__).parent.parent / "examples"
CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "operator_plans.yaml"
PLANS = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.plan"))
SCENARIOS = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*.scenario.yaml"))
NEWCOMERS = ("flex", "holiday", "packs", "postpaid", "prepaid")
OPERATORS = sorted(path.stem for path in (EXAMPLES / "operators").glob("*.plan"))


def source(name: str) -> Source:
    return Source(name, (EXAMPLES / name).read_text(encoding="utf-8"))


def checked_plan(name: str) -> Checked:
    """The plans of an example file, which must have no problem."""
    read = source(name)
    checked = check(read)
    assert [render(diagnostic, read) for diagnostic in checked.diagnostics] == []
    return checked


def beside(plan: str) -> str:
    return plan.removesuffix(".plan") + ".scenario.yaml"


def scenarios(plan: str, checked: Checked) -> list[Scenario]:
    """The examples in a plan file, and the scenarios beside it, which must have no problem."""
    found = list(checked.scenarios)
    if beside(plan) in SCENARIOS:
        read = source(beside(plan))
        more, diagnostics = scenario_file.read(read, checked)
        assert [render(diagnostic, read) for diagnostic in diagnostics] == []
        found += more
    return found


# ---- every example ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLANS)
def test_is_sound_and_does_what_it_says(name: str) -> None:
    checked = checked_plan(name)
    found = scenarios(name, checked)
    assert found, "an example shows what it does"
    for scenario in found:
        plan = checked.plan(scenario.plan)
        assert plan is not None
        outcome = run(plan, scenario, checked.plans)
        assert missed(outcome) == [], f"{scenario.plan}: {scenario.name}"
        assert broken(outcome) == [], f"{scenario.plan}: {scenario.name}"


@pytest.mark.parametrize("name", PLANS)
def test_layout_is_canonical(name: str) -> None:
    text = source(name).text
    assert format_text(text) == text


@pytest.mark.parametrize("name", PLANS)
def test_first_line_says_what_it_is(name: str) -> None:
    """`rollover examples` lists it."""
    assert source(name).text.startswith("# ")


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_file_has_its_plan(name: str) -> None:
    assert name.removesuffix(".scenario.yaml") + ".plan" in PLANS


def test_every_promised_example_is_there() -> None:
    assert OPERATORS
    for name in NEWCOMERS:
        assert f"{name}.plan" in PLANS
        assert f"{name}.scenario.yaml" in SCENARIOS


# ---- operators and the corpus ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus() -> dict[str, dict[str, Any]]:
    """The entries of the corpus by id."""
    if not CORPUS.is_file():
        pytest.skip("the corpus of operator plans is not beside this repository")
    entries = yaml.safe_load(CORPUS.read_text(encoding="utf-8"))["plans"]
    return {entry["id"]: entry for entry in entries}


@dataclass(frozen=True)
class Simulation:
    """A `sim` of a worked example in base units. `skipped` cycles come before its first, to leave what it starts with."""

    service: str
    base: int
    skipped: int
    usage: list[int]
    available: list[int]
    expired: list[int]

    @classmethod
    def read(cls, sim: dict[str, Any], data_step: int) -> Simulation:
        unit = units.unit(sim["unit"], data_step)
        assert unit is not None

        def amount(number: int | float) -> int:
            whole = units.whole(str(number), unit.size)
            assert whole is not None
            return whole

        base, carried_in = amount(sim["base"]), amount(sim.get("carried_in", 0))
        return cls(
            unit.service, base,
            skipped=1 if carried_in else 0,
            # `available` says the start of one cycle more than there is usage for: nothing is used in that one.
            usage=([base - carried_in] if carried_in else []) + [amount(number) for number in sim["usage"]] + [0],
            available=[amount(number) for number in sim["available"]],
            expired=[amount(number) for number in sim.get("expired_end", [])],
        )  # fmt: skip

    def plan(self, checked: Checked) -> Plan:
        """The first plan of a file that grants what this one does."""
        return next(plan for plan in checked.plans if plan.allowance(self.service) == self.base)

    def figures(self, plan: Plan) -> list[Figures]:
        cycles = tuple(CycleSteps((Use(self.service, amount),), ()) for amount in self.usage)
        outcome = run(plan, Scenario("sim", plan.name, DEFAULT_START, cycles, (), NOWHERE))
        return [cycle.services[self.service] for cycle in outcome.statement.cycles][self.skipped :]


@pytest.mark.parametrize("name", OPERATORS)
def test_agrees_with_the_corpus(name: str, corpus: dict[str, dict[str, Any]]) -> None:
    checked = checked_plan(f"operators/{name}.plan")
    """A file of an operator bears the id of its entry; an entry without a simulation has nothing to say here."""
    for sim in (example["sim"] for example in corpus[name].get("worked_example", []) if "sim" in example):
        simulation = Simulation.read(sim, checked.data_step)
        figures = simulation.figures(simulation.plan(checked))
        assert [cycle.available for cycle in figures] == simulation.available
        assert [cycle.expired for cycle in figures][: len(simulation.expired)] == simulation.expired


@pytest.mark.parametrize("name", OPERATORS)
def test_shows_every_worked_example(name: str, corpus: dict[str, dict[str, Any]]) -> None:
    found = scenarios(f"operators/{name}.plan", checked_plan(f"operators/{name}.plan"))
    assert len(found) >= len(corpus[name].get("worked_example", []))
