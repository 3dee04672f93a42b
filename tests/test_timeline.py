"""A history as a timeline: what happens, how it went, and its steps read, put, moved and taken out. No terminal."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.check import Checked, check
from dsl.scenario import Buy, CycleSteps, Dated, Scenario, TopUp, Use
from dsl.source import NOWHERE, Source
from engine.history import HistoryError
from engine.presets import Preset
from engine.run import Run, run
from tui import steps
from tui.axis import axis
from tui.draft import Draft, preset
from tui.offers import offers
from tui.steps import Place, StepError
from tui.timeline import Kind, State, Timeline, timeline

PLAN = """\
plan "Flex" postpaid
  grant 20 GB
  rate 1 GB = 30 minutes
  carry 1 month, cap 10 GB
  when asked, unused data: convert to minutes, at most 4 GB a cycle
  share with up to 1 line

  example "rolls"
    use 6 GB -> left 14 GB, carried 9 GB
    on 2026-02-03 buy "Travel" -> left 33 GB

pack "Travel"
  grant 3 GB data for 7 days
  price 3 EUR
  sold at most 1 time a cycle

plan "Small" prepaid
  grant 1 GB

promotion "Week" for "Flex"
  from 2026-02-10 until 2026-02-20
  grant 5 GB bonus data for 30 days
"""


def checked(text: str = PLAN) -> Checked:
    found = check(Source("", text))
    assert not found.has_errors
    return found


def told(scenario: Scenario, text: str = PLAN, *, with_ends: bool = False) -> Timeline:
    of = checked(text)
    found: Run | None = None
    with suppress(HistoryError):
        found = run(of.plans[0], scenario, of.plans)
    return timeline(of.plans[0], scenario, found, of.plans, of.source, with_ends=with_ends)


def history(*lines: str, cycles: int = 3) -> Scenario:
    found = Scenario("", "Flex", datetime(2026, 1, 1), (CycleSteps((), ()),) * cycles, (), NOWHERE)
    for line in lines:
        found, _ = steps.put(found, *steps.read(checked(), line, datetime(2026, 1, 1)))
    return found


def said(found: Timeline, kind: Kind = Kind.STEP) -> list[tuple[str, str, State, str]]:
    return [
        (f"{found.calendar.local(one.at):%m-%d}", one.words, one.state, one.why) for one in found.entries if one.kind is kind
    ]


# ---- what the plan does by itself


def test_cycles_and_promotions_stand_in_the_order_of_time() -> None:
    found = told(history())
    own = [(f"{found.calendar.local(one.at):%m-%d}", one.words) for one in found.entries]
    assert own == [
        ("01-01", "cycle 1 begins"), ("02-01", "cycle 2 begins"), ("02-10", 'promotion "Week" starts'),
        ("02-20", 'promotion "Week" ends'), ("03-01", "cycle 3 begins"),
    ]  # fmt: skip
    assert len(found.windows) == 1


def test_a_cycle_says_what_is_used_in_it_and_on_which_plan_it_is() -> None:
    scenario = history('on 2026-01-10 change to "Small"')
    used = Draft(scenario).using(0, "data", 6_000_000_000).scenario
    words = [words for _, words, _, _ in said(told(used), Kind.CYCLE)]
    assert words[:2] == ["cycle 1 begins, uses 6 GB", 'cycle 2 begins on "Small"']


def test_lots_that_end_are_told_where_that_is_wanted() -> None:
    assert not said(told(history()), Kind.ENDS)
    ends = said(told(history(), with_ends=True), Kind.ENDS)
    assert ("02-01", "10 GB of data go: was above the cap", State.PLAIN, "") in ends


# ---- what is done, and how it went


def test_a_step_past_a_limit_says_so_with_the_rule() -> None:
    found = told(history('on 2026-02-03 buy "Travel"', 'on 2026-02-04 buy "Travel"', 'on 2026-03-04 buy "Travel"'))
    assert said(found) == [
        ("02-03", 'buy "Travel"', State.PLAIN, ""),
        ("02-04", 'buy "Travel"', State.REFUSED, "refused: past a limit (line 15: at most 1 time a cycle)"),
        ("03-04", 'buy "Travel"', State.PLAIN, ""),
    ]
    refused = next(one for one in found.entries if one.state is State.REFUSED)
    assert refused.rule.line == 15


def test_of_two_steps_at_one_instant_the_later_one_is_refused() -> None:
    found = told(history('on 2026-02-03 buy "Travel"', 'on 2026-02-03 buy "Travel"'))
    assert [state for _, _, state, _ in said(found)] == [State.PLAIN, State.REFUSED]


def test_what_no_rule_allows_is_refused_without_one() -> None:
    found = said(told(history("on 2026-02-03 borrow 1 GB")))
    assert found == [("02-03", "borrow 1 GB", State.REFUSED, "refused: no rule allows it")]


def test_a_step_that_keeps_the_history_from_being_run_is_the_one_that_says_why() -> None:
    scenario = history("on 2026-01-05 top up 1 GB", 'on 2026-02-03 give 1 GB to "Kid"', "on 2026-02-05 renew")
    found = told(scenario)
    wrong = [one for one in found.entries if one.state is State.REFUSED]
    assert [(one.words, one.why) for one in wrong] == [
        ('give 1 GB to "Kid"', 'there is no other line "Kid": put `"Kid" starts on ...` or `joins` before it')
    ]
    assert found.problem == ""


def test_so_is_one_at_the_start_of_a_cycle() -> None:
    text = PLAN.replace("use 6 GB -> left 14 GB, carried 9 GB", 'give 1 GB to "Kid"\n    use 6 GB')
    scenario = checked(text).scenarios[0]
    found = told(scenario, text)
    assert [one.place for one in found.entries if one.state is State.REFUSED] == [Place(cycle=0, act=0)]


def test_what_another_line_does_says_who() -> None:
    found = said(told(history('on 2026-01-05 "Kid" joins', 'on 2026-01-06 "Kid" use 1 GB')))
    assert [words for _, words, _, _ in found] == ['"Kid" joins', '"Kid" use 1 GB']


def test_very_many_uses_are_told_by_the_day() -> None:
    uses = tuple(Dated(datetime(2026, 1, 1 + hour // 24, hour % 24), Use("data", 10**6), NOWHERE) for hour in range(72))
    found = told(Scenario("", "Flex", datetime(2026, 1, 1), (), uses, NOWHERE))
    assert [words for _, words, _, _ in said(found, Kind.USES)] == ["uses 24 MB"] * 3
    assert not said(found)


# ---- what is expected


def test_expectations_are_met_or_say_what_came_instead() -> None:
    found = told(checked().scenarios[0])
    assert said(found, Kind.EXPECTED) == [
        ("01-31", "expected: left 14 GB", State.MET, ""),
        ("01-31", "expected: carried 9 GB", State.MISSED, "came to 10 GB"),
        ("02-03", "expected: left 33 GB", State.MET, ""),
    ]


def test_an_expectation_of_another_cause_says_which_it_was() -> None:
    found = told(history("on 2026-01-05 -> left 20 GB because carry, ends 2026-02-01 data because top up"))
    assert [(words, state, why) for _, words, state, why in said(found, Kind.EXPECTED)] == [
        ("expected: left 20 GB because carry", State.MISSED, "came to 20 GB because grant"),
        ("expected: ends 2026-02-01 data because top up", State.MISSED, "came to 2026-02-01 because grant"),
    ]


def test_an_expectation_can_be_taken_out() -> None:
    scenario = checked().scenarios[0]
    missed = next(one for one in told(scenario).entries if one.state is State.MISSED)
    assert missed.place
    left = steps.without(scenario, missed.place)
    assert [one.words for one in told(left).entries if one.kind is Kind.EXPECTED] == [
        "expected: left 14 GB", "expected: left 33 GB"
    ]  # fmt: skip


# ---- steps as the language writes them


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('buy "Travel"', 'on 2026-03-17 buy "Travel"'),
        ('ON 2026-03-20 18:30 buy "Travel" -> left 3 GB', 'on 2026-03-20 18:30 buy "Travel" -> left 3 GB'),
        ("top  up 5 GB", "on 2026-03-17 top up 5 GB"),
        ('"Kid" joins', 'on 2026-03-17 "Kid" joins'),
        ("opt in", "on 2026-03-17 opt in"),
    ],
)
def test_a_step_is_read_and_written_as_the_language_does(text: str, written: str) -> None:
    (found,) = steps.read(checked(), text, datetime(2026, 3, 17))
    assert steps.as_text(found, 1000) == written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "write what happens"),
        ('byu "Travel"', "did you mean `buy`?"),
        ('buy "Travle"', "did you mean `Travel`?"),
        ("on 2026-02-31 renew", "`2026-02-31` is not a date"),
        ("on 2201-01-01 renew", "`2201-01-01` is not a date"),
        ('plan "X"', "can"),
        ("\x1b[31m", "can't stand here"),
    ],
)
def test_what_is_no_step_says_what_to_write(text: str, told: str) -> None:
    with pytest.raises(StepError, match=re.escape(told)):
        steps.read(checked(), text, datetime(2026, 3, 17))


@given(st.text(max_size=60))
def test_any_text_is_a_step_or_a_sentence(text: str) -> None:
    with suppress(StepError):
        assert all(isinstance(one, Dated) for one in steps.read(checked(), text, datetime(2026, 3, 17)))


@pytest.mark.parametrize("plan", [0, 1])
def test_all_that_is_offered_can_be_read(plan: int) -> None:
    of = checked()
    scenario = history('on 2026-01-05 "Kid" joins', 'on 2026-02-03 buy "Travel"')
    found = offers(of, of.plans[plan], scenario)
    assert found
    for offer in found:
        assert steps.read(of, offer.text, datetime(2026, 3, 17)), offer


def test_what_the_rules_speak_of_is_offered_first() -> None:
    of = checked()
    texts = [(one.text, one.is_of_plan) for one in offers(of, of.plans[0], history())]
    assert texts[:3] == [('buy "Travel"', True), ("convert 1 GB to minutes", True), ('"Kid" joins', True)]
    assert ("borrow 1 GB", True) not in texts
    assert [own for _, own in texts] == sorted((own for _, own in texts), reverse=True)


# ---- changes


def test_a_step_moves_along_the_time_and_is_found_where_it_went() -> None:
    scenario = history("on 2026-01-05 top up 1 GB", 'on 2026-02-03 buy "Travel"')
    calendar = told(scenario).calendar
    moved, place = steps.moved(scenario, Place(dated=1), datetime(2026, 1, 2), calendar)
    assert place == Place(dated=0)
    assert [type(one.act) for one in moved.dated] == [Buy, TopUp]
    back, _ = steps.moved(moved, place, datetime(2020, 1, 1), calendar)
    assert back.dated[0].at == datetime(2026, 1, 1)  # not before the start


def test_a_step_of_a_cycle_that_is_moved_has_a_date_from_then_on() -> None:
    text = PLAN.replace("use 6 GB ->", 'buy "Travel"\n    use 6 GB ->')
    scenario = checked(text).scenarios[0]
    moved, place = steps.moved(scenario, Place(cycle=0, act=0), datetime(2026, 1, 3), told(scenario, text).calendar)
    assert (place, moved.dated[0].at, moved.dated[0].act) == (Place(dated=0), datetime(2026, 1, 3), Buy("Travel"))
    assert all(isinstance(act, Use) for act in moved.cycles[0].acts)


@pytest.mark.parametrize(
    ("at", "cycles", "to"),
    [("2026-01-17", 1, "2026-02-17"), ("2026-01-31", 1, "2026-02-28"), ("2026-02-03", -1, "2026-01-03"),
     ("2026-01-03", -1, "2026-01-03"), ("2026-01-31", 2, "2026-03-31")],
)  # fmt: skip
def test_a_cycle_later_is_the_same_day_or_the_last_there_is(at: str, cycles: int, to: str) -> None:
    calendar = told(history()).calendar
    assert steps.cycle_later(datetime.fromisoformat(at), calendar, cycles) == datetime.fromisoformat(to)


@given(st.data())
def test_whatever_is_taken_out_and_put_back_is_as_it_was(data: st.DataObject) -> None:
    scenario = history("on 2026-01-05 top up 1 GB", 'on 2026-02-03 buy "Travel"', "on 2026-02-05 renew")
    place = data.draw(st.sampled_from([place for place, _, _ in steps.acts(scenario)]))
    step = scenario.dated[place.dated]
    assert steps.put(steps.without(scenario, place), step) == (scenario, place)


# ---- usage by a preset


def test_a_preset_keeps_the_events_and_says_where_the_usage_is_from() -> None:
    of = checked()
    draft = Draft(history('on 2026-02-03 buy "Travel"'))
    made = preset(draft, of.plans[0], Preset.LIGHT, 7)
    assert made.scenario.dated == draft.scenario.dated
    assert made.usage[0]["data"] == 4_000_000_000
    assert made.source == "light"
    assert preset(draft, of.plans[0], Preset.RANDOM, 7).source == "random, seed 7"
    assert preset(draft, of.plans[0], Preset.RANDOM, 7) == preset(draft, of.plans[0], Preset.RANDOM, 7)
    assert preset(draft, of.plans[0], Preset.RANDOM, 7) != preset(draft, of.plans[0], Preset.RANDOM, 8)


# ---- the line on which it is drawn


@given(st.integers(1, 40), st.integers(1, 200), st.integers(0, 40 * 31))
def test_every_day_of_the_axis_has_a_column_and_every_column_a_day(cycles: int, columns: int, day: int) -> None:
    calendar = told(history()).calendar
    boundaries = [calendar.boundary(number) for number in range(cycles + 1)]
    moment = min(boundaries[-1], boundaries[0] + day * 86_400)
    shown = axis(calendar, boundaries, moment, columns)
    assert shown.start <= moment <= shown.end or moment == boundaries[-1]
    days = [shown.day(column) for column in range(shown.columns)]
    assert days == sorted(days)
    for column, one in enumerate(days):
        assert shown.column(calendar.midnight(one)) <= column <= shown.column(calendar.midnight(one + timedelta(days=1)))
