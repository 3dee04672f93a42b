"""Cycles that begin on the 28th to the 31st, whatever the month: written out for a plain year and a leap year."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from reading import GB, after, column, use

from dsl.plan import ACTIVATION_DAY, Cycle, DayCycle, MonthCycle, ShortMonth
from dsl.scenario import Dated
from dsl.source import NOWHERE
from engine.calendar import Calendar

YEARS = (2023, 2024, 2025, 2026)
ANCHORS = (28, 29, 30, 31)

# The days on which cycles begin in a plain year, and what is different in a leap year, which has a 29th of February.
ON_THE_28TH = "01-28 02-28 03-28 04-28 05-28 06-28 07-28 08-28 09-28 10-28 11-28 12-28"
BEGINNINGS = {
    (28, ShortMonth.CLAMP): ON_THE_28TH,
    (29, ShortMonth.CLAMP): "01-29 02-28 03-29 04-29 05-29 06-29 07-29 08-29 09-29 10-29 11-29 12-29",
    (30, ShortMonth.CLAMP): "01-30 02-28 03-30 04-30 05-30 06-30 07-30 08-30 09-30 10-30 11-30 12-30",
    (31, ShortMonth.CLAMP): "01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31",
    (28, ShortMonth.TO_28): ON_THE_28TH,
    (29, ShortMonth.TO_28): ON_THE_28TH,
    (30, ShortMonth.TO_28): ON_THE_28TH,
    (31, ShortMonth.TO_28): ON_THE_28TH,
    (28, ShortMonth.OVERFLOW): ON_THE_28TH,
    (29, ShortMonth.OVERFLOW): "01-29 03-01 03-29 04-29 05-29 06-29 07-29 08-29 09-29 10-29 11-29 12-29",
    (30, ShortMonth.OVERFLOW): "01-30 03-01 03-30 04-30 05-30 06-30 07-30 08-30 09-30 10-30 11-30 12-30",
    (31, ShortMonth.OVERFLOW): "01-31 03-01 03-31 05-01 05-31 07-01 07-31 08-31 10-01 10-31 12-01 12-31",
}
LEAP = {
    (29, ShortMonth.CLAMP): ("02-28", "02-29"),
    (30, ShortMonth.CLAMP): ("02-28", "02-29"),
    (31, ShortMonth.CLAMP): ("02-28", "02-29"),
    (29, ShortMonth.OVERFLOW): ("03-01", "02-29"),
}
SAID = {
    ShortMonth.CLAMP: "",
    ShortMonth.TO_28: ", days 29 to 31 move to the 28th",
    ShortMonth.OVERFLOW: ", short month overflow",
}
EVERY_CHOICE = pytest.mark.parametrize(("anchor", "short"), list(BEGINNINGS), ids=str)


def beginnings(anchor: int, short: ShortMonth) -> list[date]:
    """The table, year after year."""
    found = []
    for year in YEARS:
        row = BEGINNINGS[anchor, short]
        if year == 2024:
            row = row.replace(*LEAP.get((anchor, short), ("", "")))
        found += [date.fromisoformat(f"{year}-{day}") for day in row.split()]
    return found


def months(anchor: int = ACTIVATION_DAY, short: ShortMonth = ShortMonth.CLAMP, count: int = 1) -> Cycle:
    return MonthCycle(count, anchor, short, False)


def boundaries(cycle: Cycle, start: datetime, count: int) -> list[date]:
    """The first days of cycles 2, 3, ..., each of which begins at midnight."""
    calendar = Calendar(cycle, "UTC", start)
    found = [calendar.local(calendar.boundary(number)) for number in range(1, count + 1)]
    assert [local for local in found if local.time() != datetime.min.time()] == []
    return [local.date() for local in found]


def test_the_table_is_of_years_with_twelve_beginnings_a_month_apart() -> None:
    """A slip of the pen in it would be one here."""
    for anchor, short in BEGINNINGS:
        found = beginnings(anchor, short)
        assert len(found) == 48
        assert {(later - earlier).days for earlier, later in pairwise(found)} <= {28, 29, 30, 31}


@EVERY_CHOICE
def test_a_day_the_plan_names_begins_every_cycle_from_whichever_day_on(anchor: int, short: ShortMonth) -> None:
    """Lines that start on each day of the four years: their cycles begin where the table says, and nowhere else."""
    wanted = beginnings(anchor, short)
    day = date(YEARS[0], 1, 1)
    while day <= wanted[-3]:
        following = wanted[bisect_right(wanted, day) :][:3]
        assert boundaries(months(anchor, short), datetime.combine(day, datetime.min.time()), len(following)) == following
        day += timedelta(days=1)


@EVERY_CHOICE
@pytest.mark.parametrize("hour", [0, 18])
def test_a_line_keeps_its_day_of_activation(anchor: int, short: ShortMonth, hour: int) -> None:
    """Activated on the 28th to the 31st of January, through a short month and years on: none before it leaves a mark."""
    wanted = beginnings(anchor, short)
    for year in YEARS:
        start = datetime(year, 1, anchor, hour)
        following = [day for day in wanted if day > start.date()]
        assert boundaries(months(short=short), start, len(following)) == following


@EVERY_CHOICE
def test_the_words_of_a_plan_mean_the_table(anchor: int, short: ShortMonth) -> None:
    wanted = beginnings(anchor, short)
    nth = "31st" if anchor == 31 else f"{anchor}th"
    for cycle, start in ((f"from the {nth}", datetime(2023, 12, 1)), ("month from activation", datetime(2024, 1, anchor))):
        found = after(f'plan "A" prepaid\n  cycle: {cycle}{SAID[short]}\n  grant 1 GB\n', *[0] * 12, start=start)
        starts = [found.calendar.local(cycle.start).date() for cycle in found.statement.cycles]
        assert starts[1:] == [day for day in wanted if day > start.date()][:11]


@EVERY_CHOICE
def test_use_on_the_eve_of_a_beginning_is_of_the_old_cycle(anchor: int, short: ShortMonth) -> None:
    """4 ** n bytes a second before each beginning of 2024, and twice as many at it."""
    days = [day for day in beginnings(anchor, short) if day.year == 2024][1:]
    dated = []
    for number, day in enumerate(days):
        midnight = datetime.combine(day, datetime.min.time())
        dated += [Dated(midnight - timedelta(seconds=1), use(4**number), NOWHERE), Dated(midnight, use(2 * 4**number), NOWHERE)]
    plan = f'plan "A" prepaid\n  cycle: month from activation{SAID[short]}\n  grant 10 GB\n'
    found = after(plan, *[0] * 12, start=datetime(2024, 1, anchor), dated=tuple(dated))
    assert column(found, "used") == [1, *(2 * 4**number + 4 ** (number + 1) for number in range(10)), 2 * 4**10]


@EVERY_CHOICE
def test_what_is_carried_for_a_month_lives_to_the_next_beginning(anchor: int, short: ShortMonth) -> None:
    """Whatever the month's length: `carry 1 month` is gone at the end of the next cycle, in each of four years."""
    plan = f"""
plan "A" prepaid
  cycle: month from activation{SAID[short]}
  grant 1 GB
  use allowance, then carried
  unused data: carry 1 month
"""
    found = after(plan, *[0] * 40, start=datetime(2023, 1, anchor))
    assert column(found, "available") == [GB] + [2 * GB] * 39
    assert column(found, "expired") == [0] + [GB] * 39
    days = beginnings(anchor, short)
    ends = [found.calendar.local(lot.end).date() for lot in found.lots if lot.lot_class.value == "carried"]
    assert ends[:39] == [day for day in days if day > date(2023, 1, anchor)][1:40]


@pytest.mark.parametrize(
    ("cycle", "start", "wanted"),
    [
        (months(1), datetime(2026, 1, 15), "2026-02-01 2026-03-01 2026-04-01"),
        (months(1), datetime(2026, 1, 1), "2026-02-01 2026-03-01 2026-04-01"),
        (months(15), datetime(2026, 1, 14), "2026-01-15 2026-02-15 2026-03-15"),
        (months(15), datetime(2026, 1, 15), "2026-02-15 2026-03-15 2026-04-15"),
        (months(count=3), datetime(2025, 11, 30), "2026-02-28 2026-05-30 2026-08-30"),
        (months(count=3), datetime(2023, 11, 30), "2024-02-29 2024-05-30 2024-08-30"),
        (months(short=ShortMonth.OVERFLOW, count=3), datetime(2023, 11, 30), "2024-03-01 2024-05-30 2024-08-30"),
        (months(short=ShortMonth.TO_28, count=3), datetime(2023, 11, 30), "2024-02-28 2024-05-28 2024-08-28"),
        (months(count=12), datetime(2024, 2, 29), "2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        (months(short=ShortMonth.OVERFLOW, count=12), datetime(2024, 2, 29), "2025-03-01 2026-03-01 2027-03-01 2028-02-29"),
        (DayCycle(30), datetime(2026, 1, 31), "2026-03-02 2026-04-01 2026-05-01"),
        (DayCycle(30), datetime(2024, 1, 31), "2024-03-01 2024-03-31 2024-04-30"),
        (DayCycle(7), datetime(2026, 2, 25), "2026-03-04 2026-03-11 2026-03-18"),
    ],
    ids=str,
)  # fmt: skip
def test_other_cycles(cycle: Cycle, start: datetime, wanted: str) -> None:
    days = [date.fromisoformat(day) for day in wanted.split()]
    assert boundaries(cycle, start, len(days)) == days
