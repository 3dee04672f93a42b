"""A run looked at from any instant: lots, balances, what ends next; and when what is there runs out at a pace."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from shipped import EXAMPLES, PLANS

from dsl.check import check
from dsl.source import Source
from engine.calendar import Instant
from engine.ledger import Posting, Sink
from engine.pace import Pace, pace, pace_at
from engine.past import Balance, Fate, Kind, Past
from engine.run import Run, run
from tui.session import usage_scenario

GB, DAY = 10**9, 86_400

FLEX = """\
rate 1 GB = 30 minutes

plan "Flex 20" postpaid
  every month grant 20 GB
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
"""


def ran(text: str, *gigabytes: float) -> Run:
    plan = check(Source("a.plan", text)).plans[0]
    return run(plan, usage_scenario(plan, [{"data": int(amount * GB)} for amount in gigabytes]))


def at(found: Run, text: str) -> Instant:
    return found.calendar.instant(datetime.fromisoformat(text))


# ---- lots and balances


def test_lots_are_looked_up_at_any_instant() -> None:
    found = ran(FLEX, 6, 25)
    past = Past(found)
    assert [(str(one.lot.lot_class), one.left) for one in past.held("data", at(found, "2026-01-31 23:59"))] == [
        ("allowance", 14 * GB)
    ]
    february = [(str(one.lot.lot_class), one.left) for one in past.held("data", at(found, "2026-02-01"))]
    assert [name for name, _ in february] == ["carried", "allowance"], "soonest to end, then as they are older"
    assert february[1][1] == 20 * GB
    assert past.held("data", at(found, "2025-12-31")) == []


def test_the_lots_of_a_cycle_are_those_that_were_there_or_moved() -> None:
    past = Past(ran(FLEX, 6, 25, 20))
    classes = [[str(lot.lot_class) for lot in past.lots_of_cycle("data", number)] for number in (1, 2, 3)]
    assert classes == [["allowance", "carried"], ["carried", "allowance", "carried"], ["carried", "allowance", "carried"]]


def test_what_ends_next_and_what_becomes_of_it() -> None:
    found = ran(FLEX, 6, 25)
    past = Past(found)
    ends = past.next_end("data", at(found, "2026-01-20"))
    assert ends
    assert (ends.at, ends.amount) == (at(found, "2026-02-01"), past.balance("data", at(found, "2026-01-20")).remaining)
    fates = past.at_end("data", at(found, "2026-01-20"), ends.at)
    assert fates == {Fate.CARRIED: 10 * GB, Fate.CONVERTED: 4 * GB}


def test_what_expires_next() -> None:
    found = ran(FLEX, 0, 25)
    past = Past(found)
    lost = past.next_lost("data", at(found, "2026-01-15"))
    assert lost
    assert (found.calendar.local(lost.at), lost.amount) == (datetime(2026, 2, 1), 20 * GB - 10 * GB - 6_666_666_667)
    assert past.next_lost("data", lost.at) is None
    assert past.happened("data", Kind.EXPIRED, lost.at, lost.at + 1)
    assert not past.happened("data", Kind.EXPIRED, lost.at + 1, lost.at + DAY)


def test_events_are_visited_one_by_one_and_each_use_is_none() -> None:
    found = ran(FLEX, 6, 45)
    past = Past(found)
    visited, moment = [], at(found, "2026-01-01")
    while (after := past.next_event(moment)) is not None:
        visited.append(f"{found.calendar.local(after):%d %b}")
        assert past.event_before(after) == moment
        moment = after
    assert visited == ["01 Feb", "19 Feb", "01 Mar"], "on the 19th it runs out"


def plain(found: Run, service: str, moment: Instant) -> Balance:
    """The same figures, added up from the postings as the definition says."""
    cycle = found.calendar.cycle_at(moment)
    told: list[Posting] = [one for one in found.postings if one.at <= moment and one.service == service]
    left = {
        lot.number: sum(one.amount * ((one.target == lot.number) - (one.source == lot.number)) for one in told)
        for lot in found.lots
        if lot.service == service and not lot.frozen
    }
    used = [one for one in told if one.target is Sink.USED and one.source is not Sink.COUNTING and one.cycle == cycle]
    kept = sum(amount for number, amount in left.items() if found.lots[number].cycle < cycle)
    return Balance(sum(one.amount for one in used), sum(left.values()), kept)


@pytest.mark.parametrize("name", PLANS[::4])
def test_what_is_looked_up_is_what_adds_up(name: str) -> None:
    checked = check(Source(name, (EXAMPLES / name).read_text(encoding="utf-8")))
    choose = random.Random(name)
    for scenario in checked.scenarios[:4]:
        plan = checked.plan(scenario.plan)
        assert plan is not None
        found = run(plan, scenario, checked.plans)
        past = Past(found)
        instants = sorted({posting.at for posting in found.postings})
        for moment in choose.sample(instants, min(6, len(instants))):
            for service in plan.services:
                for near in (moment - 1, moment):
                    assert past.balance(service, near) == plain(found, service, near)


# ---- caps


def test_a_close_tells_the_cap_that_it_looked_at() -> None:
    found = ran(FLEX, 6, 25)
    assert [(one.cycle, one.service, one.most, one.span.line) for one in found.capped] == [
        (1, "data", 10 * GB, 6),
        (2, "data", 10 * GB, 6),
    ]


def test_a_cap_of_what_comes_in_leaves_what_is_there() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  use allowance first\n  carry 3 months, cap 4 GB a cycle\n'
    assert [one.most for one in ran(text, 0, 0, 0).capped] == [4 * GB, 8 * GB, 12 * GB]


# ---- pace


def test_at_a_pace_of_one_a_day_five_last_five_days() -> None:
    assert pace(10, 10 * DAY, [(100 * DAY, 5)], 10 * DAY, 31 * DAY) == Pace(15 * DAY, 0, 0)


def test_what_ends_before_its_turn_is_lost_and_does_not_last_longer() -> None:
    told = pace(10, 10 * DAY, [(12 * DAY, 5), (100 * DAY, 3)], 10 * DAY, 31 * DAY)
    assert told == Pace(15 * DAY, 0, 3), "2 of 5 are used by the 12th day, then the 3 others"


def test_what_is_more_than_enough_is_left_at_the_end() -> None:
    assert pace(10, 10 * DAY, [(31 * DAY, 300)], 10 * DAY, 31 * DAY) == Pace(None, 279, 0)


def test_the_first_second_with_nothing_left_is_whole() -> None:
    assert pace(3, 10, [(100, 1)], 0, 100) == Pace(4, 0, 0), "10 / 3 seconds, rounded up"


@pytest.mark.parametrize(("used", "seconds"), [(0, 10), (10, 0)])
def test_there_is_no_pace_in_nothing(used: int, seconds: int) -> None:
    assert pace(used, seconds, [(100, 1)], 0, 100) is None


def test_the_pace_is_that_of_the_last_four_weeks_and_counts_the_day_that_has_begun() -> None:
    found = ran(FLEX, 31)
    told = pace_at(Past(found), "data", at(found, "2026-01-10"))
    assert told
    assert told.runs_out == at(found, "2026-01-20"), "10 GB in ten days, and 10 GB are left"


def test_what_nothing_covered_counts_as_used() -> None:
    found = ran(FLEX, 62, 0)
    past = Past(found)
    assert past.used_between("data", at(found, "2026-01-04"), at(found, "2026-02-01") - 1) == 54 * GB
    told = pace_at(past, "data", at(found, "2026-02-01"))
    assert told
    assert told.runs_out == at(found, "2026-02-01") + -(-20 * GB * 28 * DAY // (54 * GB))


def test_what_is_without_limit_has_no_pace() -> None:
    found = ran('plan "A" prepaid\n  grant unlimited data\n', 31)
    assert pace_at(Past(found), "data", at(found, "2026-01-10")) is None
    assert Past(found).is_unlimited("data", at(found, "2026-01-10"))
