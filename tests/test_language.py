"""What can be said in a plan, and what it means: every construct as a text and the checked meaning it has.

Read the tables as a reference of the language: on the left what is written, on the right what it means. Headers, settings,
`like`, packs and promotions are in test_language_blocks.py.
"""

from __future__ import annotations  # noqa: I001  (one name of dsl.plan a line would be a page)

from datetime import date, datetime
from typing import Any

import pytest
from reading import GB, MB, MINUTE, after, anywhere, plan_of

from dsl.pieces import GRANTED
from dsl.plan import (
    ACTIVATION_DAY, ACTIVATION_MINUTE, NO_CEILING,
    AfterFirstCycle, Block, Cap, CapCounts, Carry, Clause, Condition, Convert, Cut, Cycle,
    DayCycle, Earliest, Endless, Expire, Grant, HeldWholeCycle, IsIn, Lasts, LeftAtMost, Life, LotClass, MonthCycle, NeverAbove,
    Not, OrderKey, Period, Pick, Remedy, Sell, ShortMonth, Slow, State, TenureAtLeast, ToDayEnd, ToMonthEnd, UntilDay,
    UntilWeekday, UsedAtLeast,
)  # fmt: skip
from dsl.source import NOWHERE

A_CYCLE = Lasts(1, Period.CYCLE)


def test_the_words_of_the_card_on_one_line_and_on_three_are_one_plan() -> None:
    head = 'rate 1 GB = 30 minutes\nplan "Prepaid 10" prepaid\n  grant 10GB\n'
    one = plan_of(head + "  carry 1 month, cap 10GB, convert to minutes\n")
    three = plan_of(head + "carry 1 month\ncap 10GB\nconvert to minutes\n")
    assert anywhere(one) == anywhere(three)
    assert one != three, "each knows where it was written"
    usage = (0, 3 * GB, 12 * GB)
    assert anywhere(after(one, *usage).statement.cycles) == anywhere(after(three, *usage).statement.cycles)


# ---- the cycle ----

CYCLES: dict[str, Cycle] = {
    "cycle: month from activation": MonthCycle(1, ACTIVATION_DAY, ShortMonth.CLAMP, first_by_day=False),
    "cycle: month": MonthCycle(1, ACTIVATION_DAY, ShortMonth.CLAMP, first_by_day=False),
    "cycle month": MonthCycle(1, ACTIVATION_DAY, ShortMonth.CLAMP, first_by_day=False),
    "cycle: every 3 months": MonthCycle(3, ACTIVATION_DAY, ShortMonth.CLAMP, first_by_day=False),
    "cycle: year": MonthCycle(12, ACTIVATION_DAY, ShortMonth.CLAMP, first_by_day=False),
    "cycle: calendar month": MonthCycle(1, 1, ShortMonth.CLAMP, first_by_day=False),
    "cycle: calendar month, first one whole": MonthCycle(1, 1, ShortMonth.CLAMP, first_by_day=False),
    "cycle: calendar month, first one by day": MonthCycle(1, 1, ShortMonth.CLAMP, first_by_day=True),
    "cycle: month from the 15th": MonthCycle(1, 15, ShortMonth.CLAMP, first_by_day=False),
    "cycle: month from the 31st, days 29 to 31 move to the 28th": MonthCycle(1, 31, ShortMonth.TO_28, first_by_day=False),
    "cycle: month from activation, short month overflow": MonthCycle(
        1, ACTIVATION_DAY, ShortMonth.OVERFLOW, first_by_day=False
    ),
    "cycle: month on the last day of the month": MonthCycle(1, 31, ShortMonth.CLAMP, first_by_day=False),
    "cycle: month from the 30th, short month overflow, first one by day": MonthCycle(
        1, 30, ShortMonth.OVERFLOW, first_by_day=True
    ),
    "cycle: 30 days": DayCycle(30),
    "cycle: day": DayCycle(1),
    "cycle: week": DayCycle(7),
    "cycle: every 2 weeks": DayCycle(14),
    "cycle: 30 days in blocks of 365 days": DayCycle(30, block=365),
    "cycle: week in blocks of 10 weeks from first use": DayCycle(7, block=70, from_first_use=True),
    "cycle: 30 days from activation, at the hour of activation": DayCycle(30, minute=ACTIVATION_MINUTE),
    "cycle: calendar month, at 05:00": MonthCycle(1, 1, ShortMonth.CLAMP, first_by_day=False, minute=300),
    "cycle: from first use, at 0:00": MonthCycle(1, ACTIVATION_DAY, ShortMonth.CLAMP, False, from_first_use=True),
}


@pytest.mark.parametrize(("line", "meaning"), CYCLES.items(), ids=CYCLES.keys())
def test_cycles(line: str, meaning: Cycle) -> None:
    assert plan_of(f'plan "A" prepaid\n  grant 1 GB\n  {line}\n').cycle == meaning


def test_a_plan_that_does_not_name_its_cycle_has_months_from_activation() -> None:
    assert plan_of('plan "A" prepaid\n  grant 1 GB\n').cycle == CYCLES["cycle: month from activation"]


# ---- grants ----


def grant(
    service: str, amount: int, lot_class: LotClass = LotClass.ALLOWANCE, life: Life = A_CYCLE, *, from_first_use: bool = False
) -> Grant:
    return Grant(service, amount, lot_class, life, from_first_use, True, NOWHERE)


GRANTS: dict[str, tuple[Grant, ...]] = {
    "grant 10 GB": (grant("data", 10 * GB),),
    "grant 10GB": (grant("data", 10 * GB),),
    "grant 10 gb data": (grant("data", 10 * GB),),
    "grant 1.5 GB": (grant("data", 1500 * MB),),
    "every month grant 10 GB": (grant("data", 10 * GB),),
    "every cycle grant 10 GB": (grant("data", 10 * GB),),
    "every month grant 20 GB data, 300 minutes and 100 sms": (
        grant("data", 20 * GB), grant("voice", 300 * MINUTE), grant("sms", 100),
    ),
    "grant 5 EUR": (grant("EUR", 500),),
    "grant 500 JPY": (grant("JPY", 500),),
    "grant 1 KWD": (grant("KWD", 1000),),
    "grant 2 hours, 30 s": (grant("voice", 7200), grant("voice", 30)),
    "grant 1 TB, 1 KB, 1 B": (grant("data", 1000 * GB), grant("data", 1000), grant("data", 1)),
    "grant 5 GB bonus data": (grant("data", 5 * GB, LotClass.BONUS),),
    "grant 5 GB gift for 30 days": (grant("data", 5 * GB, LotClass.GIFT, Lasts(30, Period.DAY)),),
    "grant 5 GB for 2 cycles": (grant("data", 5 * GB, life=Lasts(2, Period.CYCLE)),),
    "grant 5 GB for 24 hours": (grant("data", 5 * GB, life=Lasts(24, Period.HOUR)),),
    "grant 5 GB for 2 weeks": (grant("data", 5 * GB, life=Lasts(14, Period.DAY)),),
    "grant 5 GB for 3 months": (grant("data", 5 * GB, life=Lasts(3, Period.MONTH)),),
    "grant 5 GB for 1 year": (grant("data", 5 * GB, life=Lasts(12, Period.MONTH)),),
    "grant 5 GB to the end of the cycle": (grant("data", 5 * GB),),
    "grant 5 GB to the end of the next cycle": (grant("data", 5 * GB, life=Lasts(2, Period.CYCLE)),),
    "grant 5 GB to the end of the month": (grant("data", 5 * GB, life=ToMonthEnd(0)),),
    "grant 5 GB to midnight": (grant("data", 5 * GB, life=ToDayEnd(1)),),
    "grant 5 GB for 30 days counting the first": (grant("data", 5 * GB, life=ToDayEnd(30)),),
    "grant 5 GB until Monday": (grant("data", 5 * GB, life=UntilWeekday(0)),),
    "grant 5 GB through sunday": (grant("data", 5 * GB, life=UntilWeekday(0)),),
    "grant 5 GB for 30 days until Friday": (grant("data", 5 * GB, life=Earliest((Lasts(30, Period.DAY), UntilWeekday(4)))),),
    "grant 5 GB until 2026-06-01": (grant("data", 5 * GB, life=UntilDay(date(2026, 6, 1))),),
    "grant 5 GB through 2026-06-01": (grant("data", 5 * GB, life=UntilDay(date(2026, 6, 2))),),
    "grant 5 GB to the end of the next month": (grant("data", 5 * GB, life=ToMonthEnd(1)),),
    "grant 5 GB without end": (grant("data", 5 * GB, life=Endless()),),
    "grant 5 GB for 7 days from first use": (grant("data", 5 * GB, life=Lasts(7, Period.DAY), from_first_use=True),),
}  # fmt: skip


@pytest.mark.parametrize(("line", "meaning"), GRANTS.items(), ids=GRANTS.keys())
def test_grants(line: str, meaning: tuple[Grant, ...]) -> None:
    assert anywhere(plan_of(f'plan "A" prepaid\n  {line}\n').grants) == meaning


# ---- what rolls: clauses after `unused data:` ----


def carry(life: Life, *, each_time: bool = False, from_grant: bool = False) -> Carry:
    return Carry(life, each_time, from_grant, NOWHERE)


def cap(amount: int, counts: CapCounts = CapCounts.CARRIED, cut: Cut = Cut.NEWEST) -> Cap:
    return Cap(amount, counts, cut, NOWHERE)


def convert(
    to: str, get: int, *, give: int = GB, step: int, of: int = 1, ceiling: int = NO_CEILING, life: Life = A_CYCLE
) -> Convert:
    return Convert(to, give, get, step, of, ceiling, life, NOWHERE)


ONE = carry(A_CYCLE)
HALF_HOUR = 30 * MINUTE

CLAUSES: dict[str, tuple[Clause, ...]] = {
    "carry 1 month": (ONE,),
    "carry 1 cycle": (ONE,),
    "carry for 1 month": (ONE,),
    "carry to the end of the next cycle": (ONE,),
    "carry 3 months": (carry(Lasts(3, Period.CYCLE)),),
    "carry 3 calendar months": (carry(Lasts(3, Period.MONTH)),),
    "carry 365 days": (carry(Lasts(365, Period.DAY)),),
    "carry 12 months from grant": (carry(Lasts(12, Period.CYCLE), from_grant=True),),
    "carry 12 months from rolling": (carry(Lasts(12, Period.CYCLE)),),
    "carry 1 month each time": (carry(A_CYCLE, each_time=True),),
    "carry without end": (carry(Endless()),),
    "carry 1 month, cap 10 GB": (ONE, cap(10 * GB)),
    "carry 1 month and cap 10 GB": (ONE, cap(10 * GB)),
    "carry 1 month, then cap 10 GB": (ONE, cap(10 * GB)),
    "carry 1 month, cap 2x plan": (ONE, cap(40 * GB)),
    "carry 1 month, cap 0.5x the plan": (ONE, cap(10 * GB)),
    "carry 1 month, cap 50% of plan": (ONE, cap(10 * GB)),
    "carry 1 month, cap 30 GB with allowance": (ONE, cap(10 * GB)),
    "carry 1 month, cap 5 GB a cycle": (ONE, cap(5 * GB, CapCounts.INFLOW)),
    "carry 1 month, cap 5 GB a month": (ONE, cap(5 * GB, CapCounts.INFLOW)),
    "carry 1 month, cap 5 GB on carried": (ONE, cap(5 * GB)),
    "carry 1 month, cap 5 GB a cycle, cap 15 GB": (ONE, cap(5 * GB, CapCounts.INFLOW), cap(15 * GB)),
    "carry 1 month, cap 5 GB, oldest goes first": (ONE, cap(5 * GB, cut=Cut.OLDEST)),
    "carry 1 month, cap 5 GB, newest goes first": (ONE, cap(5 * GB)),
    "carry 1 month, cap 5 GB, earliest to end goes first": (ONE, cap(5 * GB, cut=Cut.EARLIEST_END)),
    "convert to minutes": (convert("voice", HALF_HOUR, step=MINUTE),),
    "convert to seconds": (convert("voice", HALF_HOUR, step=1),),
    "convert the rest to minutes, cap 200 minutes": (convert("voice", HALF_HOUR, step=MINUTE, ceiling=200 * MINUTE),),
    "convert to minutes in steps of 1 GB": (convert("voice", HALF_HOUR, step=MINUTE, of=GB),),
    "convert to minutes in steps of 10 minutes": (convert("voice", HALF_HOUR, step=10 * MINUTE),),
    "convert to minutes for 7 days": (convert("voice", HALF_HOUR, step=MINUTE, life=Lasts(7, Period.DAY)),),
    "convert to EUR": (convert("EUR", 200, step=1),),
    "carry 1 month, cap 10 GB, convert to sms, expire": (ONE, cap(10 * GB), convert("sms", 10, step=1), Expire(NOWHERE)),
    "expire": (Expire(NOWHERE),),
}
RATES = "rate 1 GB = 30 minutes\nrate 1 GB = 2 EUR\nrate 1 GB = 10 sms\n"


@pytest.mark.parametrize(("clauses", "meaning"), CLAUSES.items(), ids=CLAUSES.keys())
def test_clauses(clauses: str, meaning: tuple[Clause, ...]) -> None:
    plan = plan_of(f'{RATES}plan "A" prepaid\n  grant 20 GB, 100 minutes\n  unused data: {clauses}\n')
    assert anywhere(plan.rules[0].clauses) == meaning


HANDS: dict[str, tuple[tuple[str, set[LotClass], str], ...]] = {
    "unused data: expire": (("data", {LotClass.ALLOWANCE}, ""),),
    "allowance data: expire": (("data", {LotClass.ALLOWANCE}, ""),),
    "unused minutes: expire": (("voice", {LotClass.ALLOWANCE}, ""),),
    "unused data and add-on data: expire": (("data", {LotClass.ALLOWANCE, LotClass.ADD_ON}, ""),),
    "bonus data, gift data: expire": (("data", {LotClass.BONUS, LotClass.GIFT}, ""),),
    "unused data and minutes: expire": (("data", {LotClass.ALLOWANCE}, ""), ("voice", {LotClass.ALLOWANCE}, "")),
    "unused money: expire": (("EUR", {LotClass.ALLOWANCE}, ""),),
    '"Travel 7" data: expire': (("data", set(GRANTED), "Travel 7"),),
}  # fmt: skip


@pytest.mark.parametrize(("line", "meaning"), HANDS.items(), ids=HANDS.keys())
def test_hands(line: str, meaning: Any) -> None:
    pack = 'pack "Travel 7"\n  grant 1 GB\n'
    plan = plan_of(f'plan "A" prepaid\n  grant 20 GB, 100 minutes, 5 EUR\n  {line}\n{pack}')
    assert tuple((line.service, set(line.classes), line.pack) for line in plan.rules) == meaning


CONDITIONS: dict[str, tuple[Condition, ...]] = {
    "used at least 2 GB": (UsedAtLeast("data", 2 * GB, NOWHERE),),
    "after the first cycle": (AfterFirstCycle(NOWHERE),),
    "held the whole cycle": (HeldWholeCycle(NOWHERE),),
    "tenure at least 1 year": (TenureAtLeast(Lasts(12, Period.MONTH), NOWHERE),),
    "no carried minutes is left": (LeftAtMost("voice", LotClass.CARRIED, 0, NOWHERE),),
    "at most 500 MB carried data is left": (LeftAtMost("data", LotClass.CARRIED, 500 * MB, NOWHERE),),
    "at most 2 minutes is left": (LeftAtMost("voice", None, 120, NOWHERE),),
    "paid and active and not opted in": (
        IsIn(State.PAID, NOWHERE), IsIn(State.ACTIVE, NOWHERE), Not(IsIn(State.OPTED_IN, NOWHERE), NOWHERE),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "meaning"), CONDITIONS.items(), ids=CONDITIONS.keys())
def test_conditions(said: str, meaning: tuple[Condition, ...]) -> None:
    plan = plan_of(f'plan "A" prepaid\n  grant 20 GB\n  unused data, if {said}: carry 1 month\n')
    assert anywhere(plan.rules[0].conditions) == meaning


def test_a_condition_chooses_between_two_lines_of_one_hand() -> None:
    plan = plan_of(
        'plan "A" prepaid\n  grant 20 GB\n'
        "  unused data if used at least 2 GB: carry 1 month\n  unused data: carry 1 month, cap 5 GB\n"
    )
    assert anywhere(plan.rules[0].conditions) == (UsedAtLeast("data", 2 * GB, NOWHERE),)
    assert plan.rules[1].conditions == ()
    assert column_of_carried(plan) == [18 * GB, 5 * GB]


def column_of_carried(plan: Any) -> list[int]:
    return [after(plan, used).statement.cycles[0].services["data"].carried_out for used in (2 * GB, 1 * GB)]


# ---- order of use, running out, claims ----


def key(lot_class: LotClass | None, pack: str = "", pick: Pick = Pick.SOONEST) -> OrderKey:
    return OrderKey(lot_class, pack, pick)


ORDERS: dict[str, tuple[str, tuple[OrderKey, ...]]] = {
    "use carried data first": ("data", (key(LotClass.CARRIED),)),
    "use carried first": ("", (key(LotClass.CARRIED),)),
    "use allowance, then carried": ("", (key(LotClass.ALLOWANCE), key(LotClass.CARRIED))),
    "use oldest carried data, then bonus": ("data", (key(LotClass.CARRIED, pick=Pick.OLDEST), key(LotClass.BONUS))),
    "use newest gift": ("", (key(LotClass.GIFT, pick=Pick.NEWEST),)),
    "use soonest to end add-on, then converted": ("", (key(LotClass.ADD_ON), key(LotClass.CONVERTED))),
    'use "Travel 7", then carried data': ("data", (key(None, "Travel 7"), key(LotClass.CARRIED))),
}


@pytest.mark.parametrize(("line", "meaning"), ORDERS.items(), ids=ORDERS.keys())
def test_order_of_use(line: str, meaning: tuple[str, tuple[OrderKey, ...]]) -> None:
    (order,) = plan_of(f'plan "A" prepaid\n  grant 1 GB\n  {line}\npack "Travel 7"\n  grant 1 GB\n').orders
    assert (order.service, order.keys) == meaning


def sell(block: int, price: int, currency: str, most: int = NO_CEILING) -> Sell:
    return Sell(block, price, currency, most, NOWHERE)


RUNS_OUT: dict[str, tuple[Remedy, ...]] = {
    "block": (Block(NOWHERE),),
    "slow to 128 kbps": (Slow(128_000, NOWHERE),),
    "slow to 1.5 Mbps": (Slow(1_500_000, NOWHERE),),
    "sell 50 MB at 10 MYR": (sell(50 * MB, 1000, "MYR"),),
    "sell 50 MB at 10 MYR up to 500 MB": (sell(50 * MB, 1000, "MYR", 10),),
    "sell 50 MB at 10 MYR up to 500 MB a cycle, then slow to 64 kbps": (
        sell(50 * MB, 1000, "MYR", 10), Slow(64_000, NOWHERE),
    ),
    "sell 1 GB at 5 EUR up to 20 EUR, then block": (sell(GB, 500, "EUR", 4), Block(NOWHERE)),
}  # fmt: skip


@pytest.mark.parametrize(("line", "meaning"), RUNS_OUT.items(), ids=RUNS_OUT.keys())
def test_what_happens_when_it_runs_out(line: str, meaning: tuple[Remedy, ...]) -> None:
    (found,) = plan_of(f'plan "A" prepaid\n  grant 1 GB\n  when data runs out: {line}\n').runs_out
    assert (found.service, anywhere(found.remedies)) == ("data", meaning)


def test_a_claim_is_checked_and_limits_nothing() -> None:
    plan = plan_of('plan "A" prepaid\n  grant 20 GB\n  ensure data never above 10 GB\n')
    assert anywhere(plan.claims) == (NeverAbove("data", 10 * GB, False, NOWHERE),)
    assert after(plan, 15 * GB).statement.cycles[0].services["data"].used == 15 * GB


def test_cycles_of_a_run_start_where_the_line_starts() -> None:
    found = after('plan "A" prepaid\n  grant 1 GB\n', 0, start=datetime(2026, 1, 31, 15, 30))
    assert found.calendar.iso(found.statement.cycles[0].start) == "2026-01-31T15:30:00+00:00"
    assert found.calendar.iso(found.statement.cycles[0].end) == "2026-02-28T00:00:00+00:00"
