"""Where the engine could go wrong and most runs would come out the same: ties, moved ends, packs among packs, limits."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from reading import GB, after, column, plan_of, sound, use

from dsl.check import check
from dsl.plan import Grant, Lasts, LotClass, MonthCycle, Period, ShortMonth
from dsl.scenario import Buy, Dated, TopUp
from dsl.source import NOWHERE, Source
from engine.balance import balance
from engine.calendar import Calendar
from engine.explain import movements
from engine.history import MAX_CYCLES, HistoryError
from engine.judge import broken, missed
from engine.ledger import Lot, Reason, Sink
from engine.run import Run, run

RATE = "rate 1 GB = 30 minutes\n"
MOVED = '\npromotion "P" for "A"\n  from 2026-02-10 until 2026-03-01\n  when it starts, {}\n'


def plan(*lines: str, grant: str = "grant 10 GB") -> str:
    return RATE + 'plan "A" prepaid\n' + "".join(f"  {line}\n" for line in (grant, *lines))


def carried(found: Run) -> list[Lot]:
    """The carried lots in which something is left."""
    return [lot for lot in found.lots if lot.lot_class is LotClass.CARRIED and lot.amount]


def used_lots(found: Run) -> list[Lot]:
    return [found.lots[int(posting.source)] for posting in found.postings if posting.reason is Reason.USED]


# ---- ties

TWO_LIVES = "grant 5 GB, 5 GB for 2 cycles"


def test_of_lots_of_one_birth_the_one_made_later_is_the_newer_to_a_cap() -> None:
    found = after(plan("carry 3 months, cap 8 GB", grant=TWO_LIVES), 0, 0)
    kept: Counter[int] = Counter()
    for lot in carried(found):
        kept[found.calendar.local(lot.end).month] += lot.amount
    assert kept == {5: 5 * GB, 6: 3 * GB}


def test_of_lots_of_one_end_a_cap_that_cuts_the_earliest_to_end_cuts_the_older() -> None:
    found = after(plan("carry 3 months, cap 8 GB, earliest to end goes first", grant=TWO_LIVES), 0, 0)
    kept: Counter[int] = Counter()
    for lot in carried(found):
        kept[found.calendar.local(lot.born).month] += lot.amount
    assert kept == {1: 3 * GB, 2: 5 * GB}


@pytest.mark.parametrize(("pick", "expired"), [("oldest", 5), ("newest", 0)])
def test_of_lots_of_one_birth_the_first_granted_is_the_oldest_to_use(pick: str, expired: int) -> None:
    found = after(plan(f"use {pick} allowance", grant="grant 5 GB for 2 cycles, 5 GB"), 5 * GB)
    assert column(found, "expired") == [expired * GB]


def test_a_lot_whose_end_is_moved_keeps_its_place_among_lots_of_its_birth() -> None:
    text = plan(grant="grant 5 GB for 2 cycles, 5 GB bonus for 3 cycles")
    text += 'promotion "P" for "A"\n  from 2026-01-10 until 2026-03-01\n  when it starts, allowance data: extend 1 cycle\n'
    found = after(text, 0, dated=(Dated(datetime(2026, 1, 12), use(5 * GB), NOWHERE),))
    assert {lot.lot_class for lot in used_lots(found)} == {LotClass.ALLOWANCE}


# ---- ends that are moved


def test_what_was_accumulated_stays_so_when_its_end_is_moved() -> None:
    found = after(plan("carry 1 month") + MOVED.format("carried data: extend 1 month"), 0, 0)
    assert balance(found, "data", found.calendar.instant(datetime(2026, 2, 11))).accumulated == 10 * GB


@pytest.mark.parametrize(("life", "moved"), [("1 month", "1 month"), ("2 months", "7 days")])
def test_what_is_carried_each_time_is_taken_up_again_after_its_end_was_moved(life: str, moved: str) -> None:
    text = plan("use allowance first", f"carry {life} each time") + MOVED.format(f"carried data: extend {moved}")
    found = after(text, 0, 0, 0, 0)
    assert column(found, "carried_out") == [10 * GB, 20 * GB, 30 * GB, 40 * GB]
    assert len({lot.end for lot in carried(found)}) == 1, "all of it was carried again at the last boundary"


def test_what_is_moved_counts_for_the_cap_of_the_line_that_carried_it() -> None:
    lines = ("use allowance first", "unused data: carry 1 month, cap 10 GB", "bonus data: carry 1 month, cap 2 GB")
    text = plan(*lines, grant="grant 10 GB, 2 GB bonus")
    found = after(text + MOVED.format("carried data: extend 1 month"), 0, 0)
    assert column(found, "carried_out") == [12 * GB, 12 * GB]
    kept: Counter[str] = Counter()
    for lot in carried(found):
        kept[lot.rule] += lot.amount
    assert kept == {"allowance data": 10 * GB, "bonus data": 2 * GB}


def test_what_a_line_moves_on_counts_for_its_cap() -> None:
    text = plan("use allowance first", "carry 1 month, extend 1 month, cap 12 GB")
    checked = check(Source("test.plan", text))
    assert [one.code for one in checked.diagnostics] == ["R294"], "a warning, as this goes on for ever"
    assert column(after(checked.plans[0], 0, 0), "carried_out") == [10 * GB, 12 * GB]


def test_a_lot_that_waits_for_its_first_use_has_no_end_to_move() -> None:
    text = plan("use add-on first") + 'pack "T"\n  grant 3 GB for 7 days from first use\n'
    steps = (Dated(datetime(2026, 1, 5), Buy("T"), NOWHERE), Dated(datetime(2026, 2, 20), use(1 * GB), NOWHERE))
    found = after(text + MOVED.format("add-on data: extend 1 month"), 0, 0, 0, dated=steps)
    ended = [one for one in found.postings if one.reason is Reason.ENDED and one.amount == 2 * GB]
    assert [found.calendar.local(one.at) for one in ended] == [datetime(2026, 2, 27)]


def test_of_rules_of_a_promotion_about_the_same_lots_only_the_first_that_holds_moves_them() -> None:
    text = plan("use allowance first", "carry 1 month") + MOVED.format("carried data, if used at least 1 GB: extend 1 month")
    text += "  when it starts, carried data: extend 2 months\n"
    found = after(text, 0, 0, dated=(Dated(datetime(2026, 2, 3), use(2 * GB), NOWHERE),))
    (moved,) = [one for one in found.postings if one.reason is Reason.EXTENDED]
    assert found.calendar.local(found.lots[int(moved.target)].end) == datetime(2026, 4, 1)


# ---- packs, and what is topped up


def test_a_pack_that_carries_inside_a_cycle_leaves_other_packs_alone() -> None:
    text = plan() + 'pack "P"\n  grant 1 GB for 10 days\n  unused data: carry 5 days\n'
    text += 'pack "Q"\n  grant 2 GB\n  carry 40 days each time\n'
    found = after(text, (Buy("Q"),), (Buy("P"),))
    ends = [found.calendar.local(lot.end) for lot in found.lots if lot.pack == "Q" and lot.lot_class is LotClass.CARRIED]
    assert ends == [datetime(2026, 3, 13), datetime(2026, 4, 10)]


def test_carried_data_that_no_line_carried_counts_for_the_line_of_the_allowance() -> None:
    text = plan("unused data: carry 1 month, cap 5 GB", "bonus data: carry 2 months")
    top_up = TopUp(Grant("data", 5 * GB, LotClass.CARRIED, Lasts(3, Period.MONTH), False, False, NOWHERE))
    assert column(after(text, (top_up,)), "carried_out") == [5 * GB]


def test_the_name_of_a_pack_in_an_order_means_what_was_carried_from_it_too() -> None:
    text = plan('use "B" first', "carry 1 month") + 'pack "B"\n  grant 4 GB\n  carry 1 month\n'
    found = after(text, (Buy("B"),), 4 * GB)
    assert {(lot.pack, lot.lot_class) for lot in used_lots(found)} == {("B", LotClass.CARRIED)}


def test_a_pack_may_grant_some_each_month_and_some_once() -> None:
    text = plan() + 'pack "B"\n  every month grant 1 GB\n  grant 2 GB bonus data for 90 days\n'
    found = after(text, (Buy("B"),), 0, 0)
    assert column(found, "granted") == [10 * GB, 11 * GB, 11 * GB]
    assert column(found, "received") == [3 * GB, 0, 0]


def test_a_movement_names_the_pack_and_the_day_it_was_bought() -> None:
    found = after(plan() + 'pack "B"\n  grant 4 GB\n', (Buy("B"),))
    assert 'operator -> add-on "B" of 2026-01-01' in [one.what for one in movements(found, 1, "data")]


# ---- conversions, claims, what is assumed


@pytest.mark.parametrize(
    ("rule", "grant", "left", "why"),
    [
        ("unused data: convert to minutes, cap 60 minutes", "grant 10 GB, 50 minutes", 8 * GB, Reason.ABOVE_CEILING),
        ("unused data: convert to minutes", "grant 10.01 GB, 50 minutes", GB // 100, Reason.NOT_CONVERTED),
    ],
    ids=["above its cap", "less than a minute"],
)
def test_what_a_conversion_left_over_is_told_to_be_just_that(rule: str, grant: str, left: int, why: Reason) -> None:
    found = after(plan(rule, grant=grant), 0)
    expired = [one for one in found.postings if one.service == "data" and one.target is Sink.EXPIRED]
    assert [(one.amount, one.reason) for one in expired] == [(left, why)]


def test_what_is_converted_is_expected_of_both_services() -> None:
    text = plan("unused data: convert to minutes, cap 60 minutes", grant="grant 10 GB, 50 minutes")
    text += '  example "e"\n    use 0 GB -> converted 2 GB, converted 60 minutes\n'
    (scenario,) = sound(text).scenarios
    assert missed(run(plan_of(text), scenario)) == []


def test_a_claim_does_not_count_lots_of_promotions_even_after_another_moved_them() -> None:
    text = plan("ensure data never above 12 GB")
    text += 'promotion "P" for "A"\n  from 2026-01-10 until 2026-03-01\n  grant 5 GB for 2 months\n'
    text += 'promotion "Q" for "A"\n  from 2026-01-12 until 2026-03-01\n  when it starts, bonus data: extend 1 month\n'
    assert broken(after(text, 0)) == []


@pytest.mark.parametrize(("used", "told"), [(1, False), (11, True)])
def test_what_happens_when_data_runs_out_is_told_as_assumed_only_where_it_did(used: int, told: bool) -> None:
    topics = {one.topic for one in after(plan(), used * GB).statement.assumptions}
    assert ("runs out data" in topics) is told


# ---- days that do not exist, and too many of them


def test_a_day_that_a_zone_skipped_is_no_day_of_its_cycle() -> None:
    calendar = Calendar(MonthCycle(1, 1, ShortMonth.CLAMP, False), "Pacific/Apia", datetime(2011, 12, 1))
    days = calendar.days(1)
    assert len(days) == 30
    assert days == sorted(set(days))


def test_a_plan_that_starts_on_a_day_that_a_zone_skipped_starts_on_the_next() -> None:
    calendar = Calendar(MonthCycle(1, 0, ShortMonth.CLAMP, False), "Pacific/Apia", datetime(2011, 12, 30, 12))
    assert calendar.local(calendar.boundary(0)) == datetime(2011, 12, 31)
    assert calendar.local(calendar.boundary(1)) == datetime(2012, 1, 31)


def test_a_history_of_more_cycles_than_are_run_is_refused() -> None:
    daily = plan_of(plan("cycle: day"))
    end = datetime(2026, 1, 1) + timedelta(days=MAX_CYCLES)
    last = after(daily, dated=(Dated(end - timedelta(seconds=1), use(1), NOWHERE),))
    assert len(last.statement.cycles) == MAX_CYCLES
    with pytest.raises(HistoryError, match="1200 cycles"):
        after(daily, dated=(Dated(end, use(1), NOWHERE),))
