"""What a late record changes: it counts in its own time, and the difference says all that is another by it and no more."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from command_line import rollover, written
from hypothesis import given
from hypothesis import strategies as st
from reading import GB, plan_of, use
from strategies import examples
from test_properties import cases

from dsl.plan import Plan
from dsl.scenario import Buy, Dated, Scenario, Use
from dsl.source import NOWHERE
from engine.difference import Changed, Difference, difference
from engine.run import run

PLAN = """\
plan "A" postpaid
  grant 10 GB
  carry 1 month, cap 5 GB
  when data runs out: sell 1 GB at 5 EUR
pack "P"
  grant 1 GB
"""
START, EARLY, LATER = datetime(2026, 1, 1), datetime(2026, 1, 3), datetime(2026, 2, 20)


def history(*dated: tuple[datetime, Use | Buy]) -> Scenario:
    return Scenario("", "A", START, (), tuple(Dated(at, act, NOWHERE) for at, act in dated), NOWHERE)


def late(scenario: Scenario, *dated: tuple[datetime, Use | Buy]) -> Difference:
    plan = plan_of(PLAN)
    more = replace(scenario, dated=(*scenario.dated, *history(*dated).dated))
    return difference(run(plan, scenario), run(plan, more))


def test_a_late_use_changes_the_cycle_it_was_in_and_what_follows_from_it() -> None:
    found = late(history((EARLY, use(6 * GB)), (LATER, use(14 * GB))), (datetime(2026, 1, 31), use(2 * GB)))
    assert found.figures == (
        Changed("", 1, "data", "used", 6 * GB, 8 * GB),
        Changed("", 1, "data", "carried_out", 4 * GB, 2 * GB),
        Changed("", 2, "EUR", "charged", 0, 1000),
        Changed("", 2, "data", "carried_in", 4 * GB, 2 * GB),
        Changed("", 2, "data", "received", 0, 2 * GB),
        Changed("", 2, "data", "available", 14 * GB, 12 * GB),
        Changed("", 2, "data", "overage", 0, 2 * GB),
    )
    assert [(one.reason, one.amount) for one in found.gone] == [
        ("carried", 4 * GB), ("used", 4 * GB),
    ]  # fmt: skip
    assert [one.at for one in found.new] == sorted(one.at for one in found.new)
    assert Counter(one.reason for one in found.new)["sold when the rest ran out"] == 1


def test_a_record_that_falls_into_a_new_cycle_adds_it() -> None:
    found = late(history((EARLY, use(GB))), (datetime(2026, 3, 1), use(GB)))
    assert {one.cycle for one in found.figures} == {2, 3}
    assert Changed("", 3, "data", "used", 0, GB) in found.figures


def test_no_record_no_difference() -> None:
    told = history((EARLY, use(6 * GB)), (EARLY, Buy("P")), (LATER, use(14 * GB)))
    assert late(told) == late(told, (LATER, use(0))) == Difference((), (), ())


def test_lots_of_another_number_are_no_difference() -> None:
    """A pack that is bought and used up in the first cycle shifts the numbers of all later lots, and nothing else."""
    found = late(history((LATER, use(GB))), (EARLY, Buy("P")), (EARLY, use(GB)))
    assert {one.cycle for one in found.figures} == {1}
    assert {one.cycle for one in (*found.gone, *found.new)} == {1}


@examples(40)
@given(st.data(), cases())
def test_a_late_record_is_as_if_it_had_come_in_time(data: st.DataObject, case: tuple[Plan, Scenario]) -> None:
    plan, scenario = case
    if not scenario.dated:
        return
    place = data.draw(st.integers(0, len(scenario.dated) - 1))
    one = scenario.dated[place]
    rest = scenario.dated[:place] + scenario.dated[place + 1 :]
    in_time, came_late = run(plan, scenario), run(plan, replace(scenario, dated=(*rest, one)))
    same_instant = [other for other in rest if other.at == one.at and isinstance(other.act, Use) == isinstance(one.act, Use)]
    if isinstance(one.act, Use) or not same_instant:
        assert difference(in_time, came_late).figures == ()
    if not same_instant:
        assert difference(in_time, came_late) == Difference((), (), ())


@examples(40)
@given(cases())
def test_a_difference_adds_up_to_the_run_behind_it(case: tuple[Plan, Scenario]) -> None:
    """Postings that stay, less those that are gone, with those that are new: what is used in all differs by what is told."""
    plan, scenario = case
    before, after = run(plan, replace(scenario, dated=scenario.dated[: len(scenario.dated) // 2])), run(plan, scenario)
    found = difference(before, after)
    for reason in {posting.reason for posting in (*before.postings, *after.postings)}:
        old = sum(posting.amount for posting in before.postings if posting.reason is reason)
        new = sum(posting.amount for posting in after.postings if posting.reason is reason)
        told = sum(one.amount for one in found.new if one.reason == reason) - sum(
            one.amount for one in found.gone if one.reason == reason
        )
        assert new - old == told
    back = difference(after, before)
    assert (back.gone, back.new) == (found.new, found.gone)
    assert [one._replace(before=one.after, after=one.before) for one in back.figures] == list(found.figures)


# ---- the command ----

RECORDS, LATE = "at,use\n2026-01-03,6 GB\n2026-02-20 10:00,12 GB\n", "at,use,buy\n2026-01-30 23:00,2 GB,\n"


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", PLAN)
    written("usage.csv", RECORDS)
    written("late.csv", LATE)


@pytest.mark.usefixtures("files")
def test_the_command_prints_figures_then_postings() -> None:
    found = rollover("run", "a.plan", "--usage", "usage.csv", "--late", "late.csv")
    assert found.exit_code == 0
    assert (
        found.output
        == """\
cycle 1, from 2026-01-03
  data used: 6 GB -> 8 GB
  data carried out: 4 GB -> 2 GB
cycle 2, from 2026-02-03
  data carried in: 4 GB -> 2 GB
  data available: 14 GB -> 12 GB
  data carried out: 2 GB -> 0 GB

gone:
  2026-02-03 00:00  4 GB data, allowance of 2026-01-03 -> carried of 2026-01-03, carried (line 3)
  2026-02-20 10:00  8 GB data, allowance of 2026-02-03 -> used, used (line 2)
  2026-02-20 10:00  4 GB data, carried of 2026-01-03 -> used, used (line 3)
  2026-03-03 00:00  2 GB data, allowance of 2026-02-03 -> carried of 2026-02-03, carried (line 3)

new:
  2026-01-30 23:00  2 GB data, allowance of 2026-01-03 -> used, used (line 2)
  2026-02-03 00:00  2 GB data, allowance of 2026-01-03 -> carried of 2026-01-03, carried (line 3)
  2026-02-20 10:00  10 GB data, allowance of 2026-02-03 -> used, used (line 2)
  2026-02-20 10:00  2 GB data, carried of 2026-01-03 -> used, used (line 3)
"""
    )


@pytest.mark.usefixtures("files")
def test_the_difference_as_json_and_csv() -> None:
    told = json.loads(rollover("run", "a.plan", "--usage", "usage.csv", "--late", "late.csv", "--format", "json").output)
    assert told["schema"] == "rollover.difference/1"
    assert told["figures"][0] == {
        "line": "", "cycle": 1, "service": "data", "figure": "used", "before": 6 * GB, "after": 8 * GB, "unit": "byte",
    }  # fmt: skip
    assert told["new"][0] == {
        "at": "2026-01-30T23:00:00+00:00", "line": "", "cycle": 1, "service": "data", "unit": "byte", "amount": 2 * GB,
        "source": {
            "class": "allowance", "pack": "", "born": "2026-01-03T00:00:00+00:00", "end": "2026-02-03T00:00:00+00:00",
        },
        "target": "used", "reason": "used", "rule_line": 2,
    }  # fmt: skip
    rows = rollover("run", "a.plan", "--usage", "usage.csv", "--late", "late.csv", "--format", "csv").output.splitlines()
    assert rows[:2] == ["line,cycle,service,unit,figure,before,after", f",1,data,byte,used,{6 * GB},{8 * GB}"]


@pytest.mark.usefixtures("files")
def test_records_that_change_nothing_say_so() -> None:
    written("none.csv", "at,use\n2026-01-30,0 GB\n")
    found = rollover("run", "a.plan", "--usage", "usage.csv", "--late", "none.csv")
    assert (found.exit_code, found.output) == (0, "these records change nothing\n")


@pytest.mark.usefixtures("files")
def test_late_records_of_a_scenario() -> None:
    written("s.yaml", "plan: A\nstart: 2026-01-03\ncycles:\n  - use: 6 GB\n")
    found = rollover("run", "a.plan", "--scenario", "s.yaml", "--late", "late.csv")
    assert found.output.startswith("cycle 1, from 2026-01-03\n  data used: 6 GB -> 8 GB\n")


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("args", "message", "code"),
    [
        (("--late", "late.csv"), "--late adds to a history: give --usage or --scenario, too", 2),
        (("--usage", "usage.csv", "--late", "missing.csv"), "missing.csv", 2),
        (("--usage", "usage.csv", "--late", "empty.csv"), "empty.csv holds no records", 1),
        (("--usage", "usage.csv", "--late", "before.csv"), "before.csv:2:12: this is before the start; give `--start`", 1),
        (("--usage", "usage.csv", "--late", "wrong.csv"), "wrong.csv:2:14: error R101", 1),
    ],
)
def test_what_is_wrong_with_late_records_is_said_of_their_file(args: tuple[str, ...], message: str, code: int) -> None:
    written("empty.csv", "at,use\n")
    written("before.csv", "at,use\n2025-12-31,1 GB\n")
    written("wrong.csv", "at,use\n2026-01-31,1 GiB\n")
    found = rollover("run", "a.plan", *args)
    assert found.exit_code == code
    assert message in found.output
