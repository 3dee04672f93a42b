"""Regulations: what plans make of each thing that is asked; why, at which line, and in which history.

After a change run `ROLLOVER_UPDATE=1 pytest tests/test_regulations.py` and read the diff of `goldens/against`.
"""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from shipped import EXAMPLES, PLANS, checked_plan
from strategies import examples, texts

from dsl.assist.completion import complete
from dsl.assist.hover import hover
from dsl.assist.names import NameKind, rename
from dsl.assist.outline import outline
from dsl.assist.position import Position
from dsl.check import Checked, check
from dsl.plan import Asks, Regulation, Rolls
from dsl.source import Source, Span
from engine.ledger import Reason, Sink
from engine.regulate import kept
from engine.regulate.balances import Watched
from engine.regulate.histories import Probed, cycles_in, histories, start_of
from engine.regulate.judging import judge
from engine.regulate.subjects import granted, is_left_out, versions
from engine.regulate.verdict import Fault, Outcome, Verdict
from engine.run import run

GOLDENS = Path(__file__).with_name("goldens") / "against"
START = date(2026, 1, 1)
REGULATIONS = ("icasa-8a", "btrc", "ghana-2019")


def read(text: str) -> Checked:
    checked = check(Source("a.plan", text))
    assert [str(one.message) for one in checked.diagnostics if one.is_error] == []
    return checked


def asked(demand: str, plan: str) -> Outcome:
    """What a plan, with what else is in its text, makes of one line of a regulation."""
    checked = read(f'regulation "R"\n  {demand}\n\n{plan}')
    (outcome,) = judge(checked.regulations[0], checked.plans[0], START)
    return outcome


def line(outcome: Outcome) -> int:
    """The line of the plan, its header the first, that breaks it."""
    return outcome.faults[0].span.line - 3


@cache
def shipped() -> tuple[tuple[str, Outcome], ...]:
    """Each plan of the examples before each regulation of the examples, with the plan's file."""
    found = []
    for name in REGULATIONS:
        (regulation,) = checked_plan(f"regulations/{name}.plan").regulations
        for file in PLANS:
            for plan in checked_plan(file).plans:
                found += [(file, regulation, outcome) for outcome in judge(regulation, plan, START)]
    return tuple((file, outcome) for file, _, outcome in found)


CARRIES = 'plan "A" postpaid\n  grant 10 GB\n  unused data: {}\n'


# ---- what rolls


@pytest.mark.parametrize(
    "rule",
    [
        "carry 1 month",
        "carry 1 cycle each time",
        "carry without end",
        "carry 1 month, cap 10 GB",
        "carry 30 days",
        "carry 1 year",
    ],
)
def test_a_rule_that_carries_all_of_it_keeps_it(rule: str) -> None:
    assert asked("unused data: must carry", CARRIES.format(rule)).verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("rule", "why", "cycles"),
    [
        ("expire", "10 GB are told to expire on 2026-02-01", 1),
        ("carry 40% of it 1 month", "6 GB reach their end on 2026-02-01", 1),
        ("carry 1 month, cap 4 GB", "6 GB expire on 2026-02-01, above the cap", 1),
        ("carry 3 months, cap 20 GB", "10 GB expire on 2026-04-01, above the cap", 3),
        ("carry what is saved 1 month", "10 GB reach their end on 2026-02-01", 1),
    ],
)
def test_one_that_does_not_breaks_it_in_the_fewest_cycles(rule: str, why: str, cycles: int) -> None:
    outcome = asked("unused data: must carry", CARRIES.format(rule))
    assert outcome.verdict is Verdict.BROKEN
    (fault,) = outcome.faults
    assert why in fault.why
    assert fault.run is not None
    assert len(fault.run.scenario.cycles) == cycles


def test_without_a_rule_the_grant_itself_is_where_it_ends() -> None:
    outcome = asked("unused data: must carry", 'plan "A" prepaid\n  grant 10 GB\n')
    assert (outcome.verdict, line(outcome)) == (Verdict.BROKEN, 2)


def test_a_part_that_is_no_whole_step_is_found_by_using_a_part() -> None:
    outcome = asked("unused data: must carry", CARRIES.format("carry 1 month in steps of 1 GB"))
    assert outcome.faults[0].why == "666.67 MB reach their end on 2026-02-01"


def test_who_renews_early_may_pass_a_cap_that_one_cycle_never_does() -> None:
    prepaid = CARRIES.format("carry 1 month, cap 10 GB").replace("postpaid", "prepaid")
    outcome = asked("unused data: must carry", prepaid)
    assert outcome.faults[0].why == "10 GB expire on 2026-02-01, above the cap"
    assert outcome.faults[0].run
    assert [type(one.act).__name__ for one in outcome.faults[0].run.scenario.dated] == ["Renew"]


def test_a_condition_is_broken_where_the_regulation_does_not_allow_it() -> None:
    plan = CARRIES.replace("unused data: {}", "unused data if {}: carry 1 month")
    assert asked("unused data if active: must carry", plan.format("active")).verdict is Verdict.KEPT
    assert asked("unused data: must carry", plan.format("renewed on time")).verdict is Verdict.KEPT
    assert asked("unused data: must carry", plan.format("same plan")).verdict is Verdict.KEPT
    suspended = asked("unused data: must carry", plan.format("active"))
    assert suspended.verdict is Verdict.BROKEN
    assert asked("unused data: must carry", plan.format("paid")).verdict is Verdict.BROKEN
    assert asked("unused data if opted in: must carry", plan.format("opted in")).verdict is Verdict.KEPT
    assert asked("unused data: must carry", plan.format("used at least 1 GB")).verdict is Verdict.BROKEN


@pytest.mark.parametrize(("times", "verdict"), [(1, Verdict.KEPT), (2, Verdict.KEPT), (3, Verdict.BROKEN)])
def test_so_many_times_is_so_many_ends_of_cycles(times: int, verdict: Verdict) -> None:
    assert asked(f"unused data: must carry at least {times} times", CARRIES.format("carry 2 months")).verdict is verdict


@pytest.mark.parametrize(("most", "verdict"), [(4, Verdict.KEPT), (5, Verdict.BROKEN)])
def test_as_much_as_must_be_carried(most: int, verdict: Verdict) -> None:
    plan = CARRIES.format("carry 1 month each time, cap 4 GB")
    assert asked(f"unused data: must carry up to {most} GB", plan).verdict is verdict


def test_each_service_has_its_own_history() -> None:
    outcome = asked(
        "unused data, minutes and sms: must carry",
        'plan "A" postpaid\n  grant 1 GB, 100 minutes, 50 sms\n  unused minutes: carry 1 month\n',
    )
    assert [fault.why for fault in outcome.faults] == [
        "1 GB reach their end on 2026-02-01", "50 sms reach their end on 2026-02-01",
    ]  # fmt: skip


def test_a_pack_is_bought_to_see_what_becomes_of_it() -> None:
    plan = CARRIES.format("carry 1 month") + '\npack "P"\n  price 3 EUR\n  grant 2 GB for 10 days\n'
    outcome = asked("unused data: must carry", plan)
    assert outcome.faults[0].why == "2 GB reach their end on 2026-01-11"
    rolls = plan + "  unused data: carry 10 days\n"
    assert asked("unused data: must carry", rolls).verdict is Verdict.KEPT


# ---- on which terms


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("carry 1 month", Verdict.KEPT), ("carry 1 cycle each time", Verdict.KEPT), ("carry 7 days", Verdict.BROKEN),
        ("carry 30 days", Verdict.UNKNOWN), ("carry 31 days", Verdict.KEPT), ("carry 2 months from grant", Verdict.KEPT),
        ("carry 40 days from grant", Verdict.BROKEN), ("expire", Verdict.DOES_NOT_APPLY),
    ],
)  # fmt: skip
def test_as_long_as_granted(rule: str, verdict: Verdict) -> None:
    checked = read(f'regulation "R"\n  unused data: must carry, as long as granted\n\n{CARRIES.format(rule)}')
    assert judge(checked.regulations[0], checked.plans[0], START)[1].verdict is verdict


@pytest.mark.parametrize(
    ("plan", "verdict"),
    [
        ("unused data: carry 1 month", Verdict.KEPT),
        ("unused data if opted in: carry 1 month", Verdict.BROKEN),
        ("unused data if renewed by hand: carry 1 month", Verdict.BROKEN),
        ("unused data: carry what is saved 1 month", Verdict.BROKEN),
        ("when renewed early, unused data: extend 1 month", Verdict.BROKEN),
        ("when suspended, unused data: extend 1 month", Verdict.BROKEN),
        ("unused data: expire", Verdict.DOES_NOT_APPLY),
    ],
)
def test_by_itself(plan: str, verdict: Verdict) -> None:
    text = f'regulation "R"\n  unused data: must carry, by itself\n\nplan "A" prepaid\n  grant 10 GB\n  {plan}\n'
    checked = read(text)
    assert judge(checked.regulations[0], checked.plans[0], START)[1].verdict is verdict


def test_a_pack_with_a_price_that_it_lives_with_is_not_free() -> None:
    plan = CARRIES.format('carry 1 month with pack "Keep"') + '\npack "Keep"\n  price 3 EUR\n  grant 1 MB for 60 days\n'
    checked = read(f'regulation "R"\n  unused data: must carry, free\n\n{plan}')
    free = judge(checked.regulations[0], checked.plans[0], START)[1]
    assert free.faults[0].why == 'it lives only with "Keep", which has a price'
    without = read(checked.source.text.replace("  price 3 EUR\n", ""))
    assert judge(without.regulations[0], without.plans[0], START)[1].verdict is Verdict.KEPT


@pytest.mark.parametrize(
    ("life", "verdict"), [("1 month", Verdict.KEPT), ("10 days", Verdict.BROKEN), ("31 days", Verdict.UNKNOWN)]
)
def test_to_the_new_end(life: str, verdict: Verdict) -> None:
    checked = read(f'regulation "R"\n  unused data: must carry, to the new end\n\n{CARRIES.format("carry " + life)}')
    outcome = judge(checked.regulations[0], checked.plans[0], START)[1]
    assert outcome.verdict is verdict
    if outcome.faults:
        assert outcome.faults[0].why == "10 GB that are carried end on 2026-02-11, before the cycle that follows"


# ---- what never ends, is given, is sold, goes first


@pytest.mark.parametrize(
    ("plan", "close", "not_renewed"),
    [
        ("grant 10 GB without end", Verdict.KEPT, Verdict.KEPT),
        ("grant 10 GB\n  carry 1 cycle each time", Verdict.KEPT, Verdict.BROKEN),
        ("grant 10 GB\n  carry without end", Verdict.KEPT, Verdict.BROKEN),
        ("grant 10 GB\n  carry 12 months", Verdict.BROKEN, Verdict.BROKEN),
        ("grant 10 GB\n  carry 1 cycle each time, cap 100 GB", Verdict.BROKEN, Verdict.BROKEN),
    ],
)
def test_never_expire(plan: str, close: Verdict, not_renewed: Verdict) -> None:
    text = f'plan "A" prepaid\n  {plan}\n'
    assert asked("unused data: must never expire", text).verdict is close
    assert asked("when not renewed, unused data: must never expire", text).verdict is not_renewed


def test_an_amount_that_would_go_at_an_event_is_not_kept() -> None:
    plan = 'plan "A" prepaid\n  grant 10 GB without end\n  when suspended, unused data: expire\n'
    outcome = asked("unused data: must never expire", plan)
    assert outcome.verdict is Verdict.BROKEN
    assert line(outcome) == 3


@pytest.mark.parametrize(
    ("plan", "give", "long"),
    [
        ("", Verdict.BROKEN, Verdict.DOES_NOT_APPLY),
        ("when asked, unused data: give", Verdict.KEPT, Verdict.KEPT),
        ("when asked, unused data: give to family", Verdict.BROKEN, Verdict.KEPT),
        ("when asked, unused data if opted in: give", Verdict.BROKEN, Verdict.KEPT),
        ("when asked, unused data: give, at most 1 GB a cycle", Verdict.UNKNOWN, Verdict.KEPT),
        ("when asked, unused data: give for 7 days", Verdict.KEPT, Verdict.BROKEN),
    ],
)
def test_give(plan: str, give: Verdict, long: Verdict) -> None:
    demand = "when asked, unused data: must give, as long as granted"
    checked = read(f'regulation "R"\n  {demand}\n\nplan "A" prepaid\n  grant 10 GB\n  {plan}\n')
    assert [one.verdict for one in judge(checked.regulations[0], checked.plans[0], START)] == [give, long]


@pytest.mark.parametrize(
    ("plan", "verdict"),
    [
        ("", Verdict.KEPT),
        ("when data runs out: slow to 128 kbps", Verdict.KEPT),
        ("when data runs out: sell 1 GB at 5 EUR", Verdict.BROKEN),
        ("when data runs out if opted in: sell 1 GB at 5 EUR", Verdict.KEPT),
        ("when data runs out if abroad: sell 1 GB at 5 EUR", Verdict.BROKEN),
        ("when data runs out if not opted in: block\n  when data runs out: sell 1 GB at 5 EUR", Verdict.KEPT),
    ],
)
def test_not_sell(plan: str, verdict: Verdict) -> None:
    text = f'plan "A" prepaid\n  grant 10 GB\n  {plan}\n'
    assert asked("when data runs out if not opted in: must not sell", text).verdict is verdict


def test_what_is_sold_is_charged_in_the_history() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  when data runs out: sell 1 GB at 5 EUR\n'
    (fault,) = asked("when data runs out: must not sell", text).faults
    assert fault.why == "1 GB of data are sold for 5 EUR"
    assert fault.run
    assert any(posting.reason is Reason.CHARGED for posting in fault.run.postings)


@pytest.mark.parametrize(
    ("plan", "verdict"),
    [
        ("grant 10 GB", Verdict.KEPT),
        ("grant 10 GB\n  use carried first\n  carry 1 month", Verdict.KEPT),
        ("grant 10 GB\n  use carried first\n  carry 3 months", Verdict.BROKEN),
        ("grant 10 GB\n  use soonest to end, then carried\n  carry 3 months", Verdict.KEPT),
        ("grant 10 GB\n  use newest\n  carry 3 months", Verdict.UNKNOWN),
    ],
)
def test_soonest_to_end_first(plan: str, verdict: Verdict) -> None:
    outcome = asked("must use soonest to end first", f'plan "A" postpaid\n  {plan}\n')
    assert outcome.verdict is verdict
    if outcome.faults:
        assert line(outcome) == 3  # that says what goes first


# ---- what it is about, and when


def test_in_words_it_is_told_and_never_decided() -> None:
    outcome = asked('must "tell at 80%"', 'plan "A" prepaid\n  grant 10 GB\n')
    assert (outcome.verdict, outcome.why) == (Verdict.NOT_CHECKED, "nothing that a plan says can show it")


@pytest.mark.parametrize(
    ("excepted", "plan"),
    [
        ("for 7 days or less", "cycle: week\n  grant 1 GB"),
        ("for 7 days or less", "grant 1 GB for 168 hours"),
        ("unlimited", "grant unlimited data"),
        ("bonus", "grant 1 GB bonus"),
    ],
)
def test_what_is_left_out(excepted: str, plan: str) -> None:
    text = f'regulation "R"\n  except {{}}\n  unused data: must carry\n\nplan "A" prepaid\n  {plan}\n'
    checked = read(text.format(excepted))
    (outcome,) = judge(checked.regulations[0], checked.plans[0], START)
    assert (outcome.verdict, outcome.why) == (
        Verdict.DOES_NOT_APPLY, "all that the plan grants of that is left out of the regulation",
    )  # fmt: skip
    if excepted != "unlimited":  # which has nothing that could be left
        other = read(text.format("free packs"))
        assert judge(other.regulations[0], other.plans[0], START)[0].verdict is Verdict.BROKEN


def test_eight_days_are_not_left_out() -> None:
    demand = "except for 7 days or less\n  unused data: must carry"
    assert asked(demand, 'plan "A" prepaid\n  grant 1 GB for 8 days\n').verdict is Verdict.BROKEN


def test_packs_without_a_price_are_free() -> None:
    demand = "except free packs\n  unused data: must carry"
    plan = CARRIES.format("carry 1 month") + '\npack "P"\n  grant 2 GB for 10 days\n'
    assert asked(demand, plan).verdict is Verdict.KEPT
    assert asked(demand, plan + "  price 3 EUR\n").verdict is Verdict.BROKEN


def test_what_is_asked_from_a_day_on_is_asked_of_the_rules_since_then() -> None:
    plan = 'plan "A" postpaid\n  grant 10 GB\n  from 2027-01-01 unused data: carry 1 month\n'
    assert asked("from 2027-01-01 unused data: must carry", plan).verdict is Verdict.KEPT
    early = asked("unused data: must carry", plan)
    assert early.faults[0].why == "10 GB reach their end on 2026-02-01"
    ends = plan.replace("from 2027-01-01", "until 2027-06-01")
    late = asked("from 2027-01-01 unused data: must carry", ends)
    assert late.faults[0].why == "10 GB reach their end on 2027-07-01"
    assert asked("until 2027-06-01 unused data: must carry", ends).verdict is Verdict.KEPT


# ---- the shipped ones


@pytest.mark.parametrize("name", REGULATIONS)
def test_the_shipped_regulations_stand_alone(name: str) -> None:
    checked = checked_plan(f"regulations/{name}.plan")
    assert (checked.plans, len(checked.regulations)) == ((), 1)


def test_what_the_examples_make_of_them() -> None:
    lines: dict[tuple[str, str, str], list[str]] = {}
    for file, outcome in shipped():
        lines.setdefault((file, outcome.plan.name, ""), []).append(f"{outcome.demand.span.line} {outcome.verdict}")
    told = "".join(f"{file} {plan}: {', '.join(found)}\n" for (file, plan, _), found in lines.items())
    golden = GOLDENS / "examples.txt"
    if os.environ.get("ROLLOVER_UPDATE"):
        GOLDENS.mkdir(exist_ok=True)
        golden.write_text(told, encoding="utf-8", newline="\n")
    assert told == golden.read_text(encoding="utf-8")


def test_each_history_is_one_in_which_the_engine_loses_or_charges_it() -> None:
    shown = [(outcome, fault) for _, outcome in shipped() for fault in outcome.faults if fault.run]
    assert len(shown) > 100
    for outcome, fault in shown:
        assert fault.run is not None
        again = run(outcome.plan, fault.run.scenario, (outcome.plan,))
        assert again.postings == fault.run.postings
        then = [posting for posting in again.postings if posting.at == fault.at]
        if isinstance(outcome.demand.asked, Rolls) or outcome.demand.asked is Asks.NEVER_EXPIRE:
            assert any(posting.target in (Sink.EXPIRED, Sink.EXCHANGE) for posting in then)
        else:
            assert then


def _contradicted(regulation: Regulation, outcome: Outcome) -> list[Fault]:
    """Histories that break what is told to be kept."""
    demand, plan = outcome.demand, outcome.plan
    found = [one for one in granted(versions(plan, demand), demand) if not is_left_out(one, regulation.exceptions)]
    packs = tuple(dict.fromkeys(one.pack.name for one in found if one.pack))
    spans = {one.grant.span for one in found if not one.grant.unlimited}
    faults: list[Fault] = []
    start = start_of(demand, date.min, START)
    for history in histories(Probed(plan, demand, packs), start, min(14, cycles_in(plan, 400))):
        watched = Watched(run(plan, history, (plan,)), spans, demand)
        faults += watched.ends_too_early(demand.asked) if isinstance(demand.asked, Rolls) else watched.expires()
    return faults


@examples(40)
@given(texts())
def test_nothing_is_kept_that_a_history_breaks(text: str) -> None:
    """Of any plan, before the strictest that can be asked."""
    asks = "unused {0}, bonus {0}: must carry\n  unused {0}: must carry at least 2 times\n  unused {0}: must never expire\n"
    more = 'regulation "all"\n  ' + "  ".join(asks.format(word) for word in ("data", "minutes", "sms"))
    checked = check(Source("a.plan", f"{text.rstrip(chr(10))}\n{more}"))
    assert not checked.has_errors
    regulation = checked.regulations[-1]
    for plan in checked.plans[:1]:
        for outcome in judge(regulation, plan, START):
            assert bool(outcome.faults) == (outcome.verdict is Verdict.BROKEN)
            if outcome.verdict is Verdict.KEPT:
                assert _contradicted(regulation, outcome) == []


def test_a_rule_that_is_taken_for_one_that_keeps_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "rolls", lambda *_: None)
    checked = read(f'regulation "R"\n  unused data: must carry\n\n{CARRIES.format("carry 1 month, cap 4 GB")}')
    (outcome,) = judge(checked.regulations[0], checked.plans[0], START)
    assert outcome.verdict is Verdict.KEPT
    assert _contradicted(checked.regulations[0], outcome)


def test_the_examples_are_all_of_those_in_the_folder() -> None:
    assert {path.stem for path in (EXAMPLES / "regulations").glob("*.plan")} == {*REGULATIONS}


# ---- while somebody writes


def test_in_editors_a_regulation_is_a_block_with_its_lines() -> None:
    source = Source("r.plan", 'regulation "R"\n  unused data: must carry\n\nplan "A" prepaid\n  grant 1 GB\n')
    assert [(one.kind, one.name, one.first, one.last) for one in outline(source)] == [
        (NameKind.REGULATION, "R", 1, 2), (NameKind.PLAN, "A", 4, 5),
    ]  # fmt: skip
    assert rename(source, Position(1, 13), "Rollover").edits == ((Span(1, 12, 13), "Rollover"),)


@pytest.mark.parametrize(
    ("begun", "offered", "never"),
    [
        ("  unu", "unused data: must carry at least 1 time", "unused data: carry 1 month, cap 10 GB"),
        ("  unused data: must ", "carry", "give"),
        ("  unused data: must carry, ", "free", "give"),
        ("  when asked, unused data: must ", "give", "carry"),
        ("  when data runs out: must ", "not sell", "give"),
        ("  except ", "unlimited", "carry"),
        ("  must ", "use soonest to end first", "not sell"),
    ],
)
def test_in_editors_what_can_be_asked_is_offered(begun: str, offered: str, never: str) -> None:
    checked = check(Source("r.plan", f'regulation "R"\n{begun}'))
    found = [one.label for one in complete(checked, Position(2, len(begun)))]
    assert offered in found
    assert never not in found


def told_at(text: str, line: int, word: str) -> str:
    """The first of what is told of a word."""
    found = hover(check(Source("r.plan", text)), Position(line, text.splitlines()[line - 1].index(word) + 1))
    return found.facts[0] if found else ""


def test_in_editors_its_words_have_meanings() -> None:
    text = 'regulation "R"\n  unused data: must carry, as long as granted, by itself\n'
    assert [told_at(text, 2, word) for word in ("as long", "itself")] == [
        "`as long as granted`: What is carried, or given, lives at least as long as it was granted for."
        " If left out: It may live for less.",
        "`by itself`: Whatever the subscriber does. If left out: It may depend on the subscriber.",
    ]
    assert told_at(text, 1, "R").startswith("`R`: a regulation; `rollover check --against`")


@pytest.mark.parametrize(
    ("line", "word", "means"),
    [
        ("unused data: must carry at least 1 time", "carry", "`carry`: What is left lives on past its end"),
        ("unused data: must never expire", "never", "`never expire`: It does not end unused."),
        ("unused data: must never expire", "expire", "`never expire`: It does not end unused."),
        ("when data runs out: must not sell", "sell", "`not sell`: Use that nothing covers is not charged."),
        ("when asked, unused data: must give", "give", "`give`: It may be given to any line."),
        ("must use soonest to end first", "soonest", "`use soonest to end first`: Of all lots"),
        ("except for 7 days or less", "less", "`or less`: What is granted for so long at the most."),
        ('must "tell at 80%"', "must", "`must`: What a regulation asks of plans."),
    ],
)
def test_a_word_behind_must_means_what_is_asked_and_not_what_a_plan_does(line: str, word: str, means: str) -> None:
    assert told_at(f'regulation "R"\n  {line}\n', 2, word).startswith(means)
