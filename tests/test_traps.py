"""Mistakes that real rollover systems have made, each as a plan and the numbers it must not come to."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from reading import GB, MB, MINUTE, after, column, come_out, example, use

from dsl.check import check
from dsl.scenario import Buy, Dated
from dsl.source import NOWHERE, Source
from engine.arithmetic import exchange
from engine.judge import broken


def test_the_cap_is_about_all_that_is_carried_not_about_the_new_lot_only() -> None:
    """Trap: 8 GB roll each month under a cap of 10 GB, each lot for itself below it, and the balance passes the cap."""
    found = after('plan "A" prepaid\n  grant 8 GB\n  use allowance first\n  carry 3 months, cap 10 GB\n', 0, 0, 0, 0)
    assert column(found, "carried_out") == [8 * GB, 10 * GB, 10 * GB, 10 * GB]


def test_a_lot_that_is_carried_is_not_counted_twice() -> None:
    """Trap: what was carried in rolls again beside the unused allowance of which it was a part."""
    found = after('plan "A" prepaid\n  grant 10 GB\n  carry 1 month\n', 0, 0, 0)
    assert column(found, "available") == [10 * GB, 20 * GB, 20 * GB]
    assert column(found, "expired") == [0, 10 * GB, 10 * GB]


def test_lots_that_end_do_not_count_for_the_cap_of_those_that_begin() -> None:
    """Trap: the cap is taken before the old lot ends, so that the old lot eats the room of the new one, and then ends."""
    found = after('plan "A" prepaid\n  grant 10 GB\n  use allowance first\n  carry 1 month, cap 10 GB\n', 0, 0)
    assert column(found, "carried_out") == [10 * GB, 10 * GB]
    assert [found.lots[2].born, found.lots[3].born] == [found.calendar.boundary(1), found.calendar.boundary(1)]
    assert column(found, "expired") == [0, 10 * GB], "the old lot, of the first month"


@pytest.mark.parametrize(
    ("choice", "boundaries"),
    [
        ("month from activation", ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]),
        ("month from activation, days 29 to 31 move to the 28th", ["2026-02-28", "2026-03-28", "2026-04-28", "2026-05-28"]),
        ("month from activation, short month overflow", ["2026-03-01", "2026-03-31", "2026-05-01", "2026-05-31"]),
    ],
)
def test_the_31st_neither_spills_over_nor_sticks_unless_it_is_said(choice: str, boundaries: list[str]) -> None:
    """Trap: 31 January + 1 month is 3 March; or it is 28 February, and every later month ends on the 28th, too."""
    found = after(f'plan "A" prepaid\n  grant 1 GB\n  cycle: {choice}\n', 0, 0, 0, 0, start=datetime(2026, 1, 31))
    assert [f"{found.calendar.local(cycle.end):%Y-%m-%d}" for cycle in found.statement.cycles] == boundaries


@pytest.mark.parametrize("zone", ["Europe/Vienna", "America/New_York", "Australia/Sydney"])
def test_the_cycle_day_is_not_off_by_one_where_the_clock_changes(zone: str) -> None:
    """Trap: cycles of 30 * 24 hours, or midnights in UTC, begin on the evening before for half of the year."""
    found = after(f'timezone {zone}\nplan "A" prepaid\n  grant 1 GB\n', *[0] * 14, start=datetime(2026, 1, 5))
    starts = [found.calendar.local(cycle.start) for cycle in found.statement.cycles]
    assert all((start.day, start.hour, start.minute) == (5, 0, 0) for start in starts)


CONVERT = 'rate {} sms = {} minutes\nplan "A" prepaid\n  grant 100 sms\n  convert to minutes\n'


def test_a_conversion_is_made_once_on_the_sum_in_hand_not_lot_by_lot() -> None:
    """Trap: 100 at 3 : 1 gives 33, ten lots of 10 give 30."""
    many = ", ".join(["10 sms"] * 10)
    one, ten = CONVERT.format(3, 1), CONVERT.format(3, 1).replace("100 sms", many)
    for plan in (one, ten):
        found = after(plan, 0)
        assert column(found, "converted_in", "voice") == [33 * MINUTE]
        assert column(found, "converted_out", "sms") == [99]
        assert column(found, "expired", "sms") == [1], "what makes no whole minute is not taken, and not lost unseen"


def test_a_conversion_takes_no_more_than_what_it_makes_is_worth() -> None:
    """Trap: a conversion that is split loses a little each time. Here what does not make a whole unit stays in hand."""
    whole, _ = exchange(1000, 3, 1, 1, 1, -1)
    made = left = 0
    for part in [100] * 10:
        left += part
        now, taken = exchange(left, 3, 1, 1, 1, -1)
        made += now
        left -= taken
    assert made == whole == 333
    assert left == 1


def test_two_conversions_of_one_hand_share_what_is_there() -> None:
    rates = "rate 1 GB = 30 minutes\nrate 1 GB = 10 sms\n"
    found = after(rates + 'plan "A" prepaid\n  grant 3 GB\n  convert to minutes, cap 45 minutes, convert to sms\n', 0)
    assert column(found, "converted_in", "voice") == [45 * MINUTE]
    assert column(found, "converted_in", "sms") == [15]
    assert column(found, "expired") == [0]


def test_20_thirds_of_a_gb_are_rounded_up_once_at_a_named_place() -> None:
    """200 minutes at 1 GB = 30 minutes are worth 6 666 666 666.67 bytes."""
    plan = 'rate 1 GB = 30 minutes\nplan "A" prepaid\n  grant 20 GB\n  convert to minutes, cap 200 minutes\n'
    found = after(plan, 0)
    assert column(found, "converted_out") == [6_666_666_667]
    assert column(found, "expired") == [13_333_333_333]


@pytest.mark.parametrize(
    ("order", "third"), [("use allowance, then carried", 2_200 * MB), ("use carried, then allowance", 2_400 * MB)]
)
def test_what_is_used_first_decides_what_rolls(order: str, third: int) -> None:
    """Talkmore 2017: "2 GB, 1.8 used in January: 2.2 in February; 1.8 used again: 2.2 in March, not 2.4"."""
    plan = f'plan "Talkmore" postpaid\n  grant 2 GB\n  cycle: calendar month\n  {order}\n  carry 1 month, cap 1x plan\n'
    assert column(after(plan, 1_800 * MB, 1_800 * MB, 0), "available") == [2_000 * MB, 2_200 * MB, third]


def test_a_carried_lot_lives_once_and_not_for_ever() -> None:
    """Trap: an endless life by rolling what was rolled already, unless it is said."""
    once = after('plan "A" prepaid\n  grant 1 GB\n  use allowance first\n  carry 1 month\n', *[0] * 5)
    ever = after('plan "A" prepaid\n  grant 1 GB\n  use allowance first\n  carry 1 month each time\n', *[0] * 5)
    assert column(once, "carried_out") == [GB] * 5
    assert column(ever, "carried_out") == [GB, 2 * GB, 3 * GB, 4 * GB, 5 * GB]


def test_a_cap_is_a_gate_at_its_boundary_and_a_claim_about_balances_is_checked() -> None:
    """Trap: `cap 10GB` read as a limit of the balance, which is 20 GB the moment the next grant comes."""
    found = after('plan "A" prepaid\n  grant 10 GB\n  carry 1 month, cap 10 GB\n  ensure data never above 10 GB\n', 0, 0)
    assert [claim.got for claim in broken(found)] == [20 * GB]
    capped = after('plan "A" prepaid\n  grant 10 GB\n  carry 2 months, cap 15 GB with allowance\n', 0, 0, 0)
    assert column(capped, "available") == [10 * GB, 15 * GB, 15 * GB]


def test_a_pack_that_rolls_is_not_carried_by_the_plan_and_the_plan_not_by_the_pack() -> None:
    """Trap: rollover lost because what was renewed was not what rolls, or gained because one line took all lots."""
    plan = 'plan "A" prepaid\n  grant 10 GB\npack "Rolls"\n  every month grant 2 GB\n  unused data: carry 1 month\n'
    found = after(plan, (Buy("Rolls"),), 0)
    assert column(found, "carried_out") == [2 * GB, 2 * GB]
    assert column(found, "expired") == [10 * GB, 12 * GB]


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_use_at_a_boundary_is_counted_once(seconds: int) -> None:
    at = datetime(2026, 2, 1) + timedelta(seconds=seconds)
    found = after('plan "A" prepaid\n  grant 10 GB\n  carry 1 month\n', 0, 0, dated=(Dated(at, use(3 * GB), NOWHERE),))
    assert sum(column(found, "used")) == 3 * GB


def test_an_unrelated_change_applies_no_refill_again() -> None:
    """Trap: a gift of the start, a promotion or a pack comes again whenever the line's terms are touched."""
    come_out("""
plan "S" prepaid
  cycle: 30 days
  price 10 EUR a cycle
  price 5 EUR
  grant 10 GB
  change: new plan now
  example "to M and back, suspended, failed and paid"
    on 2026-01-02 buy "Pack"
    on 2026-01-03 suspend
    on 2026-01-04 resume -> left 14 GB
    on 2026-01-05 payment fails
    on 2026-01-06 pay -> left 14 GB, received 4 GB, charged 15 EUR
    on 2026-01-07 change to "S" -> left 14 GB, charged 15 EUR
    on 2026-01-08 change to "M" -> left 34 GB, received 4 GB
    on 2026-01-09 opt in -> left 34 GB
    on 2026-01-10 change to "S" -> left 44 GB, received 4 GB, charged 45 EUR
plan "M" like "S"
  price 20 EUR a cycle
  grant 20 GB
pack "Pack"
  grant 3 GB for 90 days
promotion "Welcome" for "S", "M"
  from 2026-01-01 until 2026-12-31
  grant 1 GB bonus data for 90 days
""")


@pytest.mark.parametrize(
    ("change", "carried"), [("new plan now", 20), ("new plan now, restart the clock", 20), ("new plan next cycle", 10)]
)
def test_a_change_of_plan_does_not_roll_both_the_old_and_the_new_grant(change: str, carried: int) -> None:
    """Trap: 10 GB and 20 GB are there after the change, and 30 GB roll under a plan of 20."""
    found = example(f"""
plan "S" prepaid
  cycle: 30 days
  grant 10 GB
  change: {change}
  unused data: carry 1 cycle
  example "e"
    on 2026-01-11 change to "M"
    use 0 GB
    use 0 GB
plan "M" like "S"
  grant 20 GB
""")
    number = 2 if "restart" in change else 1
    assert column(found, "carried_out")[number - 1] == carried * GB


def test_an_upgrade_does_not_shorten_a_carried_lot() -> None:
    """Trap: the clock starts again with the upgrade, and takes with it what was to stay until the 2nd of March."""
    come_out("""
plan "S" prepaid
  cycle: 30 days
  grant 10 GB
  use allowance first
  change: new plan now, restart the clock
  unused data: carry 1 cycle
  example "carried until the 2nd of March, upgraded in February"
    use 4 GB -> carried 6 GB
    on 2026-02-05 change to "M" -> left 36 GB, left 16 GB carried
    on 2026-03-01 -> left 16 GB carried
    on 2026-03-02 -> left 10 GB carried
plan "M" like "S"
  grant 20 GB
""")


def test_what_is_renewed_need_not_be_the_pack_that_rolls() -> None:
    """Trap: a line holds two packs, and the rollover of the one is lost because the other is bought."""
    come_out("""
plan "Card" prepaid
  cycle: 30 days
  grant 1 GB
  example "each keeps its own alive"
    on 2026-01-02 buy "Rolls"
    on 2026-01-03 buy "Other"
    on 2026-01-08 buy "Other" -> left 7 GB
    on 2026-01-09 -> left 5 GB
    on 2026-01-09 12:00 buy "Rolls" -> left 7 GB
    on 2026-01-14 buy "Rolls" -> left 7 GB
    on 2026-01-16 12:00 -> left 7 GB
    on 2026-01-18 -> left 5 GB
    on 2026-01-21 -> left 1 GB
pack "Rolls"
  grant 2 GB for 7 days
  when bought again, unused data: extend to the new end
pack "Other"
  grant 2 GB for 10 days
""")


ENDLESS = 'plan "A" prepaid\n  cycle: 30 days\n  grant 1 GB\n  renewal early: {}\n  {}\n'


@pytest.mark.parametrize(
    ("early", "rule", "reported"),
    [
        ("restart the clock", "unused data: carry 1 cycle each time", True),
        ("restart the clock", "unused data, if paid: carry 1 cycle each time", True),
        ("restart the clock", "when renewed early, unused data and carried data: carry to the new end", True),
        ("restart the clock", "when renewed early, unused data and carried data: extend to the new end", True),
        ("restart the clock", "unused data: carry 1 cycle each time, cap 10 GB", False),
        ("restart the clock", "unused data: carry 3 cycles from grant each time", False),
        ("restart the clock", "unused data: carry 1 cycle", False),
        ("restart the clock", "unused data, if not renewed early: carry 1 cycle each time", False),
        ("adds", "unused data: carry 1 cycle each time", False),
        ("expire", "unused data: carry 1 cycle each time", False),
    ],
)
def test_an_endless_life_by_renewing_daily_is_reported(early: str, rule: str, reported: bool) -> None:
    """Trap: who renews each day keeps all there ever was, without end and without bound."""
    found = check(Source("a.plan", ENDLESS.format(early, rule)))
    assert [one.code for one in found.diagnostics] == ["R295"] * reported


@pytest.mark.parametrize(
    ("rule", "reported"),
    [
        ("unused data and gift data: give for 30 days", True),
        ("gift data: give to the new end", True),
        ("unused data: give for 30 days", False),  # a gift is in no hand, so that it is not given on
        ("unused data and gift data: give", False),  # given on, it keeps the end it had
    ],
)
def test_an_endless_life_by_gifts_to_and_fro_is_reported(rule: str, reported: bool) -> None:
    """Trap: two lines give the same gigabyte to and fro, and each gift lives anew."""
    found = check(Source("a.plan", f'plan "A" prepaid\n  grant 1 GB\n  when asked, {rule}\n'))
    assert [one.code for one in found.diagnostics] == ["R299"] * reported


def test_a_gift_that_is_given_on_lives_no_longer() -> None:
    come_out("""
plan "A" prepaid
  cycle: 30 days
  grant 1 GB
  when asked, unused data and gift data: give
  example "to and fro"
    start 2026-01-01
    on 2026-01-10 "Bo" starts on "A"
    on 2026-01-11 give 1 GB to "Bo"
    on 2026-01-12 "Bo" give 1 GB to the owner
    on 2026-01-13 give 1 GB to "Bo"
    on 2026-01-30 "Bo" -> left 2 GB
    on 2026-01-31 "Bo" -> left 1 GB
""")


def test_a_conversion_that_is_asked_for_in_parts_comes_to_the_same() -> None:
    """Trap: a conversion that loses a little each time it is split. Here three times 0.5 GB at 3 GB for 2 minutes are one."""
    come_out("""
rate 3 GB = 2 minutes
plan "A" prepaid
  cycle: 30 days
  grant 9 GB
  when asked, unused data: convert to minutes
  example "at once"
    on 2026-01-05 convert 4.5 GB to minutes -> left 3 minutes, left 4.5 GB
  example "in parts"
    on 2026-01-05 convert 1.5 GB to minutes -> left 1 minute
    on 2026-01-06 convert 1.5 GB to minutes -> left 2 minutes
    on 2026-01-07 convert 1.5 GB to minutes -> left 3 minutes, left 4.5 GB
""")
