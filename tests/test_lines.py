"""Several lines in one account: what is shared, with whom, up to how much, and what the lines bring and cost."""

from __future__ import annotations

import pytest
import reading
from reading import come_out

from engine.run import Run

FAMILY = """\
units: 1 GB = 1000 MB
plan "Family" postpaid
  cycle: calendar month
  every month grant 20 GB data, 100 minutes
  {share}
  unused data: carry 1 month
{more}
{example}
plan "Junior" prepaid
  cycle: calendar month
  grant 2 GB
  renewal early: restart the clock
"""


def told(share: str, *steps: str, more: str = "") -> Run:
    """A family that shares so, after what its example tells."""
    return reading.told(FAMILY, *steps, share=share, more="\n".join(f"  {line}" for line in more.splitlines()))


# ---- what a member may use ------------------------------------------------------------------------------------------


def test_a_member_without_a_plan_uses_what_the_owner_has() -> None:
    told("share with up to 4 lines", '"Kid" joins', "use 6 GB -> left 11 GB", '"Kid" use 3 GB -> used 3 GB, received 3 GB')


def test_it_has_nothing_of_its_own_when_the_rules_change() -> None:
    told(
        "share with 4 lines",
        '"Kid" joins', "use 0 GB", "use 0 GB -> left 40 GB", '"Kid" use 0 GB -> left 0 GB, granted 0 GB, charged 0 EUR',
        more="from 2026-01-20 when data runs out: block\nprice 10 EUR a cycle",
    )  # fmt: skip


def test_each_up_to_is_a_limit_of_the_month_and_starts_again_with_the_next() -> None:
    told(
        "share with up to 4 lines, each up to 5 GB a month",
        '"Kid" joins', "use 0 GB -> left 15 GB", '"Kid" use 6 GB -> used 5 GB, overage 1 GB',
        "use 0 GB -> left 30 GB", '"Kid" use 5 GB -> used 5 GB, overage 0 GB',
    )  # fmt: skip


def test_a_member_with_a_plan_of_its_own_uses_its_own_first() -> None:
    told(
        "share with 4 lines", '"Kid" joins on "Junior"', "use 0 GB -> left 19 GB", '"Kid" use 3 GB -> used 3 GB, received 1 GB'
    )


def test_or_what_is_shared_first() -> None:
    told(
        "share with 4 lines, shared first",
        '"Kid" joins on "Junior"', "use 0 GB -> left 17 GB", '"Kid" use 3 GB -> used 3 GB, received 3 GB, left 2 GB',
    )  # fmt: skip


def test_only_what_is_named_is_shared() -> None:
    found = told(
        "share carried data with 4 lines",
        '"Kid" joins', "use 15 GB", '"Kid" use 1 GB -> used 0 GB, overage 1 GB',
        "use 0 GB", '"Kid" use 6 GB -> used 5 GB, overage 1 GB',
    )  # fmt: skip
    assert [cycle.services["data"].given for cycle in found.statement.cycles] == [0, 5_000_000_000]


def test_first_come_first_served() -> None:
    told(
        "share with 4 lines",
        '"Kid" joins', '"Mum" joins',
        "on 2026-01-10 use 18 GB", 'on 2026-01-11 "Kid" use 1.5 GB -> used 1.5 GB',
        'on 2026-01-12 "Mum" use 1 GB -> used 0.5 GB, overage 0.5 GB', "use 0 GB -> left 0 GB",
    )  # fmt: skip


def test_another_line_that_starts_shares_nothing() -> None:
    told("share with 4 lines", '"Friend" starts on "Junior"', "use 0 GB -> left 20 GB", '"Friend" use 3 GB -> used 2 GB')


# ---- joining and leaving --------------------------------------------------------------------------------------------


def test_a_member_has_the_cycles_of_the_owner() -> None:
    found = told(
        "share with 4 lines",
        "use 0 GB", 'on 2026-02-20 "Kid" joins on "Junior" -> left 2 GB', "use 0 GB", '"Kid" use 0 GB -> expired 2 GB',
    )  # fmt: skip
    ((_, kid),) = found.others
    assert [cycle.number for cycle in kid.statement.cycles] == [2]


def test_a_member_that_renews_early_leaves_the_cycle_of_the_owner_alone() -> None:
    told(
        "share with 4 lines",
        '"Kid" joins on "Junior"', 'on 2026-01-09 "Kid" use 1 GB', 'on 2026-01-10 "Kid" renew -> left 2 GB',
        "use 0 GB -> left 20 GB, carried 20 GB", "on 2026-01-31 -> available 20 GB, left 20 GB",
    )  # fmt: skip


def test_an_owner_that_does_leaves_those_of_members_alone() -> None:
    """What a member's own plan grants would end with neither the old cycle nor the new, and come twice."""
    told(
        "share with 4 lines",
        '"Kid" joins on "Junior"', "on 2026-01-10 renew -> left 40 GB", 'on 2026-01-31 "Kid" -> left 2 GB',
        "use 0 GB -> carried 20 GB", 'on 2026-02-01 "Kid" -> left 2 GB',
        more="renewal early: restart the clock",
    )  # fmt: skip


def test_another_line_may_wait_for_a_renewal_when_the_history_ends() -> None:
    reading.come_out("""
plan "Family" postpaid
  cycle: calendar month
  grant 20 GB
  example "told"
    "Friend" starts on "Prepaid"
    "Friend" do not renew
    use 0 GB
    "Friend" use 1 GB -> left 4 GB, carried 0 GB
plan "Prepaid" prepaid
  cycle: every 2 months
  grant 5 GB
  renewal late: grace 7 days
""")


def test_who_has_left_uses_nothing_more() -> None:
    told(
        "share with 4 lines",
        '"Kid" joins', 'on 2026-01-15 "Kid" leave', 'on 2026-01-16 "Kid" use 1 GB -> overage 1 GB', "use 0 GB -> left 20 GB",
    )  # fmt: skip


def test_when_a_member_leaves_rules_of_the_owner_act() -> None:
    told(
        "share with 4 lines, each adds 5 GB",
        'on 2026-01-10 "Kid" joins', "on 2026-01-11 -> left 25 GB", 'on 2026-01-15 "Kid" leave', "use 0 GB -> left 20 GB",
        more="when a member leaves, unused data: keep, cap 1x plan",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("share", "steps", "problem"),
    [
        ("share with up to 1 line", ('"A" joins', '"B" joins'), "no more than 1 lines share here"),
        ("share with 4 lines", ('"A" joins', '"A" joins'), 'there is a line "A" already'),
        ("use soonest to end first", ('"A" joins',), 'plan "Family" shares nothing'),
        ("share with 4 lines", ('on 2026-01-02 "A" use 1 GB',), 'no line "A" has started yet'),
    ],
)
def test_what_can_not_be_is_told(share: str, steps: tuple[str, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        told(share, *steps, "use 0 GB")


# ---- what lines bring and cost --------------------------------------------------------------------------------------


def test_each_line_adds_to_what_is_shared_and_costs() -> None:
    told(
        "share with up to 4 lines, each adds 5 GB",
        '"Kid" joins', "use 0 GB -> left 25 GB, charged 24 EUR", '"Mum" joins', "use 0 GB -> granted 30 GB, charged 28 EUR",
        more="price 20 EUR a month\nprice 4 EUR a month for each further line",
    )  # fmt: skip


def test_what_is_granted_by_the_number_of_lines() -> None:
    told(
        "share with 4 lines",
        "use 0 GB -> granted 24 GB", '"Kid" joins', "use 0 GB -> granted 24 GB", '"Mum" joins',
        "use 0 GB -> granted 27 GB", "use 0 GB -> granted 29 GB",
        more="by lines: 1 4 GB, 2 7 GB, 3 9 GB",
    )  # fmt: skip


def test_a_pack_may_be_shared_and_nothing_else() -> None:
    come_out("""
plan "Family" postpaid
  grant 20 GB
  share "Extra" data with lines
  example "two gigabytes of the pack, and none of the plan"
    on 2026-01-01 "Kid" joins
    on 2026-01-02 buy "Extra"
    on 2026-01-03 "Kid" use 3 GB -> used 2 GB, overage 1 GB
    on 2026-01-04 -> given 2 GB, left 20 GB
pack "Extra"
  grant 2 GB
""")
