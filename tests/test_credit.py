"""What pays: credit as far as it reaches, money that a subscriber holds whole or not at all, the subscriber for the rest."""

from __future__ import annotations

import pytest
from reading import come_out

CARD = """
plan "Card" prepaid
  cycle: 30 days
  grant 1 GB
  {rule}
  example "e"
    {steps}
pack "Extra"
  price 3 EUR
  grant 1 GB
"""


def comes_out(*steps: str, rule: str = "", more: str = "") -> None:
    come_out(CARD.format(rule=rule, steps="\n    ".join(steps)) + more)


def test_money_pays_a_pack_whole_or_not_at_all() -> None:
    comes_out(
        "start 2026-01-01",
        "on 2026-01-02 top up 5 EUR for 30 days",
        'on 2026-01-03 buy "Extra" -> charged 3 EUR, due 0 EUR, left 2 EUR, used 3 EUR',
        'on 2026-01-04 buy "Extra" -> charged 6 EUR, due 3 EUR, left 2 EUR',
    )


def test_what_ends_soonest_pays_first_and_what_is_only_for_some_use_does_not() -> None:
    comes_out(
        "on 2026-01-02 top up 2 EUR for 30 days",
        "on 2026-01-02 add 2 EUR for 10 days",
        "on 2026-01-02 top up 9 EUR for 5 days only abroad",
        'on 2026-01-03 buy "Extra" -> due 0 EUR, left 10 EUR add-on, left 0 EUR allowance, left 9 EUR only abroad',
    )


def test_a_voucher_does_not_pay_for_itself() -> None:
    comes_out(
        'on 2026-01-03 buy "Voucher" -> due 15 EUR, left 20 EUR',
        'on 2026-01-04 buy "Voucher" -> charged 30 EUR, due 15 EUR, left 25 EUR',
        more='pack "Voucher"\n  price 15 EUR\n  grant 20 EUR for 30 days\n',
    )


def test_the_price_of_a_plan_is_for_the_subscriber_but_for_credit_on_the_bill() -> None:
    come_out("""
rate 1 GB = 2 EUR
plan "Bill" postpaid
  cycle: 30 days
  price 9 EUR a cycle
  grant 5 GB, 20 EUR
  unused money: carry 1 cycle
  unused data: convert to the next bill
  example "e"
    use 4 GB -> charged 9 EUR, due 9 EUR, carried 22 EUR
    use 5 GB -> charged 9 EUR, due 7 EUR
""")


def test_credit_pays_a_part_and_money_the_rest_of_that_charge() -> None:
    come_out("""
rate 1 GB = 2 EUR
plan "Bill" postpaid
  cycle: 30 days
  grant 5 GB
  unused data: convert to the next bill
  when data runs out: sell 1 GB at 5 EUR
  example "2 EUR of credit, 4 EUR of money, three blocks of 5 EUR"
    use 4 GB
    top up 4 EUR
    use 8 GB -> charged 15 EUR, due 10 EUR, left 1 EUR add-on
""")


@pytest.mark.parametrize("uses", [("8 GB",), ("6.5 GB", "1.5 GB"), ("6 GB", "1 GB", "1 GB")])
def test_from_credit_no_more_is_sold_than_is_paid(uses: tuple[str, ...]) -> None:
    """However the use is split."""
    days = [f"on 2026-01-{10 + day} use {amount}" for day, amount in enumerate(uses)]
    comes_out(
        "on 2026-01-02 top up 12 EUR for 30 days",
        *days,
        "on 2026-01-20 -> charged 10 EUR, due 0 EUR, left 2 EUR, used 6 GB, overage 7 GB",
        rule="when data runs out: sell 2.5 GB at 5 EUR from credit, then slow to 64 kbps",
    )
