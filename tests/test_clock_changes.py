"""What a change of the clock does to cycles and lives: in zones of both halves of the world, at midnight and elsewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from reading import after, column, come_out, sound, use

from dsl.plan import ACTIVATION_DAY, Cycle, DayCycle, MonthCycle, ShortMonth
from dsl.scenario import Dated
from dsl.source import NOWHERE
from engine.calendar import Calendar
from engine.judge import missed
from engine.run import run

# Zone, a day on which its clock changes, the hours of that day, its beginning and its end.
CHANGES = [
    ("Europe/Vienna", "2026-03-29", 23, "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
    ("Europe/Vienna", "2026-10-25", 25, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"),
    ("America/New_York", "2026-03-08", 23, "2026-03-08T00:00:00-05:00", "2026-03-09T00:00:00-04:00"),
    ("America/New_York", "2026-11-01", 25, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"),
    ("Australia/Sydney", "2026-10-04", 23, "2026-10-04T00:00:00+10:00", "2026-10-05T00:00:00+11:00"),
    ("Australia/Sydney", "2026-04-05", 25, "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:00"),
    # By half an hour.
    ("Australia/Lord_Howe", "2026-10-04", 23.5, "2026-10-04T00:00:00+10:30", "2026-10-05T00:00:00+11:00"),
    ("Australia/Lord_Howe", "2026-04-05", 24.5, "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30"),
    # From 23:59:59 to 01:00: there is no midnight, and the day begins with the change.
    ("America/Santiago", "2026-09-06", 23, "2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"),
    ("Asia/Beirut", "2026-03-29", 23, "2026-03-29T01:00:00+03:00", "2026-03-30T00:00:00+03:00"),
    ("Atlantic/Azores", "2026-03-29", 23, "2026-03-29T01:00:00+00:00", "2026-03-30T00:00:00+00:00"),
    # From 23:59:59 back to 23:00: the last hour of the day comes twice, midnight once.
    ("America/Santiago", "2026-04-04", 25, "2026-04-04T00:00:00-03:00", "2026-04-05T00:00:00-04:00"),
    ("Asia/Beirut", "2026-10-24", 25, "2026-10-24T00:00:00+03:00", "2026-10-25T00:00:00+02:00"),
    # From 00:59:59 back to 00:00: midnight comes twice, and the day begins with the first.
    ("Atlantic/Azores", "2026-10-25", 25, "2026-10-25T00:00:00+00:00", "2026-10-26T00:00:00-01:00"),
    ("America/Havana", "2026-11-01", 25, "2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"),
]
ZONES = sorted({zone for zone, *_ in CHANGES})
EVERY_CHANGE = pytest.mark.parametrize(("zone", "day"), [change[:2] for change in CHANGES])


def months(short: ShortMonth = ShortMonth.CLAMP) -> Cycle:
    return MonthCycle(1, ACTIVATION_DAY, short, False)


def midnight(day: str) -> datetime:
    return datetime.fromisoformat(day)


# ---- boundaries -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "day", "hours", "begin", "end"), CHANGES)
def test_a_day_goes_from_midnight_to_midnight_however_long_it_is(
    zone: str, day: str, hours: float, begin: str, end: str
) -> None:
    calendar = Calendar(DayCycle(1), zone, midnight(day) - timedelta(days=1))
    assert calendar.iso(calendar.boundary(1)) == begin
    assert calendar.iso(calendar.boundary(2)) == end
    assert calendar.boundary(2) - calendar.boundary(1) == hours * 3600


@cache
def days_begin(zone: str, year: int) -> dict[date, int]:
    """When each day of a year and of the next begins: the first instant at which a clock on the wall shows it.

    Found by looking at the clock every half hour, of which all changes here are a multiple.
    """
    found: dict[date, int] = {}
    at = datetime(year - 1, 12, 30, tzinfo=UTC)
    while at.year < year + 2:
        found.setdefault(at.astimezone(ZoneInfo(zone)).date(), int(at.timestamp()))
        at += timedelta(minutes=30)
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "cycle", [DayCycle(1), DayCycle(7), DayCycle(28), DayCycle(30), months(), months(ShortMonth.OVERFLOW)], ids=str
)
def test_every_cycle_of_a_year_begins_when_the_clock_on_the_wall_first_shows_its_day(zone: str, cycle: Cycle) -> None:
    calendar = Calendar(cycle, zone, datetime(2026, 1, 31))
    number = 1
    while calendar.local(calendar.boundary(number)).year == 2026:
        boundary = calendar.boundary(number)
        assert boundary == days_begin(zone, 2026)[calendar.local(boundary).date()]
        assert calendar.cycle_at(boundary - 1) == number
        assert calendar.cycle_at(boundary) == number + 1
        number += 1
    assert number >= 12


def test_a_day_that_begins_shows_for_a_minute_and_begins_again_has_begun_the_first_time() -> None:
    """In Newfoundland the clock went from 00:01 back to 23:01 of the day before."""
    calendar = Calendar(DayCycle(1), "America/St_Johns", datetime(2010, 11, 6))
    assert calendar.iso(calendar.boundary(1)) == "2010-11-07T00:00:00-02:30"
    assert calendar.iso(calendar.boundary(1) + 60) == "2010-11-06T23:01:00-03:30"
    assert calendar.boundary(2) - calendar.boundary(1) == 25 * 3600


@EVERY_CHANGE
def test_a_line_that_starts_on_the_day_starts_when_it_begins(zone: str, day: str) -> None:
    calendar = Calendar(DayCycle(1), zone, midnight(day))
    first = date.fromisoformat(day)
    assert [calendar.boundary(0), calendar.boundary(1)] == [days_begin(zone, 2026)[first + timedelta(days=n)] for n in (0, 1)]
    assert calendar.days(1) == [calendar.boundary(0)]


# ---- records --------------------------------------------------------------------------------------------------------


@EVERY_CHANGE
def test_records_around_both_ends_of_the_day(zone: str, day: str) -> None:
    """A second before the day, at its midnight and a second after; the same at its end. Each is use of the day it says."""
    first, last = midnight(day), midnight(day) + timedelta(days=1)
    plan = f'timezone {zone}\nplan "A" prepaid\n  cycle: day\n  grant 1 GB\n'
    second = timedelta(seconds=1)
    times = (first - second, first, first + second, last - second, last, last + second)
    dated = tuple(Dated(at, use(2**number), NOWHERE) for number, at in enumerate(times))
    found = after(plan, 0, 0, 0, start=first - timedelta(days=1), dated=dated)
    assert column(found, "used") == [1, 2 + 4 + 8, 16 + 32]


@pytest.mark.parametrize(
    ("zone", "day", "times"),
    [
        # The hour that is skipped is the instant of the change: 00:30 is 01:00.
        ("America/Santiago", "2026-09-06", ["00:00", "00:30", "01:00", "01:30"]),
        ("Asia/Beirut", "2026-03-29", ["00:00", "00:30", "01:00", "01:30"]),
        # The hour that comes twice is its first.
        ("Atlantic/Azores", "2026-10-25", ["00:00", "00:30", "00:59", "01:00"]),
        ("America/Havana", "2026-11-01", ["00:00", "00:30", "00:59", "01:00"]),
        ("Europe/Vienna", "2026-03-29", ["01:59", "02:00", "02:30", "03:00"]),
        ("Europe/Vienna", "2026-10-25", ["01:59", "02:00", "02:59", "03:00"]),
    ],
)
def test_records_in_an_hour_that_is_missing_or_comes_twice_are_of_the_day_they_say(
    zone: str, day: str, times: list[str]
) -> None:
    dated = tuple(Dated(datetime.fromisoformat(f"{day}T{time}"), use(1), NOWHERE) for time in times)
    plan = f'timezone {zone}\nplan "A" prepaid\n  cycle: day\n  grant 1 GB\n'
    found = after(plan, 0, 0, 0, start=midnight(day) - timedelta(days=1), dated=dated)
    assert column(found, "used") == [0, len(times), 0]


def test_a_record_in_an_hour_that_is_skipped_is_not_after_the_first_behind_it() -> None:
    """In Sydney 02:00 is 03:00 on the 4th of October: what is used at 02:59 comes before what is bought at 03:01."""
    come_out("""
timezone Australia/Sydney
plan "A" prepaid
  cycle: calendar month
  grant 1 GB
  example "e"
    start 2026-10-01
    on 2026-10-04 02:59 use 1.5 GB -> overage 0.5 GB
    on 2026-10-04 03:01 top up 1 GB
    on 2026-10-04 03:02 use 0.5 GB -> overage 0.5 GB
""")


def test_use_of_a_cycle_is_spread_over_its_days_short_or_long() -> None:
    """31 days, of which one has 23 hours, and 31 with one of 25: a day is a part like any other."""
    for month, days in ((3, 31), (10, 31)):
        plan = 'timezone Europe/Vienna\nplan "A" prepaid\n  cycle: calendar month\n  grant 31 GB\n'
        found = after(plan, 31 * 10**9, start=datetime(2026, month, 1))
        used = [posting for posting in found.postings if posting.reason.value == "used"]
        assert [found.calendar.local(posting.at) for posting in used] == [datetime(2026, month, n + 1) for n in range(days)]
        assert {posting.amount for posting in used} == {10**9}


# ---- lives ----------------------------------------------------------------------------------------------------------

# Zone, when the pack is bought, how long it lives, and its end by the clock on the wall.
LIVES = [
    # Over a day of 23 hours, of 25, and of half an hour less or more: days keep the hour, hours do not.
    ("Europe/Vienna", "2026-03-28 15:00", "for 1 day", "2026-03-29 15:00"),
    ("Europe/Vienna", "2026-03-28 15:00", "for 24 hours", "2026-03-29 16:00"),
    ("Europe/Vienna", "2026-10-24 15:00", "for 1 day", "2026-10-25 15:00"),
    ("Europe/Vienna", "2026-10-24 15:00", "for 24 hours", "2026-10-25 14:00"),
    ("America/New_York", "2026-03-07 15:00", "for 7 days", "2026-03-14 15:00"),
    ("America/New_York", "2026-03-07 15:00", "for 168 hours", "2026-03-14 16:00"),
    ("America/New_York", "2026-10-31 15:00", "for 7 days", "2026-11-07 15:00"),
    ("America/New_York", "2026-10-31 15:00", "for 168 hours", "2026-11-07 14:00"),
    ("Australia/Lord_Howe", "2026-10-03 15:00", "for 1 day", "2026-10-04 15:00"),
    ("Australia/Lord_Howe", "2026-10-03 15:00", "for 24 hours", "2026-10-04 15:30"),
    ("Australia/Lord_Howe", "2026-04-04 15:00", "for 1 day", "2026-04-05 15:00"),
    ("Australia/Lord_Howe", "2026-04-04 15:00", "for 24 hours", "2026-04-05 14:30"),
    ("America/Santiago", "2026-09-05 15:00", "for 2 months", "2026-11-05 15:00"),
    # Through both changes of a year.
    ("Europe/Vienna", "2026-03-01 12:00", "for 300 days", "2026-12-26 12:00"),
    ("Europe/Vienna", "2026-03-01 12:00", "for 7200 hours", "2026-12-26 12:00"),
    ("Australia/Lord_Howe", "2026-03-01 12:00", "for 5160 hours", "2026-10-02 11:30"),
    # An end at a time that is missing, or that comes twice.
    ("Europe/Vienna", "2026-03-28 02:30", "for 1 day", "2026-03-29 03:00"),
    ("Europe/Vienna", "2026-03-28 02:30", "for 24 hours", "2026-03-29 03:30"),
    ("America/Santiago", "2026-09-05 00:30", "for 1 day", "2026-09-06 01:00"),
    # Midnights that are missing: the end is the change of the clock.
    ("America/Santiago", "2026-09-05 22:00", "to midnight", "2026-09-06 01:00"),
    ("Asia/Beirut", "2026-03-28 22:00", "for 1 day counting the first", "2026-03-29 01:00"),
    ("Asia/Beirut", "2026-03-27 22:00", "until 2026-03-29", "2026-03-29 01:00"),
    ("Asia/Beirut", "2026-03-28 22:00", "for 3 hours", "2026-03-29 02:00"),
    # Days that are short or long, to their end.
    ("America/Santiago", "2026-09-06 12:00", "to midnight", "2026-09-07 00:00"),
    ("America/Havana", "2026-11-01 12:00", "to midnight", "2026-11-02 00:00"),
    ("Atlantic/Azores", "2026-10-24 12:00", "for 2 days counting the first", "2026-10-26 00:00"),
    ("Atlantic/Azores", "2026-10-10 12:00", "to the end of the month", "2026-11-01 00:00"),
]


@pytest.mark.parametrize(("zone", "bought", "life", "end"), LIVES, ids=str)
def test_a_life_ends_when_its_words_say_by_the_clock_on_the_wall(zone: str, bought: str, life: str, end: str) -> None:
    at = datetime.fromisoformat(end).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    before = (at - timedelta(minutes=1)).astimezone(ZoneInfo(zone))
    text = f"""
timezone {zone}
plan "A" prepaid
  cycle: year
  grant 1 GB
  example "there to the last minute"
    start 2026-01-01
    on {bought} buy "P" -> left 5 GB add-on
    on {before:%Y-%m-%d %H:%M} -> left 5 GB add-on
    on {end} -> left 0 GB add-on, left 1 GB
pack "P"
  grant 5 GB {life}
"""
    checked = sound(text)
    (scenario,) = checked.scenarios
    found = run(checked.plans[0], scenario)
    assert missed(found) == []


@pytest.mark.parametrize("zone", ["Atlantic/Azores", "America/Havana"])
def test_an_end_at_a_midnight_that_comes_twice_is_the_first(zone: str) -> None:
    day = {"Atlantic/Azores": datetime(2026, 10, 25), "America/Havana": datetime(2026, 11, 1)}[zone]
    text = f"""
timezone {zone}
plan "A" prepaid
  cycle: day
  grant 1 GB
  use allowance, then carried
  unused data: carry 1 cycle
pack "P"
  grant 5 GB to midnight
"""
    found = after(text, 0, 0, start=day - timedelta(days=1))
    (carried, *_) = [lot for lot in found.lots if lot.lot_class.value == "carried"]
    begin, end = days_begin(zone, 2026)[day.date()], days_begin(zone, 2026)[day.date() + timedelta(days=1)]
    assert (carried.end, found.statement.cycles[1].start, found.statement.cycles[1].end) == (end, begin, end)


@EVERY_CHANGE
def test_a_day_however_long_grants_and_carries_as_any_other(zone: str, day: str) -> None:
    """Four days around it: nothing is granted twice or left out, and what is carried is there for one day."""
    text = f"""
timezone {zone}
plan "A" prepaid
  cycle: day
  grant 10 MB
  use allowance, then carried
  unused data: carry 1 cycle
"""
    found = after(text, *[4 * 10**6] * 4, start=midnight(day) - timedelta(days=2))
    assert column(found, "granted") == [10_000_000] * 4
    assert column(found, "available") == [10_000_000] + [16_000_000] * 3
    assert column(found, "expired") == [0] + [6_000_000] * 3
