"""What is borrowed or owed is paid back once, by the right lot, and is part of no sum."""

from __future__ import annotations

from reading import GB, MB, after, column, plan_of

from dsl.plan import Lasts, Period
from dsl.scenario import Buy

BLOCKS = 'plan "A" prepaid\n  grant 2 GB\n  when data runs out: borrow 500 MB from the next cycle{}\n'


def test_started_blocks_are_borrowed_and_paid_back_by_the_next_grant() -> None:
    found = after(BLOCKS.format(""), 2_600 * MB, 0)
    assert column(found, "received") == [1_000 * MB, 0]
    assert column(found, "overage") == [600 * MB, 0]
    assert column(found, "expired") == [400 * MB, 1_000 * MB], "what is left of a block does not outlive the cycle"
    assert column(found, "granted") == [2 * GB, GB]
    assert column(found, "owed") == [GB, 0]


def test_a_grant_that_is_too_small_leaves_the_rest_owed() -> None:
    found = after(BLOCKS.format(""), 7 * GB, 0, 0, 0)
    assert column(found, "owed") == [5 * GB, 3 * GB, GB, 0]
    assert column(found, "granted") == [2 * GB, 0, 0, GB]
    assert column(found, "repaid") == [0, 2 * GB, 2 * GB, GB]


def test_only_the_plan_pays_back_what_was_borrowed_from_its_next_cycle() -> None:
    text = BLOCKS.format(" up to 1 GB") + 'pack "P"\n  every cycle grant 1 GB for 3 cycles\n'
    found = after(text, 3 * GB, (Buy("P"),), 0)
    assert column(found, "repaid") == [0, GB, 0]
    assert column(found, "received") == [GB, GB, 0]


def test_what_is_owed_is_paid_by_whatever_comes_next() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\n  when data runs out: owe the rest\npack "P"\n  grant 3 GB for 90 days\n'
    found = after(text, 3 * GB, (Buy("P"),))
    assert column(found, "used") == [3 * GB, 0]
    assert column(found, "overage") == [2 * GB, 0]
    assert column(found, "owed") == [2 * GB, 0]
    assert column(found, "repaid") == [0, 2 * GB], "the grant first, and then the pack"
    assert column(found, "received") == [2 * GB, 2 * GB]


def test_a_block_that_is_sold_for_longer_lives_on() -> None:
    text = 'plan "A" prepaid\n  cycle: calendar month\n  grant 1 GB\n  when data runs out: sell 5 GB at 3 EUR for 60 days\n'
    found = after(text, 2 * GB, 2 * GB, 0, 0)
    assert column(found, "carried_out") == [4 * GB, 3 * GB, 0, 0]
    assert column(found, "overage") == [GB, GB, 0, 0]
    plan = plan_of(text)
    assert plan.runs_out[0].remedies[0].life == Lasts(60, Period.DAY)  # type: ignore[union-attr]
