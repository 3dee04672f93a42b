"""What a use is served by: the lots in their turn, and what is done where no lot is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from dsl.plan import Advance, Block, Lasts, LotClass, Order, OrderKey, Owe, Period, Pick, Plan, RunsOut, Sell, Slow
from dsl.source import NOWHERE, Span
from engine.arithmetic import blocks
from engine.calendar import Calendar
from engine.ledger import Ledger, Lot, Reason, Sink

if TYPE_CHECKING:
    from engine.pool import Pool

_THIS_CYCLE = Lasts(1, Period.CYCLE)


def any_lot(_: Lot) -> bool:
    return True


class Usage:
    """Serves the uses of a line from the lots of a ledger.

    `uses` counts them by service, covered or not, and `sold` the blocks by their rule, each in the cycle that runs.
    """

    def __init__(self, plan: Plan, calendar: Calendar, ledger: Ledger) -> None:
        self.plan = plan
        self.calendar = calendar
        self.ledger = ledger
        self.chose_unsaid = False  # whether lots were ever used in a turn that the plan does not state
        self.uses: dict[str, int] = defaultdict(int)
        self.sold: dict[Span, int] = defaultdict(int)
        self.pool: Pool | None = None  # what it shares with the owner of its account

    def begin_cycle(self) -> None:
        self.uses.clear()
        self.sold.clear()

    def use(self, service: str, amount: int) -> None:
        """A use at `ledger.at`, of an amount in base units."""
        self.uses[service] += amount
        left = amount
        own_first = not (self.pool and self.pool.comes_first(service))
        for own in (own_first, not own_first):
            if left and own:
                left = self.take(service, left)
            elif left and self.pool:
                left = self.pool.take(self, service, left)
        if left:
            self._run_out(service, left)

    def take(
        self,
        service: str,
        wanted: int,
        to: Sink = Sink.USED,
        reason: Reason = Reason.USED,
        which: Callable[[Lot], bool] = any_lot,
    ) -> int:
        """Takes from the lots in their turn, of those that are asked for; gives back what they do not cover."""
        for lot in self._in_turn(service):
            if not wanted:
                break
            if not which(lot):
                continue
            if lot.waiting is not None:
                lot.end_at(self.ledger.at, self.calendar.end(lot.waiting, self.ledger.at))
                lot.waiting = None
            part = min(lot.amount, wanted)
            self.ledger.take(lot, part, to, reason, lot.span)
            wanted -= part
        return wanted

    def _in_turn(self, service: str) -> list[Lot]:
        lots = [lot for lot in self.ledger.live if lot.service == service and lot.is_usable]
        order = self._order(service) if len(lots) > 1 else None
        if order is None:
            self.chose_unsaid |= len(lots) > 1
            return sorted(lots, key=lambda lot: lot.turn)
        return sorted(lots, key=lambda lot: _place(order, lot))

    def _order(self, service: str) -> Order | None:
        orders = {order.service: order for order in reversed(self.plan.orders)}
        return orders.get(service) or orders.get("")

    def _run_out(self, service: str, wanted: int) -> None:
        rule: RunsOut | None = next((rule for rule in self.plan.runs_out if rule.service == service), None)
        for remedy in rule.remedies if rule else ():
            match remedy:
                case Sell():
                    wanted = self._sell(service, wanted, remedy)
                case Advance():
                    wanted = self._advance(service, wanted, remedy)
                case Owe():
                    self.ledger.note(service, wanted, Sink.OWED, Sink.USED, Reason.OWED_FOR, remedy.span)
                    return
                case Slow():
                    self.ledger.note(service, wanted, Sink.OPERATOR, Sink.SLOWED, Reason.UNCOVERED, remedy.span)
                    return
                case Block():
                    self.ledger.note(service, wanted, Sink.OPERATOR, Sink.BLOCKED, Reason.UNCOVERED, remedy.span)
                    return
                case _:
                    assert_never(remedy)
        if wanted:
            span = rule.span if rule else NOWHERE
            self.ledger.note(service, wanted, Sink.OPERATOR, Sink.BLOCKED, Reason.UNCOVERED, span)

    def _sell(self, service: str, wanted: int, sell: Sell) -> int:
        """Sells blocks and uses them; gives back what is still not covered."""
        count = self._blocks(wanted, sell)
        if not count:
            return wanted
        lot = self.ledger.new_lot(service, LotClass.SOLD, self.calendar.end(sell.life, self.ledger.at), sell.span)
        lot.with_cycle = True
        self.ledger.put(Sink.OPERATOR, count * sell.block, Reason.SOLD, lot, sell.span)
        charge = count * sell.price
        self.ledger.note(sell.currency, charge, Sink.SUBSCRIBER, Sink.OPERATOR, Reason.CHARGED, sell.span)
        return self._use_of(lot, wanted)

    def _advance(self, service: str, wanted: int, advance: Advance) -> int:
        """Lends blocks and uses them; gives back what is still not covered."""
        count = self._blocks(wanted, advance)
        if not count:
            return wanted
        lot = self.ledger.new_lot(service, LotClass.BORROWED, self.calendar.end(_THIS_CYCLE, self.ledger.at), advance.span)
        self.ledger.put(Sink.LENT, count * advance.block, Reason.BORROWED, lot, advance.span)
        return self._use_of(lot, wanted)

    def _blocks(self, wanted: int, remedy: Sell | Advance) -> int:
        """How many blocks cover what is wanted, within what a cycle may have of them; they are counted."""
        count = blocks(wanted, remedy.block, remedy.most - self.sold[remedy.span] if remedy.most >= 0 else -1)
        self.sold[remedy.span] += count
        return count

    def _use_of(self, lot: Lot, wanted: int) -> int:
        used = min(wanted, lot.amount)
        self.ledger.take(lot, used, Sink.USED, Reason.USED, lot.span)
        return wanted - used


def _place(order: Order, lot: Lot) -> tuple[int, ...]:
    """Where a lot stands in an order: its key's place, then as the key picks; lots of no key after all others."""
    for place, key in enumerate(order.keys):
        if _is_named(key, lot):
            match key.pick:
                case Pick.OLDEST:
                    return (place, *lot.age)
                case Pick.NEWEST:
                    return (place, -lot.born, -lot.rank)
                case Pick.SOONEST:
                    return (place, *lot.turn)
    return (len(order.keys), *lot.turn)


def _is_named(key: OrderKey, lot: Lot) -> bool:
    return lot.pack == key.pack if key.pack else key.lot_class in (None, lot.lot_class)
