"""Limits of an action, one by one and through a pack that is sold within them."""

from __future__ import annotations

from datetime import datetime

import pytest
from reading import GB, MB, come_out, sound

from dsl.plan import AtLeast, AtMost, DayCycle, InSteps, Keeping, Lasts, Limit, Over, Period
from dsl.source import NOWHERE
from engine.calendar import Calendar
from engine.judge import missed
from engine.ledger import Sink
from engine.limits import Deed, first_broken
from engine.run import run

CALENDAR = Calendar(DayCycle(30), "Europe/Vienna", datetime(2026, 1, 1))


def deed(at: str, amount: int = GB) -> Deed:
    return Deed(CALENDAR.instant(datetime.fromisoformat(at)), {"data": amount})


def at_most(amount: int, over: Over | Lasts, service: str = "data") -> AtMost:
    return AtMost(amount, service, over, NOWHERE)


# An earlier action, and a later one of its kind: the first time a limit counts both, the second it counts the later alone.
WINDOWS = {
    Over.DAY: ("2026-03-29 00:00", "2026-03-29 23:59:59", "2026-03-30 00:00"),
    Over.WEEK: ("2025-12-29 00:00", "2026-01-04 23:59", "2026-01-05 00:00"),
    Over.MONTH: ("2026-02-01 00:00", "2026-02-28 23:59", "2026-03-01 00:00"),
    Over.YEAR: ("2026-01-01 00:00", "2026-12-31 23:59", "2027-01-01 00:00"),
    Over.CYCLE: ("2026-01-01 00:00", "2026-01-30 23:59", "2026-01-31 00:00"),
    Lasts(10, Period.DAY): ("2026-03-25 18:00", "2026-04-04 17:59", "2026-04-04 18:00"),
    Lasts(24, Period.HOUR): ("2026-03-28 18:00", "2026-03-29 18:59", "2026-03-29 19:00"),
}


@pytest.mark.parametrize("over", WINDOWS, ids=str)
def test_over_which_time_a_limit_counts(over: Over | Lasts) -> None:
    first, inside, outside = (deed(at) for at in WINDOWS[over])
    for limit in (at_most(1, over, ""), at_most(2 * GB - 1, over)):
        assert first_broken([limit], inside, CALENDAR, [first]) is limit
        assert first_broken([limit], outside, CALENDAR, [first]) is None


LATER = "2030-01-01 00:00"
LIMITS: tuple[tuple[Limit, int, bool], ...] = (
    (at_most(2 * GB, Over.EVER), GB, True),
    (at_most(2 * GB, Over.EVER), GB + 1, False),
    (at_most(GB, Over.ACTION), GB, True),
    (at_most(GB, Over.ACTION), GB + 1, False),
    (at_most(2 * GB, Over.HELD), GB, True),
    (at_most(2 * GB, Over.HELD), GB + 1, False),
    (AtLeast(100 * MB, "data", NOWHERE), 100 * MB, True),
    (AtLeast(100 * MB, "data", NOWHERE), 100 * MB - 1, False),
    (InSteps(100 * MB, "data", NOWHERE), 300 * MB, True),
    (InSteps(100 * MB, "data", NOWHERE), 250 * MB, False),
)


@pytest.mark.parametrize(("limit", "amount", "kept"), LIMITS)
def test_how_much_an_action_may_move(limit: Limit, amount: int, kept: bool) -> None:
    past = [deed("2026-01-01")]
    assert (first_broken([limit], deed(LATER, amount), CALENDAR, past, held=past) is None) == kept


def test_what_must_remain() -> None:
    limit = Keeping(500 * MB, "data", NOWHERE)
    assert first_broken([limit], deed(LATER), CALENDAR, left={"data": 500 * MB}) is None
    assert first_broken([limit], deed(LATER), CALENDAR, left={"data": 500 * MB - 1}) is limit


def test_of_several_limits_the_first_that_is_broken_is_told() -> None:
    fine, first, second = at_most(9, Over.EVER, ""), at_most(GB - 1, Over.ACTION), AtLeast(2 * GB, "data", NOWHERE)
    assert first_broken([fine, first, second], deed(LATER), CALENDAR) is first


PACK = 'plan "A" prepaid\n  grant 10 GB\n{}pack "P"\n  sold {}\n  price 2 EUR\n  grant 1 GB for 90 days\n'


def wrong(sold: str, *steps: str) -> list[str]:
    """What the expectations of an example of a plan with a pack `sold` so miss."""
    lines = "".join(f"    {step}\n" for step in steps)
    text = PACK.format(f'  example "e"\n{lines}', sold)
    checked = sound(text)
    found = run(checked.plans[0], checked.scenarios[0], checked.plans)
    return [f"{miss.expectation.figure} {miss.got}" for miss in missed(found)]


def test_what_is_refused_puts_nothing_and_costs_nothing() -> None:
    steps = ('buy "P"', 'buy "P"', "use 0 GB -> received 1 GB, refused 1 GB, charged 2 EUR")
    assert wrong("at most 1 time a cycle", *steps) == []


def test_of_what_has_no_amount_the_price_is_what_is_refused() -> None:
    come_out("""
plan "A" prepaid
  grant 10 GB
  example "e"
    on 2026-01-02 buy "P" -> charged 2 EUR
    on 2026-01-03 buy "P" -> charged 2 EUR, refused 2 EUR
pack "P"
  sold at most 1 held
  price 2 EUR
  grant unlimited data for 90 days
""")


def test_a_refused_purchase_counts_for_no_limit() -> None:
    days = ("on 2026-01-02", "on 2026-01-09", "on 2026-01-12")
    steps = [f'{day} buy "P" -> received {size} GB' for day, size in zip(days, (1, 1, 2), strict=True)]
    assert wrong("at most 1 time in 10 days", *steps) == []


def test_what_is_used_up_is_held_no_more() -> None:
    steps = ('on 2026-01-02 buy "P"', 'on 2026-01-03 buy "P" -> refused 1 GB', "on 2026-01-04 use 11 GB")
    assert wrong("at most 1 held", *steps, 'on 2026-01-05 buy "P" -> received 2 GB, refused 1 GB') == []


def test_why_is_posted_with_the_rule_that_says_so() -> None:
    text = PACK.format('  example "e"\n    buy "P"\n    buy "P"\n    use 0 GB\n', "if not opted in, at most 1 time ever")
    checked = sound(text)
    found = run(checked.plans[0], checked.scenarios[0], checked.plans)
    (refused,) = [posting for posting in found.postings if posting.target is Sink.REFUSED]
    lines = text.split("\n")
    assert lines[refused.span.line - 1][refused.span.start : refused.span.end] == "at most 1 time ever"
