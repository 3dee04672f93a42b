"""A history written down reads back as it was: as YAML, and as an example in a plan; with what it came to, it is a test."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import rollover, written
from histories import histories
from hypothesis import given
from hypothesis import strategies as st
from reading import GB, anywhere, sound
from shipped import PLANS, checked_plan, scenarios
from strategies import examples, texts

from dsl import plan as p
from dsl import scenario as sc
from dsl import scenario_file
from dsl.check import Checked, check
from dsl.example_text import as_example, with_example
from dsl.plan import LotClass
from dsl.scenario import Add, Dated, Figure, Held, Scenario, TopUp, Use
from dsl.scenario_text import as_yaml
from dsl.source import NOWHERE, Source
from dsl.step_words import UnsayableError
from engine.expected import expected
from engine.judge import missed
from engine.run import Run, run

PLAN = """\
rate 1 GB = 30 minutes

plan "Flex" postpaid
  cycle: calendar month
  grant 20 GB data, 300 minutes
  unused data: carry 1 month, cap 10 GB, convert to minutes
  share with up to 2 lines

  example "a light month"
    use 6 GB -> left 14 GB

# Sold at the counter
pack "Travel 7"
  grant 1 GB for 7 days
"""
TRIP = """\
scenario: a trip
plan: Flex
start: 2026-01-15
opening: [carried 2 GB until 2026-02-01, bonus 10 minutes]
cycles:
  - use: 6 GB
    expect: {left: [16 GB, 2 GB carried], used: 6 GB}
    lines:
      Kid: {do: joins, use: 1 GB}
  - buy: Travel 7
    top up: [2 GB for 30 days, 1 GB bonus without end]
    use: [25 GB, 30 minutes abroad]
records:
  - {at: 2026-02-20 18:30, use: 350 MB at night, expect: {ends: 2026-03-01 allowance}}
  - {at: 2026-02-21, line: Kid, do: leave}
  - {at: 2026-02-22}
"""


def read(text: str, checked: Checked) -> Scenario:
    (found,), findings = scenario_file.read(Source("s.yaml", text), checked)
    assert not findings, (text, findings)
    return found


# ---- YAML ----


def test_a_scenario_is_written_as_people_write_it() -> None:
    checked = sound(PLAN)
    assert as_yaml(read(TRIP, checked), checked.data_step) == TRIP


def test_what_yaml_would_take_for_something_else_is_quoted() -> None:
    checked = sound('plan "no" prepaid\n  grant 1 GB\n')
    scenario = replace(read("cycles: [{use: 1 GB}]", checked), name="a: b # c\n- [d]")
    assert "\nplan: 'no'\n" in as_yaml(scenario, 1000)
    assert read(as_yaml(scenario, 1000), checked).name == scenario.name


@pytest.mark.parametrize("name", PLANS)
def test_every_history_of_the_examples_reads_back_equal_and_runs_the_same_as_an_example(name: str) -> None:
    checked = checked_plan(name)
    for scenario in scenarios(name):
        text = as_yaml(scenario, checked.data_step)
        assert anywhere(read(text, checked)) == anywhere(scenario), text
        with_it = check(Source(name, with_example(checked.source.text, scenario, checked.data_step)))
        assert not with_it.has_errors, with_it.diagnostics
        again = [one for one in with_it.scenarios if one.plan == scenario.plan][-1]
        assert figures(played(with_it, again)) == figures(played(checked, scenario))
        assert not missed(played(with_it, again))


def played(checked: Checked, scenario: Scenario) -> Run:
    plan = checked.plan(scenario.plan)
    assert plan is not None
    return run(plan, scenario, checked.plans)


def figures(found: Run) -> Any:
    return [(name, one.statement.cycles) for name, one in (("", found), *found.others)]


def sayable(scenario: Scenario) -> Scenario:
    """The history without what no text says: lots that come by themselves, and what starts at a second."""

    def act(one: sc.Act) -> sc.Act:
        match one:
            case TopUp(grant=grant) | Add(grant=grant):
                kind = LotClass.GIFT if grant.lot_class is LotClass.SOLD else grant.lot_class
                return type(one)(replace(grant, lot_class=kind, amount=max(1, grant.amount)))
            case sc.Remove(pack=pack) if pack:
                return replace(one, lot_class=None)
            case sc.Remove(lot_class=LotClass.SOLD):
                return replace(one, lot_class=None)
        return one

    def held(one: Held) -> Held:
        kind = LotClass.GIFT if one.lot_class is LotClass.SOLD else one.lot_class
        until = datetime.combine(one.until, time()) if one.until and not one.owed else None
        return replace(one, lot_class=kind, until=until, scope=p.ANY_USE if one.owed else one.scope)

    return replace(
        scenario,
        cycles=tuple(replace(cycle, acts=tuple(map(act, cycle.acts))) for cycle in scenario.cycles),
        dated=tuple(replace(dated, act=act(dated.act) if dated.act else None) for dated in scenario.dated),
        opening=tuple(map(held, scenario.opening)),
    )


NAMES = st.text(max_size=30).filter(lambda name: not any("\ud800" <= one <= "\udfff" or one == "\0" for one in name))


@examples(60)
@given(st.data(), texts(), NAMES)
def test_any_history_of_any_plan_reads_back_equal(data: st.DataObject, text: str, name: str) -> None:
    checked = check(Source("a.plan", text))
    plan = data.draw(st.sampled_from(checked.plans))
    scenario = replace(sayable(data.draw(histories(plan))), name=name)
    again = as_yaml(scenario, checked.data_step)
    (found,), findings = scenario_file.read(Source("s.yaml", again), checked)
    assert not [one for one in findings if one.is_error], (again, findings)
    assert anywhere(found) == anywhere(scenario), again


@examples(40)
@given(st.data(), texts())
def test_what_any_history_came_to_is_a_test_that_passes(data: st.DataObject, text: str) -> None:
    checked = check(Source("a.plan", text))
    plan = data.draw(st.sampled_from(checked.plans))
    before = played(checked, data.draw(histories(plan)))
    after = played(checked, expected(before))
    assert missed(after) == []
    assert figures(after) == figures(before)
    assert any(cycle.expectations for cycle in after.scenario.cycles) or not any(
        one.services for one in before.statement.cycles
    )


def test_what_it_came_to_is_expected_of_every_line() -> None:
    checked = sound(PLAN)
    found = expected(played(checked, read(TRIP, checked)))
    first = as_yaml(found, 1000).split("  - buy")[0]
    assert "expect: {available: [22 GB, 310 minutes], used: [6 GB, 0 minutes], left: [15 GB, 310 minutes]" in first
    assert (
        "Kid: {do: joins, use: 1 GB, expect: {available: 0 GB, used: 1 GB, left: 0 GB, carried: 0 GB, received: 1 GB}}" in first
    )


def test_a_test_that_was_written_fails_when_the_plan_changes() -> None:
    checked, cheaper = sound(PLAN), sound(PLAN.replace("cap 10 GB", "cap 9 GB"))
    scenario = expected(played(checked, checked.scenarios[0]))
    assert missed(played(checked, scenario)) == []
    wrong = [(one.expectation.figure, one.got) for one in missed(played(cheaper, scenario))]
    carried, converted = Figure.CARRIED, Figure.CONVERTED
    assert wrong == [(carried, 9 * GB), (carried, 9000), (converted, 5 * GB), (converted, 9000)]


# ---- an example in the plan ----


def test_an_example_goes_to_the_end_of_its_plan_under_a_name_of_its_own() -> None:
    checked = sound(PLAN)
    scenario = replace(expected(played(checked, checked.scenarios[0])), name='a light "month"')
    text = with_example(PLAN, replace(scenario, name="a light month"), 1000)
    assert (
        """\
    use 6 GB -> left 14 GB

  example "a light month 2"
    use 6 GB -> available 20 GB, available 300 minutes, used 6 GB,"""
        in text
    )
    assert text.index("a light month 2") < text.index("# Sold at the counter")
    assert text.endswith(PLAN.partition("# Sold")[2])
    assert as_example(scenario, 1000)[0] == "example \"a light 'month'\""


def test_line_ends_stay_and_a_last_line_without_one_is_no_trap() -> None:
    scenario = sound(PLAN).scenarios[0]
    other = PLAN.partition("\n# Sold")[0].rstrip().replace("\n", "\r\n")
    text = with_example(other, scenario, 1000)
    assert text.count("\n") == text.count("\r\n")
    assert len(check(Source("a.plan", text)).scenarios) == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"start": datetime(2026, 1, 1, 15)}, "starts at a midnight"),
        ({"plan": "None"}, 'no plan "None"'),
        ({"cycles": (), "dated": ()}, "nothing happens"),
        ({"dated": (Dated(datetime(2026, 1, 1, 15, 0, 30), Use("data", GB), NOWHERE),)}, "by the minute"),
        ({"dated": (Dated(datetime(2026, 1, 1), Use("data", GB), NOWHERE, (), 'K"d'),)}, "a quote"),
        ({"opening": (Held("data", GB, LotClass.SOLD, None, NOWHERE),)}, "sold"),
        ({"dated": (Dated(datetime(2026, 1, 1), sc.GiveAway("data", GB, "x" * 2000), NOWHERE),)}, "too long"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_an_example_cannot_say_is_told(change: dict[str, Any], why: str) -> None:
    with pytest.raises(UnsayableError, match=why):
        with_example(PLAN, replace(sound(PLAN).scenarios[0], **change), 1000)


# ---- rollover run --save ----


@pytest.fixture
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("flex.plan", PLAN)


@pytest.mark.usefixtures("_in_a_folder")
def test_a_run_is_saved_and_tested() -> None:
    result = rollover("run", "flex.plan", "--use", "6GB,25GB", "--save", "flex.scenario.yaml", "--expect", "--format", "json")
    assert result.exit_code == 0
    assert result.stderr == "flex.scenario.yaml written; test it: rollover test flex.plan\n"
    assert result.stdout.startswith("{")
    assert Path("flex.scenario.yaml").read_text().startswith("plan: Flex\nstart: 2026-01-01\ncycles:\n  - use: 6 GB\n")
    assert rollover("test", "flex.plan").stdout.endswith("2 passed, 0 failed\n")
    again = rollover("run", "flex.plan", "--scenario", "flex.scenario.yaml")
    assert again.stdout == rollover("run", "flex.plan", "--use", "6GB,25GB", "--start", "2026-01-01").stdout


@pytest.mark.usefixtures("_in_a_folder")
def test_nothing_is_written_over_unasked() -> None:
    save = ("run", "flex.plan", "--preset", "heavy", "--save", "flex.scenario.yaml")
    written("flex.scenario.yaml", "mine")
    result = rollover(*save)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "flex.scenario.yaml is there already; choose another name, or give --force\n"
    assert Path("flex.scenario.yaml").read_text() == "mine"
    assert rollover(*save, "--force").exit_code == 0
    assert Path("flex.scenario.yaml").read_text() != "mine"


@pytest.mark.usefixtures("_in_a_folder")
@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--save", "flex.yaml"), "flex.yaml is no name of a scenario file: they end in .scenario.yaml\n"),
        (("--save", "no/flex.scenario.yaml"), "no/flex.scenario.yaml can't be written: no such file or directory\n"),
        (("--expect",), "--expect and --force say more about --save: give that, too\n"),
        (
            ("--save", "a.scenario.yaml", "--late", "l.csv"),
            "--save writes a history, and --late compares two: give one of them\n",
        ),
    ],
)
def test_a_save_that_cannot_be_is_told(args: tuple[str, ...], told: str) -> None:
    result = rollover("run", "flex.plan", *args)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", told)


@pytest.mark.parametrize("name", ["a\x85", "a\u2028b", "\u2029"])
def test_line_ends_that_only_unicode_knows_stay_in_a_name(name: str) -> None:
    plan = sound('plan "A" prepaid\n  grant 1 GB\n').plans[0]
    written = as_yaml(Scenario(name, "A", datetime(2026, 1, 1), (), (), NOWHERE), plan.data_step)
    assert yaml.safe_load(written)["scenario"] == name
