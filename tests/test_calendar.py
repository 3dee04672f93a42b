"""When cycles begin and lives end: month ends as a table, changes of the clock, boundaries counted from the anchor."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from reading import GB, after, column, use

from dsl.plan import (
    ACTIVATION_DAY,
    Cycle,
    DayCycle,
    Endless,
    Lasts,
    Life,
    MonthCycle,
    Period,
    ShortMonth,
    ToDayEnd,
    ToMonthEnd,
    UntilDay,
)
from dsl.scenario import Dated
from dsl.source import NOWHERE
from engine.calendar import NEVER, Calendar

DAY = 86_400


def months(
    anchor: int = ACTIVATION_DAY, short: ShortMonth = ShortMonth.CLAMP, count: int = 1, *, by_day: bool = False
) -> Cycle:
    return MonthCycle(count, anchor, short, by_day)


def boundaries(cycle: Cycle, start: datetime, count: int, zone: str = "UTC") -> list[str]:
    """The first days of cycles 2, 3, ... as month-day."""
    calendar = Calendar(cycle, zone, start)
    return [f"{calendar.local(calendar.boundary(number)):%m-%d}" for number in range(1, count + 1)]


# ---- month ends ----

# In a plain year or a leap year, activated on this day of January: the first days of the five cycles that follow.
PLAIN, LEAP = False, True
MONTH_ENDS = {
    (PLAIN, 28, ShortMonth.CLAMP): "02-28 03-28 04-28 05-28 06-28",
    (PLAIN, 28, ShortMonth.TO_28): "02-28 03-28 04-28 05-28 06-28",
    (PLAIN, 28, ShortMonth.OVERFLOW): "02-28 03-28 04-28 05-28 06-28",
    (PLAIN, 29, ShortMonth.CLAMP): "02-28 03-29 04-29 05-29 06-29",
    (PLAIN, 29, ShortMonth.TO_28): "02-28 03-28 04-28 05-28 06-28",
    (PLAIN, 29, ShortMonth.OVERFLOW): "03-01 03-29 04-29 05-29 06-29",
    (PLAIN, 30, ShortMonth.CLAMP): "02-28 03-30 04-30 05-30 06-30",
    (PLAIN, 30, ShortMonth.TO_28): "02-28 03-28 04-28 05-28 06-28",
    (PLAIN, 30, ShortMonth.OVERFLOW): "03-01 03-30 04-30 05-30 06-30",
    (PLAIN, 31, ShortMonth.CLAMP): "02-28 03-31 04-30 05-31 06-30",
    (PLAIN, 31, ShortMonth.TO_28): "02-28 03-28 04-28 05-28 06-28",
    (PLAIN, 31, ShortMonth.OVERFLOW): "03-01 03-31 05-01 05-31 07-01",
    (LEAP, 28, ShortMonth.CLAMP): "02-28 03-28 04-28 05-28 06-28",
    (LEAP, 28, ShortMonth.TO_28): "02-28 03-28 04-28 05-28 06-28",
    (LEAP, 28, ShortMonth.OVERFLOW): "02-28 03-28 04-28 05-28 06-28",
    (LEAP, 29, ShortMonth.CLAMP): "02-29 03-29 04-29 05-29 06-29",
    (LEAP, 29, ShortMonth.TO_28): "02-28 03-28 04-28 05-28 06-28",
    (LEAP, 29, ShortMonth.OVERFLOW): "02-29 03-29 04-29 05-29 06-29",
    (LEAP, 30, ShortMonth.CLAMP): "02-29 03-30 04-30 05-30 06-30",
    (LEAP, 30, ShortMonth.TO_28): "02-28 03-28 04-28 05-28 06-28",
    (LEAP, 30, ShortMonth.OVERFLOW): "03-01 03-30 04-30 05-30 06-30",
    (LEAP, 31, ShortMonth.CLAMP): "02-29 03-31 04-30 05-31 06-30",
    (LEAP, 31, ShortMonth.TO_28): "02-28 03-28 04-28 05-28 06-28",
    (LEAP, 31, ShortMonth.OVERFLOW): "03-01 03-31 05-01 05-31 07-01",
}


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029])
@pytest.mark.parametrize("day", [28, 29, 30, 31])
@pytest.mark.parametrize("short", list(ShortMonth))
def test_month_ends(year: int, day: int, short: ShortMonth) -> None:
    wanted = MONTH_ENDS[year == 2028, day, short].split()
    assert boundaries(months(short=short), datetime(year, 1, day), 5) == wanted
    assert boundaries(months(day, short), datetime(year, 2, 1), 5) == wanted, "the same, where the plan names the day"


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029])
@pytest.mark.parametrize("day", [28, 29, 30, 31])
@pytest.mark.parametrize("short", list(ShortMonth))
def test_boundaries_never_drift(year: int, day: int, short: ShortMonth) -> None:
    """Four years on, every boundary is anchor + n: a short month before it has left no mark."""
    calendar = Calendar(months(short=short), "UTC", datetime(year, 1, day))
    for number in range(1, 49):
        month = datetime(year + number // 12, number % 12 + 1, 1)
        length = ((month + timedelta(days=31)).replace(day=1) - month).days
        if short is ShortMonth.TO_28:
            wanted = month.replace(day=min(day, 28))
        elif short is ShortMonth.CLAMP:
            wanted = month.replace(day=min(day, length))
        else:
            wanted = month + timedelta(days=min(day, length + 1) - 1)
        assert calendar.local(calendar.boundary(number)) == wanted


@pytest.mark.parametrize(
    ("cycle", "start", "wanted"),
    [
        (months(1), datetime(2026, 1, 15), "02-01 03-01 04-01"),
        (months(1), datetime(2026, 1, 1), "02-01 03-01 04-01"),
        (months(15), datetime(2026, 1, 14), "01-15 02-15 03-15"),
        (months(15), datetime(2026, 1, 15), "02-15 03-15 04-15"),
        (months(31), datetime(2026, 2, 1), "02-28 03-31 04-30"),
        (months(31), datetime(2026, 2, 28), "03-31 04-30 05-31"),
        (months(31, ShortMonth.OVERFLOW), datetime(2026, 2, 10), "03-01 03-31 05-01"),
        (months(31, ShortMonth.OVERFLOW), datetime(2026, 3, 1), "03-31 05-01 05-31"),
        (months(count=3), datetime(2025, 11, 30), "02-28 05-30 08-30"),
        (months(count=12), datetime(2028, 2, 29), "02-28 02-28 02-28"),
        (DayCycle(30), datetime(2026, 1, 31), "03-02 04-01 05-01"),
        (DayCycle(7), datetime(2026, 2, 25), "03-04 03-11 03-18"),
    ],
    ids=str,
)  # fmt: skip
def test_first_boundaries(cycle: Cycle, start: datetime, wanted: str) -> None:
    assert boundaries(cycle, start, 3) == wanted.split()


@pytest.mark.parametrize(
    ("start", "part"),
    [
        (datetime(2026, 4, 1), (30, 30)),
        (datetime(2026, 4, 16), (15, 30)),
        (datetime(2026, 4, 30), (1, 30)),
        (datetime(2028, 2, 29), (1, 29)),
    ],
)
def test_a_first_cycle_by_day_is_its_days_of_the_whole_month(start: datetime, part: tuple[int, int]) -> None:
    assert Calendar(months(1, by_day=True), "UTC", start).part(1) == part


# ---- local midnight ----

# Zone, a month with a change of the clock, the day of the change, and how many hours that day has.
CHANGES = [
    ("Europe/Vienna", datetime(2026, 3, 29), 23, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
    ("Europe/Vienna", datetime(2026, 10, 25), 25, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
    ("Australia/Sydney", datetime(2026, 10, 4), 23, "2026-10-04T00:00:00+10:00", "2026-10-05T00:00:00+11:00"),
    ("Australia/Sydney", datetime(2026, 4, 5), 25, "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:00"),
    ("America/New_York", datetime(2026, 3, 8), 23, "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00"),
    ("America/New_York", datetime(2026, 11, 1), 25, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"),
]


@pytest.mark.parametrize(("zone", "day", "hours", "begin", "end"), CHANGES, ids=lambda value: str(value))
def test_a_boundary_is_at_local_midnight_whatever_the_clock_does(
    zone: str, day: datetime, hours: int, begin: str, end: str
) -> None:
    daily = Calendar(DayCycle(1), zone, day - timedelta(days=1))
    assert daily.iso(daily.boundary(1)) == begin
    assert daily.iso(daily.boundary(2)) == end
    assert daily.boundary(2) - daily.boundary(1) == hours * 3600
    monthly = Calendar(months(), zone, day - timedelta(days=10))
    assert all(monthly.local(monthly.boundary(number)).hour == 0 for number in range(1, 13))


def test_a_midnight_that_does_not_exist_is_the_instant_of_the_change() -> None:
    """In Beirut the clock goes from 23:59:59 to 01:00 on 29 March 2026."""
    calendar = Calendar(DayCycle(1), "Asia/Beirut", datetime(2026, 3, 28))
    assert calendar.iso(calendar.boundary(1)) == "2026-03-29T01:00:00+03:00"
    assert calendar.boundary(1) - calendar.boundary(0) == DAY
    assert calendar.boundary(2) - calendar.boundary(1) == 23 * 3600


def test_a_midnight_that_comes_twice_is_the_first() -> None:
    """In Havana the clock goes from 01:00 back to 00:00 on 1 November 2026."""
    calendar = Calendar(DayCycle(1), "America/Havana", datetime(2026, 10, 31))
    assert calendar.iso(calendar.boundary(1)) == "2026-11-01T00:00:00-04:00"
    assert calendar.boundary(2) - calendar.boundary(1) == 25 * 3600


def test_days_are_the_local_midnights_of_a_cycle_and_its_start() -> None:
    calendar = Calendar(months(), "Europe/Vienna", datetime(2026, 3, 15, 18, 30))
    days = [calendar.local(at) for at in calendar.days(1)]
    assert days[0] == datetime(2026, 3, 15, 18, 30)
    assert days[1:] == [datetime(2026, 3, 16) + timedelta(days=number) for number in range(30)]
    assert len(calendar.days(2)) == 30


# ---- ends of lives ----

START = datetime(2026, 1, 31, 15, 0)
ENDS: list[tuple[Life, datetime]] = [
    (Lasts(1, Period.CYCLE), datetime(2026, 2, 28)),
    (Lasts(2, Period.CYCLE), datetime(2026, 3, 31)),
    (Lasts(1, Period.MONTH), datetime(2026, 2, 28, 15, 0)),
    (Lasts(2, Period.MONTH), datetime(2026, 3, 31, 15, 0)),
    (Lasts(7, Period.DAY), datetime(2026, 2, 7, 15, 0)),
    (Lasts(57, Period.DAY), datetime(2026, 3, 29, 15, 0)),
    (Lasts(168, Period.HOUR), datetime(2026, 2, 7, 15, 0)),
    (Lasts(57 * 24, Period.HOUR), datetime(2026, 3, 29, 16, 0)),  # an hour of that night is missing
    (ToDayEnd(1), datetime(2026, 2, 1)),
    (ToDayEnd(30), datetime(2026, 3, 2)),  # the 30th day, with the 31st of January, is the 1st of March
    (UntilDay(date(2026, 6, 1)), datetime(2026, 6, 1)),
    (ToMonthEnd(0), datetime(2026, 2, 1)),
    (ToMonthEnd(1), datetime(2026, 3, 1)),
]


@pytest.mark.parametrize(("life", "end"), ENDS, ids=lambda value: str(value))
def test_ends_of_lives(life: Life, end: datetime) -> None:
    calendar = Calendar(months(), "Europe/Vienna", START)
    assert calendar.local(calendar.end(life, calendar.instant(START))) == end


def test_without_end_is_never() -> None:
    calendar = Calendar(months(), "UTC", START)
    assert calendar.end(Endless(), calendar.boundary(0)) == NEVER


# ---- at a boundary ----


def test_the_instant_of_a_boundary_belongs_to_the_new_cycle() -> None:
    calendar = Calendar(months(), "Europe/Vienna", datetime(2026, 1, 31))
    for number in range(1, 20):
        boundary = calendar.boundary(number)
        assert calendar.cycle_at(boundary - 1) == number
        assert calendar.cycle_at(boundary) == number + 1


@pytest.mark.parametrize(("second", "used"), [(-1, [4 * GB, 0]), (0, [0, 4 * GB]), (1, [0, 4 * GB])])
def test_a_record_at_a_boundary_is_use_of_the_new_cycle(second: int, used: list[int]) -> None:
    at = datetime(2026, 2, 28) + timedelta(seconds=second)
    plan = 'timezone Europe/Vienna\nplan "A" prepaid\n  grant 10 GB\n'
    found = after(plan, 0, 0, start=datetime(2026, 1, 31), dated=(Dated(at, use(4 * GB), NOWHERE),))
    assert column(found, "used") == used
