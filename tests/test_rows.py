"""A line that goes on from what it holds at a boundary comes to what it does if it runs through."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from datetime import datetime

import pytest
from reading import sound

from dsl.check import check
from dsl.plan import Plan
from dsl.source import Source
from engine.batch.course import Held
from tests.by_parts import RowsByParts

WEEK = """plan "A" postpaid
  cycle: calendar month
  every month grant 20 GB data
  unused data: carry 1 month
promotion "Week" for "A"
  from 2026-10-01 until 2026-10-08
  grant 5 GB bonus data for 30 days
"""
TWO_CAPS = """units: 1 GB = 1024 MB
plan "A" postpaid
  cycle: week from activation
  every cycle grant 10496 KB data
  unused data: carry 19 days from rolling each time, cap 1.25x plan a month, cap 4864 KB a cycle, extend by 2 cycles
"""


@pytest.fixture(autouse=True)
def for_some_seconds() -> Iterator[None]:
    """A line that waits for ever is a failure, and not a test that does."""
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it does not come to an end"))
    signal.alarm(30)
    yield
    signal.alarm(0)


def through(plan: Plan, start: datetime, uses: Sequence[int]) -> list[Held]:
    return [closed.held for closed in RowsByParts(plan, start).settle([{"data": used} for used in uses], opening=())]


def by_cycles(plan: Plan, start: datetime, uses: Sequence[int]) -> list[Held]:
    held: list[Held] = [()]
    for number, used in enumerate(uses, 1):
        [closed] = RowsByParts(plan, start).settle([{"data": used}], first=number, opening=held[-1])
        held.append(closed.held)
    return held[1:]


def test_a_promotion_may_begin_with_the_cycle_that_it_goes_on_with() -> None:
    plan = sound(WEEK).plans[0]
    line = plan, datetime(2026, 9, 2), [10**9, 10**9, 0]
    held = by_cycles(*line)
    assert held == through(*line)
    assert [sum(amount for _, amount in one) for one in held] == [19 * 10**9, 20 * 10**9, 20 * 10**9]


def test_parts_of_one_lot_that_are_alike_keep_their_order() -> None:
    """Each cap cuts a part of the same lot, and both parts are extended to the same end."""
    plan = check(Source("a.plan", TWO_CAPS)).plans[0]  # which warns that nothing ever ends
    line = plan, datetime(2026, 1, 1), [0, 0, 0, 0, 3031 * 1024, 0, 0]
    assert by_cycles(*line) == through(*line)
