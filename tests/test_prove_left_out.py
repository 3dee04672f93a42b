"""What no proof looks at: the claim stays open, or the proof tells it. Each with a history that breaks the claim."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("z3")

from command_line import rollover

from dsl.check import Checked, check
from dsl.examples import DEFAULT_START
from dsl.phrase import Phrase
from dsl.source import Source
from engine.judge import broken
from engine.prove.claims import prove
from engine.prove.verdict import Outcome, Verdict
from engine.run import run
from tui import verdicts

PLAN = """rate {rate}

plan "A" prepaid
  cycle: 30 days
{rules}
  ensure {claim}

  example "it breaks the claim"
{steps}
"""


def checked(claim: str, rules: str, steps: str, besides: str = "", *, rate: str = "1 GB = 30 minutes") -> Checked:
    rules, steps = (
        "\n".join(f"{indent}{line}" for line in lines.split("; ")) for indent, lines in (("  ", rules), ("    ", steps))
    )
    found = check(Source("a.plan", PLAN.format(rate=rate, rules=rules, claim=claim, steps=steps) + besides))
    assert not found.has_errors, found.diagnostics
    return found


def judged(found: Checked) -> Outcome:
    """The verdict on the claim of a plan, which its example breaks."""
    plan, [scenario] = found.plans[0], found.scenarios
    assert broken(run(plan, scenario, found.plans), found.plans)
    return prove(plan, plan.claims[0], DEFAULT_START, {one.name: one for one in found.plans})


SELL = "when data runs out: sell 1 GB at 1 EUR"
TEN_RECORDS = "; ".join(f"on 2026-01-{day:02} use 1 MB" for day in range(10, 21))
WHAT_FOR = "what it is used for matters, and is not looked at"
ASSUMED = "what is assumed of use is not what counts of it"
ASKED = "what is converted or borrowed when the customer asks for it is not looked at"
NO_CHARGE = "what is charged is never above 0.50 EUR a cycle"
BONUS = '\npromotion "P" for "A"\n  from 2026-01-01 until 2026-02-01\n'
SMALLER = '\nplan "B" prepaid\n  cycle: 30 days\n  grant 5 GB\n  {counts}\n'


@pytest.mark.parametrize(
    ("why", "claim", "rules", "steps"),
    [
        (WHAT_FOR, NO_CHARGE, f"grant unlimited data only at home; {SELL}", "on 2026-01-02 use 5 GB abroad"),
        (WHAT_FOR, NO_CHARGE, f"grant 9 GB only at home; {SELL}; assume usage at most 9 GB", "on 2026-01-02 use 5 GB abroad"),
        (WHAT_FOR, NO_CHARGE, f"grant 9 GB; at home counts 0; {SELL}", "on 2026-01-02 use 10 GB abroad"),
        (ASSUMED, NO_CHARGE, f"grant 9 GB; abroad counts 2; {SELL}; assume usage at most 9 GB",
         "on 2026-01-02 use 9 GB abroad"),
        (ASSUMED, NO_CHARGE, f"grant 9 GB; data counts in steps of 1 GB; {SELL}; assume usage at most 9 GB", TEN_RECORDS),
        (ASSUMED, NO_CHARGE, f'grant 9 GB; "app" counts 9 GB more; {SELL}; assume usage at most 9 GB',
         'on 2026-01-02 use 1 GB "app"'),
        ("what a customer saves is not looked at", "carried data never above 1 B", "grant 9 GB; carry what is saved 1 cycle",
         "on 2026-01-02 save 3 GB; use 0 GB"),
        ("gifts between lines are not looked at", "data never above 9 GB", "grant 9 GB; when asked, unused data: give",
         'on 2026-01-02 "Bo" starts on "A"; on 2026-01-03 "Bo" give 3 GB to the owner'),
        (ASKED, "minutes never above 1 minute", "grant 9 GB; when asked, unused data: convert to minutes",
         "on 2026-01-02 convert 3 GB to minutes"),
        (ASKED, NO_CHARGE, "grant 9 GB; when asked, unused data: convert to minutes at 2 EUR",
         "on 2026-01-02 convert 3 GB to minutes"),
        (ASKED, "data never above 9 GB", "grant 9 GB; when asked: borrow data from the next cycle, at most 5 GB a cycle",
         "on 2026-01-02 borrow 5 GB"),
        ("what is charged to who leaves early is not looked at", NO_CHARGE,
         "grant 9 GB; contract 24 months; leaving early: charge 60 EUR", "on 2026-01-02 leave"),
    ],
)  # fmt: skip
def test_what_a_plan_says_and_nothing_looks_at_is_never_proved(why: str, claim: str, rules: str, steps: str) -> None:
    found = judged(checked(claim, rules, steps))
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, why)


def test_what_another_plan_of_the_file_may_give_is_not_looked_at_either() -> None:
    giver = '\nplan "B" prepaid\n  grant 5 GB\n  when asked, unused data: give\n'
    steps = 'on 2026-01-02 "Bo" starts on "B"; on 2026-01-03 "Bo" give 3 GB to the owner'
    found = judged(checked("data never above 9 GB", "grant 9 GB", steps, giver))
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, "gifts between lines are not looked at")


@pytest.mark.parametrize(
    ("why", "counts", "steps"),
    [
        (WHAT_FOR, "at home counts 0", "on 2026-01-02 use 9 GB abroad"),
        (ASSUMED, "abroad counts 2; assume usage at most 5 GB", "on 2026-01-02 use 5 GB abroad"),
        (ASSUMED, "data counts in steps of 1 GB; assume usage at most 5 GB", TEN_RECORDS),
    ],
)
def test_of_two_plans_neither(why: str, counts: str, steps: str) -> None:
    counted = counts.partition(";")[0]
    other = SMALLER.format(counts=counted).replace("grant 5 GB", "grant 9 GB")
    found = judged(checked('"A" is never worse than "B"', f"grant 5 GB; {counts}", steps, other))
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, f"data: {why}")


def test_what_is_open_for_that_is_refuted_all_the_same() -> None:
    found = judged(checked("data never above 8 GB", "grant 9 GB; when asked, unused data: give", "on 2026-01-02 -> left 9 GB"))
    assert found.verdict is Verdict.REFUTED


def test_use_that_no_lot_holds_is_no_balance() -> None:
    for rules in ("grant 9 GB; when data runs out: owe the rest", "grant unlimited data"):
        plan = checked("data never above 9 GB", rules, "on 2026-01-02 use 20 GB").plans[0]
        assert prove(plan, plan.claims[0], DEFAULT_START).verdict is Verdict.PROVED


def test_credit_that_pays_a_bill_before_more_comes_is_no_mistake_to_report() -> None:
    """The bill of the second cycle leaves nothing of what came of the first, and then 4 EUR come."""
    rules = "price 9 EUR a cycle; grant 1 GB, 4 EUR; unused data: convert to the next bill"
    plan = checked("EUR never above 8 EUR", rules, "use 0 GB", rate="1 GB = 5 EUR").plans[0]
    found = prove(plan, plan.claims[0], DEFAULT_START)
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, "what pays a bill before more comes is not looked at")


def test_credit_that_pays_for_what_is_sold_steers_and_stops_nobody() -> None:
    rules = (
        "grant 9 GB, 100 minutes; unused minutes: convert to the next bill; when data runs out: sell 1 GB at 2 EUR from credit"
    )
    plan = checked("carried data never above 0 GB", rules, "use 0 GB", rate="1 minute = 0.10 EUR").plans[0]
    found = prove(plan, plan.claims[0], DEFAULT_START)
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, "an amount decides what comes next")


def test_what_is_rounded_up_at_a_close_is_there_from_then_on() -> None:
    rules = "grant 10 GB; carry 1 cycle in steps of 3 GB rounded up, cap 5 GB"
    for most, verdict in (("16 GB", Verdict.PROVED), ("15.999999999 GB", Verdict.REFUTED)):
        plan = checked(f"data never above {most}", rules, "use 4 GB; use 0 GB").plans[0]
        assert prove(plan, plan.claims[0], DEFAULT_START).verdict is verdict


# ---- what can happen to any line is told with the proof

LARGER = '\nplan "B" prepaid\n  cycle: 30 days\n  change: new plan now\n  grant 30 GB\n'


@pytest.mark.parametrize(
    ("told", "claim", "rules", "steps", "besides"),
    [
        ("what a line holds at its start", "data never above 9 GB", "grant 9 GB",
         "start 2026-01-01 with carried 7 GB; use 0 GB", ""),
        ("top-ups and what the operator adds or takes", "data never above 9 GB", "grant 9 GB", "on 2026-01-02 top up 1 GB", ""),
        ("top-ups and what the operator adds or takes", "data never above 9 GB", "grant 9 GB", "on 2026-01-02 add 1 GB", ""),
        ("renewals before or after the end of a cycle", "data never above 9 GB", "grant 9 GB", "on 2026-01-02 renew", ""),
        ("renewals before or after the end of a cycle", "charged never above 5 EUR", "grant 9 GB; price 5 EUR a cycle",
         "on 2026-01-02 renew", ""),
        ("renewals before or after the end of a cycle", "no data expires before 2 cycles have passed",
         "grant 9 GB; carry 3 cycles", "on 2026-01-02 do not renew; on 2026-02-02 -> left 0 GB", ""),
        ("changes of plan", "data never above 9 GB", "grant 9 GB; change: new plan now", 'on 2026-01-02 change to "B"', LARGER),
        ("lines that leave", "carried data never above 0 GB", "grant 9 GB; when the line ends, unused data: carry 2 cycles",
         "on 2026-01-02 leave", ""),
        ("suspension and payments that fail", "no data expires before a full cycle has passed",
         "grant 9 GB; when suspended, unused data: expire", "on 2026-01-02 suspend", ""),
        ("suspension and payments that fail", "no data expires before 2 cycles have passed",
         "grant 9 GB; unused data, if paid: carry 3 cycles", "payment fails; use 0 GB; use 0 GB", ""),
        ("suspension and payments that fail", "no data expires before 2 cycles have passed",
         "grant 9 GB; unused data, if active: carry 3 cycles", "suspend; use 0 GB; use 0 GB", ""),
        ("customers who opt in", "data never above 9 GB", "grant 9 GB; unused data, if opted in: carry 1 cycle",
         "opt in; use 0 GB; use 0 GB", ""),
        ("customers who opt in", "no data expires before 2 cycles have passed",
         "grant 9 GB; unused data, if not opted in: carry 3 cycles", "opt in; use 0 GB; use 0 GB", ""),
        ("renewals before or after the end of a cycle", "data never above 9 GB",
         "grant 9 GB; unused data, if renewed by hand: carry 1 cycle", "on 2026-01-31 renew; on 2026-02-02 -> left 18 GB", ""),
        ("changes of plan", "no data expires before 2 cycles have passed",
         "grant 9 GB; unused data, if same plan: carry 3 cycles", 'on 2026-01-02 change to "B"; on 2026-02-02 -> left 0 GB',
         LARGER.replace("  change: new plan now\n", "")),
        ("promotions", "minutes never above 270 minutes", "grant 9 GB; unused data and bonus data: convert to minutes",
         "use 0 GB", f"{BONUS}  grant 5 GB bonus data\n"),
        ("promotions", "minutes never above 270 minutes", "grant 9 GB; unused data and bonus data: convert to minutes",
         "use 0 GB", f"{BONUS}  multiply the allowance by 2\n"),
        ("promotions", "no data expires before 2 cycles have passed",
         "grant 9 GB; use bonus, then allowance; unused data and bonus data: carry 1 cycle, cap 9 GB, newest goes first",
         "start 2025-12-20; use 0 GB; use 0 GB; use 0 GB", f"{BONUS}  grant 5 GB bonus data for 2 cycles\n"),
        ("promotions", "data never above 18 GB", "grant 9 GB; carry 1 cycle", "start 2025-12-20; use 0 GB; use 0 GB; use 0 GB",
         f"{BONUS}  when it starts, unused data: extend 2 months\n"),
        ("packs that are bought", "data never above 9 GB", "grant 9 GB", 'on 2026-01-02 buy "P"', '\npack "P"\n  grant 2 GB\n'),
    ],
)  # fmt: skip
def test_what_can_happen_to_any_line_is_told_with_the_proof(
    told: str, claim: str, rules: str, steps: str, besides: str, tmp_path: Path
) -> None:
    found = checked(claim, rules, steps, besides)
    assert judged(found).verdict is Verdict.PROVED
    path = tmp_path / "a.plan"
    path.write_text(found.source.text)
    said = " ".join(rollover("prove", str(path)).output.split())
    assert told in said.partition("not looked at: ")[2]
    [proof] = json.loads(rollover("prove", str(path), "--format", "json").stdout)["proofs"]
    assert told in proof["left_out"]


# ---- the cache


def test_a_verdict_from_the_cache_can_still_be_said_in_another_language() -> None:
    found = checked("data never above 9 GB", "grant 9 GB; when asked, unused data: give", "on 2026-01-02 renew")
    plan, others = found.plans[0], {one.name: one for one in found.plans}
    claim, why = plan.claims[0], Phrase("{why} (cycle {cycle})", {"why": Phrase("it depends on an amount"), "cycle": "6"})
    for one in (judged(found).why, why):
        name = verdicts.name_of(plan, claim, DEFAULT_START, others)
        verdicts.store(name, Outcome(claim, Verdict.UNKNOWN, why=one))
        kept = verdicts.load(name, claim)
        assert kept
        assert isinstance(kept.why, Phrase)
        assert isinstance(one, Phrase)
        assert (kept.why.template, kept.why.fields) == (one.template, one.fields)


def test_a_verdict_that_names_a_line_is_told_where_that_line_is_now(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    text = (
        'plan "A" prepaid\n  grant 9 GB\n  unused data if used at least 1 GB: carry 1 month\n  ensure data never above 18 GB\n'
    )
    path.write_text(text)
    assert "it depends on an amount (line 3)" in rollover("prove", str(path)).output
    path.write_text(f"# a comment\n{text}")
    assert "it depends on an amount (line 4)" in rollover("prove", str(path)).output


def test_what_another_plan_gives_is_part_of_what_is_kept() -> None:
    plan = checked("data never above 9 GB", "grant 9 GB", "on 2026-01-02 renew").plans[0]
    giver = checked("data never above 9 GB", "grant 9 GB; when asked, unused data: give", "on 2026-01-02 renew").plans[0]
    alone, beside = (verdicts.name_of(plan, plan.claims[0], DEFAULT_START, others) for others in ({}, {"B": giver}))
    assert alone != beside
