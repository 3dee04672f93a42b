"""The largest balance that a plan comes to by itself: reached without use, and by no history above it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st
from reading import plan_of
from shipped import PLANS, checked_plan
from strategies import examples, texts

from dsl.assist.hints import Hint
from dsl.check import check
from dsl.examples import DEFAULT_START
from dsl.source import Source
from dsl.units import show
from engine.history import HistoryError
from engine.largest import Largest, largest
from engine.run import run
from tui.largest import largest_hints
from tui.session import usage_scenario

START = datetime(2026, 1, 1)
RATE = "rate 1 GB = 30 minutes\n"


def told(rules: str, top: str = "") -> dict[str, str]:
    """What is said of each service of a plan of such rules."""
    plan = plan_of(f'{top}plan "A" prepaid\n{rules}')
    return {
        one.service: f"{show(one.service, one.amount)} in cycle {one.cycle} of {one.cycles}" + " and more" * one.grows
        for one in largest(plan, START)
    }


def test_what_carries_once_comes_to_its_cap_and_the_allowance() -> None:
    assert told("grant 20 GB\ncarry 1 month, cap 10 GB") == {"data": "30 GB in cycle 2 of 12"}


def test_long_lives_are_waited_for() -> None:
    assert told("grant 10 GB\ncarry 12 months") == {"data": "130 GB in cycle 13 of 48"}
    assert told("cycle: 30 days\ngrant 10 GB\ncarry 365 days") == {"data": "140 GB in cycle 14 of 48"}


def test_what_never_ends_grows() -> None:
    assert told("grant 10 GB\ncarry without end") == {"data": "240 GB in cycle 24 of 24 and more"}
    assert told("grant 10 GB\ncarry 1 month each time") == {"data": "240 GB in cycle 24 of 24 and more"}
    assert told("grant 10 GB\ncarry without end, cap 50 GB") == {"data": "60 GB in cycle 6 of 12"}


def test_what_is_converted_counts_where_it_comes() -> None:
    assert told("grant 10 GB, 100 minutes\nunused data: convert to minutes", RATE) == {
        "data": "10 GB in cycle 1 of 12", "voice": "400 min in cycle 2 of 12",
    }  # fmt: skip


def test_of_what_depends_on_more_than_time_nothing_is_said() -> None:
    assert told("grant 10 GB, 5 minutes\nunused data, if used at least 1 GB: carry 1 month") == {
        "voice": "5 min in cycle 1 of 12"
    }
    assert told("grant 10 GB\nwhen renewed early, unused data: carry 1 month") == {}
    assert told("grant 10 GB\nunused data: carry what is saved 1 month") == {}
    assert told("grant 10 GB\ncycle: 30 days from first use\ncarry 1 cycle") == {}
    assert told("grant 10 GB\nfrom 2026-05-01 unused data: carry 1 month") == {}
    assert told("grant 10 GB\nshare with 2 lines, each adds 1 GB") == {}
    assert told("grant unlimited data") == {}
    assert told("grant 10 GB\nwhen data runs out: sell 1 GB at 1 EUR for 60 days") == {}  # bought by using
    assert told("grant 10 GB\nwhen payment fails, unused data: expire\ncarry 1 month") == {"data": "20 GB in cycle 2 of 12"}


def test_promotions_are_left_out() -> None:
    text = 'plan "A" prepaid\ngrant 1 GB\npromotion "P" for "A"\nfrom 2026-01-01 until 2027-01-01\ngrant 9 GB for 60 days\n'
    assert [one.amount for one in largest(plan_of(text), START)] == [10**9]


def test_hints_stand_behind_the_allowances_that_grow() -> None:
    text = 'plan "A" prepaid\n  grant 20 GB data, 50 sms # much\n  unused data: carry 1 month\n'
    text += 'plan "B" like "A"\n  price 1 EUR a month\n'
    (found,) = largest_hints(check(Source("", text)), 1, 9)
    assert (found.line, found.column, found.text) == (2, 18, "at most 40 GB unused")
    assert found.details[0].startswith(
        "A line that starts on 2026-01-01 and never uses anything has 40 GB at the start of cycle 2,"
    )
    assert largest_hints(check(Source("", text)), 3, 9) == ()
    assert largest_hints(check(Source("", text + "cary\n")), 1, 9) == ()


def test_every_shipped_plan_has_an_answer() -> None:
    hints: list[Hint] = []
    for name in PLANS:
        hints += largest_hints(checked_plan(name), 1, 10_000)
    assert len(hints) > 20


@given(texts(), st.lists(st.integers(0, 150), min_size=9, max_size=9))
@examples(60)
def test_no_history_of_use_comes_to_more(text: str, percents: list[int]) -> None:
    for plan in check(Source("", text)).plans:
        alone = replace(plan, promotions=())
        try:
            found = largest(alone, DEFAULT_START)
            usage = [{one: plan.allowance(one) * percent // 100 for one in plan.services} for percent in percents]
            rows = run(alone, usage_scenario(plan, usage)).statement.cycles
        except HistoryError:
            continue
        for one in found:
            highest = max(row.services[one.service].available for row in rows)
            assert one.grows or highest <= one.amount, (one, highest)


def test_a_plan_has_one_answer_a_service() -> None:
    found = largest(plan_of('plan "A" prepaid\ngrant 1 GB, 1 minute\n'), START)
    assert found == (Largest("data", 10**9, 1, 12, False), Largest("voice", 60, 1, 12, False))
