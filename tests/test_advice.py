"""Advice for a subscriber: which plan would have cost and wasted least, what will be lost, and what would help.

Each figure is that of a run, and the tests run it again.
"""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import rollover, written
from histories import histories
from hypothesis import given
from hypothesis import strategies as st
from reading import GB, MB, sound
from strategies import examples, texts

from dsl.check import Checked, check
from dsl.plan import Plan
from dsl.scenario import CycleSteps, Dated, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.advice import Advice, Offer, advice, rankings
from engine.history import HistoryError
from engine.ledger import Sink
from engine.outlook import Case, outlook
from engine.run import Branches, Run, run
from engine.totals import totals

PLANS = """\
rate 1 GB = 30 minutes

plan "Basic 10" prepaid
  cycle: calendar month
  price 10 EUR a month
  grant 10 GB
  use carried, then allowance
  unused data: carry 1 month, cap 4 GB
  when asked, unused data: give in steps of 1 GB, at most 3 GB a cycle
  when asked, carried data: convert to minutes in steps of 1 GB at 1 EUR
  when data runs out: sell 1 GB at 5 EUR up to 3 GB a cycle, then block
  when "Extra" is bought, unused data and carried data: extend 1 month

plan "Basic 5" like "Basic 10"
  price 6 EUR a month
  grant 5 GB

plan "Big" prepaid
  cycle: calendar month
  price 20 EUR a month
  grant 30 GB

pack "Extra"
  price 2 EUR
  grant 1 GB for 30 days

pack "For the new"
  price 1 EUR
  grant 1 GB for 30 days
  sold if not after the first cycle

promotion "Spring" for "Basic 5"
  from 2026-03-10 until 2026-05-01
  grant 2 GB for 60 days

promotion "Wanted" for "Basic 5"
  from 2026-02-01 until 2026-05-01, on opt-in
  grant 3 GB bonus for 60 days
"""
JANUARY = datetime(2026, 1, 1)


def used(*days: tuple[int, int], service: str = "data") -> tuple[Dated, ...]:
    """So many MB on days counted from the 1st of January."""
    return tuple(Dated(JANUARY + timedelta(days=day, hours=12), Use(service, mb * MB), NOWHERE) for day, mb in days)


def daily(mb: int, count: int) -> tuple[Dated, ...]:
    return used(*((day, mb) for day in range(count)))


def of(name: str, dated: tuple[Dated, ...], at: datetime, text: str = PLANS) -> Advice:
    checked = sound(text)
    plan = checked.plan(name)
    assert plan is not None
    return advice(Case(plan, Scenario("", name, JANUARY, (), dated, NOWHERE), checked.plans, at))


# ---- what will be lost, and when it runs out ----


def test_what_is_lost_is_told_by_when_and_by_which_rule_with_and_without_further_use() -> None:
    found = of("Basic 10", daily(200, 20), datetime(2026, 1, 20, 23)).outlook
    assert [one.span.line for one in found.losses] == [8, 8]
    first, second = found.losses
    local = found.at_pace.calendar.local
    assert (local(first.by), first.amount, first.at_pace, first.reason) == (
        datetime(2026, 2, 1),
        2 * GB,
        0,
        "was above the cap",
    )
    assert (local(second.by), second.amount, second.at_pace) == (datetime(2026, 3, 1), 4 * GB, 0)
    assert found.pace == {"data": 4 * GB}
    assert found.days == 20


def test_the_pace_is_the_last_four_weeks_over_and_over() -> None:
    at = datetime(2026, 2, 28, 23)
    found = of("Big", (*used((0, 900), (40, 500), (50, 700)),), at).outlook
    assert (found.days, found.pace) == (28, {"data": 1200 * MB})
    assert found.until == at + timedelta(days=28)
    assert [(one.at, one.act) for one in found.future] == [
        (datetime(2026, 3, 10, 12), Use("data", 500 * MB)), (datetime(2026, 3, 20, 12), Use("data", 700 * MB)),
    ]  # fmt: skip


def test_a_history_shorter_than_that_is_repeated_as_it_is() -> None:
    found = of("Big", used((0, 900), (5, 500)), datetime(2026, 1, 9, 23)).outlook
    assert (found.days, found.pace) == (9, {"data": 1400 * MB})
    days = [f"{one.at:%m-%d}" for one in found.future]
    assert days == ["01-10", "01-15", "01-19", "01-24", "01-28", "02-02", "02-06"]


def test_when_it_runs_out_is_the_first_use_that_no_lot_covers() -> None:
    found = of("Basic 5", daily(300, 10), datetime(2026, 1, 10, 23)).outlook
    (out,) = found.runs_out
    # 5 GB are sixteen days of 300 MB; the seventeenth is the first that is sold.
    assert found.at_pace.calendar.local(out.at) == datetime(2026, 1, 17, 12)
    assert (out.service, out.served, out.span.line) == ("data", Sink.OPERATOR, 11)
    assert of("Big", daily(300, 10), datetime(2026, 1, 10, 23)).outlook.runs_out == ()


def test_without_use_there_is_no_pace_and_nothing_runs_out() -> None:
    found = of("Basic 5", (), datetime(2026, 1, 10)).outlook
    assert (found.pace, found.future, found.runs_out) == ({}, (), ())
    assert [(one.amount, one.at_pace) for one in found.losses] == [(1 * GB, 1 * GB), (4 * GB, 4 * GB)]


def test_what_comes_later_is_not_known_yet_and_a_line_must_have_started() -> None:
    at = datetime(2026, 1, 10, 23)
    assert of("Basic 5", daily(300, 40), at).outlook.losses == of("Basic 5", daily(300, 10), at).outlook.losses
    with pytest.raises(HistoryError, match="starts on 2026-01-01 only"):
        of("Basic 5", (), datetime(2025, 12, 31))


def test_use_told_by_cycles_is_as_good_as_use_by_days() -> None:
    checked = sound(PLANS)
    by_cycles = Scenario("", "Big", JANUARY, (CycleSteps((Use("data", 3100 * MB),), ()),), (), NOWHERE)
    found = outlook(Case(checked.plans[2], by_cycles, checked.plans, datetime(2026, 1, 31, 23)))
    assert found.pace == {"data": 2800 * MB}


# ---- what would help ----


def savings(found: Advice) -> dict[str, Any]:
    return {one.name: one for one in found.savings}


def test_a_gift_saves_what_would_be_lost_in_whole_steps_and_within_its_limit() -> None:
    found = of("Basic 10", daily(100, 20), datetime(2026, 1, 20, 23))
    gift = savings(found)["data"]
    assert (gift.kind, gift.act.amount, gift.spared, gift.span.line) == ("gift", 3 * GB, {"data": 3 * GB}, 9)
    assert gift.charged == gift.served == {}


def test_a_gift_that_is_refused_is_told_with_the_line_that_says_why() -> None:
    for old, new, why in (
        ("at most 3 GB a cycle", "at least 90 GB", "past a limit"),
        ("when asked, unused data: give", "when asked if opted in, unused data: give", "a condition does not hold"),
    ):
        found = of("Basic 10", (), datetime(2026, 1, 20), PLANS.replace(old, new)).refused
        assert [(one.reason, one.span.line) for one in found if one.kind == "gift"] == [(why, 9)]


def test_a_conversion_tells_what_it_makes_and_costs() -> None:
    found = of("Basic 10", daily(100, 40), datetime(2026, 2, 9, 23))
    made = savings(found)["data to voice"]
    assert made.spared["data"] > 0
    assert made.gives == {"voice": made.act.amount // GB * 1800}
    assert made.charged == {"EUR": 100}
    assert made.span.line == 10


def test_a_pack_extends_what_is_there_and_its_price_is_told() -> None:
    found = of("Basic 10", daily(150, 20), datetime(2026, 1, 20, 23))
    extra = savings(found)["Extra"]
    local = extra.with_it.calendar.local
    assert extra.charged == {"EUR": 200}
    assert extra.gives == {"data": 1 * GB}
    assert [(service, local(before), local(after)) for service, before, after in extra.ends] == [
        ("data", datetime(2026, 2, 1), datetime(2026, 3, 1))
    ]


def test_a_pack_helps_who_runs_out_and_one_that_is_not_sold_is_refused() -> None:
    found = of("Basic 5", daily(400, 40), datetime(2026, 2, 9, 23))
    extra = savings(found)["Extra"]
    assert extra.served == {"data": 1 * GB}
    assert [(one.name, one.reason) for one in found.refused if one.kind == "pack"] == [
        ("For the new", "a condition does not hold")
    ]


def test_promotions_that_wait_for_the_customer_and_those_that_come_by_themselves() -> None:
    found = savings(of("Basic 5", daily(400, 40), datetime(2026, 2, 9, 23)))
    assert found["Wanted"].served == {"data": 3 * GB}
    assert found["Wanted"].act is not None
    assert found["Spring"].act is None
    assert found["Spring"].at == datetime(2026, 3, 10)
    assert found["Spring"].served == {"data": 2 * GB}
    assert "Spring" not in savings(of("Basic 5", daily(400, 75), datetime(2026, 3, 15)))  # it is here already


def replayed(checked: Checked, plan: Plan, scenario: Scenario) -> Run:
    return run(plan, scenario, checked.plans)


@examples(40)
@given(st.data(), texts())
def test_what_is_claimed_is_the_difference_of_two_runs_and_what_is_lost_was_there(data: st.DataObject, text: str) -> None:
    checked = check(Source("a.plan", text))
    plan = data.draw(st.sampled_from(checked.plans))
    scenario = data.draw(histories(plan))
    at = scenario.start + timedelta(days=data.draw(st.integers(0, 40)), hours=data.draw(st.integers(0, 23)))
    try:
        found = advice(Case(plan, scenario, checked.plans, at))
    except HistoryError:
        return
    for saving in found.savings:
        if saving.act is None:
            continue
        without, with_it = (totals(replayed(checked, plan, one.scenario)) for one in (saving.without, saving.with_it))
        for service in {*without.expired, *with_it.expired}:
            assert saving.spared.get(service, 0) == without.expired.get(service, 0) - with_it.expired.get(service, 0)
        for currency in {*without.charged, *with_it.charged}:
            assert saving.charged.get(currency, 0) == with_it.charged.get(currency, 0) - without.charged.get(currency, 0)
        assert any(dated.act == saving.act for dated in saving.with_it.scenario.dated)
    outlook = found.outlook
    for service in {one.service for one in outlook.losses}:
        idle = sum(one.amount for one in outlook.losses if one.service == service)
        pace = sum(one.at_pace for one in outlook.losses if one.service == service)
        assert max(idle, pace) <= sum(
            posting.amount
            for posting in (*outlook.idle.postings, *outlook.at_pace.postings)
            if posting.service == service and posting.target is Sink.EXPIRED and posting.at > outlook.at
        )
    for out in outlook.runs_out:
        assert out.at > outlook.at


@examples(60)
@given(st.data(), texts())
def test_a_past_that_is_played_once_comes_to_the_same_as_one_that_is_played_again(data: st.DataObject, text: str) -> None:
    checked = check(Source("a.plan", text))
    plan = data.draw(st.sampled_from(checked.plans))
    told = data.draw(histories(plan))
    scenario = replace(told, cycles=())
    times = sorted({one.at for one in scenario.dated} | {scenario.start + timedelta(days=data.draw(st.integers(0, 60)))})
    before = data.draw(st.sampled_from(times))
    past, future = (tuple(one for one in scenario.dated if (one.at < before) is is_past) for is_past in (True, False))
    look = Dated(max(times), None, NOWHERE)
    found = Branches(plan, replace(scenario, dated=past), checked.plans, before).run((*future, look))
    again = run(plan, replace(scenario, dated=(*past, *future, look)), checked.plans)
    assert found.scenario == again.scenario
    for one, other in ((found, again), *zip(dict(found.others).values(), dict(again.others).values(), strict=True)):
        assert (one.postings, one.statement) == (other.postings, other.statement)
        assert list(map(astuple, one.lots)) == list(map(astuple, other.lots))


def test_of_thousands_of_records_a_day_is_repeated_and_those_that_count_one_by_one_are_not_summed() -> None:
    many = tuple(Dated(JANUARY + timedelta(minutes=20 * number), Use("data", MB), NOWHERE) for number in range(1500))
    at = datetime(2026, 1, 21, 23, 59)
    found = of("Big", many, at).outlook
    assert found.pace == {"data": 1500 * MB}
    assert sum(one.act.amount for one in found.future if one.at <= at + timedelta(days=21)) == 1500 * MB  # type: ignore[union-attr]
    assert len(found.future) < 60
    by_steps = PLANS.replace('plan "Big" prepaid\n', 'plan "Big" prepaid\n  data counts in steps of 2 MB\n')
    assert len(of("Big", many, at, by_steps).outlook.future) > 1500


# ---- which plan ----


def offers(text: str, *cycles: int) -> list[Offer]:
    checked = sound(text)
    steps = tuple(CycleSteps((Use("data", gb * GB),), ()) for gb in cycles)
    return [
        Offer("a.plan", run(plan, Scenario("", plan.name, JANUARY, steps, (), NOWHERE), checked.plans))
        for plan in checked.plans
    ]


def test_plans_are_ranked_by_what_they_cost_then_by_what_they_leave_unmet_then_by_waste() -> None:
    text = """\
plan "Keeps" prepaid
  price 9 EUR a month
  grant 10 GB
  carry 1 month
plan "Wastes" prepaid
  price 9 EUR a month
  grant 10 GB
plan "Blocks" prepaid
  price 9 EUR a month
  grant 1 GB
  when data runs out: block
plan "Dear" prepaid
  price 10 EUR a month
  grant 10 GB
plan "Dollar" prepaid
  price 1 USD a month
  grant 10 GB
plan "Silent" prepaid
  grant 10 GB
plan "Both" prepaid
  price 9 EUR a month
  grant 1 GB
  when data runs out: sell 1 GB at 1 USD
"""
    found, several = rankings(offers(text, 4, 4))
    assert [(one.currency, [ranked.offer.plan.name for ranked in one.ranked]) for one in found] == [
        ("EUR", ["Keeps", "Wastes", "Blocks", "Dear"]), ("USD", ["Dollar"]), ("", ["Silent"]),
    ]  # fmt: skip
    assert [(offer.plan.name, currencies) for offer, currencies in several] == [("Both", ("EUR", "USD"))]


def test_what_a_plan_costs_is_what_its_statement_charges_with_what_was_sold() -> None:
    (ranking,), _ = rankings(offers(PLANS, 12, 9))
    basic = next(one for one in ranking.ranked if one.offer.plan.name == "Basic 10")
    assert basic.cost == sum(cycle.charged["EUR"] for cycle in basic.offer.run.statement.cycles) == 2 * 1000 + 2 * 500


# ---- rollover advise ----


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plans").mkdir()
    written("plans/a.plan", PLANS)
    rows = [f"2026-01-{day:02} 12:00,300 MB" for day in range(1, 21)]
    written("records.csv", "at,use\n" + "\n".join(rows) + "\n")


def test_the_whole_advice_as_text() -> None:
    written("plans/b.plan", 'plan "Dollar" prepaid\n  price 1 USD a month\n  grant 10 GB\n')
    written("plans/c.plan", 'plan "Wrong" prepaid\n  grnt 10 GB\n')
    result = rollover("advise", "--usage", "records.csv", "plans", "--plan", "Basic 10")
    assert result.exit_code == 1  # one of them could not be compared
    assert result.stderr == ""
    assert (
        result.stdout
        == """\
20 records, 2026-01-01 to 2026-01-20
on each plan from 2026-01-01 to 2026-01-20 23:59; a cycle that has begun counts whole

in EUR, cheapest first:
   1  Basic 10 (plans/a.plan)  10 EUR, 1 cycle to 2026-02-01
      cheapest, by 1 EUR; keeps 4 GB; wastes nothing
   2  Basic 5 (plans/a.plan)   11 EUR, 1 cycle to 2026-02-01
      1 EUR more than "Basic 10"; wastes nothing
   3  Big (plans/a.plan)       20 EUR, 1 cycle to 2026-02-01
      10 EUR more than "Basic 10"; wastes 24 GB

in USD, cheapest first:
   1  Dollar (plans/b.plan)  1 USD, 1 cycle to 2026-02-01
      the only plan in USD; wastes 4 GB

not compared:
  plans/c.plan:2:3: error R002: `grnt` is not a word that can stand here

"Basic 10", which is yours, from 2026-01-20 23:59 on:
  the present pace is that of the last 20 days: 6 GB
  unless it is used, there will be lost:
    by 2026-03-01: 4 GB, none of it at this pace; was carried once and reached its end (line 8: unused data)
  at this pace nothing runs out before 2026-03-01
  what would help:
    buy "Extra" (line 23: pack "Extra"): gives 1 GB, what ends first of data lives on from 2026-02-01 to 2026-03-01, costs 2 EUR
"""
    )


def test_the_advice_as_json_is_of_whole_numbers() -> None:
    result = rollover("advise", "--usage", "records.csv", "plans", "--plan", "Basic 5", "--format", "json")
    assert result.exit_code == 0
    found = json.loads(result.stdout, parse_float=pytest.fail)
    assert found["schema"] == "rollover.advice/1"
    first = found["rankings"][0]["plans"][0]
    assert (first["plan"], first["charged"], first["place"]) == ("Basic 10", {"EUR": 1000}, 1)
    assert first["kept"] == {"data": {"unit": "byte", "amount": 4 * GB}}
    own = found["advice"]
    assert own["plan"] == "Basic 5"
    assert own["pace"] == {"days": 20, "used": {"data": {"unit": "byte", "amount": 6 * GB}}}
    assert own["runs_out"][0]["rule"] == {"line": 11, "text": "sell 1 GB at 5 EUR up to 3 GB a cycle"}
    assert {one["name"] for one in own["savings"]} >= {"Extra"}


def test_one_line_of_records_of_several() -> None:
    rows = "at,line,service,amount\n2026-01-01 12:00,Ann,data,1000000000\n2026-01-02,Bo,data,2000000000\n"
    written("lines.csv", rows)
    result = rollover("advise", "--usage", "lines.csv", "plans", "--line", "Bo", "--format", "json")
    found = json.loads(result.stdout)
    assert found["usage"]["records"] == 1
    assert found["usage"]["first"] == "2026-01-02T00:00"
    assert found["rankings"][0]["plans"][0]["used"]["data"]["amount"] == 2 * GB
    for args, told in (((), 'choose one with --line: "Ann", "Bo"'), (("--line", "Cy"), 'they are of "Ann", "Bo"')):
        result = rollover("advise", "--usage", "lines.csv", "plans", *args)
        assert (result.exit_code, result.stdout) == (2, "")
        assert told in result.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--usage", "no.csv", "plans"), "no.csv can't be read: no such file or directory\n"),
        (("--usage", "records.csv", "no.plan"), "none of these plans can be compared; no.plan can't be read: no such file"),
        (("--usage", "records.csv", "empty"), "no plan files there; plan files end in .plan\n"),
        (("--usage", "empty.csv", "plans"), "empty.csv:1:1: error S005: the first line names no columns\n"),
        (
            ("--usage", "nothing.csv", "plans"),
            "nothing.csv holds no records\n",
        ),
        (
            ("--usage", "wrong.csv", "plans"),
            "wrong.csv:2:1: error S004: `yesterday` should be a date, or a date and a time\n 2 | yesterday",
        ),
        (("--usage", "records.csv", "plans", "--plan", "None"), 'no plan "None" could be compared; there are "Basic 10"'),
        (
            ("--usage", "records.csv", "plans", "twice", "--plan", "Big"),
            "in several files: plans/a.plan, twice/a.plan",
        ),
        (("--usage", "records.csv", "plans", "--at", "1800-01-01"), "--at should be from 1970 to 2200"),
        (
            ("--usage", "records.csv", "plans", "--start", "2026-01-10"),
            "this is before the start; give `start` an earlier date",
        ),
        (("--usage", "records.csv", "plans", "--at", "2025-01-10"), "this is before the start"),
    ],
)
def test_what_cannot_be_advised_is_told(args: tuple[str, ...], told: str) -> None:
    Path("empty").mkdir()
    Path("twice").mkdir()
    written("twice/a.plan", PLANS)
    written("empty.csv", "")
    written("nothing.csv", "at,use\n")
    written("wrong.csv", "at,use\nyesterday,1 GB\n")
    result = rollover("advise", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


def test_names_of_files_and_plans_reach_the_terminal_as_text_only() -> None:
    written("plans/a.plan", 'plan "\x1b[31mred\u202e" prepaid\n  grant 1 GB\n')
    result = rollover("advise", "--usage", "records.csv", "plans", "--plan", "\x1b[31mred\u202e")
    assert result.exit_code == 0
    assert "\\x1b[31mred\\u202e (plans/a.plan)" in result.stdout
    assert "\x1b" not in result.output
    assert "\u202e" not in result.output
