"""Prices of one plan in two currencies.

A plan and its packs are charged in more than one currency.

Bills add up amounts of one currency; the other is on a second bill, or a slip
of the keyboard.

Avoid:

    plan "A" prepaid
      price 9 EUR a month
      price 4 USD
      grant 10 GB

Prefer:

    plan "A" prepaid
      price 9 EUR a month
      price 4 EUR
      grant 10 GB
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, remark
from dsl.lints._plans import each_time
from dsl.phrase import phrase

CODE = "L029"


def find(checked: Checked) -> Iterator[Diagnostic]:
    for plan in each_time(checked):
        first = plan.prices[0] if plan.prices else None
        for price in (*plan.prices, *(price for pack in plan.packs for price in pack.prices)):
            if first and price.currency != first.currency:
                also = ((first.span, phrase("and this is {currency}", currency=first.currency)),)
                yield remark(
                    CODE,
                    price.span,
                    phrase("this price is in {currency}", currency=price.currency),
                    phrase("write all prices in one currency"),
                    also=also,
                )
