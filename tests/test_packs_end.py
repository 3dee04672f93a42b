"""Ends of lots that are days of the week, several at once, or those of a pack; and what happens when a pack ends."""

from __future__ import annotations

import pytest
from test_cycle_kinds import holds

from dsl.check import check
from dsl.source import Source


def test_a_day_of_the_week_is_the_next_one() -> None:
    """The 1st of January 2026 is a Thursday."""
    holds("""\
plan "A" prepaid
  grant 10 GB

  example "until Friday leaves Friday out, through Friday does not"
    start 2026-01-01
    on 2026-01-01 12:00 top up 1 GB until Friday
    on 2026-01-01 12:00 top up 2 GB through Friday -> left 13 GB
    on 2026-01-02 -> left 12 GB
    on 2026-01-03 -> left 10 GB

  example "on a Friday it is that of next week, or the day itself"
    start 2026-01-01
    on 2026-01-02 12:00 top up 1 GB until friday
    on 2026-01-02 12:00 top up 2 GB through friday -> left 13 GB
    on 2026-01-03 -> left 11 GB
    on 2026-01-08 23:59 -> left 11 GB
    on 2026-01-09 -> left 10 GB
""")


def test_of_several_ends_the_earliest_counts() -> None:
    holds("""\
plan "A" prepaid
  grant 10 GB
  unused data: carry 12 months until 2026-04-15

  example "granted and carried"
    start 2026-01-01
    on 2026-01-01 top up 1 GB for 30 days until 2026-01-11 -> left 11 GB
    on 2026-01-11 -> left 10 GB
    on 2026-01-12 top up 1 GB until 2026-06-01 for 10 days -> left 11 GB
    on 2026-01-22 -> left 10 GB
    on 2026-04-14 -> left 40 GB
    on 2026-04-15 -> left 10 GB
""")


def test_a_life_from_the_first_use_may_have_a_last_day_too() -> None:
    holds("""\
plan "A" prepaid
  grant 1 MB

pack "Trip"
  grant 3 GB for 7 days from first use until 2026-03-01

plan "B" like "A"

  example "unused until then"
    start 2026-01-01
    on 2026-01-05 buy "Trip"
    on 2026-02-28 -> left 3 GB add-on
    on 2026-03-01 -> left 0 GB add-on

  example "seven days"
    start 2026-01-01
    on 2026-01-05 buy "Trip"
    on 2026-02-05 use 1 GB
    on 2026-02-11 23:59 -> left 2001 MB
    on 2026-02-12 -> left 0 GB add-on

  example "used late"
    start 2026-01-01
    on 2026-01-05 buy "Trip"
    on 2026-02-25 use 1 GB
    on 2026-02-28 -> left 2 GB add-on
    on 2026-03-01 -> left 0 GB add-on
""")


BONO = """\
plan "Simyo" postpaid
  cycle: calendar month
  grant 10 GB
  use add-on, then allowance
  unused data: carry 3 months {life}
  {rule}
{steps}
pack "Bono"
  {grant}
"""

CARRIED_WITH = [
    ('with pack "Bono"', "ensure data never above 1 TB"),
    ("", 'when "Bono" ends, carried data: expire'),
]


@pytest.mark.parametrize(("life", "rule"), CARRIED_WITH)
def test_what_is_carried_ends_with_a_pack_in_either_words(life: str, rule: str) -> None:
    steps = """
  example "until it is cancelled"
    start 2026-01-01
    on 2026-01-10 buy "Bono" -> left 13 GB
    on 2026-02-02 -> left 23 GB, left 10 GB carried
    on 2026-02-10 cancel "Bono" -> left 10 GB, left 0 GB carried, expired 13 GB
"""
    holds(BONO.format(life=life, rule=rule, steps=steps, grant="every month grant 3 GB"))


@pytest.mark.parametrize(("life", "rule"), CARRIED_WITH)
def test_a_pack_that_is_used_up_has_not_ended(life: str, rule: str) -> None:
    steps = """
  example "used up on the first day, it ends after 40 days"
    start 2026-01-01
    on 2026-01-10 buy "Bono"
    on 2026-01-10 use 3 GB -> left 10 GB
    on 2026-02-02 -> left 20 GB, left 10 GB carried
    on 2026-02-18 23:59 -> left 10 GB carried
    on 2026-02-19 -> left 10 GB, left 0 GB carried

  example "bought again, it goes on"
    start 2026-01-01
    on 2026-01-10 buy "Bono"
    on 2026-02-10 buy "Bono"
    on 2026-02-20 -> left 10 GB carried
    on 2026-03-21 23:59 -> left 20 GB carried
    on 2026-03-22 -> left 10 GB
"""
    holds(BONO.format(life=life, rule=rule, steps=steps, grant="grant 3 GB for 40 days"))


@pytest.mark.parametrize(("life", "rule"), CARRIED_WITH)
def test_a_pack_that_ends_with_the_cycle_leaves_nothing_to_carry(life: str, rule: str) -> None:
    steps = """
  example "of January there is nothing in February"
    start 2026-01-01
    buy "Bono"
    use 0 GB -> carried 0 GB, expired 13 GB
    use 0 GB -> available 10 GB
"""
    holds(BONO.format(life=life, rule=rule, steps=steps, grant="grant 3 GB"))


def test_a_pack_of_several_lots_ends_with_the_last_of_them() -> None:
    holds("""\
plan "A" postpaid
  cycle: calendar month
  grant 10 GB
  when "Six" ends, bonus data: expire

  example "three months"
    start 2026-01-01
    on 2026-01-10 buy "Six"
    on 2026-01-11 top up 1 GB bonus for 1 year
    on 2026-03-31 -> left 12 GB
    on 2026-04-01 -> left 10 GB

pack "Six"
  grant 1 GB in each of 3 cycles
""")


def test_a_grant_lives_with_a_pack_where_there_is_one() -> None:
    holds("""\
plan "A" postpaid
  cycle: calendar month
  grant 10 GB
  every month grant 1 GB bonus data with pack "Social"

  example "only in the months that begin with it, and no longer than it"
    start 2026-01-01
    on 2026-01-10 buy "Social" -> left 100 sms, left 0 GB bonus
    on 2026-02-01 -> left 1 GB bonus
    on 2026-02-18 23:59 -> left 1 GB bonus
    on 2026-02-19 -> left 0 GB bonus, left 0 sms, left 10 GB
    on 2026-03-01 -> left 0 GB bonus

pack "Social"
  grant 7 minutes with pack "Social"
  grant 100 sms for 40 days
""")


def codes(text: str) -> list[str]:
    return [one.code for one in check(Source("x.plan", text)).diagnostics]


def test_ends_that_are_said_twice_or_of_no_pack() -> None:
    plan = 'plan "A" prepaid\n  grant 1 GB {}\npack "P"\n  grant 1 GB\n'
    assert codes(plan.format('for 3 days until Friday with pack "P" to the end of the month')) == []
    assert codes(plan.format("for 3 days for 4 days")) == ["R213"]
    assert codes(plan.format("without end until Friday")) == ["R213"]
    assert codes(plan.format('with pack "Q"')) == ["R107"]
    assert codes(plan.format("until Fryday"))[0] == "R010"
    assert codes(plan.format("until Friday from first use")) == []
    assert codes(plan.format('with pack "P" from first use')) == ["R212"]
