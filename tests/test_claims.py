"""What plans claim: how it is written, and where a history breaks it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from command_line import rollover

from dsl.check import Checked, check
from dsl.plan import (
    Bounded,
    CarriedNeverAbove,
    Claim,
    CycleNeverAbove,
    MostUsed,
    NeverAbove,
    NeverExpires,
    NeverWorse,
    Plan,
)  # fmt: skip
from dsl.scenario import CycleSteps, Dated, Scenario, Use
from dsl.source import NOWHERE, Source
from engine.claims import shown
from engine.judge import Broken, broken
from engine.run import Run, run

GB = 10**9
A = """rate 1 GB = 30 minutes

plan "A" postpaid
  price 19 EUR a month
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB, convert the rest to minutes, cap 200 minutes
"""


def checked(text: str) -> Checked:
    found = check(Source("a.plan", text))
    assert not found.has_errors, found.diagnostics
    return found


def after(text: str, *used: int, start: datetime = datetime(2026, 1, 1)) -> Run:
    """The run of the first plan of a text, so much data used in each cycle."""
    plans = checked(text).plans
    return run(plans[0], history(plans[0], *used, start=start), plans)


def history(plan: Plan, *used: int, start: datetime = datetime(2026, 1, 1)) -> Scenario:
    cycles = tuple(CycleSteps((Use("data", amount, in_all=True),) if amount else (), ()) for amount in used)
    return Scenario("", plan.name, start, cycles, (), NOWHERE)


def told(found: list[Broken], run: Run) -> list[tuple[str, str, int]]:
    return [(one.service, f"{run.calendar.local(one.at):%Y-%m-%d}", one.got) for one in found]


# ---- how it is written


@pytest.mark.parametrize(
    ("line", "claim"),
    [
        ("data never above 30 GB", NeverAbove("data", 30 * GB, False, NOWHERE)),
        ("data is never above 30 GB with promotions", NeverAbove("data", 30 * GB, True, NOWHERE)),
        ("carried data never above 10 GB", CarriedNeverAbove("data", 10 * GB, False, NOWHERE)),
        ("carried GB is never above 10 GB a month with promotions", CarriedNeverAbove("data", 10 * GB, True, NOWHERE)),
        ("converted minutes never above 200 minutes", CycleNeverAbove(Bounded.CONVERTED, "voice", 12_000, NOWHERE)),
        ("what is charged is never above 40 EUR a cycle", CycleNeverAbove(Bounded.CHARGED, "EUR", 4_000, NOWHERE)),
        ("charged never above 40 EUR", CycleNeverAbove(Bounded.CHARGED, "EUR", 4_000, NOWHERE)),
        ("due never above 0 EUR a month", CycleNeverAbove(Bounded.DUE, "EUR", 0, NOWHERE)),
        ("no data expires", NeverExpires("data", 0, False, NOWHERE)),
        ("no data expires before a full cycle has passed", NeverExpires("data", 1, False, NOWHERE)),
        ("no minutes expire before 3 cycles have passed", NeverExpires("voice", 3, False, NOWHERE)),
        ("no sms expire before 1 full cycle has passed with promotions", NeverExpires("sms", 1, True, NOWHERE)),
        ('"A" is never worse than "B"', NeverWorse("A", "B", NOWHERE)),
        ('"B" never worse than "A"', NeverWorse("B", "A", NOWHERE)),
    ],
)
def test_each_claim_as_it_is_written(line: str, claim: Claim) -> None:
    plan, _ = checked(f'{A}  ensure {line}\n\nplan "B" like "A"\n').plans
    assert [replace(one, span=NOWHERE) for one in plan.claims] == [claim]
    assert (plan.claims[0].span.line, plan.claims[0].span.start) == (8, 2)


@pytest.mark.parametrize(
    ("line", "assumed"),
    [
        ("usage at most 60 GB a cycle", MostUsed("data", 60 * GB, NOWHERE)),
        ("minutes usage at most 2 hours a month", MostUsed("voice", 7_200, NOWHERE)),
    ],
)
def test_what_is_assumed_is_of_the_service_of_its_unit(line: str, assumed: MostUsed) -> None:
    plan = checked(f"{A}  assume {line}\n").plans[0]
    assert [replace(one, span=NOWHERE) for one in plan.most_used] == [assumed]


def test_neither_claims_nor_what_they_assume_are_inherited() -> None:
    _, child = checked(f'{A}  ensure no data expires\n  assume usage at most 6 GB\n\nplan "B" like "A"\n').plans
    assert (child.claims, child.most_used) == ((), ())


# ---- where a history breaks it


def test_what_is_carried_is_what_an_example_says() -> None:
    found = after(A + "  ensure carried data never above 9 GB\n", 11 * GB, 0)
    assert told(broken(found), found) == [("data", "2026-03-01", 10 * GB)]
    for data in range(0, 40, 3):
        found = after(A + "  ensure carried data never above 0 GB\n", data * GB, 5 * GB, 0, 30 * GB)
        claim = found.plan.claims[0]
        figures = [cycle.services["data"].carried_out for cycle in found.statement.cycles]
        assert [one.amount for one in shown(found, claim)] == figures


def test_what_is_converted_counts_on_both_sides() -> None:
    lines = "  ensure converted minutes never above 3 hours\n  ensure converted data never above 6 GB\n"
    found = after(A + lines, 4 * GB, 0)
    assert told(broken(found), found) == [("voice", "2026-03-01", 200 * 60), ("data", "2026-03-01", 6_666_666_667)]
    assert broken(after(A + lines, 4 * GB, 14 * GB, 20 * GB)) == []


def test_charges_of_a_cycle_and_what_no_credit_paid() -> None:
    sold = """plan "A" prepaid
  grant 1 GB, 10 EUR
  when data runs out: sell 1 GB at 5 EUR
  ensure charged never above 9 EUR
  ensure due never above 4 EUR
"""
    found = after(sold, GB, 3 * GB)
    assert told(broken(found), found) == [("EUR", "2026-03-01", 1000)]
    found = after(sold, 4 * GB)
    assert told(broken(found), found) == [("EUR", "2026-02-01", 1500), ("EUR", "2026-02-01", 500)]


KEPT = 'plan "A" prepaid\n  {cycle}\n  grant {grant}\n  use carried first\n  carry {carry}\n  ensure no data expires{before}\n'
FULL = " before a full cycle has passed"


@pytest.mark.parametrize(
    ("cycle", "grant", "carry", "before", "start", "expired"),
    [
        # The allowance of a whole cycle can be used for one full cycle; carried once, for two.
        ("cycle: month", "10 GB", "1 cycle, cap 4 GB", FULL, (2026, 1, 1), None),
        ("cycle: month", "10 GB", "1 cycle, cap 4 GB", " before 2 cycles have passed", (2026, 1, 1), ("2026-02-01", 6)),
        ("cycle: month", "10 GB", "1 cycle", " before 2 cycles have passed", (2026, 1, 1), None),
        ("cycle: month", "10 GB", "1 cycle", " before 3 cycles have passed", (2026, 1, 1), ("2026-03-01", 10)),
        ("cycle: month", "10 GB", "1 cycle", "", (2026, 1, 1), ("2026-03-01", 10)),
        ("cycle: month", "10 GB", "1 cycle", FULL, (2026, 1, 31), None),
        # What ends inside a cycle was never there for one.
        ("cycle: month", "10 GB for 30 days", "1 cycle", FULL, (2026, 1, 1), ("2026-01-31", 10)),
        ("cycle: month", "10 GB for 45 days", "1 cycle", FULL, (2026, 1, 1), None),
        # A first cycle that begins late is no full one, whatever it grants.
        ("cycle: calendar month", "10 GB", "1 cycle, cap 4 GB", FULL, (2026, 1, 16), ("2026-02-01", 6)),
        ("cycle: calendar month, first one by day", "31 GB", "1 cycle, cap 4 GB", FULL, (2026, 1, 16), ("2026-02-01", 12)),
        ("cycle: calendar month", "10 GB", "1 cycle, cap 4 GB", FULL, (2026, 1, 1), None),
        ("cycle: calendar month", "10 GB", "1 cycle", FULL, (2026, 1, 16), None),
        # Nor is what is left of a block.
        ("cycle: 10 days in blocks of 15 days", "10 GB", "1 cycle, cap 4 GB", FULL, (2026, 1, 1), ("2026-01-16", 6)),
    ],
)  # fmt: skip
def test_what_expires_before_full_cycles_have_passed(
    cycle: str, grant: str, carry: str, before: str, start: tuple[int, int, int], expired: tuple[str, int] | None
) -> None:
    text = KEPT.format(cycle=cycle, grant=grant, carry=carry, before=before)
    found = after(text, 0, 0, 0, start=datetime(*start))
    assert [(day, got) for _, day, got in told(broken(found), found)] == ([(expired[0], expired[1] * GB)] if expired else [])


def test_what_is_sold_inside_a_cycle_and_left_over_was_not_there_for_a_full_one() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\n  when data runs out: sell 5 GB at 5 EUR\n  ensure no data expires' + FULL + "\n"
    found = after(text, 3 * GB)
    assert told(broken(found), found) == [("data", "2026-02-01", 3 * GB)]


def test_what_ends_with_the_line_or_is_taken_away_breaks_no_claim() -> None:
    text = """plan "A" prepaid
  grant 10 GB without end
  ensure no data expires

  example "the operator takes some, and the line ends"
    use 1 GB
    on 2026-02-05 remove 2 GB
    on 2026-02-10 leave
"""
    found = checked(text)
    assert broken(run(found.plans[0], found.scenarios[0])) == []


PROMOTED = """
promotion "Week" for "A"
  from 2026-01-01 until 2026-02-01
  grant 5 GB bonus data for 10 days
"""


@pytest.mark.parametrize(
    ("line", "got"),
    [
        ("carried data never above 10 GB", None), ("no data expires before a full cycle has passed", None),
        ("data never above 20 GB", None), ("data never above 20 GB with promotions", 25 * GB),
        ("no data expires before a full cycle has passed with promotions", 5 * GB),
    ],
)  # fmt: skip
def test_what_promotions_bring_counts_where_that_is_said(line: str, got: int | None) -> None:
    found = after(f"{A}  ensure {line}\n{PROMOTED}", 0)
    assert [one.got for one in broken(found)] == ([got] if got else [])


def test_a_history_is_judged_up_to_where_more_is_used_than_is_assumed() -> None:
    text = """plan "A" prepaid
  grant 1 GB
  when data runs out: sell 1 GB at 5 EUR
  ensure charged never above 5 EUR
  assume usage at most {most} a cycle
"""
    assert broken(after(text.format(most="2 GB"), 2 * GB, 3 * GB, 2 * GB)) == []
    assert len(broken(after(text.format(most="3 GB"), 2 * GB, 3 * GB, 4 * GB))) == 1
    assert len(broken(after(text.format(most="30 GB"), 2 * GB, 3 * GB))) == 1


def test_what_is_assumed_is_of_all_use_covered_or_not() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\n  ensure no data expires\n  assume usage at most 2 GB a cycle\n'
    assert broken(after(text, 2 * GB, 3 * GB, 0)) == []  # of which 2 GB are blocked
    assert len(broken(after(text, 2 * GB, 2 * GB, 0))) == 1


# ---- two plans

TWO = """plan "A" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB
  {claim}

plan "B" postpaid
  {cycle}
  grant 22 GB
"""


def test_a_plan_is_worse_where_it_has_left_more_uncovered_since_the_start() -> None:
    text = TWO.format(claim='ensure "B" is never worse than "A"', cycle="cycle: month")
    plans = checked(text).plans
    # In the third cycle A has 30 GB, B 22.
    worse = after(text, 20 * GB, 0, 30 * GB)
    assert told(broken(worse, plans), worse) == [("data", "2026-04-01", 8 * GB)]
    # What B covered more before is made up for.
    even = after(text, 30 * GB, 0, 30 * GB)
    assert told(broken(even, plans), even) == [("data", "2026-04-01", 6 * GB)]
    assert broken(after(text, 28 * GB, 28 * GB), plans) == []


def test_two_plans_are_compared_either_way() -> None:
    text = TWO.format(claim='ensure "A" is never worse than "B"', cycle="cycle: month")
    found = after(text, 22 * GB, 0, 30 * GB)
    assert told(broken(found, checked(text).plans), found) == [("data", "2026-02-01", 2 * GB)]


def test_plans_with_other_cycles_are_not_compared_nor_those_that_are_not_there() -> None:
    text = TWO.format(claim='ensure "B" is never worse than "A"', cycle="cycle: 30 days")
    assert broken(after(text, 20 * GB, 0, 30 * GB), checked(text).plans) == []
    text = TWO.format(claim='ensure "B" is never worse than "A"', cycle="cycle: month")
    assert broken(after(text, 20 * GB, 0, 30 * GB)) == []


# ---- the command


def test_a_broken_claim_is_told_with_its_place_and_what_happened(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(
        A + "  ensure no data expires before 2 cycles have passed\n  ensure converted minutes never above 3 hours\n"
        '  ensure "B" is never worse than "A"\n\n  example "idle"\n    use 0 GB\n    use 30 GB\n\n'
        'plan "B" postpaid\n  grant 21 GB\n'
    )
    done = rollover("test", str(path))
    assert done.exit_code == 1
    out = done.output
    assert (
        ":8:3: this does not hold: 3.333333333 GB expired on 2026-02-01, before 2 full cycles have passed since it came" in out
    )
    assert "what happened to data in cycle 1:" in out
    assert ":9:3: this does not hold: 200 minutes converted in the cycle that ends on 2026-02-01" in out
    assert ':10:3: this does not hold: "B" has left 9 GB more uncovered than "A" by 2026-03-01' in out


def test_of_what_never_moves_there_is_no_balance() -> None:
    found = after(
        A.replace("20 GB data", "20 GB data and 5 sms").replace(", convert the rest to minutes, cap 200 minutes", ""), 0
    )
    assert list(shown(found, NeverAbove("voice", 0, False, NOWHERE))) == []


def test_what_a_close_makes_beside_what_it_is_still_to_cut_is_no_balance() -> None:
    """300 minutes are made and 50 carried before 50 that were carried earlier are cut: nobody could use all three."""
    text = """rate 1 GB = 30 minutes

plan "A" prepaid
  cycle: 30 days
  grant 10 GB
  every cycle fill minutes up to 100 minutes
  unused data: convert to minutes
  unused minutes: carry 3 cycles each time, cap 50 minutes, oldest goes first
  ensure minutes never above 350 minutes
"""
    found = after(text, 10 * GB, 10 * GB, 0, 0)
    claim = found.plan.claims[0]
    assert max(one.amount for one in shown(found, claim)) == 350 * 60
    assert broken(found) == []


def test_what_is_sold_at_the_very_beginning_of_a_cycle_that_uses_too_much_is_of_that_cycle() -> None:
    text = """plan "A" prepaid
  grant 1 GB
  when data runs out: sell 1 GB at 1 EUR
  ensure data never above 5 GB
  assume usage at most 2 GB a cycle
"""
    plan = checked(text).plans[0]
    used = Dated(datetime(2026, 2, 1), Use("data", 50 * GB), NOWHERE)
    assert broken(run(plan, Scenario("", "A", datetime(2026, 1, 1), (), (used,), NOWHERE))) == []


# ---- after a change of plan


CHANGES = """plan "A" prepaid
  cycle: 30 days
  grant 10 GB
  change: {change}

  example "to B"
    on 2026-01-10 change to "B"
    {step}

plan "B" prepaid
  cycle: 30 days
  grant 30 GB
  when data runs out: sell 1 GB at 2 EUR
  ensure {claim}

plan "C" prepaid
  cycle: 30 days
  grant 50 GB
  ensure data never above 1 GB
"""
LATER, AT_ONCE, ANEW = "new plan next cycle", "new plan now", "new plan now, restart the clock"


@pytest.mark.parametrize(
    ("change", "step", "claim", "got"),
    [
        (LATER, "on 2026-02-10 use 1 GB", "data never above 29 GB", [30 * GB]),
        (LATER, "on 2026-02-10 use 1 GB", "data never above 30 GB", []),
        (LATER, "on 2026-01-20 use 1 GB", "data never above 29 GB", []),
        (AT_ONCE, "on 2026-01-20 use 1 GB", "data never above 29 GB", []),  # 40 GB in a cycle that two plans have
        (AT_ONCE, "on 2026-02-10 use 1 GB", "data never above 29 GB", [30 * GB]),
        (ANEW, "on 2026-01-20 use 1 GB", "data never above 29 GB", [30 * GB]),
        (LATER, "on 2026-02-10 use 40 GB", "what is charged is never above 19 EUR a cycle", [2_000]),
        (LATER, "on 2026-02-10 use 40 GB", "what is charged is never above 20 EUR a cycle", []),
        (LATER, "on 2026-02-10 use 40 GB", "data never above 29 GB\n  assume usage at most 39 GB a cycle", []),
        (LATER, "on 2026-02-10 use 40 GB", "data never above 29 GB\n  assume usage at most 40 GB a cycle", [30 * GB]),
    ],
)
def test_claims_of_the_plan_that_a_line_changes_to_are_judged_of_its_cycles(
    change: str, step: str, claim: str, got: list[int]
) -> None:
    found = checked(CHANGES.format(change=change, step=step, claim=claim))
    made = run(found.plans[0], found.scenarios[0], found.plans)
    assert [one.got for one in broken(made, found.plans)] == got


def test_a_broken_claim_of_the_plan_that_a_line_changes_to_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "a.plan"
    path.write_text(CHANGES.format(change=LATER, step="on 2026-02-10 use 1 GB", claim="data never above 29 GB"))
    done = rollover("test", str(path))
    assert done.exit_code == 1
    assert "a.plan:14:3: this does not hold: data is 30 GB on 2026-01-31 00:00" in done.output
    assert "what happened to data in cycle 2:" in done.output
