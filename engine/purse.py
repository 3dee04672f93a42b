"""What pays a charge: credit, money the subscriber holds, and the subscriber for the rest."""

from __future__ import annotations

from dsl.plan import LotClass
from dsl.source import Span
from engine.arithmetic import least
from engine.ledger import Ledger, Lot, Reason, Sink


def bill(ledger: Ledger, currency: str, amount: int, reason: Reason, span: Span) -> None:
    """Charges `amount` minor units for what a plan is: credit pays as far as it reaches, the subscriber the rest."""
    ledger.note(currency, _pay(ledger, _credit(ledger, currency), amount, span), Sink.SUBSCRIBER, Sink.OPERATOR, reason, span)


def charge(ledger: Ledger, currency: str, amount: int, reason: Reason, span: Span, *, times: int = 1) -> None:
    """Charges `amount` minor units so many times for what is bought beside the plan. Credit pays first, as far as it reaches;
    then lots of that money, soonest to end first, pay each of the charges that they pay whole."""
    left = _pay(ledger, _credit(ledger, currency), amount * times, span)
    if left and (lots := _money(ledger, currency)):
        money, begun = _held(lots), left % amount  # what is left of the charge that credit paid a part of
        paid = begun if begun <= money else 0
        paid += min(left // amount, (money - paid) // amount) * amount
        _pay(ledger, lots, paid, span)
        left -= paid
    ledger.note(currency, left, Sink.SUBSCRIBER, Sink.OPERATOR, reason, span)


def payable(ledger: Ledger, currency: str, amount: int) -> int:
    """How many charges of `amount` minor units what the subscriber holds pays whole."""
    credit, money = _held(_credit(ledger, currency)), _held(_money(ledger, currency))
    alone, begun = divmod(credit, amount)
    shared = begun > 0 and money >= amount - begun
    return alone + shared + (money - shared * (amount - begun)) // amount


def _credit(ledger: Ledger, currency: str) -> list[Lot]:
    lots = [lot for lot in ledger.live if lot.service == currency and lot.end > ledger.at]
    return [lot for lot in lots if lot.lot_class is LotClass.CREDIT]


def _money(ledger: Ledger, currency: str) -> list[Lot]:
    """Lots that pay any charge: those for some uses only, those that wait for one, and those that end now do not."""
    lots = [lot for lot in ledger.live if lot.service == currency and lot.is_usable and lot.end > ledger.at]
    return sorted((lot for lot in lots if not lot.scope and lot.waiting is None), key=lambda lot: lot.turn)


def _held(lots: list[Lot]) -> int:
    return sum(lot.amount for lot in lots)


def _pay(ledger: Ledger, lots: list[Lot], amount: int, span: Span) -> int:
    """Takes so much of lots, those before first; gives back what they do not pay."""
    for lot in lots:
        if part := least(lot.amount, amount):
            ledger.take(lot, part, Sink.USED, Reason.PAID, span)
            amount -= part
    return amount
