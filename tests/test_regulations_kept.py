"""Nothing is KEPT that some history breaks: plans that look as if they kept what a regulation asks, and others that do;
and plans made at random that are judged so, run on histories made at random."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from regulated import histories, plans
from strategies import examples

from dsl.check import check
from dsl.phrase import phrase
from dsl.plan import Asks, Demand, Early, Rolls
from dsl.scenario import Buy, CycleSteps, Scenario, Use
from dsl.scenario_text import as_yaml
from dsl.source import NOWHERE, Source
from engine.calendar import NEVER
from engine.history import HistoryError
from engine.ledger import Reason, Sink
from engine.regulate import kept
from engine.regulate.balances import Watched
from engine.regulate.judging import judge
from engine.regulate.subjects import granted, versions
from engine.regulate.verdict import Fault, Outcome, Verdict
from engine.run import Run, run

START = date(2026, 1, 1)
ALL = "unused data: must carry"
BY_DATE = "grant 10 GB\nuntil 2026-06-01 unused data: carry 1 cycle\nfrom 2026-06-01 unused data: carry without end"
LATE = "when not renewed, unused data: must never expire"
KEPT, BROKEN, UNKNOWN = Verdict.KEPT, Verdict.BROKEN, Verdict.UNKNOWN


def judged(demand: str, plan: str) -> tuple[Outcome, ...]:
    """What the plan, the first of its text, makes of a line of a regulation."""
    checked = check(Source("a.plan", f'{plan.rstrip()}\n\nregulation "R"\n  {demand}\n'))
    assert [str(one.message) for one in checked.diagnostics if one.is_error] == []
    return judge(checked.regulations[0], checked.plans[0], START)


def told(outcome: Outcome) -> tuple[Verdict, int]:
    """The verdict, and the line of the plan that decides it; 0 where it is kept."""
    span = outcome.faults[0].span if outcome.faults else outcome.span if outcome.verdict is UNKNOWN else None
    return outcome.verdict, span.line if span else 0


# ---- whether it lives on


@pytest.mark.parametrize(
    ("demand", "plan", "verdict", "line"),
    [
        # An event keeps what is left, or makes it longer, and a cap cuts it all the same.
        ("unused data: must never expire", "grant 10 GB without end\nwhen suspended, unused data: keep, cap 2 GB", BROKEN, 3),
        (ALL, "grant 10 GB\ncarry 1 month\nwhen payment fails, unused data: extend 9 days, cap 2 GB", BROKEN, 4),
        ("unused data: must never expire", "grant 10 GB without end\nwhen suspended, unused data: keep", KEPT, 0),
        # What happens only to a line that is not renewed in time.
        (LATE, "grant 10 GB without end\nwhen not renewed, unused data: expire", BROKEN, 3),
        (LATE, "grant 10 GB without end\nwhen renewed late, unused data: expire", BROKEN, 3),
        ("unused data: must never expire", "grant 10 GB without end\nwhen not renewed, unused data: expire", KEPT, 0),
        # Other lines of an account: no history has them, and who says so is told.
        ("unused data: must carry", "grant 10 GB\ncarry 1 month\nwhen a member leaves, unused data: expire", UNKNOWN, 4),
        # An early renewal moves the ends of cycles, and not the end that a lot has already.
        ("unused data: must carry", "renewal early: restart the clock\ngrant 10 GB for 2 cycles\ncarry 1 month", BROKEN, 3),
        (
            "unused data: must carry",
            "renewal early: stack the clock\ngrant 10 GB for 1 cycle from first use\ncarry 1 month", UNKNOWN, 3,
        ),
        ("unused data: must carry at least 2 times", "renewal early: stack the clock\ngrant 10 GB\ncarry 2 cycles", BROKEN, 4),
        ("unused data: must never expire", "renewal early: stack the clock\ngrant 10 GB\ncarry 1 cycle each time", KEPT, 0),
        ("unused data: must never expire", "renewal early: restart the clock\ngrant 10 GB\ncarry 1 cycle each time", KEPT, 0),
        # A lot that waits for its first use, and a life that does not.
        ("unused data: must carry", "grant 10 GB for 1 cycle from first use\ncarry 2 cycles from grant", BROKEN, 3),
        # From a day on another line has in hand what this one carried, and the first that carries has it.
        (
            "unused data: must carry at least 2 times",
            "grant 10 GB\nuntil 2026-06-01 unused data: carry 1 cycle each time\nfrom 2026-06-01 bonus data: carry 1 cycle\n"
            "from 2026-06-01 unused data and gift data: carry 1 cycle each time",
            BROKEN, 3,
        ),
        # Of two lines with one hand the other acts where a condition does not hold, and carries nothing again.
        (
            "unused data: must carry at least 2 times",
            "grant 10 GB\nunused data if used at least 1 GB: carry 1 cycle each time\nunused data: carry 2 cycles", UNKNOWN, 4,
        ),
        (
            "unused data: must carry at least 2 times",
            "grant 10 GB\nuntil 2026-06-01 unused data: carry 1 cycle each time\nfrom 2026-06-01 unused data: carry 2 cycles",
            BROKEN, 4,
        ),
        # What the rules of before carried ends while something else is asked.
        ("from 2026-06-01 unused data: must carry at least 2 times", BY_DATE, BROKEN, 3),
        ("from 2026-06-01 unused data: must never expire", BY_DATE, BROKEN, 3),
        ("from 2026-08-01 unused data: must never expire", BY_DATE, KEPT, 0),
        ("from 2026-06-01 unused data: must carry", BY_DATE, KEPT, 0),
        # What is extended where it ends lives on, and so does what a promotion keeps and caps: it leaves the rest as it is.
        (ALL, "grant 10 GB\nunused data: extend 1 month", KEPT, 0),
        (ALL, "grant 10 GB\nunused data: extend 1 month, cap 4 GB", BROKEN, 3),
        # What is carried serves less than what was granted.
        ("unused data: must carry", "grant 10 GB\ncarry 1 month only at night", UNKNOWN, 3),
        ("unused data: must carry", "grant 10 GB only at night\ncarry 1 month only at night", KEPT, 0),
        # A line that stays on its plan is as big as it was.
        ("unused data: must carry", "grant 10 GB\nunused data if same or bigger: carry 1 month", KEPT, 0),
    ],
)  # fmt: skip
def test_what_lives_on(demand: str, plan: str, verdict: Verdict, line: int) -> None:
    (outcome,) = judged(demand, 'plan "A" prepaid\n  ' + plan.replace("\n", "\n  "))
    if verdict is UNKNOWN or outcome.verdict is not verdict:
        assert told(outcome) == (verdict, line)
    elif verdict is BROKEN:
        assert outcome.faults[0].run  # as the engine ran it


@pytest.mark.parametrize("renewal", ["restart the clock", "stack the clock"])
def test_a_cap_that_one_cycle_never_passes_is_passed_by_who_renews_early_be_it_postpaid(renewal: str) -> None:
    plan = 'plan "A" postpaid\n  {}grant 10 GB\n  carry 1 month, cap 10 GB\n'
    assert judged("unused data: must carry", plan.format(""))[0].verdict is KEPT
    early = judged("unused data: must carry", plan.format(f"renewal early: {renewal}\n  "))
    assert told(early[0]) == (BROKEN, 4)


@pytest.mark.parametrize(
    ("gives", "verdict"),
    [("grant 5 GB for 3 days", BROKEN), ("multiply allowance by 2", BROKEN), ("grant 5 GB without end", KEPT)],
)
def test_what_a_promotion_gives_is_unused_data_too(gives: str, verdict: Verdict) -> None:
    plan = 'plan "A" postpaid\n  grant 10 GB\n  carry 1 month\n\npromotion "P" for "A"\n  from 2026-03-03 until 2026-05-01\n  '
    plan += gives
    assert judged("unused data: must carry", plan)[0].verdict is verdict
    assert judged("except bonus\n  unused data: must carry", plan)[0].verdict is KEPT
    assert judged("from 2026-06-01 unused data: must carry", plan)[0].verdict is KEPT  # when it is over


def test_what_a_promotion_does_not_claim_stays_as_it_is() -> None:
    plan = 'plan "A" postpaid\n  grant 10 GB without end\n\npromotion "P" for "A"\n  from 2026-03-03 until 2026-05-01\n  '
    starts = "when it starts, unused data: "
    assert judged("unused data: must never expire", f"{plan}{starts}keep, cap 1 GB")[0].verdict is KEPT
    assert judged("unused data: must never expire", f"{plan}{starts}expire")[0].verdict is BROKEN


def test_what_further_lines_bring_is_unused_data_too() -> None:
    plan = 'plan "A" postpaid\n  grant 10 GB\n  share data with lines, each adds 2 GB bonus\n  unused data: carry 1 month\n'
    assert told(judged("unused data: must carry", plan)[0]) == (UNKNOWN, 3)


# ---- on which terms it rolls


@pytest.mark.parametrize(
    ("terms", "plan", "verdict"),
    [
        ("as long as granted", "unused data: carry 7 days each time", BROKEN),
        ("as long as granted", "unused data: carry 1 cycle each time", KEPT),
        ("as long as granted", "unused data: carry 1 month\nwhen suspended, carried data: expire", UNKNOWN),
        ("as long as granted", "unused data: carry 1 month\nwhen suspended, unused data: extend 7 days", KEPT),
        (
            "as long as granted",
            "renewal early: restart the clock\nunused data: carry 3 months, cap 30 GB, oldest goes first",
            UNKNOWN,
        ),
        ("as long as granted", "unused data: carry 3 months, cap 30 GB, oldest goes first", KEPT),
        (
            "as long as granted",
            "unused data if after the first cycle: carry 1 cycle each time\nunused data: carry 2 cycles",
            UNKNOWN,
        ),
        ("by itself", "unused data if used at least 1 GB: carry 1 month", BROKEN),
        ("by itself", "unused data if at most 1 GB is left: carry 1 month", BROKEN),
        ("by itself", "unused data if after the first cycle: carry 1 month", KEPT),
        ("by itself", 'unused data: carry 1 month with pack "Q"', BROKEN),
        ("free", 'when "Q" is bought, unused data: extend 1 month', BROKEN),
        ("free", 'unused data: carry 1 month\nwhen "Q" is bought, unused data: extend 1 month', KEPT),
        ("to the new end", 'when "Q" is bought, unused data: extend to the new end', UNKNOWN),
        ("to the new end", "renewal early: stack the clock\nunused data: carry 1 cycle", KEPT),
        ("as long as granted", "renewal early: expire\nunused data: carry 1 cycle", UNKNOWN),
        ("to the new end", "unused data: carry 1 cycle\nwhen suspended, carried data: expire", BROKEN),
        ("to the new end", "unused data: carry 1 cycle", KEPT),
    ],
)
def test_the_terms_on_which_it_rolls(terms: str, plan: str, verdict: Verdict) -> None:
    lines = plan.replace("\n", "\n  ")
    text = f'plan "A" prepaid\n  grant 10 GB\n  {lines}\n\npack "Q"\n  price 3 EUR\n  grant 1 sms for 1 day\n'
    _, outcome = judged(f"unused data: must carry, {terms}", text)
    assert outcome.verdict is verdict
    assert bool(told(outcome)[1]) == (verdict is not KEPT)


def test_the_last_cycle_of_a_block_is_short() -> None:
    plan = 'plan "A" prepaid\n  cycle: 7 days in blocks of {} days\n  grant 10 GB\n  carry 1 cycle\n'
    assert judged("unused data: must carry, as long as granted", plan.format(30))[1].verdict is UNKNOWN
    assert judged("unused data: must carry, as long as granted", plan.format(28))[1].verdict is KEPT


# ---- what is given, is charged, goes first


def test_a_gift_that_ends_with_the_cycle_of_who_has_it_may_live_for_less() -> None:
    plan = 'plan "A" prepaid\n  grant 10 GB\n  when asked, unused data: give{}\n'
    asks = "when asked, unused data: must give, as long as granted"
    assert [one.verdict for one in judged(asks, plan.format(" to the new end"))] == [KEPT, BROKEN]
    assert [one.verdict for one in judged(asks, plan.format(" to the later end"))] == [KEPT, KEPT]


def test_what_was_granted_before_a_day_must_be_given_after_it_too() -> None:
    plan = """
plan "A" prepaid
  until 2026-06-01 grant 10 GB without end
  from 2026-06-01 grant 5 GB bonus
  until 2026-06-01 when asked, unused data: give
  from 2026-06-01 when asked, bonus data: give
"""
    assert told(judged("when asked, unused data: must give", plan)[0]) == (BROKEN, 3)


def test_money_that_pays_by_itself_for_use_that_nothing_covers_is_a_charge() -> None:
    plan = 'plan "A" prepaid\n  grant 10 GB{}\n'
    asks = "when data runs out if not opted in: must not sell"
    assert told(judged(asks, plan.format("\n  1 GB data uses 1 EUR"))[0]) == (BROKEN, 3)
    assert judged(asks, f"unit points\n{plan.format(', 10 points')}  1 GB data uses 1 points\n")[0].verdict is KEPT
    assert judged(asks, plan.format("\n  when data runs out: sell 1 GB at 0 EUR"))[0].verdict is KEPT


def test_use_that_a_grant_without_a_limit_does_not_cover_may_be_sold() -> None:
    plan = 'plan "A" prepaid\n  grant unlimited data{}\n  when data runs out: sell 1 GB at 5 EUR\n'
    asks = "when data runs out: must not sell"
    assert told(judged(asks, plan.format(" only at night"))[0]) == (BROKEN, 3)
    for asks, why in (
        ("unused data: must carry", "what the plan grants of that has no limit, so that nothing is left"),
        ("except unlimited\n  unused data: must carry", "all that the plan grants of that is left out of the regulation"),
        ("unused sms: must carry", "the plan grants nothing of that"),
    ):
        (outcome,) = judged(asks, 'plan "A" prepaid\n  grant unlimited data\n')
        assert (outcome.verdict, outcome.why) == (Verdict.DOES_NOT_APPLY, why)


def test_money_that_is_named_is_asked_about() -> None:
    plan = 'plan "A" prepaid\n  grant 10 GB without end, 5 EUR\n{}'
    assert told(judged("unused EUR: must carry", plan.format(""))[0]) == (BROKEN, 2)
    assert judged("unused EUR: must carry", plan.format("  unused EUR: carry 1 month\n"))[0].verdict is KEPT
    assert judged("must use soonest to end first", plan.format(""))[0].verdict is KEPT


def test_a_pack_for_nothing_has_no_price() -> None:
    plan = 'plan "A" prepaid\n  grant 10 GB\n  carry 1 month\n\npack "Q"\n  price {} EUR\n  grant 2 GB for 9 days\n'
    asks = "except free packs\n  unused data: must carry"
    assert [judged(asks, plan.format(price))[0].verdict for price in (0, 1)] == [KEPT, BROKEN]


def test_promotions_and_shared_lots_have_their_turn_too() -> None:
    plan = 'plan "A" postpaid\n  grant 10 GB\n  carry 1 month\n  use allowance first\n'
    asks = "must use soonest to end first"
    assert judged(asks, plan)[0].verdict is KEPT
    bonus = '\npromotion "P" for "A"\n  from 2026-01-01 until 2027-01-01\n  grant 5 GB bonus for 10 days\n'
    assert told(judged(asks, plan + bonus)[0]) == (BROKEN, 4)
    assert told(judged(asks, f"{plan}  share data with 3 lines, shared first\n")[0]) == (UNKNOWN, 5)
    assert told(judged(asks, f"{plan}  when data runs out: sell 1 GB at 1 EUR for 40 days\n")[0]) == (UNKNOWN, 4)


def test_a_lot_that_a_use_begins_had_no_end_before_it() -> None:
    """So what had one goes first, though the other ends sooner by then, and nothing is broken."""
    plan = """
plan "A" prepaid
  cycle: calendar month
  grant 10 GB for 1 cycle from first use

pack "Q"
  grant 2 GB for 60 days
"""
    checked = check(Source("a.plan", plan))
    uses = (Buy("Q"), Use("data", 12 * 10**9, in_all=True))
    history = Scenario("h", "A", datetime(2026, 8, 31), (CycleSteps(uses, ()),), (), NOWHERE)
    made = run(checked.plans[0], history, checked.plans)
    spans = {posting.span for posting in made.postings}
    (demand,) = check(Source("r.plan", 'regulation "R"\n  must use soonest to end first\n')).regulations[0].demands
    assert list(Watched(made, spans, demand).used_out_of_turn()) == []


# ---- plans and histories made at random

ASKED = """regulation "R"
  unused data: must carry, as long as granted, to the new end
  unused data: must carry at least 2 times
  unused data: must carry up to 5 GB
  unused data if active: must carry
  unused data: must never expire
  when not renewed, unused data: must never expire
  from 2026-06-01 unused data: must carry at least 2 times
  until 2026-06-01 unused data: must never expire
  must use soonest to end first
"""


def contradicted(demand: Demand, made: Run) -> Iterator[Fault]:
    """What in a run breaks what is asked."""
    found = granted(versions(made.plan, demand), demand)
    watched = Watched(made, {one.grant.span for one in found if not one.grant.unlimited}, demand)
    match demand.asked:
        case Rolls() as rolls:
            yield from watched.ends_too_early(rolls)
        case Asks.NEVER_EXPIRE:
            yield from watched.expires()
        case Asks.NEW_END:
            yield from watched.ends_before_the_cycle()
        case Asks.SOONEST_FIRST:
            yield from watched.used_out_of_turn()
        case Asks.AS_LONG if made.plan.renewal.early is not Early.STACK:  # where a cycle lasts as long as two
            yield from lives_too_short(made, watched)


def lives_too_short(made: Run, watched: Watched) -> Iterator[Fault]:
    """What was carried and ends unused when it has not lived as long as its lot was granted for; of two months the later may
    be three days shorter, and a clock may be changed."""
    since: dict[int, tuple[int, int]] = {}  # of lots: when what is in them was carried last, and how long it was granted for
    for one in made.postings:
        if isinstance(one.target, int) and isinstance(one.source, int) and one.source in watched.past:
            lot = made.lots[one.source]
            first_end = lot.ends[0][1] if lot.ends else lot.end
            for_ = since[one.source][1] if one.source in since else first_end - lot.born
            if one.reason is Reason.CARRIED and one.source not in since:
                since[one.target] = one.at, for_
            elif one.source in since:
                since[one.target] = since[one.source]
        elif one.target is Sink.EXPIRED and one.source in since:
            carried, for_ = since[int(one.source)]
            if for_ < NEVER // 2 and one.at - carried < for_ - 3 * 86400 - 3600:
                yield Fault(phrase("it lived for less time"), one.span, made, one.at)


@examples(100)
@given(st.data())
def test_what_is_kept_is_broken_by_no_history(data: st.DataObject) -> None:
    text = data.draw(plans())
    checked = check(Source("a.plan", f"{text}\n{ASKED}"))
    assume(not checked.has_errors)
    plan = checked.plans[0]
    for outcome in judge(checked.regulations[0], plan, START):
        assert bool(outcome.faults) == (outcome.verdict is BROKEN)
        assert (outcome.span is not None) == (outcome.verdict in (KEPT, UNKNOWN))
        if outcome.verdict is KEPT:
            for _ in range(4):
                history = data.draw(histories(plan, outcome.demand))
                try:
                    made = run(plan, history, (plan,))
                except HistoryError:
                    continue  # which asks of the plan what it does not have
                found = [str(fault.why) for fault in contradicted(outcome.demand, made)]
                assert found == [], f"{outcome.demand.asked}\n{text}\n{as_yaml(history, plan.data_step)}"


def test_a_plan_that_is_taken_for_one_that_keeps_it_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "rolls", lambda *_: None)
    with pytest.raises(AssertionError, match=r"above the cap|their end|told to expire"):
        test_what_is_kept_is_broken_by_no_history()
