"""Rules that can never act, by proof: what is found makes no difference to any history, and what does is not found."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("z3")

from command_line import ROOT, environment, rollover, written

from dsl.check import check
from dsl.diagnostics import Diagnostic
from dsl.lints import lint
from dsl.plan import Cap, Convert, Plan
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.prove.dead import dead
from engine.run import run
from tui import verdicts
from tui.checking import PACKAGES
from tui.dead_rules import with_proofs

GB = 10**9
START = datetime(2026, 1, 1)


def text(*lines: str) -> str:
    return "\n".join([
        *["rate 1 GB = 30 minutes"] * any("convert" in line for line in lines),
        'plan "A" postpaid',
        "  every month grant 20 GB data",
        "  use carried data first",
        *(f"  {line}" for line in lines),
        "",
    ])  # fmt: skip


def plan_of(*lines: str) -> Plan:
    return check(Source("a.plan", text(*lines))).plans[0]


def found_in(*lines: str) -> list[Diagnostic]:
    checked = check(Source("a.plan", text(*lines)))
    return [*with_proofs(checked, (*checked.diagnostics, *lint(checked)))]


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        ("carry 1 month, cap 10 GB", []),
        ("carry 1 month, cap 19 GB", []),
        ("carry 1 month, cap 20 GB", ["P001"]),
        ("carry 1 month, cap 25 GB", ["L001"]),  # which needs no proof, and is told once
        ("carry 12 months, cap 239 GB, newest goes first", []),
        ("carry 12 months, cap 240 GB, newest goes first", ["P001"]),
        ("carry 3 months, cap 40 GB, newest goes first, cap 60 GB on all carried", ["P001"]),
        ("carry 40% of it 3 months, cap 24 GB, newest goes first", ["P001"]),
        ("carry 40% of it 3 months, cap 23 GB, newest goes first", []),
        ("carry 12 months, cap 20 GB a cycle", ["P001"]),
        ("carry 12 months, cap 19 GB a cycle", []),
        ("carry 1 month, cap 10 GB, convert the rest to minutes, cap 600 minutes", ["P001"]),
        ("carry 1 month, cap 10 GB, convert the rest to minutes, cap 599 minutes", []),
        ("carry 1 month, convert the rest to minutes in steps of 601 minutes", ["P002"]),
        ("carry 1 month, convert the rest to minutes in steps of 600 minutes", []),
    ],
)
def test_a_rule_is_dead_from_what_is_ever_there_on(rule: str, codes: list[str]) -> None:
    assert [one.code for one in found_in(f"unused data: {rule}")] == codes


def test_what_is_there_at_the_most_is_told() -> None:
    [one] = found_in("unused data: carry 12 months, cap 240 GB, newest goes first")
    assert one.message == "this cap cuts nothing: no more than 240 GB is ever carried"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("not used at least 10 GB", "used at least 10 GB"), None),
        (("not used at least 10 GB", "used at least 10.000000001 GB"), "exactly 10 GB"),
        (("not used at least 5 GB", "used at least 10 GB"), "at least 5 GB and less than 10 GB"),
        (("used at least 10 GB", "not used at least 5 GB"), "at least 5 GB and less than 10 GB"),
        (("at most 4 GB data is left", "not at most 6 GB data is left"), "more than 4 GB and at most 6 GB"),
        (("not used at least 5 GB and paid", "used at least 10 GB and paid"), "at least 5 GB and less than 10 GB"),
        (("not used at least 5 GB and paid", "used at least 10 GB and not paid"), None),
        (("used at least 10 GB",), None),
        (("at most 5 GB data is left", "paid", "not at most 10 GB data is left"), None),  # at 6 GB who has paid carries
        (("not used at least 5 GB", "used at least 10 GB", "opted in"), None),
    ],
)
def test_an_amount_that_no_line_is_about(lines: tuple[str, ...], said: str | None) -> None:
    found = found_in(*(f"unused data, if {line}: carry {number} months" for number, line in enumerate(lines, 1)))
    assert [(one.code, said in one.message) for one in found if said] == ([("P004", True)] if said else [])
    assert said or not found


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (("used at least 5 GB", "used at least 10 GB"), ["P003"]),
        (("used at least 10 GB", "used at least 5 GB"), []),
        (("at most 10 GB data is left", "at most 5 GB data is left and paid"), ["P003"]),
        (("tenure at least 6 months", "tenure at least 12 months"), ["P003"]),
        (("tenure at least 6 months", "tenure at least 90 days"), []),
        (("paid", "not paid", "active"), ["P003"]),  # no line alone is as wide
        (("used at least 10 GB and not used at least 5 GB",), ["P003"]),
        (("paid", "paid and active"), ["L010"]),
        (("paid and not paid",), ["L025"]),
    ],
)
def test_a_line_that_conditions_leave_nothing(lines: tuple[str, ...], codes: list[str]) -> None:
    found = found_in(*(f"unused data, if {line}: carry {number} months" for number, line in enumerate(lines, 1)))
    assert [one.code for one in found if one.code != "P004"] == codes


def test_a_cap_may_be_made_for_who_renews_early_buys_or_gets_more() -> None:
    lines = text("unused data: carry 1 month, cap 20 GB")
    for other in (
        lines.replace("postpaid", "prepaid"),
        lines + 'pack "B"\n  grant 3 GB data for 7 days\n',
        lines + 'promotion "C" for "A"\n  from 2026-10-01 until 2026-10-08\n  multiply the allowance by 2\n',
    ):
        checked = check(Source("a.plan", other))
        assert [one.code for one in checked.diagnostics if one.is_error] == []
        assert with_proofs(checked, ()) == ()


@pytest.mark.parametrize(
    "lines",
    [
        ("grant unlimited data only at home", "when data runs out: sell 1 GB at 1 EUR"),  # and abroad?
        ("at home counts 0", "when data runs out: sell 1 GB at 1 EUR"),
        ("unused data: carry what is saved 1 month, cap 1 GB",),  # which somebody may want to save
        ("when data runs out: sell 1 GB at 5 EUR from credit",),  # that is topped up
        ("unused data: carry 2 months, cap 40 GB", "when suspended, unused data: extend 1 month"),
    ],
)
def test_what_is_for_other_use_or_what_a_customer_does_is_not_dead(lines: tuple[str, ...]) -> None:
    assert [one.code for one in found_in(*lines) if one.code.startswith("P")] == []


def test_nor_is_a_cap_where_a_renewal_begins_the_next_cycle_at_once() -> None:
    """Each carries once more, while what was carried before keeps its end."""
    lines = text("price 9 EUR a month", "renewal early: restart the clock", "unused data: carry 1 month, cap 20 GB")
    checked = check(Source("a.plan", lines.replace("postpaid", "prepaid")))
    assert not checked.has_errors
    assert with_proofs(checked, ()) == ()


def figures(plan: Plan, uses: list[int]) -> list[dict[str, object]]:
    cycles = tuple(CycleSteps((Use("data", amount, in_all=True),) if amount else (), ()) for amount in uses)
    made = run(plan, Scenario("", plan.name, START, cycles, (), NOWHERE))
    return [dict(one.services) for one in made.statement.cycles]


def without(plan: Plan, dead_one: Diagnostic) -> Plan:
    """The plan without what was found: a whole clause, or the cap of a conversion."""
    [rule] = plan.rules
    [clause] = [one for one in rule.clauses if one.span == dead_one.span]
    kept = replace(clause, ceiling=-1) if isinstance(clause, Convert) and dead_one.code == "P001" else None
    clauses = [kept if one == clause else one for one in rule.clauses]
    return replace(plan, rules=(replace(rule, clauses=tuple(one for one in clauses if one)),))


@pytest.mark.parametrize("seed", range(12))
def test_what_is_found_makes_no_difference_to_the_engine(seed: int) -> None:
    chance = random.Random(seed)
    months, most = chance.choice([1, 2, 3]), chance.choice([5, 10, 20, 40, 60])
    rule = f"unused data: carry {months} months, cap {most} GB, newest goes first, convert the rest to minutes, cap 600 minutes"
    plan = plan_of(rule)
    found = list(dead(plan, START))
    capped = [one for one in plan.rules[0].clauses if isinstance(one, Cap)]
    assert any(one.span == capped[0].span for one in found) == (most >= 20 * months)
    for one in found:
        for _ in range(5):
            uses = [chance.choice([0, 1, 5 * GB, 20 * GB, chance.randrange(60 * GB)]) for _ in range(8)]
            assert figures(plan, uses) == figures(without(plan, one), uses)


def test_a_line_that_acts_in_another_plan_is_not_dead() -> None:
    cap = text("unused data: carry 1 month, cap 20 GB")
    line = text("unused data, if paid: carry 1 month", "unused data, if paid and tenure at least 2 months: carry 2 months")
    like = '\nplan "B" like "A"\n  {}\n'
    for one, more, codes in (
        (cap, "every month grant 15 GB data", ["P001"]),  # in none of them it cuts
        (cap, "every month grant 21 GB data", []),
        (line, "every month grant 21 GB data", ["P003"]),
    ):
        checked = check(Source("a.plan", one + like.format(more)))
        assert not checked.has_errors
        assert list(dict.fromkeys(found.code for found in with_proofs(checked, ()))) == codes


def test_a_line_with_a_date_is_looked_at_when_it_holds() -> None:
    lines = ("if tenure at least 6 months: carry 1 month", "if tenure at least 12 months: carry 2 months")
    [one] = found_in(*(f"from 2026-06-01 unused data, {line}" for line in lines))
    assert (one.code, one.span.line) == ("P003", 5)


# ---- the command


DEAD = text("unused data: carry 1 month, cap 20 GB")
ALIVE = text("unused data: carry 12 months, cap 30 GB on all carried")  # a line that uses nothing shows it


def test_the_command_tells_it_but_where_that_is_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", DEAD)
    for options in ((), ("--prove",), ()):  # from the cache, too
        done = rollover("check", *options, "a.plan")
        assert done.exit_code == 1
        assert done.stdout.startswith("a.plan:4:31: warning P001: this cap cuts nothing")
        assert rollover("check", "--no-prove", "a.plan").exit_code == 0
    written("b.plan", DEAD.replace("20 GB\n", "20 GB  # allow P001: it says so in the terms\n"))
    assert rollover("check", "--prove", "b.plan").exit_code == 0


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "junit"])
def test_every_form_tells_it_and_so_does_a_text_on_standard_input(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", DEAD)
    for options in (("a.plan",), ("a.plan", "--fix"), ("--stdin-filename", "a.plan"), ("--stdin-filename", "a.plan", "--fix")):
        done = rollover("check", "--format", form, *options, input=DEAD)
        assert (done.exit_code, "P001" in done.output) == (1, True)
        done = rollover("check", "--no-prove", "--format", form, *options, input=DEAD)
        assert (done.exit_code, "P001" in done.output) == (0, False)


def test_without_a_solver_nothing_is_proved_and_who_asks_for_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written("a.plan", DEAD)
    assert rollover("check", "a.plan").exit_code == 1
    monkeypatch.setitem(sys.modules, "z3", None)
    assert rollover("check", "a.plan").exit_code == 0
    done = rollover("check", "--prove", "a.plan")
    assert done.exit_code == 2
    assert "proving needs one more package: pip install 'rollover[prove]'" in done.stderr


@pytest.mark.parametrize(
    ("plan", "loads"),
    [
        (text("unused data: carry 1 month"), set()),  # nothing of it can be dead
        (ALIVE, {"engine.run"}),
        (DEAD, {"engine.run", "z3"}),
        (text("unused data, if used at least 5 GB: carry 1 month"), set()),
        (text("unused data, if used at least 5 GB and paid: carry 1 month"), {"z3"}),
    ],
)
def test_no_more_is_loaded_than_it_takes(plan: str, loads: set[str], tmp_path: Path) -> None:
    (tmp_path / "a.plan").write_text(plan, encoding="utf-8")
    assert loaded_by_check("--format", "json", folder=tmp_path) & {"engine.run", "z3"} == loads


def test_a_plan_of_which_nothing_is_told_is_not_proved_again_wherever_it_stands(tmp_path: Path) -> None:
    plan = text("unused data, if used at least 5 GB and paid: carry 1 month")
    (tmp_path / "a.plan").write_text(plan, encoding="utf-8")
    assert "z3" in loaded_by_check(folder=tmp_path)
    (tmp_path / "a.plan").write_text(f'# moved\nplan "B" prepaid\n  grant 1 GB\n\n{plan}', encoding="utf-8")
    assert "z3" not in loaded_by_check(folder=tmp_path)
    (tmp_path / "a.plan").write_text(plan.replace("5 GB", "6 GB"), encoding="utf-8")
    assert "z3" in loaded_by_check(folder=tmp_path)


def loaded_by_check(*options: str, folder: Path) -> set[str]:
    """The modules of a process that checks the file there, with a cache of that folder's own."""
    code = f"""
import sys
from click.testing import CliRunner
from tui.cli import main
CliRunner().invoke(main, {["check", "a.plan", *options]})
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder,
        env=environment(ROLLOVER_CACHE=str(folder / "cache")), check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_plans_that_are_sold_have_no_such_rules() -> None:
    for path in sorted((ROOT / "examples").rglob("*.plan")):
        checked = check(Source(path.name, path.read_text(encoding="utf-8")))
        assert [one.message for one in with_proofs(checked, ())] == []


@pytest.mark.parametrize(
    ("module", "packages"),
    [("tui.dead_rules, engine.prove.dead, engine.prove.tiers", PACKAGES[True]), ("tui.proving", verdicts.PACKAGES)],
)
def test_what_is_kept_of_a_proof_counts_all_code_that_came_to_it(module: str, packages: tuple[str, ...]) -> None:
    asked = f"import sys, {module}; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", asked], text=True, cwd=ROOT).split()
    ours = {name.partition(".")[0] for name in loaded} & {"dsl", "engine", "tui"}
    assert ours <= set(packages)
