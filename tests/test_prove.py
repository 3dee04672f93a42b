"""What plans claim holds for every history, or there is one that the engine breaks it with."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("z3")

from dsl.check import check
from dsl.plan import NeverAbove, Plan
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.judge import broken
from engine.prove.claims import prove
from engine.prove.verdict import Outcome, Verdict
from engine.run import run
from tests.command_line import rollover

GB = 10**9
START = datetime(2026, 1, 1)
A = """rate 1 GB = 30 minutes
plan "A" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
"""


def plan_of(text: str) -> Plan:
    return check(Source("a.plan", text)).plans[0]


def verdict(text: str, amount: int, service: str = "data") -> Outcome:
    return prove(plan_of(text), NeverAbove(service, amount, False, NOWHERE), START)


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        ("carry 1 month, cap 10 GB", 30 * GB),
        ("carry 1 month", 40 * GB),
        ("carry 3 months", 80 * GB),
        ("carry 3 months, cap 40 GB", 60 * GB),
        ("carry 6 months, cap 60 GB, oldest goes first", 80 * GB),
        ("carry 12 months", 260 * GB),
        ("carry 12 months, cap 100 GB, oldest goes first", 120 * GB),
        ("carry 12 months, cap 100 GB, convert the rest to minutes, cap 200 minutes", 120 * GB),
        ("carry 12 months, cap 8 GB a cycle", 116 * GB),
        ("carry 40% of it 3 months", 44 * GB),
        ("carry 3 months in steps of 3 GB", 74 * GB),
        ("carry 24 months", 500 * GB),
        ("carry 24 months, cap 200 GB, newest goes first", 220 * GB),
    ],
)
def test_the_largest_balance_is_proved_and_one_byte_less_refuted(rule: str, most: int) -> None:
    text = A.replace("carry 1 month, cap 10 GB", rule)
    assert verdict(text, most).verdict is Verdict.PROVED
    refuted = verdict(text, most - 1)
    assert refuted.verdict is Verdict.REFUTED
    assert breaks(plan_of(text), refuted)


def breaks(plan: Plan, found: Outcome) -> bool:
    cycles = tuple(
        CycleSteps(tuple(Use(service, amount, in_all=True) for service, amount in used.items() if amount), ())
        for used in found.history
    )
    claim = replace(found.claim)
    made = run(replace(plan, claims=(claim,)), Scenario("", plan.name, START, cycles, (), NOWHERE))
    return bool(broken(made))


def test_what_takes_more_cycles_than_are_looked_at_is_refuted_where_nothing_is_used() -> None:
    """What was carried becomes minutes in the fourteenth cycle."""
    text = f"{A.split('  unused')[0]}  unused data: carry 12 months, convert to minutes\n"
    assert verdict(text, 600 * 60, "voice").verdict is Verdict.PROVED
    refuted = verdict(text, 600 * 60 - 1, "voice")
    assert len(refuted.history) == 14
    assert breaks(plan_of(text), refuted)


def test_what_holds_nothing_is_proved_without_any_bound() -> None:
    found = verdict(A.replace("20 GB data", "20 GB data and 100 minutes"), 300 * 60, "voice")
    assert found.verdict is Verdict.PROVED


def test_a_history_is_the_shortest_and_uses_nothing_it_need_not() -> None:
    assert verdict(A, 29 * GB).history == ({"data": 0, "voice": 0}, {"data": 0, "voice": 0})
    assert verdict(A, 19 * GB).history == ({"data": 0, "voice": 0},)


def test_what_is_made_of_data_is_bounded_too() -> None:
    assert verdict(A, 200 * 60, "voice").verdict is Verdict.PROVED
    assert verdict(A, 199 * 60, "voice").verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("  share with up to 4 lines\n", "what several lines share is not looked at"),
        ("  unused data if used at least 5 GB: carry 9 months\n", "it depends on an amount (line 6)"),
    ],
)
def test_what_is_not_looked_at_is_never_proved(more: str, why: str) -> None:
    found = verdict(A + more, 10**15)
    assert (found.verdict, found.why) == (Verdict.UNKNOWN, why)


@pytest.mark.parametrize(
    "more", ["sell 1 GB at 5 EUR", "sell 1 GB at 5 EUR up to 5 GB a cycle, then block", "borrow 2 GB from the next cycle"]
)
def test_what_is_sold_or_lent_comes_when_nothing_is_left(more: str) -> None:
    found = verdict(f"{A}  when data runs out: {more}\n", 30 * GB)
    assert (found.verdict, [bound.amount for bound in found.bounds]) == (Verdict.PROVED, [10 * GB])
    assert verdict(f"{A}  when data runs out: {more}\n", 29 * GB).history == ({"data": 0, "voice": 0},) * 2


@pytest.mark.parametrize(
    "remedy", ["sell 8 GB at 5 EUR", "sell 8 GB at 5 EUR up to 1 time, then block", "borrow 8 GB from the next cycle"]
)
def test_of_a_block_all_is_left_but_what_is_used_the_least_of(remedy: str, tmp_path: Path) -> None:
    """More than there ever is besides: 5 GB come a month, and nothing is carried."""
    text = f'plan "A" postpaid\n  every month grant 5 GB data\n  when data runs out: {remedy}\n'
    plan = check(Source("a.plan", text)).plans[0]
    largest = 8 * GB - 1
    assert prove(plan, NeverAbove("data", largest, False, NOWHERE), START).verdict is Verdict.PROVED
    found = prove(plan, NeverAbove("data", largest - 1, False, NOWHERE), START)
    assert (found.verdict, found.history) == (Verdict.REFUTED, ({"data": 5 * GB + 1},))
    path = tmp_path / "a.plan"
    path.write_text(text + "  ensure data never above 7.9 GB\n")
    told = rollover("prove", str(path), "--no-cache").output
    assert "data is 7.999999999 GB on" in told
    assert "cycle 1: 5.000000001 GB" in told


def test_where_cycles_differ_nothing_is_proved() -> None:
    found = verdict(A + "  grant 5 GB data for 40 days\n", 40 * GB)
    assert found.verdict is Verdict.UNKNOWN


def test_a_false_claim_planted_in_each_example_is_never_proved() -> None:
    seen = set()
    for path in sorted(Path("examples").rglob("*.plan")):
        for plan in check(Source(path.name, path.read_text())).plans:
            granted = plan.allowance("data")
            if granted > 1:
                seen.add(prove(plan, NeverAbove("data", granted - 1, False, NOWHERE), START).verdict)
    assert seen == {Verdict.REFUTED, Verdict.UNKNOWN}


# ---- the command


def test_the_command_proves_and_refutes(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(A + "  ensure data never above 30 GB\n  ensure data never above 29 GB\n")
    kept = tmp_path / "a.scenario.yaml"
    done = rollover("prove", str(path), "--save", str(kept), "--trusted")
    out = done.output
    assert done.exit_code == 1
    assert ':6: PROVED  ensure data never above 30 GB  ("A")' in out
    assert "at most 10 GB is held when a cycle ends" in " ".join(out.split())  # whatever lines it stands in
    assert ':7: REFUTED  ensure data never above 29 GB  ("A")' in out
    assert "data is 30 GB on 2026-02-01 00:00, where it uses\n      cycles 1 to 2: nothing" in out
    assert "Trusted: " in out
    assert rollover("test", str(path)).exit_code == 1  # the history it wrote breaks the claim there, too


def test_the_command_as_json(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(A + "  ensure data never above 30 GB\n")
    done = rollover("prove", str(path), "--format", "json")
    assert done.exit_code == 0
    [told] = json.loads(done.stdout)["proofs"]
    claim = {"kind": "never_above", "service": "data", "amount": 30 * GB, "with_promotions": False}
    assert (told["verdict"], told["claim"], told["history"]) == ("PROVED", claim, [])


def test_what_can_not_be_proved_for_a_mistake_of_the_command_is_told(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.plan", tmp_path / "a.scenario.yaml"
    path.write_text(A + "  ensure data never above 30 GB\n")
    done = rollover("prove", str(path), "--plan", "Typo")
    assert (done.exit_code, done.output) == (2, 'there is no plan "Typo" there, but "A"\n')
    done = rollover("prove", str(path), "--start", "9999-12-31")
    assert done.exit_code == 2
    assert done.output.startswith("--start should be from ")
    (tmp_path / "empty").mkdir()
    done = rollover("prove", str(tmp_path / "empty"))
    assert (done.exit_code, done.output) == (2, "no plan files there; plan files end in .plan\n")
    (tmp_path / "none.plan").write_text("# later\n")
    done = rollover("prove", str(tmp_path / "none.plan"))
    assert done.exit_code == 2
    assert done.output.endswith('none.plan has no plan; start one with a line such as plan "Prepaid 10" prepaid\n')
    done = rollover("prove", str(path), "--save", str(kept))
    assert done.exit_code == 0
    assert "a.scenario.yaml is not written: no claim is refuted" in done.stderr
    assert not kept.exists()
