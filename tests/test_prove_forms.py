"""Each kind of claim, proved for every history, or refuted by one that the engine breaks it with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("z3")

from command_line import rollover
from shipped import PLANS, checked_plan

from dsl.check import check
from dsl.plan import Bounded, CarriedNeverAbove, Claim, CycleNeverAbove, NeverAbove, NeverExpires, Plan
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.claims import allowed, shown
from engine.judge import broken
from engine.prove.claims import prove
from engine.prove.verdict import Outcome, Verdict
from engine.run import Run, run
from tui import proving
from tui.running import checked_plans

GB, MINUTE = 10**9, 60
START = datetime(2026, 1, 1)
STARTS = (START, datetime(2026, 1, 16), datetime(2025, 12, 31))
A = """rate 1 GB = 30 minutes

plan "A" postpaid
  price 19 EUR a month
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
"""
SOLD = """plan "A" prepaid
  price 10 EUR a month
  grant 10 GB
  when data runs out: sell 1 GB at 2 EUR
"""
FULL = "before a full cycle has passed"


def outcome(text: str) -> tuple[Plan, Outcome]:
    """Of the last claim of the first plan of a text."""
    found = check(Source("a.plan", text))
    assert not found.has_errors, found.diagnostics
    plan = found.plans[0]
    return plan, prove(plan, plan.claims[-1], START)


def played(plan: Plan, uses: tuple[dict[str, int], ...], start: datetime = START) -> Run:
    cycles = tuple(
        CycleSteps(tuple(Use(service, amount, in_all=True) for service, amount in used.items() if amount), ()) for used in uses
    )
    return run(plan, Scenario("", plan.name, start, cycles, (), NOWHERE))


def is_broken(plan: Plan, claim: Claim, uses: tuple[dict[str, int], ...], start: datetime = START) -> bool:
    return bool(broken(played(replace(plan, claims=(claim,)), uses, start)))


@pytest.mark.parametrize(
    ("plan", "holds", "fails"),
    [
        (A, "ensure data never above 30 GB", "ensure data never above 29 GB"),
        (A, "ensure carried data never above 10 GB", "ensure carried data never above 9999999999 B"),
        (A, "ensure converted minutes never above 200 minutes", "ensure converted minutes never above 199 minutes"),
        (A, "ensure converted data never above 6666666667 B", "ensure converted data never above 6666666666 B"),
        (A.replace(", cap 200 minutes", ""), "ensure converted minutes never above 600 minutes",
         "ensure converted minutes never above 599 minutes"),
        (A, "ensure charged never above 19 EUR", "ensure charged never above 18.99 EUR"),
        (A, "ensure due never above 19 EUR a month", "ensure due never above 18.99 EUR a month"),
        (A, f"ensure no data expires {FULL}", "ensure no data expires before 2 cycles have passed"),
        (A, f"ensure no minutes expire {FULL}", "ensure no minutes expire before 2 cycles have passed"),
        (A.replace(", cap 200 minutes", ""), "ensure no data expires before 1 cycle has passed", "ensure no minutes expire"),
        (A.replace(", cap 10 GB, convert the rest to minutes, cap 200 minutes", ""),
         "ensure no data expires before 2 cycles have passed", "ensure no data expires before 3 cycles have passed"),
        (A.replace("carry 1 month, cap 10 GB", "carry 3 months, cap 40 GB, oldest goes first"),
         "ensure carried data never above 40 GB", "ensure carried data never above 39 GB"),
        (SOLD + "  assume usage at most 60 GB a cycle\n", "ensure charged never above 110 EUR",
         "ensure charged never above 109 EUR"),
        (SOLD + "  assume usage at most 10 GB a cycle\n", f"ensure no data expires {FULL}", "ensure no data expires"),
        (SOLD.replace("2 EUR", "2 EUR up to 3 times"), "ensure charged never above 16 EUR",
         "ensure charged never above 15 EUR"),
        (A.replace("20 GB data", "20 GB data, 50 minutes"), "ensure carried minutes never above 200 minutes",
         "ensure carried minutes never above 199 minutes"),
    ],
)  # fmt: skip
def test_each_claim_is_proved_at_its_bound_and_refuted_below(plan: str, holds: str, fails: str) -> None:
    _, proved = outcome(f"{plan}  {holds}\n")
    assert proved.verdict is Verdict.PROVED, proved.why
    about, refuted = outcome(f"{plan}  {fails}\n")
    assert refuted.verdict is Verdict.REFUTED, refuted.why
    assert is_broken(about, refuted.claim, refuted.history)


TRIMMED = """rate 1 GB = 30 minutes
plan "A" postpaid
  every cycle grant 10 GB, 3 GB bonus data for 2 cycles
  use bonus, then allowance
  unused data: carry 2 cycles, cap 15 GB with allowance, oldest goes first, convert the rest to minutes
  ensure minutes never above """


def test_what_no_bound_on_lots_tells_is_proved_by_an_invariant_of_the_solver() -> None:
    """What the cap takes depends on two lots of data, and both on each other."""
    _, found = outcome(TRIMMED + "300 minutes\n")
    assert (found.verdict, found.bounds, str(found.why)) == (Verdict.PROVED, (), "by an invariant that Spacer found")
    plan, found = outcome(TRIMMED + "299 minutes\n")
    assert found.verdict is Verdict.REFUTED
    assert is_broken(plan, found.claim, found.history)


def test_what_is_assumed_of_use_is_relied_on_and_kept_to_by_a_history() -> None:
    _, without = outcome(SOLD + "  ensure charged never above 110 EUR\n")
    assert without.verdict is Verdict.REFUTED
    assert without.history[0]["data"] > 60 * GB
    _, found = outcome(SOLD + "  assume usage at most 60 GB a cycle\n  ensure charged never above 99 EUR\n")
    assert 54 * GB < found.history[0]["data"] <= 60 * GB


def test_what_is_left_of_a_sold_block_was_not_there_for_a_full_cycle() -> None:
    """Though a step, in which days do not matter, sells it when the cycle begins."""
    _, found = outcome(f"{SOLD}  ensure no data expires {FULL}\n")
    assert found.verdict is Verdict.REFUTED


BY_CALENDAR = """plan "A" prepaid
  cycle: calendar month
  grant 10 GB
  use carried first
  carry {carry}
  ensure no data expires {before}
"""


@pytest.mark.parametrize(
    ("carry", "before", "verdict"),
    [
        ("1 cycle, cap 4 GB", FULL, Verdict.REFUTED),
        ("1 cycle", FULL, Verdict.PROVED),
        ("1 cycle", "before 2 cycles have passed", Verdict.REFUTED),
        ("2 cycles", "before 2 cycles have passed", Verdict.PROVED),
    ],
)
def test_a_line_that_begins_inside_a_month_has_one_full_cycle_less(carry: str, before: str, verdict: Verdict) -> None:
    plan, found = outcome(BY_CALENDAR.format(carry=carry, before=before))
    assert found.verdict is verdict, found.why
    if verdict is Verdict.REFUTED:
        assert found.start
        assert found.start.day == 29
        assert is_broken(plan, found.claim, found.history, found.start)
        assert not is_broken(plan, found.claim, found.history)  # on the 1st it begins with a full one
    _, from_activation = outcome(BY_CALENDAR.format(carry=carry, before=before).replace("calendar month", "month"))
    assert from_activation.verdict is Verdict.PROVED


def test_where_days_matter_a_history_without_use_is_found_all_the_same() -> None:
    plan, found = outcome(f"{A}  grant 5 GB data for 10 days\n  ensure no data expires {FULL}\n")
    assert found.verdict is Verdict.REFUTED
    assert is_broken(plan, found.claim, found.history)


PROMOTED = '\npromotion "Week" for "A"\n  from 2026-01-01 until 2026-02-01\n  grant 5 GB bonus data for 10 days\n'


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("carried data never above 10 GB", Verdict.PROVED),
        ("carried data never above 100 GB with promotions", Verdict.UNKNOWN),
        (f"no data expires {FULL}", Verdict.PROVED),
        (f"no data expires {FULL} with promotions", Verdict.UNKNOWN),
        ("converted minutes never above 900 hours", Verdict.UNKNOWN),
        ("charged never above 900 EUR", Verdict.UNKNOWN),
    ],
)
def test_what_promotions_bring_is_never_proved(line: str, verdict: Verdict) -> None:
    _, found = outcome(f"{A}  ensure {line}\n{PROMOTED}")
    assert (found.verdict, found.why.startswith("promotions")) == (verdict, verdict is Verdict.UNKNOWN)


# ---- nothing is proved that some history breaks


def tight(plan: Plan, rng: Random) -> Iterator[tuple[Claim, Run]]:
    """Claims of each kind that a history comes just up to, with the history."""
    services = list(dict.fromkeys([*plan.services, *(rule.service for rule in plan.runs_out)]))
    amounts = {service: max(plan.allowance(service), GB // 10) for service in services}
    uses = tuple(
        {service: rng.choice((0, 0, amounts[service] // 2, amounts[service], 3 * amounts[service])) for service in services}
        for _ in range(5)
    )
    made = played(replace(plan, promotions=(), claims=(), most_used=()), uses, rng.choice(STARTS))
    service = services[0]
    claims: list[Claim] = [
        NeverAbove(service, 0, False, NOWHERE), CarriedNeverAbove(service, 0, False, NOWHERE),
        *(CycleNeverAbove(Bounded.CONVERTED, one, 0, NOWHERE) for one in services),
        *(CycleNeverAbove(Bounded.CHARGED, currency, 0, NOWHERE) for currency in made.statement.cycles[0].charged),
        *(CycleNeverAbove(Bounded.DUE, currency, 0, NOWHERE) for currency in made.statement.cycles[-1].due),
    ]  # fmt: skip
    for claim in claims:
        most = max((one.amount for one in shown(made, claim)), default=0)
        if most:
            yield replace(claim, amount=most - 1), made
    for cycles in (0, 1, 2, 3):
        claim = NeverExpires(service, cycles, False, NOWHERE)
        if any(one.amount for one in shown(made, claim)):
            yield claim, made


@pytest.mark.parametrize("name", PLANS)
def test_a_false_claim_of_each_kind_planted_in_each_example_is_never_proved(name: str) -> None:
    """False since the engine, run on a history made by chance, breaks it. What is refuted is broken by the history told."""
    rng = Random(7)
    for plan in checked_plan(name).plans[:1]:
        alone = replace(plan, promotions=(), claims=(), most_used=())
        for claim, made in tight(plan, rng):
            assert any(one.amount > allowed(claim) for one in shown(made, claim))
            found = prove(alone, claim, START)
            assert found.verdict is not Verdict.PROVED, (plan.name, claim)
            if found.verdict is Verdict.REFUTED:
                assert is_broken(alone, claim, found.history, found.start or START), (plan.name, claim)


# ---- the command


def test_the_command_tells_each_kind(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.plan", tmp_path / "a.scenario.yaml"
    text = BY_CALENDAR.format(carry="1 cycle, cap 4 GB", before=FULL) + "  ensure carried data never above 4 GB\n"
    path.write_text(text + '  ensure "A" is never worse than "B"\n\nplan "B" like "A"\npack "P"\n  grant 1 GB\n')
    done = rollover("prove", str(path), "--plan", "A", "--save", str(kept))
    assert done.exit_code == 1
    out = done.output
    in_a_line = " ".join(out.split())  # whatever lines it stands in
    assert ':6: REFUTED  ensure no data expires before a full cycle has passed  ("A")' in out
    assert "6 GB expired on 2026-02-01, before a full cycle has passed since it came, where a line that begins on" in in_a_line
    assert ':7: PROVED  ensure carried data never above 4 GB  ("A")' in out
    assert "after any number of cycles, whatever is used: at most 4 GB is held when a cycle ends not looked at: " in in_a_line
    assert "changes of plan, lines that leave and packs that are bought" in in_a_line
    assert ':8: PROVED  ensure "A" is never worse than "B"' in out
    assert "start: 2026-01-29" in kept.read_text()
    assert rollover("test", str(path)).exit_code == 1


def test_a_block_that_is_sold_as_soon_as_a_cycle_begins_is_sold_an_hour_later_to_show_it(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.plan", tmp_path / "a.scenario.yaml"
    path.write_text('plan "A" prepaid\n  when data runs out: sell 1 GB at 2 EUR\n  ensure no data expires ' + FULL + "\n")
    done = rollover("prove", str(path), "--save", str(kept))
    assert ":3: REFUTED" in done.output
    assert "use: 1 B" in kept.read_text()  # a part of the last day
    assert rollover("test", str(path)).exit_code == 1
    checked = checked_plans(path)
    claim = checked.plans[0].claims[0]
    much = Outcome(claim, Verdict.REFUTED, history=({"data": 10**9 - 1},))  # a part of each day, and of the first, too
    shown = proving.proof(path, checked, checked.plans[0], claim, START, cached=False, prove=lambda *_: much)
    assert shown.run
    assert [one.at for one in shown.run.scenario.dated] == [datetime(2026, 1, 1, 1)]


def test_each_kind_as_json(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    lines = ["charged never above 19 EUR", "no data expires", "converted minutes never above 200 minutes"]
    path.write_text(
        A + "".join(f"  ensure {line}\n" for line in lines) + '  ensure "A" is never worse than "B"\nplan "B" like "A"\n'
    )
    done = json.loads(rollover("prove", str(path), "--format", "json").stdout)
    assert done["schema"] == "rollover.proofs/2"
    assert [one["claim"] for one in done["proofs"]] == [
        {"kind": "charged_never_above", "service": "EUR", "amount": 1900},
        {"kind": "never_expires", "service": "data", "cycles": 0, "with_promotions": False},
        {"kind": "converted_never_above", "service": "voice", "amount": 200 * MINUTE},
        {"kind": "never_worse", "plan": "A", "than": "B"},
    ]
    assert [one["verdict"] for one in done["proofs"]] == ["PROVED", "REFUTED", "PROVED", "PROVED"]
    assert done["proofs"][1]["start"] == "2026-01-01T00:00:00+00:00"
