"""What a plan costs and what comes on top: prices, multiplied allowances, grants that come again, grants that fill."""

from __future__ import annotations

from datetime import datetime

import pytest
from reading import GB, MB, MINUTE, after, column, example, plan_of

from dsl.scenario import Buy, Use
from engine.ledger import Reason
from engine.run import Run


def charged(found: Run) -> list[int]:
    """Cents charged in each cycle."""
    return [cycle.charged.get("EUR", 0) for cycle in found.statement.cycles]


PRICES = {
    "price 9 EUR a month": [900, 900],
    "price 9 EUR a cycle, whole": [900, 900],
    "price 9 EUR a month, by day": [464, 900],  # 16 of 31 days, rounded down to the cent
    "price 5 EUR": [500, 0],
}


@pytest.mark.parametrize("line", PRICES)
def test_a_price_is_charged_at_the_beginning_of_a_cycle_or_once(line: str) -> None:
    found = after(f'plan "A" prepaid\n  cycle: calendar month\n  grant 1 GB\n  {line}\n', 0, 0, start=datetime(2026, 1, 16))
    assert charged(found) == PRICES[line]
    assumed = {one.topic for one in found.statement.assumptions}
    assert ("price" in assumed) == (line == "price 9 EUR a month")


def test_a_pack_costs_its_price_when_it_is_bought_or_each_cycle() -> None:
    plan = 'plan "A" prepaid\n  grant 1 GB\npack "P"\n  price 3 EUR{}\n  {}grant 1 GB\n'
    assert charged(after(plan.format("", ""), (Buy("P"), Buy("P")), 0, 0)) == [600, 0, 0]
    assert charged(after(plan.format(" a month", "every month "), 0, (Buy("P"),), 0)) == [0, 300, 300]


def test_a_plan_may_have_a_price_of_each_kind_and_one_like_it_another() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\n  price 5 EUR\n  price 9 EUR a month\nplan "B" like "A"\n  price 7 EUR a month\n'
    assert charged(after(plan_of(text, "B"), 0, 0)) == [1200, 700]


# ---- what comes on top


def test_what_is_multiplied_comes_as_bonus_while_the_promotion_lasts() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  carry 1 month\npromotion "D" for "A"\n  from 2026-02-01 through 2026-03-01\n'
    found = after(text + "  multiply the allowance by 1.5\n", 0, 0, 0, 0)
    assert column(found, "granted") == [10 * GB] * 4
    assert column(found, "received") == [0, 5 * GB, 5 * GB, 0]
    assert column(found, "carried_out") == [10 * GB] * 4, "a bonus does not carry unless a line says so"


def test_a_promotion_may_grant_in_each_cycle_that_begins_in_its_window() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\npromotion "D" for "A"\n  from 2026-01-20 until 2026-03-20\n'
    assert column(after(text + "  every month grant 2 GB\n", 0, 0, 0, 0), "received") == [0, 2 * GB, 2 * GB, 0]
    assert column(after(text + "  grant 2 GB\n", 0, 0, 0, 0), "received") == [2 * GB, 0, 0, 0]


def test_a_grant_in_each_of_some_cycles_is_a_lot_in_each() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\npack "P"\n  grant 2 GB in each of 3 cycles\n'
    found = after(text, 0, (Buy("P"),), 0, 0, 0)
    assert column(found, "received") == [0, 2 * GB, 2 * GB, 2 * GB, 0]
    assert column(found, "expired") == [1 * GB, 3 * GB, 3 * GB, 3 * GB, 1 * GB]


def test_filling_grants_what_is_missing_after_the_clauses() -> None:
    text = 'plan "A" prepaid\n  every month fill data up to 25 GB\n  use carried, then allowance\n  carry 1 month, cap 10 GB\n'
    found = after(text, 20 * GB, 25 * GB, 0)
    assert column(found, "granted") == [25 * GB, 20 * GB, 25 * GB]
    assert column(found, "available") == [25 * GB, 25 * GB, 25 * GB]


def test_a_part_of_each_lot_is_carried_rounded_down() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  carry 40% of it 1 month\n'
    assert column(after(text, 10 * GB - 7), "carried_out") == [2]
    found = after(
        text.replace("  carry", "  rate 1 GB = 30 minutes\n  carry").replace("month\n", "month, convert to minutes\n"), 0
    )
    assert column(found, "carried_out") == [4 * GB]
    assert column(found, "converted_in", "voice") == [180 * MINUTE]


def test_a_sale_up_to_so_many_times() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\n  when data runs out: sell 500 MB at 2 EUR up to 2 times, then slow to 64 kbps\n'
    found = after(text, (Use("data", 3 * GB),), 1400 * MB)
    assert charged(found) == [400, 200]
    assert column(found, "overage") == [2 * GB, 400 * MB]
    assert {one.reason for one in found.postings if one.service == "EUR"} == {Reason.CHARGED}


def test_what_would_live_until_a_day_that_is_over_is_not_granted() -> None:
    text = 'plan "A" prepaid\n  rate 1 GB = 30 minutes\n  grant 1 GB, 2 GB bonus until 2026-02-15\n'
    found = after(text, 0, 0, 0)
    assert column(found, "granted") == [3 * GB, 3 * GB, 1 * GB]
    assert column(found, "carried_out") == [2 * GB, 0, 0]
    found = after(text + "  unused data: convert to minutes until 2026-02-01\n", 0)
    assert column(found, "converted_out") == [0]
    assert column(found, "expired") == [1 * GB]


def test_a_price_of_several_cycles_is_charged_with_the_first_of_them() -> None:
    text = 'plan "A" prepaid\n  cycle: 30 days\n  grant 1 GB\n  price 9 EUR every 3 cycles\n'
    assert charged(after(text, 0, 0, 0, 0, 0)) == [900, 0, 0, 900, 0]


def test_another_plan_counts_its_cycles_anew_and_compares_by_the_price_of_one() -> None:
    found = example("""
plan "Short" prepaid
  cycle: 30 days
  grant 1 GB
  price 4 EUR a cycle
  change up: new plan now
  example "9 EUR for three cycles are less than 4 EUR for one"
    on 2026-01-11 change to "Long"
    use 0 GB
    use 0 GB
    use 0 GB
    use 0 GB
    use 0 GB
plan "Long" like "Short"
  price 9 EUR every 3 cycles
""")
    assert charged(found) == [400, 900, 0, 0, 900]
