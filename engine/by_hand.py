"""What is put and taken by hand: what a line starts with, what the operator removes or voids, a pack that is cancelled."""

from __future__ import annotations

from dsl.plan import Lasts, Period
from dsl.scenario import Held, Remove, Void
from engine.calendar import Calendar
from engine.grants import Grants
from engine.ledger import Ledger, Reason, Sink
from engine.requests import first_of


def hold(held: Held, ledger: Ledger, calendar: Calendar) -> None:
    """A lot, or a debt, from before the history."""
    if held.owed:
        ledger.note(held.service, held.amount, Sink.LENT, Sink.OPERATOR, Reason.OPENING, held.span)
        return
    end = calendar.instant(held.until) if held.until else calendar.end(Lasts(1, Period.CYCLE), ledger.at)
    lot = ledger.new_lot(held.service, held.lot_class, end, held.span, scope=held.scope)
    lot.with_cycle = held.until is None
    ledger.put(Sink.OPERATOR, held.amount, Reason.OPENING, lot, held.span)


def remove(act: Remove, ledger: Ledger) -> None:
    """What the operator takes, of what ends soonest first: all of it, or nothing."""
    lots = [
        lot for lot in sorted(ledger.live, key=lambda lot: lot.turn)
        if lot.service == act.service and act.lot_class in (None, lot.lot_class) and act.pack in ("", lot.pack)
    ]  # fmt: skip
    held = sum(lot.amount for lot in lots)
    if held < act.amount and not act.to_zero:
        ledger.refuse({act.service: act.amount}, Reason.TOO_LITTLE_THERE, act.span)
        return
    for lot, amount in first_of(lots, act.amount):
        ledger.take(lot, amount, Sink.EXPIRED, Reason.REMOVED, act.span)


def void(act: Void, ledger: Ledger, grants: Grants) -> None:
    """All that bears the name of a pack is gone, whatever its rules say."""
    grants.cancel(act.pack)
    for lot in [lot for lot in ledger.live if lot.pack == act.pack]:
        ledger.take(lot, lot.amount, Sink.EXPIRED, Reason.VOIDED, act.span)


def cancel(pack: str, ledger: Ledger, grants: Grants) -> None:
    """A pack ends now, with all that is its own."""
    grants.cancel(pack)
    for lot in ledger.lots:
        if ledger.is_own(pack, lot):
            lot.end_at(ledger.at, min(lot.end, ledger.at))
