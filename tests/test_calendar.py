"""When lives end, and which days a cycle has; when cycles begin see test_month_ends.py and test_clock_changes.py."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from reading import GB, after, column, use

from dsl.plan import (
    ACTIVATION_DAY,
    Cycle,
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


def months(anchor: int = ACTIVATION_DAY, *, by_day: bool = False) -> Cycle:
    return MonthCycle(1, anchor, ShortMonth.CLAMP, by_day)


# ---- days ----


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
