"""What each clause does to lots, in numbers: lives, caps and whom they cut, order of use, conditions, conversions, ends.

Every plan here grants 10 GB a month unless it says otherwise; usage is what is used in each month.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from reading import GB, MB, MINUTE, after, column, use

from dsl.plan import Grant, Lasts, LotClass, Period
from dsl.scenario import Dated, TopUp
from dsl.source import NOWHERE
from engine.ledger import Reason
from engine.run import Run

RATE = "rate 1 GB = 30 minutes\n"


def plan(*lines: str, grant: str = "grant 10 GB") -> str:
    return RATE + 'plan "A" prepaid\n' + "".join(f"  {line}\n" for line in (grant, *lines))


def carried_ends(found: Run, number: int) -> list[str]:
    """When the lots end that the close of a cycle carried."""
    carried = [one for one in found.postings if one.reason is Reason.CARRIED and one.cycle == number]
    return [f"{found.calendar.local(found.lots[int(one.target)].end):%Y-%m-%d}" for one in carried]


# ---- how long it carries ----

LIVES = {
    "carry 1 month": ["2026-03-01"],
    "carry 3 months": ["2026-05-01"],
    "carry 3 months from rolling": ["2026-05-01"],
    "carry 3 months from grant": ["2026-04-01"],
    "carry 20 days": ["2026-02-21"],
    "carry 20 days from grant": [],  # ended before it could roll
    "carry 3 calendar months": ["2026-05-01"],
    "carry 1 year": ["2027-02-01"],
}


@pytest.mark.parametrize(("clause", "ends"), LIVES.items(), ids=LIVES.keys())
def test_how_long_it_carries(clause: str, ends: list[str]) -> None:
    assert carried_ends(after(plan(clause), 4 * GB), 1) == ends


def test_carried_for_days_ends_inside_a_cycle() -> None:
    found = after(plan("carry 20 days"), 0, 0)
    assert [found.calendar.local(one.at) for one in found.postings if one.reason is Reason.CARRIED_ONCE] == [
        datetime(2026, 2, 21)
    ]


def test_each_time_takes_up_again_what_has_not_ended_yet() -> None:
    found = after(plan("use allowance first", "carry 2 months each time"), 0, 0)
    assert carried_ends(found, 2) == ["2026-05-01", "2026-05-01"], "the lot of January, too, which would have ended in April"
    once = after(plan("use allowance first", "carry 2 months"), 0, 0)
    assert carried_ends(once, 2) == ["2026-05-01"]


# ---- caps ----

CAPS = {
    "cap 15 GB": [10, 15, 15],
    "cap 15 GB with allowance": [5, 5, 5],
    "cap 4 GB a cycle": [4, 8, 12],
    "cap 4 GB a cycle, cap 10 GB": [4, 8, 10],
    "cap 1.5x plan": [10, 15, 15],
    "cap 50% of plan": [5, 5, 5],
}


@pytest.mark.parametrize(("cap", "carried"), CAPS.items(), ids=CAPS.keys())
def test_what_a_cap_counts(cap: str, carried: list[int]) -> None:
    found = after(plan("use allowance first", f"carry 6 months, {cap}"), 0, 0, 0)
    assert column(found, "carried_out") == [amount * GB for amount in carried]


# At the end of March, 3 GB of each month that rolled a month later, and 5 GB of January that roll only now: 14 GB, cap 8 GB.
CUTS = {
    "newest goes first": {1: 3 + 5},
    "oldest goes first": {1: 2, 2: 3, 3: 3},
    "earliest to end goes first": {1: 5, 3: 3},
}


@pytest.mark.parametrize(("cut", "kept"), CUTS.items(), ids=CUTS.keys())
def test_whom_a_cap_cuts(cut: str, kept: dict[int, int]) -> None:
    found = after(plan(f"carry 6 months, cap 8 GB, {cut}", grant="grant 5 GB for 3 cycles, 3 GB"), 0, 0, 0)
    assert column(found, "expired") == [0, 0, 6 * GB]
    assert carried_by_birth(found) == {month: amount * GB for month, amount in kept.items()}


def carried_by_birth(found: Run) -> dict[int, int]:
    """What is carried at the end of the run, by the month it was granted in."""
    kept: dict[int, int] = {}
    for lot in found.lots:
        if lot.lot_class is LotClass.CARRIED and lot.amount:
            month = found.calendar.local(lot.born).month
            kept[month] = kept.get(month, 0) + lot.amount
    return kept


def test_what_a_cap_cuts_is_in_hand_of_the_next_clause() -> None:
    found = after(plan("carry 1 month, cap 4 GB, convert to minutes, cap 60 minutes"), 1 * GB)
    assert column(found, "carried_out") == [4 * GB]
    assert column(found, "converted_in", "voice") == [60 * MINUTE]
    assert column(found, "expired") == [3 * GB]


# ---- conversions ----

CONVERSIONS = {
    # clause, unused: minutes made, bytes taken
    ("convert to minutes", 3_990 * MB): (119, 3_966_666_667),
    ("convert to minutes in steps of 1 GB", 3_990 * MB): (90, 3 * GB),
    ("convert to minutes in steps of 10 minutes", 3_990 * MB): (110, 3_666_666_667),
    ("convert to minutes, cap 60 minutes", 3_990 * MB): (60, 2 * GB),
    ("convert to minutes", 10 * MB): (0, 0),
}


@pytest.mark.parametrize(("clause", "unused"), CONVERSIONS, ids=str)
def test_conversions(clause: str, unused: int) -> None:
    found = after(plan(f"unused data: {clause}", grant="grant 10 GB, 50 minutes"), 10 * GB - unused)
    minutes, taken = CONVERSIONS[clause, unused]
    assert column(found, "converted_in", "voice") == [minutes * MINUTE]
    assert column(found, "converted_out") == [taken]
    assert column(found, "expired") == [unused - taken]


def test_what_is_converted_ends_with_the_next_cycle_unless_it_is_said() -> None:
    short, long = (
        after(plan("convert to minutes"), 0, 10 * GB, 0),
        after(plan("convert to minutes for 2 cycles"), 0, 10 * GB, 0),
    )
    assert column(short, "expired", "voice") == [0, 300 * MINUTE, 0]
    assert column(long, "expired", "voice") == [0, 0, 300 * MINUTE]


# ---- conditions and expire ----


def test_a_condition_is_about_the_use_of_the_closing_cycle() -> None:
    found = after(plan("unused data if used at least 4 GB: carry 1 month"), 4 * GB, 3_999 * MB, 4 * GB)
    assert [amount > 0 for amount in column(found, "carried_out")] == [True, False, True]


def test_use_that_no_lot_covered_counts_for_a_condition() -> None:
    found = after(plan("unused minutes if used at least 12 GB: carry 1 month", grant="grant 10 GB, 50 minutes"), 12 * GB)
    assert column(found, "carried_out", "voice") == [50 * MINUTE]


def test_expire_ends_what_is_left_at_its_place() -> None:
    found = after(plan("carry 1 month, cap 4 GB, expire"), 0)
    assert [one.reason for one in found.postings if one.amount == 6 * GB] == [Reason.TOLD]


# ---- order of use ----


def classes_used(found: Run) -> list[str]:
    seen = [str(found.lots[int(one.source)].lot_class) for one in found.postings if one.reason is Reason.USED]
    return list(dict.fromkeys(seen))


def births_used(found: Run) -> list[int]:
    used = [found.lots[int(one.source)] for one in found.postings if one.reason is Reason.USED]
    return list(dict.fromkeys(found.calendar.local(lot.born).month for lot in used))


ORDERS = {
    "use carried, then allowance": ["carried", "allowance", "bonus"],
    "use allowance, then carried": ["allowance", "carried", "bonus"],
    "use bonus, then allowance, then carried": ["bonus", "allowance", "carried"],
    "use bonus first": ["bonus", "carried", "allowance"],
}


@pytest.mark.parametrize(("order", "used"), ORDERS.items(), ids=ORDERS.keys())
def test_classes_are_used_in_the_order_said(order: str, used: list[str]) -> None:
    bonus = Grant("data", 1 * GB, LotClass.BONUS, Lasts(6, Period.MONTH), False, False, NOWHERE)
    found = after(plan(order, "unused data: carry 1 month"), 0, (TopUp(bonus), use(21 * GB)))
    assert classes_used(found) == used


PICKS = {"soonest to end": [1, 2], "oldest": [1, 2], "newest": [2, 1]}


@pytest.mark.parametrize(("pick", "born"), PICKS.items(), ids=PICKS.keys())
def test_within_a_class_the_pick_decides(pick: str, born: list[int]) -> None:
    found = after(plan(f"use {pick} carried", "carry 3 months"), 0, 0, 20 * GB)
    assert births_used(found)[:2] == born


def test_the_oldest_may_end_later_than_the_soonest_to_end() -> None:
    """What was granted first is made to live longest, from its rolling."""
    grants = "grant 5 GB for 3 cycles, 5 GB"
    first = after(plan("use oldest allowance", grant=grants), 0, 12 * GB)
    soonest = after(plan("use soonest to end allowance", grant=grants), 0, 12 * GB)
    assert births_used(first) == [1, 2]
    assert births_used(soonest) == [2, 1]


# ---- grants ----


def test_a_partial_first_grant_is_rounded_down() -> None:
    found = after(plan("cycle: calendar month, first one by day"), 0, start=datetime(2026, 4, 11))
    assert column(found, "granted") == [6_666_666_666]


def test_a_promotion_grants_a_bonus_unless_it_says_another_class() -> None:
    text = plan() + 'promotion "P" for "A"\n  from 2026-01-01 until 2026-02-01\n  grant 1 GB\n'
    found = after(text, 0)
    assert [lot.lot_class for lot in found.lots][:2] == [LotClass.ALLOWANCE, LotClass.BONUS]


def test_lines_of_a_promotion_leave_alone_what_they_do_not_claim() -> None:
    promotion = """
promotion "P" for "A"
  from 2026-02-10 until 2026-03-01
  when it starts, carried data: convert to minutes, cap 30 minutes
"""
    found = after(plan("use allowance first", "carry 1 month") + promotion, 0, 0)
    assert column(found, "converted_in", "voice") == [0, 30 * MINUTE]
    assert column(found, "expired") == [0, 9 * GB], "at its own end, not when the promotion started"
    assert {found.calendar.local(one.at).month for one in found.postings if one.reason is Reason.CARRIED_ONCE} == {3}


def test_a_record_at_the_start_is_in_the_first_cycle() -> None:
    found = after(plan(), 0, dated=(Dated(datetime(2026, 1, 1), use(1 * GB), NOWHERE),))
    assert column(found, "used") == [1 * GB]
