"""Cycles that are not by midnights or not by one length: an hour of their own, blocks of days, a first use that begins them."""

from __future__ import annotations

from datetime import datetime

import pytest
from reading import GB, column, plan_of, sound, use

from dsl.scenario import Dated, DoNotRenew, Renew, Scenario
from dsl.source import NOWHERE
from engine.calendar import Calendar
from engine.judge import missed
from engine.run import Run, run


def calendar(cycle: str, start: datetime, zone: str = "UTC", first_use: datetime | None = None) -> Calendar:
    plan = plan_of(f'timezone {zone}\nplan "A" prepaid\n  cycle: {cycle}\n  grant 1 GB\n')
    return Calendar(plan.cycle, plan.zone, start, first_use)


def boundaries(found: Calendar, count: int) -> str:
    return ", ".join(f"{found.local(found.boundary(number)):%m-%d %H:%M}" for number in range(1, count + 1))


def holds(text: str) -> None:
    """Every example of a text comes out."""
    checked = sound(text)
    assert checked.scenarios
    for scenario in checked.scenarios:
        plan = checked.plan(scenario.plan)
        assert plan is not None
        assert missed(run(plan, scenario, checked.plans)) == []


# ---- the hour ----

AFTERNOON, NIGHT = datetime(2026, 1, 31, 15, 30), datetime(2026, 1, 15, 3, 0)
HOURS = [
    ("30 days", AFTERNOON, "03-02 00:00, 04-01 00:00"),
    ("30 days, at 05:00", AFTERNOON, "03-02 05:00, 04-01 05:00"),
    ("30 days, at the hour of activation", AFTERNOON, "03-02 15:30, 04-01 15:30"),
    ("month, at the hour of activation", AFTERNOON, "02-28 15:30, 03-31 15:30"),
    ("month, at 05:00", AFTERNOON, "02-28 05:00, 03-31 05:00"),
    ("month, at 05:00", NIGHT, "02-15 05:00, 03-15 05:00"),  # the dates are those of midnights
    ("calendar month, at 05:00", AFTERNOON, "02-01 05:00, 03-01 05:00"),
    ("from the 15th, at 05:00", NIGHT, "02-15 05:00, 03-15 05:00"),  # the 15th has begun, whatever the hour
    ("from the 15th, at 03:00", NIGHT, "02-15 03:00, 03-15 03:00"),
    ("from the 15th", NIGHT, "02-15 00:00, 03-15 00:00"),
    ("day, at 05:00", NIGHT, "01-16 05:00, 01-17 05:00"),
    ("from the 31st, short month overflow, at 05:00", AFTERNOON, "03-01 05:00, 03-31 05:00"),
]


@pytest.mark.parametrize(("cycle", "start", "wanted"), HOURS, ids=str)
def test_the_hour_of_a_boundary(cycle: str, start: datetime, wanted: str) -> None:
    assert boundaries(calendar(cycle, start), 2) == wanted


# Zone, cycle, start, and the boundary at the change of the clock with its offset, and the one after it.
CHANGES = [
    ("Europe/Vienna", "02:30", "2026-03-28", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"),  # skipped
    ("Europe/Vienna", "02:30", "2026-10-24", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"),  # twice: the first
    ("Europe/Vienna", "05:00", "2026-03-28", "2026-03-29T05:00:00+02:00", "2026-03-30T05:00:00+02:00"),
    ("Australia/Lord_Howe", "02:15", "2026-10-03", "2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"),  # by half an hour
    ("America/Havana", "00:30", "2026-10-31", "2026-11-01T00:30:00-04:00", "2026-11-02T00:30:00-05:00"),
]


@pytest.mark.parametrize(("zone", "hour", "day", "change", "next_day"), CHANGES, ids=str)
def test_an_hour_that_the_clock_skips_or_has_twice(zone: str, hour: str, day: str, change: str, next_day: str) -> None:
    for cycle in (f"day, at {hour}", "day, at the hour of activation"):
        found = calendar(cycle, datetime.fromisoformat(f"{day}T{hour}"), zone)
        assert (found.iso(found.boundary(1)), found.iso(found.boundary(2))) == (change, next_day)


def test_a_midnight_inside_a_gap_that_begins_before_it_is_the_instant_of_the_change() -> None:
    """In Monrovia the clock went from 23:59:59 on 6 January 1972 to 00:44:30; in Toronto, 1919, from 23:30 to 00:30."""
    found = calendar("day", datetime(1972, 1, 6), "Africa/Monrovia")
    assert found.iso(found.boundary(1)).startswith("1972-01-07T00:44:30")


HOUR = """\
timezone Europe/London
plan "A" prepaid
  cycle: 30 days, {}
  {}
  grant 10 GB
  unused data: carry 1 cycle
"""


def after(plan: str, start: datetime, *dated: tuple[datetime, object]) -> Run:
    chosen = plan_of(plan)
    return run(chosen, Scenario("", "A", start, (), tuple(Dated(at, act, NOWHERE) for at, act in dated), NOWHERE))  # type: ignore[arg-type]


def ends(found: Run) -> str:
    return boundaries(found.calendar, len(found.statement.cycles))


def test_a_renewal_that_restarts_the_clock_starts_the_hour_of_activation_too() -> None:
    start, renewed, last = datetime(2026, 1, 1, 9), datetime(2026, 1, 11, 18, 45), datetime(2026, 2, 20)
    for words, wanted in (
        ("at the hour of activation", "01-11 18:45, 02-10 18:45, 03-12 18:45"),
        ("at 05:00", "01-11 18:45, 02-10 05:00, 03-12 05:00"),
    ):
        plan = HOUR.format(words, "renewal early: restart the clock")
        assert ends(after(plan, start, (renewed, Renew()), (last, use(1)))) == wanted


def test_a_stacked_clock_keeps_the_hour() -> None:
    plan = HOUR.format("at 05:00", "renewal early: stack the clock")
    found = after(plan, datetime(2026, 1, 1, 9), (datetime(2026, 1, 11), Renew()), (datetime(2026, 3, 3), use(1)))
    assert ends(found) == "03-02 05:00, 04-01 05:00"


def test_a_grace_lasts_from_the_hour_of_the_end() -> None:
    plan = HOUR.format("at 05:00", "renewal late: grace 7 days")
    start, renewed = datetime(2026, 1, 1, 9), datetime(2026, 2, 7, 4, 59)
    stops = (datetime(2026, 1, 2), DoNotRenew())
    assert ends(after(plan, start, stops, (renewed, Renew()), (renewed, use(1)))) == "02-07 04:59, 03-09 05:00"
    late = datetime(2026, 2, 7, 5, 0)
    assert ends(after(plan, start, stops, (late, use(1)))) == "02-07 05:00, 03-09 05:00", "over at the same hour, unrenewed"


def test_ends_by_the_calendar_stay_midnights_and_ends_by_cycles_go_with_the_hour() -> None:
    holds("""\
plan "A" prepaid
  cycle: calendar month, at 05:00
  grant 10 GB

  example "each its end"
    start 2026-01-31
    on 2026-01-31 top up 1 GB to the end of the month
    on 2026-01-31 top up 2 GB to the end of the cycle -> left 13 GB
    on 2026-02-01 04:59 -> left 12 GB
    on 2026-02-01 05:00 -> left 10 GB
""")


def test_a_record_before_the_hour_is_use_of_the_old_cycle() -> None:
    plan = plan_of('plan "A" prepaid\n  cycle: calendar month, at 05:00\n  grant 10 GB\n')
    dated = tuple(Dated(datetime(2026, 2, 1, 4 + late, 59 * (not late)), use(GB), NOWHERE) for late in (False, True))
    assert column(run(plan, Scenario("", "A", datetime(2026, 1, 1), (), dated, NOWHERE)), "used") == [GB, GB]


# ---- blocks ----


@pytest.mark.parametrize(
    ("cycle", "number", "wanted"),
    [
        ("30 days in blocks of 365 days", range(11, 15), "11-27 12-27 01-01 01-31"),
        ("30 days in blocks of 90 days", range(1, 5), "01-31 03-02 04-01 05-01"),
        ("week in blocks of 30 days", range(3, 7), "01-22 01-29 01-31 02-07"),
        ("30 days in blocks of 31 days", range(1, 5), "01-31 02-01 03-03 03-04"),
    ],
)
def test_blocks_cut_their_last_cycle_and_begin_anew(cycle: str, number: range, wanted: str) -> None:
    found = calendar(cycle, datetime(2026, 1, 1, 15))
    assert " ".join(f"{found.local(found.boundary(one)):%m-%d}" for one in number) == wanted


def test_what_is_left_of_a_block_is_no_whole_cycle() -> None:
    found = calendar("30 days in blocks of 365 days", datetime(2026, 1, 1))
    assert [found.part(number) for number in (12, 13, 14)] == [(30, 30), (5, 30), (30, 30)]
    assert [f"{found.local(at):%m-%d}" for at in found.whole(13)] == ["12-02", "01-01"]  # of which it is the last five days


def test_a_clock_is_restarted_in_what_is_left_of_a_block() -> None:
    holds("""\
plan "A" prepaid
  cycle: 7 days in blocks of 30 days
  price 7 EUR a cycle by day
  grant 10 GB
  renewal early: restart the clock

  example "two days are left of the block, and one of them is over"
    on 2026-01-28 -> charged 7 EUR
    on 2026-01-29 -> charged 2 EUR
    on 2026-01-30 renew
    on 2026-01-31 -> left 10 GB, charged 7 EUR
    on 2026-02-06 -> left 10 GB
""")


def test_a_renewal_begins_a_block() -> None:
    found = calendar("30 days in blocks of 50 days", datetime(2026, 1, 1))
    found.restart(1, found.instant(datetime(2026, 1, 11, 12)), found.cycle)
    assert boundaries(found, 4) == "01-11 12:00, 02-10 00:00, 03-02 00:00, 04-01 00:00"


# ---- from first use ----


def test_the_first_use_begins_the_first_cycle_and_what_is_granted_waits() -> None:
    holds("""\
plan "A" prepaid
  cycle: 30 days from first use
  grant 10 GB and 100 sms

  example "nine weeks in the drawer"
    start 2026-01-01
    on 2026-03-09 -> left 10 GB
    on 2026-03-10 18:00 use 5 sms -> left 10 GB, left 95 sms
    on 2026-04-08 use 4 GB -> left 6 GB
    on 2026-04-09 -> left 10 GB, used 0 GB
    on 2026-05-09 -> left 10 GB, used 0 GB

  example "not used at all, it waits as long as anybody looks"
    start 2026-01-01
    on 2026-12-31 -> left 10 GB, expired 0 GB

  example "what a cycle is told to use begins it"
    start 2026-01-01
    use 4 GB -> expired 6 GB
    on 2026-01-31 -> left 10 GB, used 0 GB
""")


def test_the_hour_of_a_first_use_is_that_of_the_activation() -> None:
    found = calendar("month from first use, at the hour of activation", datetime(2026, 1, 1), first_use=AFTERNOON)
    assert boundaries(found, 2) == "02-28 15:30, 03-31 15:30"


def test_only_a_cycle_that_says_so_waits_for_a_use() -> None:
    assert boundaries(calendar("30 days", datetime(2026, 1, 1), first_use=AFTERNOON), 1) == "01-31 00:00"
