"""What comes for renewals, what asks for cycles in a row, and promotions that a line joins later than at their start."""

from __future__ import annotations

import pytest
from test_cycle_kinds import holds

from dsl.check import check
from dsl.source import Source
from engine.loyalty import Followed, Step, cycles_in_a_row
from engine.run import run

LAPSE = """
    start 2026-01-01
    on 2026-01-01 use 0 GB
    on 2026-02-01 do not renew
    on 2026-03-10 renew
"""


def test_a_grant_with_every_third_renewal() -> None:
    holds("""\
plan "A" prepaid
  cycle: calendar month
  grant 10 GB
  every 3 renewals grant 5 GB bonus data for 7 days

  example "with the fourth cycle, and the seventh"
    use 0 GB
    use 0 GB
    use 0 GB -> received 0 GB
    use 0 GB -> received 5 GB
    use 0 GB
    use 0 GB -> received 0 GB
    use 0 GB -> received 5 GB
""")


def test_an_allowance_that_grows() -> None:
    holds("""\
plan "A" prepaid
  cycle: calendar month
  every cycle grant 8 GB, 0.5 GB bonus data for every 3 renewals
  carry 1 cycle, cap 1x plan

  example "8, 8.5 after three packs, 9 after six; the plan stays 8"
    use 0 GB
    use 0 GB
    use 0 GB -> granted 8 GB
    use 0 GB -> granted 8.5 GB, carried 8 GB
    use 0 GB
    use 0 GB -> granted 8.5 GB
    use 0 GB -> granted 9 GB
""")


GAP = """\
plan "A" prepaid
  cycle: 30 days
  every cycle grant 8 GB
  every cycle grant 1 GB bonus data for every 2 renewals {how}

  example "a gap behind the second pack"
    start 2026-01-01
    on 2026-01-31 do not renew
    on 2026-04-01 renew -> left {third} GB
    on 2026-05-01 -> left {fourth} GB
    on 2026-05-31 -> left {fifth} GB
"""


@pytest.mark.parametrize(("how", "third", "fourth", "fifth"), [("in all", 9, 9, 10), ("", 9, 9, 10), ("in a row", 8, 8, 9)])
def test_a_gap_pauses_the_count_or_begins_it_again(how: str, third: int, fourth: int, fifth: int) -> None:
    """Packs 1 and 2, a gap, packs 3, 4 and 5: two renewals by the third, or none, where it is a start."""
    holds(GAP.format(how=how, third=third, fourth=fourth, fifth=fifth))


def test_what_is_assumed_of_a_gap_is_told_where_there_was_one() -> None:
    for how, told in (("", True), ("in all", False), ("in a row", False)):
        checked = check(Source("x.plan", GAP.format(how=how, third=0, fourth=0, fifth=0)))
        found = run(checked.plans[0], checked.scenarios[0], checked.plans)
        assert ("renewals" in [one.topic for one in found.statement.assumptions]) is told


FAMILY = (
    """\
group "Packs": "S", "M"
plan "S" prepaid
  cycle: 30 days
  change: new plan next cycle
  every cycle grant 1 GB
  every cycle grant 1 GB bonus data for every renewal
""".replace("every renewal", "every 1 renewals {inside}")
    + """
  example "another plan"
    use 0 GB
    use 0 GB -> granted 2 GB
    change to "{to}"
    use 0 GB -> granted 3 GB
    use 0 GB -> granted {after} GB
    use 0 GB -> granted {later} GB

plan "M" like "S"
plan "Other" like "S"
"""
)


@pytest.mark.parametrize(
    ("inside", "to", "after", "later"),
    [
        ("", "M", 1, 2),  # counted anew
        ('inside group "Packs"', "M", 4, 5),
        ('inside group "Packs"', "Other", 1, 1),  # never inside
    ],
)
def test_another_plan_begins_the_count_again_unless_it_is_inside_the_group(
    inside: str, to: str, after: int, later: int
) -> None:
    holds(FAMILY.format(inside=inside, to=to, after=after, later=later))


def test_a_renewal_that_comes_early_counts() -> None:
    holds("""\
plan "A" prepaid
  cycle: 30 days
  renewal early: adds
  grant 10 GB
  every 2 renewals grant 1 GB bonus

  example "twice in one cycle"
    start 2026-01-01
    on 2026-01-05 renew -> left 20 GB
    on 2026-01-06 renew -> left 31 GB
""")


def test_cycles_in_a_row() -> None:
    plan = """\
plan "A" prepaid
  cycle: 30 days
  grant 10 GB
  unused data, if 3 cycles in a row: carry 1 cycle
"""
    holds(
        plan
        + """
  example "from the third on"
    use 0 GB -> carried 0 GB
    use 0 GB -> carried 0 GB
    use 0 GB -> carried 10 GB

  example "counted again behind a gap"
    start 2026-01-01
    on 2026-03-15 do not renew
    on 2026-05-01 renew -> left 10 GB
    on 2026-05-31 -> left 10 GB
    on 2026-06-30 -> left 10 GB
    on 2026-07-30 -> left 20 GB
"""
    )


def test_cycles_in_a_row_are_counted_from_the_last_lapse() -> None:
    renewed, lapsed = Step(Followed.RENEWED, "A", "A"), Step(Followed.LAPSED, "A", "A")
    assert cycles_in_a_row([]) == 1
    assert cycles_in_a_row([renewed, Step(Followed.AGAIN, "A", "A")]) == 2
    assert cycles_in_a_row([renewed, renewed, lapsed]) == 0
    assert cycles_in_a_row([renewed, lapsed, lapsed, renewed]) == 1


PROMOTION = """\
plan "A" prepaid
  cycle: calendar month
  grant 10 GB
{example}
promotion "P" for "A"
  from 2026-02-10 until 2026-04-10, {joins}
  {grants}
"""


def test_a_promotion_at_the_next_renewal() -> None:
    example = """
  example "a line that is there"
    start 2026-01-01
    on 2026-02-28 -> left 10 GB
    on 2026-03-01 -> left 15 GB
    on 2026-04-01 -> left 10 GB

  example "one that starts in the window has it at its renewal, too"
    start 2026-02-20
    on 2026-02-20 -> left 10 GB
    on 2026-03-01 -> left 15 GB
    on 2026-04-01 -> left 10 GB

  example "one whose renewal falls behind the window has it never"
    start 2026-04-05
    on 2026-05-01 -> left 10 GB
"""
    holds(PROMOTION.format(example=example, joins="at the next renewal", grants="grant 5 GB"))


def test_a_promotion_on_opt_in() -> None:
    example = """
  example "once, and only in the window"
    start 2026-01-01
    on 2026-02-01 opt in -> left 10 GB
    on 2026-02-10 -> left 10 GB
    on 2026-02-11 opt out
    on 2026-02-12 opt in -> left 15 GB
    on 2026-02-13 opt out
    on 2026-02-14 opt in -> left 15 GB

  example "what comes with each cycle does so from then on"
    start 2026-01-01
    on 2026-03-01 -> left 10 GB
    on 2026-03-20 opt in -> left 15 GB
    on 2026-04-01 -> left 11 GB
    on 2026-05-01 -> left 10 GB
"""
    holds(PROMOTION.format(example=example, joins="on opt-in", grants="grant 5 GB\n  every cycle grant 1 GB"))


@pytest.mark.parametrize(
    ("start", "bought", "last"),
    [
        ("2026-05-15", "2026-05-20", "2026-12-14"),  # part of a cycle, and six whole ones
        ("2026-05-15", "2026-06-15 18:00", "2026-12-14"),  # on the day on which a cycle begins
        ("2026-05-20", "2026-05-20", "2026-12-14"),  # the line's own first cycle is a part
        ("2026-05-15", "2026-05-15", "2026-11-14"),
    ],
)
def test_whole_cycles_leave_out_the_one_that_runs(start: str, bought: str, last: str) -> None:
    holds(f"""\
plan "A" postpaid
  cycle: from the 15th
  grant 10 GB

  example "six"
    start {start}
    on {bought} buy "Bonus"
    on {last} -> left 3 GB bonus
    on {last[:-2]}15 -> left 0 GB bonus

pack "Bonus"
  grant 3 GB bonus data in each of 6 whole cycles
""")


def codes(text: str) -> list[str]:
    return [one.code for one in check(Source("x.plan", text)).diagnostics]


def test_what_cannot_be_said_of_renewals() -> None:
    plan = 'plan "A" prepaid\n  grant 1 GB\n  {}\n'
    assert codes(plan.format("every 0 renewals grant 1 GB")) == ["R115"]
    assert codes(plan.format('every 2 renewals inside group "G" grant 1 GB')) == ["R120"]
    assert codes(plan.format("every 2 renewals grant 1 GB for every 3 renewals")) == ["R213"]
    assert codes(plan.format("every 2 renewals carry 1 month")) == ["R202"]
    assert codes(plan.format('pack "P"\n  grant 1 GB for every 2 renewals')) == ["R212"]
