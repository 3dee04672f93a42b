"""What a run is made of: postings with a reason and the rule that made them, balances at any instant, charges, claims."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from reading import GB, MB, MINUTE, after, column, plan_of, sound, use

from dsl.plan import Grant, Lasts, LotClass, Period
from dsl.scenario import Buy, CycleSteps, Dated, Expectation, Figure, Scenario, TopUp
from dsl.source import NOWHERE
from engine.balance import Balance, balance
from engine.explain import THERE, movements
from engine.history import HistoryError
from engine.judge import broken, missed
from engine.ledger import Reason, Sink
from engine.run import Run, run

CARRYING = """\
plan "A" prepaid
  grant 10 GB
  use carried data first
  unused data: carry 1 month, cap 6 GB
  when data runs out: slow to 64 kbps
"""


def at(found: Run, local: datetime) -> int:
    return found.calendar.instant(local)


# ---- used, remaining, accumulated ----


def test_a_balance_at_any_instant() -> None:
    dated = (Dated(datetime(2026, 1, 10, 12), use(3 * GB), NOWHERE), Dated(datetime(2026, 2, 10), use(8 * GB), NOWHERE))
    found = after(CARRYING, 0, 0, dated=dated)
    expected = {
        datetime(2025, 12, 31, 23, 59, 59): Balance(0, 0, 0),
        datetime(2026, 1, 1): Balance(0, 10 * GB, 0),
        datetime(2026, 1, 10, 11, 59, 59): Balance(0, 10 * GB, 0),
        datetime(2026, 1, 10, 12): Balance(3 * GB, 7 * GB, 0),
        datetime(2026, 1, 31, 23, 59, 59): Balance(3 * GB, 7 * GB, 0),
        datetime(2026, 2, 1): Balance(0, 16 * GB, 6 * GB),
        datetime(2026, 2, 10): Balance(8 * GB, 8 * GB, 0),
        datetime(2026, 2, 28, 23, 59, 59): Balance(8 * GB, 8 * GB, 0),
    }
    assert {local: balance(found, "data", at(found, local)) for local in expected} == expected


def test_a_balance_of_a_service_nobody_has_is_zero() -> None:
    found = after(CARRYING, 0)
    assert balance(found, "sms", at(found, datetime(2026, 1, 5))) == Balance(0, 0, 0)


def test_converted_minutes_are_accumulated_too() -> None:
    found = after(
        'rate 1 GB = 30 minutes\nplan "A" prepaid\n  grant 10 GB, 100 minutes\n  unused data: convert to minutes\n', 0, 0
    )
    assert balance(found, "voice", at(found, datetime(2026, 2, 1))) == Balance(0, 400 * MINUTE, 300 * MINUTE)


def test_use_beyond_the_balance_is_overage_and_not_used() -> None:
    found = after(CARRYING, 0, dated=(Dated(datetime(2026, 1, 10), use(12 * GB), NOWHERE),))
    assert balance(found, "data", at(found, datetime(2026, 1, 11))) == Balance(10 * GB, 0, 0)
    assert (column(found, "used"), column(found, "overage")) == ([10 * GB], [2 * GB])


# ---- postings ----

EVERYTHING = """\
rate 1 GB = 30 minutes
plan "A" postpaid
  grant 10 GB, 50 minutes
  use carried data first
  unused data if used at least 9 GB: carry 1 month
  unused data: carry 1 month, cap 4 GB, convert the rest to minutes, cap 45 minutes, expire
  when data runs out: sell 1 GB at 5 EUR up to 2 GB, then slow to 64 kbps
pack "Travel 7"
  grant 3 GB data for 7 days from first use
promotion "Week" for "A"
  from 2026-02-01 until 2026-02-08
  grant 1 GB bonus data for 3 days
  when it starts, carried data: extend 1 month
"""
RULE = {
    Reason.GRANTED: {"grant 10 GB", "50 minutes"},
    Reason.BOUGHT: {"grant 3 GB data for 7 days from first use"},
    Reason.PROMOTED: {"grant 1 GB bonus data for 3 days"},
    Reason.SOLD: {"sell 1 GB at 5 EUR up to 2 GB"},
    Reason.CHARGED: {"sell 1 GB at 5 EUR up to 2 GB"},
    Reason.UNCOVERED: {"slow to 64 kbps", ""},
    Reason.CARRIED: {"carry 1 month"},
    Reason.CONVERTED: {"convert the rest to minutes"},
    Reason.TOLD: {"expire"},
    Reason.EXTENDED: {"extend 1 month"},
    Reason.ENDED: {
        "50 minutes", "grant 1 GB bonus data for 3 days", "convert the rest to minutes", "unused data if used at least 9 GB",
    },
}  # fmt: skip


def everything() -> Run:
    plan = plan_of(EVERYTHING)
    return after(plan, (use(2 * GB),), (Buy("Travel 7"), use(9 * GB)), (use(25 * GB), use(99 * MINUTE, "voice")), 0, 0)


def test_every_posting_quotes_the_rule_that_made_it() -> None:
    found = everything()
    lines = EVERYTHING.split("\n")
    seen = set()
    for posting in found.postings:
        span = posting.span
        quoted = lines[span.line - 1][span.start : span.end] if span != NOWHERE else ""
        seen.add(posting.reason)
        if posting.reason in RULE:
            assert quoted in RULE[posting.reason], posting.reason
        assert quoted or posting.reason is Reason.UNCOVERED, "only use that no rule speaks of has no rule"
    assert seen >= set(RULE)


def test_balances_are_sums_of_postings() -> None:
    found = everything()
    held = dict.fromkeys(range(len(found.lots)), 0)
    for posting in found.postings:
        assert posting.amount > 0
        for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
            if not isinstance(place, Sink):
                held[place] += amount
                assert held[place] >= 0, "no lot is ever below zero"
    of_these_cycles = [lot for lot in found.lots if lot.cycle <= len(found.statement.cycles)]
    assert [held[lot.number] for lot in of_these_cycles] == [lot.amount for lot in of_these_cycles]


def test_movements_explain_a_cycle() -> None:
    found = after(CARRYING, 2 * GB)
    assert [(one.amount, one.reason, one.what) for one in movements(found, 1, "data")] == [
        (10 * GB, Reason.GRANTED, "operator -> allowance of 2026-01-01"),
        (2 * GB, Reason.USED, "allowance of 2026-01-01 -> used"),
        (6 * GB, Reason.CARRIED, "allowance of 2026-01-01 -> carried of 2026-01-01"),
        (2 * GB, Reason.ABOVE_CAP, "allowance of 2026-01-01 -> expired"),
    ]


# ---- when it runs out ----

RUNS_OUT = 'plan "A" prepaid\n  grant 1 GB\n  when data runs out: {}\n'
TABLE = {
    # rule, and use beyond the allowance: overage, used, charged, what is slowed, what is blocked
    ("block", 700 * MB): (700 * MB, 1 * GB, {}, 0, 700 * MB),
    ("slow to 64 kbps", 700 * MB): (700 * MB, 1 * GB, {}, 700 * MB, 0),
    ("sell 500 MB at 2.50 EUR", 700 * MB): (700 * MB, 1700 * MB, {"EUR": 500}, 0, 0),
    ("sell 500 MB at 2.50 EUR", 500 * MB): (500 * MB, 1500 * MB, {"EUR": 250}, 0, 0),
    ("sell 500 MB at 2.50 EUR", 0): (0, 1 * GB, {}, 0, 0),
    ("sell 500 MB at 2.50 EUR up to 1 GB", 1200 * MB): (1200 * MB, 2 * GB, {"EUR": 500}, 0, 200 * MB),
    ("sell 500 MB at 2.50 EUR up to 1 GB, then slow to 64 kbps", 1200 * MB): (1200 * MB, 2 * GB, {"EUR": 500}, 200 * MB, 0),
    ("sell 500 MB at 2.50 EUR up to 7 EUR, then block", 1200 * MB): (1200 * MB, 2 * GB, {"EUR": 500}, 0, 200 * MB),
    ("sell 1 GB at 5 EUR up to 1 GB, then sell 100 MB at 1 EUR", 1150 * MB): (1150 * MB, 2150 * MB, {"EUR": 700}, 0, 0),
}


@pytest.mark.parametrize(("rule", "beyond"), TABLE, ids=str)
def test_what_is_done_with_use_no_lot_covers(rule: str, beyond: int) -> None:
    found = after(RUNS_OUT.format(rule), 0, dated=(Dated(datetime(2026, 1, 10), use(1 * GB + beyond), NOWHERE),))
    sinks = {
        sink: sum(posting.amount for posting in found.postings if posting.target is sink)
        for sink in (Sink.SLOWED, Sink.BLOCKED)
    }  # fmt: skip
    (cycle,) = found.statement.cycles
    figures = cycle.services["data"]
    assert (figures.overage, figures.used, cycle.charged, sinks[Sink.SLOWED], sinks[Sink.BLOCKED]) == TABLE[rule, beyond]


def test_the_limit_of_what_is_sold_is_for_each_cycle_and_a_block_ends_with_it() -> None:
    found = after(RUNS_OUT.format("sell 500 MB at 2.50 EUR up to 500 MB"), *[1_100 * MB] * 3)
    assert [cycle.charged for cycle in found.statement.cycles] == [{"EUR": 250}] * 3
    assert column(found, "expired") == [400 * MB] * 3
    assert column(found, "overage") == [100 * MB] * 3


# ---- packs, top-ups, promotions ----


def test_a_pack_from_first_use_waits_and_then_lives_to_the_second() -> None:
    plan = 'plan "A" prepaid\n  grant 1 GB\n  use "Travel 7"\npack "Travel 7"\n  grant 3 GB for 7 days from first use\n'
    bought, first = datetime(2026, 1, 5), datetime(2026, 3, 10, 15, 30)
    acts = (Dated(bought, Buy("Travel 7"), NOWHERE), Dated(first, use(1 * GB), NOWHERE))
    found = after(plan, 0, 0, 0, dated=acts)
    (pack,) = [lot for lot in found.lots if lot.pack]
    assert found.calendar.local(pack.end) == first + timedelta(days=7)
    ended = found.calendar.instant(first + timedelta(days=7))
    assert balance(found, "data", ended - 1).remaining == 3 * GB
    assert balance(found, "data", ended).remaining == 1 * GB
    assert column(found, "received") == [3 * GB, 0, 0]


def test_a_pack_may_roll_by_its_own_lines() -> None:
    plan = 'plan "A" prepaid\n  grant 1 GB\npack "P"\n  every month grant 2 GB\n  unused data: carry 1 month, cap 1 GB\n'
    found = after(plan, (Buy("P"),), 0, 0)
    assert column(found, "carried_out") == [1 * GB] * 3
    assert column(found, "granted") == [1 * GB, 3 * GB, 3 * GB]
    assert column(found, "received") == [2 * GB, 0, 0]


def test_a_top_up_lives_as_it_says() -> None:
    grant = Grant("data", 2 * GB, LotClass.ADD_ON, Lasts(30, Period.DAY), False, False, NOWHERE)
    found = after(CARRYING, 0, 0, dated=(Dated(datetime(2026, 1, 20, 12), TopUp(grant), NOWHERE),))
    assert [found.calendar.local(posting.at) for posting in found.postings if posting.reason is Reason.ENDED] == [
        datetime(2026, 2, 19, 12)
    ]


def test_a_promotion_gives_once_and_moves_the_end_of_what_was_carried() -> None:
    found = everything()
    assert [found.calendar.local(one.at) for one in found.postings if one.reason is Reason.PROMOTED] == [datetime(2026, 2, 1)]
    (moved,) = [one for one in found.postings if one.reason is Reason.EXTENDED]
    assert moved.amount == 4 * GB
    assert found.calendar.local(found.lots[int(moved.target)].end) == datetime(2026, 4, 1)


@pytest.mark.parametrize(
    ("start", "given"),
    [
        (datetime(2026, 1, 1), datetime(2026, 2, 1)),
        (datetime(2026, 2, 5, 9), datetime(2026, 2, 5, 9)),
        (datetime(2026, 2, 7, 23, 59), datetime(2026, 2, 7, 23, 59)),
        (datetime(2026, 2, 8), None),
    ],
)
def test_a_promotion_is_for_lines_in_its_window_at_its_start_or_when_they_join(start: datetime, given: datetime | None) -> None:
    found = after(EVERYTHING, 0, 0, start=start)
    times = [found.calendar.local(one.at) for one in found.postings if one.reason is Reason.PROMOTED]
    assert times == ([given] if given else [])


# ---- the first cycle ----


@pytest.mark.parametrize(("choice", "first"), [("first one whole", 10 * GB), ("first one by day", 5 * GB)])
def test_a_partial_first_cycle_is_whole_or_by_day(choice: str, first: int) -> None:
    plan = f'plan "A" postpaid\n  cycle: calendar month, {choice}\n  grant 10 GB\n'
    found = after(plan, 0, 0, start=datetime(2026, 4, 16))
    assert column(found, "granted") == [first, 10 * GB]


# ---- claims and expectations ----


def test_a_broken_claim_is_told_where_it_is_broken_furthest() -> None:
    found = after(CARRYING + "  ensure data never above 12 GB\n", 9 * GB, 0, 0)
    (claim,) = broken(found)
    assert (found.calendar.local(claim.at), claim.got) == (datetime(2026, 3, 1), 16 * GB)


def test_a_claim_is_about_lots_of_the_plan_not_of_promotions() -> None:
    assert not broken(after(EVERYTHING.replace("  use carried", "  ensure data never above 14 GB\n  use carried"), 0, 0))


def test_an_expectation_that_is_missed_says_what_came() -> None:
    (scenario,) = sound(
        CARRYING + '  example "e"\n    use 2 GB -> left 8 GB, carried 8 GB, expired 2 GB, used 3 GB\n'
    ).scenarios
    found = run(plan_of(CARRYING), scenario)
    assert [(one.expectation.figure, one.got) for one in missed(found)] == [(Figure.CARRIED, 6 * GB), (Figure.USED, 2 * GB)]


def test_every_figure_of_a_cycle_can_be_expected() -> None:
    found = everything()
    expected = {
        Figure.AVAILABLE: ("data", 10 * GB), Figure.LEFT: ("data", 8 * GB), Figure.USED: ("data", 2 * GB),
        Figure.OVERAGE: ("data", 0), Figure.CARRIED: ("data", 4 * GB), Figure.CONVERTED: ("voice", 45 * MINUTE),
        Figure.EXPIRED: ("data", 2500 * MB), Figure.GRANTED: ("data", 10 * GB), Figure.RECEIVED: ("data", 0),
        Figure.CHARGED: ("EUR", 0), Figure.DUE: ("EUR", 0), Figure.REFUSED: ("data", 0),
        Figure.REPAID: ("data", 0), Figure.OWED: ("data", 0), Figure.GIVEN: ("data", 0),
    }  # fmt: skip
    assert set(expected) == set(Figure) - {Figure.ENDS}
    wanted = tuple(Expectation(figure, service, amount, NOWHERE) for figure, (service, amount) in expected.items())
    steps = (CycleSteps((use(2 * GB),), wanted),)
    assert missed(run(found.plan, Scenario("", "A", found.scenario.start, steps, (), NOWHERE))) == []


def test_a_record_before_the_start_can_not_be_run() -> None:
    with pytest.raises(HistoryError, match="before the start"):
        after(CARRYING, 0, dated=(Dated(datetime(2025, 12, 31), use(1), NOWHERE),))


def test_movements_begin_with_what_was_there() -> None:
    found = after(CARRYING, 6 * GB, 1 * GB)
    first = movements(found, 2, "data")[0]
    assert (first.amount, first.reason, first.what) == (4 * GB, THERE, "carried of 2026-01-01")
    assert sum(one.amount for one in movements(found, 2, "data") if one.reason == THERE) == column(found, "carried_in")[1]
