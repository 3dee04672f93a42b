"""What is charged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from dsl.plan import FeeFor, LeavingFee, Price
from tui.describe.teller import Teller
from tui.describe.terms import Item
from tui.language import message


def short(teller: Teller, price: Price) -> str:
    """A price in a headline: `9 EUR a cycle`."""
    said = _often(teller, price, teller.amount(price.currency, price.amount))
    return teller.say("{price} for each further line", price=said) if price.each_line else said


def _often(teller: Teller, price: Price, amount: str) -> str:
    if not price.each_cycle:
        return teller.say("{price} once", price=amount)
    if price.cycles == 1:
        return teller.say("{price} a cycle", price=amount)
    return teller.say("{price} every {number} cycles", price=amount, number=teller.language.number(price.cycles))


def of_plan(teller: Teller, prices: Iterable[Price]) -> list[Item]:
    return [Item(teller.paragraph(_price(teller, price), _part(teller, price))) for price in prices]


def _price(teller: Teller, price: Price) -> str:
    amount, cycles = teller.amount(price.currency, price.amount), teller.language.number(price.cycles)
    match price:
        case Price(each_line=False, each_cycle=True, cycles=1):
            return teller.say("It costs {price} at the beginning of each cycle.", price=amount)
        case Price(each_line=False, each_cycle=True):
            text = message("It costs {price} at the beginning of the first of every {number} cycles.")
            return teller.say(text, price=amount, number=cycles)
        case Price(each_line=False):
            return teller.say("It costs {price} once, at activation.", price=amount)
        case Price(each_cycle=True, cycles=1):
            text = message("Each line that shares with yours costs {price} at the beginning of each cycle.")
            return teller.say(text, price=amount)
        case Price(each_cycle=True):
            text = message(
                "Each line that shares with yours costs {price} at the beginning of the first of every {number} cycles."
            )
            return teller.say(text, price=amount, number=cycles)
        case _:
            return teller.say("Each line that shares with yours costs {price}, once.", price=amount)


def _part(teller: Teller, price: Price) -> str:
    if not price.each_cycle:
        return ""
    if price.by_day:
        return teller.say("A part of a cycle costs its part, by days, rounded down; days that are left over are paid back.")
    return teller.say("A part of a cycle costs as much as a whole one.")


def of_pack(teller: Teller, price: Price) -> Item:
    amount = teller.amount(price.currency, price.amount)
    if price.each_cycle:
        return Item(teller.say("It costs {price} when you buy it, and again at the beginning of each cycle.", price=amount))
    return Item(teller.say("It costs {price} when you buy it.", price=amount))


def leaving(teller: Teller, contract_months: int, fees: Iterable[LeavingFee]) -> list[Item]:
    """What leaving before the end of the contract costs."""
    if not contract_months:
        return []
    term = teller.say_many(
        "The contract lasts {number} month. If you leave before it ends:",
        "The contract lasts {number} months. If you leave before it ends:",
        contract_months,
    )
    costs = [Item(_fee(teller, fee)) for fee in fees]
    if not costs:
        return [Item(teller.inline(term, teller.say("These terms name no charge.")))]
    return [Item(term, tuple(costs))]


def _fee(teller: Teller, fee: LeavingFee) -> str:
    amount = teller.amount(fee.currency, fee.amount)
    match fee.per:
        case FeeFor.ALL:
            charged = teller.say("You pay the part of {price} that matches what is left of the contract.", price=amount)
        case FeeFor.MONTH_LEFT:
            charged = teller.say("You pay {price} for each month of the contract that is left.", price=amount)
        case FeeFor.MONTH_USED:
            charged = teller.say(
                "Of {price} for each whole month that you had, you pay the part that matches what is left of the contract.",
                price=amount,
            )
        case _:
            assert_never(fee.per)
    if fee.by_day and fee.per is not FeeFor.MONTH_LEFT:
        return teller.paragraph(charged, teller.say("What is left is counted in days; the result is rounded down."))
    return teller.paragraph(charged, teller.say("What is left is counted in months, and one that has begun counts as left."))
