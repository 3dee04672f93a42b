"""Plans whose first cycle differs: it grants its share by day, or rules hold only behind it. What is proved of them
holds in the first cycle, too, on whichever day that begins."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

pytest.importorskip("z3")

from command_line import rollover
from reading import sound

from dsl.plan import Plan
from engine.contrast import Side
from engine.prove import dominance
from engine.prove.claims import prove
from engine.prove.cycles import cycles, used
from engine.prove.verdict import Outcome, Verdict

START = datetime(2026, 1, 1)
BY_DAY = "cycle: from the 15th, first one by day"
GB = 10**9


def plan(*lines: str) -> Plan:
    rate = "rate 1 GB = 30 minutes\n"
    return sound(rate + 'plan "A" postpaid\n  every month grant 20 GB data\n' + "".join(f"  {line}\n" for line in lines)).plans[
        0
    ]


def proved(*lines: str) -> Outcome:
    made = plan(*lines)
    return prove(made, made.claims[0], START)


def test_what_the_example_of_a_contract_claims_is_proved(tmp_path: Path) -> None:
    """Of a first month that begins on any day, and of all later ones; and no cent less is."""
    path = Path("examples/postpaid.plan")
    assert ": PROVED  ensure what is charged is never above 15 EUR a cycle" in rollover("prove", str(path)).output
    less = tmp_path / "less.plan"
    less.write_text(path.read_text().replace("never above 15 EUR", "never above 14.99 EUR"))
    assert ": REFUTED  ensure what is charged is never above 14.99 EUR" in rollover("prove", str(less)).output


@pytest.mark.parametrize(
    "life", ["carry 2 cycles, cap 25 GB", "carry 2 calendar months, cap 25 GB", "carry 1 month each time, cap 25 GB"]
)
def test_lives_in_months_end_with_cycles_that_begin_on_a_day_of_the_month(life: str) -> None:
    assert proved(BY_DAY, f"unused data: {life}", "ensure data never above 45 GB").verdict is Verdict.PROVED
    assert proved(BY_DAY, f"unused data: {life}", "ensure data never above 44.9 GB").verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    "lines",
    [
        ("cycle: month on the last day of the month, first one by day", "unused data: carry 2 calendar months, cap 25 GB"),
        ("cycle: from the 29th, first one by day", "unused data: carry 2 calendar months, cap 25 GB"),
        ("cycle: month from activation", "unused data if after the first cycle: carry 2 calendar months, cap 25 GB"),
        (BY_DAY, "unused data: carry 40 days, cap 25 GB"),
        (BY_DAY, "unused data: carry 2 calendar months from grant, cap 25 GB"),  # of the first month it ends inside a cycle
    ],
)
def test_where_they_may_end_inside_a_cycle_nothing_is_proved(lines: tuple[str, str]) -> None:
    assert proved(*lines, "ensure data never above 45 GB").verdict is not Verdict.PROVED


def test_a_boundary_at_a_time_that_a_change_of_the_clock_skips_is_none_where_months_end() -> None:
    """In Beirut clocks go forward at midnight, on the 28th of March in 2027."""
    for zone, is_known in (("Asia/Beirut", False), ("Europe/Berlin", True)):
        text = f'timezone {zone}\nplan "A" postpaid\n  cycle: from the 28th, first one by day\n  every month grant 20 GB data\n'
        made = sound(text + "  unused data: carry 2 calendar months, cap 25 GB\n").plans[0]
        assert (cycles(made, START, used(made)).later is not None) == is_known


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        ("unused data if after the first cycle: carry 1 month, cap 8 GB", 8),
        ("unused data if held the whole cycle: carry 2 cycles, cap 12 GB", 12),
        ("unused data if not after the first cycle: carry 2 cycles, cap 12 GB", 12),
    ],
)
def test_rules_that_hold_behind_the_first_cycle_or_in_it_alone(rule: str, most: int) -> None:
    for amount, verdict in ((most, Verdict.PROVED), (most - 1, Verdict.REFUTED)):
        found = proved("cycle: calendar month", rule, f"ensure carried data never above {amount} GB")
        assert found.verdict is verdict


@pytest.mark.parametrize(
    ("prices", "most"),
    [
        (("cycle: calendar month, first one by day", "price 30 EUR a month, by day"), 35),
        (("cycle: calendar month", "price 30 EUR a month", "price 10 EUR"), 45),  # to begin with
    ],
)
def test_prices_by_day_and_once(prices: tuple[str, ...], most: int) -> None:
    rules = (*prices, "when data runs out: sell 1 GB at 5 EUR up to 1 GB a cycle, then block")
    for euro, verdict in ((most, Verdict.PROVED), (most - 1, Verdict.REFUTED)):
        assert proved(*rules, f"ensure what is charged is never above {euro} EUR a cycle").verdict is verdict


def test_what_only_the_first_cycle_breaks_is_not_proved() -> None:
    found = proved(
        "cycle: calendar month",
        "unused data if not after the first cycle: carry 1 month, cap 9 GB",
        "unused data: carry 1 month, cap 5 GB",
        "ensure carried data never above 5 GB",
    )
    assert (found.verdict, len(found.history)) == (Verdict.REFUTED, 1)


def test_what_only_a_first_cycle_that_begins_on_some_day_breaks_is_refuted_by_a_line_of_that_day() -> None:
    """Of a line that begins on the first of a month nothing is ever carried; of others what is left of their first month is."""
    found = proved(
        "cycle: calendar month, first one by day",
        "unused data if held the whole cycle: expire",
        "unused data: carry 1 month, cap 9 GB",
        "ensure carried data never above 0 GB",
    )
    assert (found.verdict, len(found.history), found.is_shortest) == (Verdict.REFUTED, 1, True)
    assert found.start
    assert found.start.day > 1


def test_such_a_history_is_told_with_its_day_and_kept(tmp_path: Path) -> None:
    path, kept = tmp_path / "a.plan", tmp_path / "a.scenario.yaml"
    lines = (BY_DAY, "price 30 EUR a month, by day", "price 10 EUR", "every month grant 20 GB data")
    claim = "ensure what is charged is never above 39 EUR a cycle"
    path.write_text('plan "A" postpaid\n' + "".join(f"  {line}\n" for line in (*lines, claim)))
    told = rollover("prove", str(path), "--no-cache", "--save", str(kept)).output
    assert "40 EUR charged in the cycle that ends on 2026-02-15, where a line that begins on 2026-01-15 uses" in " ".join(
        told.split()
    )
    assert "start: 2026-01-15" in kept.read_text()
    assert rollover("test", str(path)).exit_code == 1


def test_a_lot_of_a_part_of_a_cycle_counts_one_full_cycle_less() -> None:
    """It is a week old when the second cycle ends."""
    rule = "unused data: carry 1 month"
    assert proved(BY_DAY, rule, "ensure no data expires before 2 cycles have passed").verdict is not Verdict.PROVED
    assert (
        proved("cycle: from the 15th", rule, "ensure no data expires before a full cycle has passed").verdict is Verdict.PROVED
    )


# ---- two plans


def never_worse(first: tuple[str, ...], second: tuple[str, ...]) -> Verdict:
    [found] = dominance.never_worse(Side(plan(*first)), Side(plan(*second)), START)
    return found.verdict


WHOLE, ITS_PART = "cycle: calendar month", "cycle: calendar month, first one by day"
CARRY = "unused data: carry 1 month, cap 10 GB"


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ((ITS_PART, CARRY), (ITS_PART, "every month grant 5 GB data", CARRY)),
        ((ITS_PART, "use allowance, then carried", CARRY), (ITS_PART, "use carried data first", CARRY)),
        ((WHOLE, "unused data if after the first cycle: carry 1 month, cap 10 GB"), (WHOLE, CARRY)),
        ((ITS_PART, "unused data if held the whole cycle: carry 1 month, cap 10 GB"), (ITS_PART, CARRY)),
    ],
)
def test_the_better_of_two_plans_is_never_worse_from_the_first_cycle_on(less: tuple[str, ...], more: tuple[str, ...]) -> None:
    assert never_worse(less, more) is Verdict.PROVED
    assert never_worse(more, less) is not Verdict.PROVED


def test_what_is_worse_only_where_a_line_begins_inside_a_month_is_not_proved() -> None:
    """On the first of a month both are the same."""
    less = (ITS_PART, "unused data if held the whole cycle: carry 1 month, cap 10 GB")
    assert never_worse((ITS_PART, CARRY), less) is Verdict.UNKNOWN
