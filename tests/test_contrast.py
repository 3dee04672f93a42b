"""Two plans side by side on the same usage, and the usage on which they differ most."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest
from command_line import rollover, written
from histories import histories
from hypothesis import assume, given
from hypothesis import strategies as st
from reading import GB, sound
from strategies import examples, texts

from dsl.check import check
from dsl.plan import Plan
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.contrast import Measure, Side, contrast, levels, widest
from engine.run import run
from engine.statement import COLUMNS
from engine.totals import SUMMED, totals
from tui.commands.diff import MEASURES

PLANS = """\
plan "Small" prepaid
  cycle: calendar month
  price 10 EUR a month
  grant 10 GB
  use carried, then allowance
  unused data: carry 1 month, cap 4 GB
  when data runs out: sell 1 GB at 5 EUR up to 3 GB a cycle, then block

plan "Large" like "Small"
  price 16 EUR a month
  grant 20 GB

plan "By days" prepaid
  cycle: 30 days
  price 9 EUR a cycle
  grant 10 GB

plan "Dollar" prepaid
  price 9 USD a month
  grant 10 GB
"""
JANUARY = datetime(2026, 1, 1)


def side(name: str, text: str = PLANS) -> Side:
    checked = sound(text)
    plan = checked.plan(name)
    assert plan is not None
    return Side(plan, checked.plans)


def using(*cycles: int) -> Scenario:
    return Scenario("", "", JANUARY, tuple(CycleSteps((Use("data", gb * GB),), ()) for gb in cycles), (), NOWHERE)


# ---- side by side ----


def test_figures_that_differ_are_told_by_cycle_and_what_they_come_to_in_all() -> None:
    found = contrast(side("Small"), side("Large"), using(8, 14))
    assert found.same_cycles
    assert [tuple(one)[1:] for one in found.figures if one.figure in ("charged", "overage", "expired")] == [
        (1, "EUR", "charged", 1000, 1600), (1, "data", "expired", 0, 8 * GB),
        (2, "EUR", "charged", 2000, 1600), (2, "data", "overage", 2 * GB, 0), (2, "data", "expired", 0, 6 * GB),
    ]  # fmt: skip
    assert [tuple(one)[2:] for one in found.totals] == [
        ("EUR", "charged", 3000, 3200), ("EUR", "due", 3000, 3200), ("data", "came", 22 * GB, 40 * GB),
        ("data", "overage", 2 * GB, 0), ("data", "expired", 0, 14 * GB), ("data", "kept", 0, 4 * GB),
    ]  # fmt: skip


def test_a_plan_beside_itself_comes_to_the_same() -> None:
    assert not contrast(side("Small"), side("Small"), using(8, 14)).differs


def test_cycles_that_are_not_the_same_are_compared_in_all_only() -> None:
    found = contrast(side("Small"), side("By days"), using(8, 14))
    assert (found.same_cycles, found.figures) == (False, ())
    assert ("EUR", "charged", 3000, 1800) in [tuple(one)[2:] for one in found.totals]


@examples(40)
@given(st.data(), texts())
def test_totals_are_the_sums_of_statements_and_contrasts_their_differences(data: st.DataObject, text: str) -> None:
    checked = check(Source("a.plan", text))
    first, second = (data.draw(st.sampled_from(checked.plans)) for _ in range(2))
    scenario = data.draw(histories(first))
    found = contrast(Side(first, checked.plans), Side(second, checked.plans), scenario)
    runs = [run(plan, replace(scenario, plan=plan.name), checked.plans) for plan in (first, second)]
    for name, figures in SUMMED.items():
        for service in {name for one in runs for cycle in one.statement.cycles for name in cycle.services}:
            sums = [
                sum(getattr(cycle.services[service], figure) for cycle in one.statement.cycles for figure in figures)
                for one in runs
                if service in one.statement.cycles[0].services
            ]
            told = [tuple(one)[4:] for one in found.totals if (one.figure, one.service) == (name, service)]
            sums += [0] * (2 - len(sums)) if service in runs[0].statement.cycles[0].services else []
            sums = sums if len(sums) == 2 else [0, *sums]
            assert told == ([tuple(sums)] if sums[0] != sums[1] else [])
    if found.same_cycles:
        for changed in found.figures:
            if changed.figure in COLUMNS and not changed.line:
                before, after = (one.statement.cycle(changed.cycle).services.get(changed.service) for one in runs)
                assert changed.before == (getattr(before, changed.figure) if before else 0)
                assert changed.after == (getattr(after, changed.figure) if after else 0)


# ---- the widest ----


def test_levels_are_what_the_rules_name() -> None:
    small, large = side("Small").plan, side("Large").plan
    named = {0, 5, 6, 10, 13, 14, 16, 20, 23, 24, 4, 48}
    assert set(levels(small, large, "data", JANUARY)) == {gb * GB for gb in named}
    assert levels(small, large, "sms", JANUARY) == (0,)


def test_few_histories_are_all_tried_and_the_best_of_them_is_found() -> None:
    first, second = side("Small"), side("Large")
    found = widest(first, second, 2, Measure.EXPIRED, "data", JANUARY)
    assert found.complete
    every = levels(first.plan, second.plan, "data", JANUARY)
    assert found.tried == len(every) ** 2

    def apart(usage: tuple[int, int]) -> int:
        steps = tuple(CycleSteps((Use("data", amount),), ()) for amount in usage)
        runs = [one.run(Scenario("", "", JANUARY, steps, (), NOWHERE)) for one in (first, second)]
        one, other = (totals(one).expired.get("data", 0) for one in runs)
        return abs(one - other)

    assert found.apart == max(map(apart, product(every, every))) == apart(tuple(cycle["data"] for cycle in found.usage))  # type: ignore[arg-type]


@pytest.mark.parametrize("measure", Measure)
def test_what_is_found_is_what_the_two_come_to(measure: Measure) -> None:
    about = "EUR" if measure is Measure.COST else "data"
    found = widest(side("Small"), side("Large"), 5, measure, about, JANUARY, most_runs=120)
    assert not found.complete
    assert found.tried <= 120
    one, other = (measure.of(totals(run)).get(about, 0) for run in (found.contrast.first, found.contrast.second))
    assert found.apart == abs(one - other) > 0
    steady = max(
        abs(a.get(about, 0) - b.get(about, 0))
        for gb in (0, 5, 10, 13, 14, 20, 24)
        for a, b in [tuple(measure.of(totals(one.run(using(*[gb] * 5)))) for one in (side("Small"), side("Large")))]
    )
    assert found.apart >= steady


@examples(15)
@given(st.data(), texts())
def test_a_search_is_the_same_each_time_and_never_claims_what_it_did_not_run(data: st.DataObject, text: str) -> None:
    checked = check(Source("a.plan", text))
    sides = [Side(data.draw(st.sampled_from(checked.plans)), checked.plans) for _ in range(2)]
    services = [service for one in sides for service in one.plan.services]
    assume(services)
    service = data.draw(st.sampled_from(services))
    found, again = (widest(*sides, 2, Measure.EXPIRED, service, JANUARY, most_runs=30) for _ in range(2))  # type: ignore[misc]
    assert (found.usage, found.apart) == (again.usage, again.apart)
    one, other = (totals(run).expired.get(service, 0) for run in (found.contrast.first, found.contrast.second))
    assert found.apart == abs(one - other)


def test_two_plans_that_never_differ_are_nothing_apart() -> None:
    found = widest(side("Small"), side("Small"), 3, Measure.OVERAGE, "data", JANUARY, most_runs=100)
    assert (found.apart, found.contrast.differs) == (0, False)


# ---- rollover diff --with ----


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", PLANS)
    written("records.csv", "at,use\n2026-01-01,8 GB\n2026-02-03,14 GB\n")


def test_two_plans_of_a_file_as_text() -> None:
    result = rollover("diff", "a.plan", "--plan", "Small", "--with", "Large", "--use", "14GB")
    assert (result.exit_code, result.stderr) == (1, "")
    assert (
        result.stdout
        == """\
Small beside Large, on --use 14GB

cycle        from                     Small   Large
    1  2026-01-01           charged  25 EUR  16 EUR  -9 EUR
    1  2026-01-01      data granted   10 GB   20 GB  +10 GB
    1  2026-01-01     data received    3 GB    0 GB   -3 GB
    1  2026-01-01    data available   10 GB   20 GB  +10 GB
    1  2026-01-01         data used   13 GB   14 GB   +1 GB
    1  2026-01-01      data overage    4 GB    0 GB   -4 GB
    1  2026-01-01  data carried out    0 GB    4 GB   +4 GB
    1  2026-01-01      data expired    0 GB    2 GB   +2 GB

      in all   Small   Large
     charged  25 EUR  16 EUR  -9 EUR
   data came   13 GB   20 GB   +7 GB
   data used   13 GB   14 GB   +1 GB
data overage    4 GB    0 GB   -4 GB
data blocked    1 GB    0 GB   -1 GB
data expired    0 GB    2 GB   +2 GB
   data kept    0 GB    4 GB   +4 GB
"""
    )


def test_two_files_and_any_history() -> None:
    written("b.plan", PLANS.replace("10 EUR", "11 EUR"))
    for history in (("--usage", "records.csv"), ("--preset", "heavy", "--cycles", "3"), ()):
        result = rollover("diff", "a.plan", "b.plan", "--plan", "Small", "--with", "Small", "--format", "json", *history)
        assert result.exit_code == 1
        found = json.loads(result.stdout, parse_float=pytest.fail)
        assert found["schema"] == "rollover.contrast/1"
        assert {one["figure"] for one in found["figures"]} == {"charged"}
        assert {(one["figure"], one["second"] - one["first"]) for one in found["totals"]} == {
            ("charged", 100 * len(found["figures"])), ("due", 100 * len(found["figures"])),
        }  # fmt: skip
    assert rollover("diff", "a.plan", "--plan", "Small", "--with", "Small").stdout.endswith("the two come to the same\n")
    assert rollover("diff", "a.plan", "--plan", "Small", "--with", "Small").exit_code == 0


def test_records_and_presets_serve_a_comparison_of_files_too() -> None:
    written("b.plan", PLANS.replace("cap 4 GB", "cap 1 GB"))
    result = rollover("diff", "a.plan", "b.plan", "--usage", "records.csv")
    assert "data carried out: 2 GB -> 1 GB" in result.stdout


def test_the_widest_usage_can_be_run_again() -> None:
    result = rollover("diff", "a.plan", "--plan", "Small", "--with", "Large", "--widest", "cost", "--cycles", "3")
    first, second, *rest = result.stdout.split("\n")
    assert result.exit_code == 1
    assert second == "27 EUR apart in cost: a search through 108 histories of use at what the rules name; not a proof"
    use = first.partition(' --use "')[2].rstrip('"')
    again = rollover("diff", "a.plan", "--plan", "Small", "--with", "Large", "--use", use)
    assert again.stdout.split("\n")[1:] == rest


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("a.plan",), "name a second file; or two plans of this one: --plan NAME --with NAME\n"),
        (("a.plan", "--with", "None"), 'a.plan has no plan "None"; it has "Small", "Large", "By days", "Dollar"\n'),
        (("a.plan", "--with", "Large", "--widest", "cost", "--use", "1GB"), "--widest looks for the usage itself"),
        (
            ("a.plan", "--with", "Large", "--widest", "cost", "--prove"),
            "--widest looks for one history, and --prove is about every one: give one of them\n",
        ),
        (("a.plan", "--with", "Large", "--service", "sms"), "--service says more about --widest: give that, too\n"),
        (("a.plan", "--with", "Large", "--service", "sms", "--prove"), "--service says more about --widest: give that, too\n"),
        (
            ("a.plan", "--with", "Large", "--widest", "unmet", "--service", "sms"),
            'neither plan grants "sms"; they grant data\n',
        ),
        (("a.plan", "--with", "Dollar", "--widest", "cost"), "what the two cost can't be compared: they charge EUR and USD\n"),
        (("a.plan", "no.plan", "--with", "Large"), "no.plan can't be read: no such file or directory\n"),
        (("a.plan", "--with", "Large", "--usage", "no.csv"), "no.csv can't be read: no such file or directory\n"),
        (("a.plan", "--with", "Large", "--use", "1 GB", "--preset", "heavy"), "give one of --use, --scenario, --usage"),
    ],
)
def test_what_cannot_be_compared_is_told(args: tuple[str, ...], told: str) -> None:
    result = rollover("diff", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_a_history_that_one_plan_cannot_live_is_told() -> None:
    written("b.plan", 'plan "Other" prepaid\n  grant 1 GB\n')
    written("a.plan", PLANS + 'pack "Extra"\n  grant 1 GB\n')
    written("a.scenario.yaml", "plan: Small\ncycles:\n  - {buy: Extra, use: 1 GB}\n")
    result = rollover("diff", "a.plan", "b.plan", "--plan", "Small", "--with", "Other", "--scenario", "a.scenario.yaml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == 'b.plan has no pack "Extra", which the history needs\n'


def test_the_command_line_knows_every_measure() -> None:
    assert tuple(Measure) == MEASURES
    assert isinstance(side("Small").plan, Plan)
