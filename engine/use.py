"""What a use is served by: what of it counts, the lots in their turn, and what is done where no lot is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, assert_never

from dsl.plan import (
    Advance,
    Block,
    Condition,
    InUnit,
    Lasts,
    LotClass,
    Order,
    OrderKey,
    Owe,
    Period,
    Pick,
    Plan,
    RunsOut,
    Scope,
    Sell,
    Slow,
    Tags,
    UseIs,
)
from dsl.scenario import Use
from dsl.source import NOWHERE, Span
from engine.arithmetic import blocks, counted, covered, least, most, times
from engine.calendar import Calendar
from engine.ledger import Ledger, Lot, Reason, Sink
from engine.purse import charge, payable

if TYPE_CHECKING:
    from engine.pool import Pool

Holds = Callable[[Condition], bool]
_THIS_CYCLE = Lasts(1, Period.CYCLE)


def any_lot(_: Lot) -> bool:
    return True


class Usage:
    """Serves the uses of a line from the lots of a ledger.

    `uses` sums what counts of them by service, covered or not, and `sold` the blocks by their rule, each in the cycle that
    runs.
    """

    def __init__(self, plan: Plan, calendar: Calendar, ledger: Ledger) -> None:
        self.plan = plan
        self.calendar = calendar
        self.ledger = ledger
        self.chose_unsaid = False  # whether lots were ever used in a turn that the plan does not state
        self.uses: dict[str, int] = defaultdict(int)
        self.sold: dict[Span, int] = defaultdict(int)
        self.pool: Pool | None = None  # what it shares with the owner of its account
        # Of uses given in all, which come in parts: what was multiplied so far, by service, tags and what for.
        self.parts: dict[tuple[str, Tags, str], int] = defaultdict(int)

    def begin_cycle(self) -> None:
        self.uses.clear()
        self.sold.clear()
        self.parts.clear()

    def use(self, use: Use, holds: Holds) -> None:
        """A use at `ledger.at`; `holds` judges the conditions of what is done where no lot is left."""
        wanted = self._count(use)
        self.uses[use.service] += wanted
        wanted = self._serve(use.service, use.tags, wanted)
        for rule in self._units(use):
            wanted = self._pay(rule, use, wanted)
        if wanted:
            self._run_out(use, wanted, holds)

    # ---- what counts

    def _count(self, use: Use) -> int:
        """How much of a use counts. What that is more or less than was used is posted, with the rule that makes it so."""
        counting, amount = self.plan.counting, use.amount
        steps = next((rule for rule in counting.steps if rule.service == use.service), None)
        if steps and not use.in_all:
            amount = self._counts(use, amount, counted(amount, steps.first, steps.step, nearest=steps.nearest), steps.span)
        if weights := [rule for rule in counting.weights if rule.tag in use.tags]:
            many, over = (prod(rule.factor[part] for rule in weights) for part in (0, 1))
            before = self._so_far(use, "")
            self._add(use, "", amount)
            amount = self._counts(use, amount, times(before, amount, many, over), weights[0].span)
        for more in counting.more:
            if use.amount and not use.in_all and (more.service, more.tag in use.tags) == (use.service, True):
                amount = self._counts(use, amount, amount + more.amount, more.span)
        return amount

    def _counts(self, use: Use, was: int, counts: int, span: Span) -> int:
        more, less = most(0, counts - was), most(0, was - counts)
        self.ledger.note(use.service, more, Sink.USED, Sink.COUNTING, Reason.COUNTED, span)
        self.ledger.note(use.service, less, Sink.COUNTING, Sink.USED, Reason.COUNTED, span)
        return counts

    def _so_far(self, use: Use, unit: str) -> int:
        """What of a use that comes in parts was multiplied already, so that it is rounded once; a record comes whole."""
        return self.parts[use.service, use.tags, unit] if use.in_all else 0

    def _add(self, use: Use, unit: str, amount: int) -> None:
        if use.in_all:
            self.parts[use.service, use.tags, unit] += amount

    # ---- what serves it

    def _serve(self, service: str, tags: Tags, wanted: int) -> int:
        """A use of a service by what it counts, from its own lots and what it shares; gives back what they do not cover."""
        own_first = not (self.pool and self.pool.comes_first(service))
        for own in (own_first, not own_first):
            if wanted and own:
                wanted = self.take(service, tags, wanted)
            elif wanted and self.pool:
                wanted = self.pool.take(self, service, tags, wanted)
        return wanted

    def take(
        self,
        service: str,
        tags: Tags,
        wanted: int,
        to: Sink = Sink.USED,
        reason: Reason = Reason.USED,
        which: Callable[[Lot], bool] = any_lot,
    ) -> int:
        """Takes from the lots that serve such a use, of those that are asked for: one without a limit covers it all, the others
        in their turn what they hold. Gives back what they do not cover."""
        for lot in self._in_turn(service, tags):
            if not wanted:
                break
            if not which(lot):
                continue
            self._begin(lot)
            if lot.unlimited:
                self.ledger.note(service, wanted, Sink.OPERATOR, to, Reason.UNLIMITED, lot.span)
                return 0
            part = least(lot.amount, wanted)
            self.ledger.take(lot, part, to, reason, lot.span)
            wanted -= part
        return wanted

    def _begin(self, lot: Lot) -> None:
        """Starts the life of a lot that waited for its first use."""
        if lot.waiting is not None:
            lot.end_at(self.ledger.at, self.calendar.end(lot.waiting, self.ledger.at))
            lot.waiting = None

    def _units(self, use: Use) -> list[InUnit]:
        """In which other units a use may be paid: of the rules for each the one that asks for most."""
        fitting = [rule for rule in self.plan.counting.units if rule.service == use.service and _serves(rule.scope, use.tags)]
        best: dict[str, InUnit] = {}
        for rule in sorted(fitting, key=lambda rule: -len(rule.scope)):
            best.setdefault(rule.unit, rule)
        return [rule for rule in fitting if rule is best[rule.unit]]

    def _pay(self, rule: InUnit, use: Use, wanted: int) -> int:
        """Takes from the lots of another unit; gives back what they do not cover."""
        before = self._so_far(use, rule.unit)
        asked = times(before, wanted, rule.unit_amount, rule.amount)
        paid = asked - self._serve(rule.unit, use.tags, asked)
        done = least(wanted, covered(before, paid, rule.unit_amount, rule.amount))
        self._add(use, rule.unit, done)
        self.uses[rule.unit] += paid
        self.ledger.note(use.service, done, Sink.EXCHANGE, Sink.USED, Reason.IN_UNIT, rule.span)
        return wanted - done

    def _in_turn(self, service: str, tags: Tags) -> list[Lot]:
        """Those without a limit first, so that nothing is taken of the others."""
        fitting = [lot for lot in self.ledger.live if lot.service == service and lot.is_usable and _serves(lot.scope, tags)]
        free = sorted((lot for lot in fitting if lot.unlimited), key=lambda lot: lot.turn)
        lots = [lot for lot in fitting if not lot.unlimited]
        order = self._order(service) if len(lots) > 1 else None
        if order is None:
            self.chose_unsaid |= len(lots) > 1
            return free + sorted(lots, key=lambda lot: lot.turn)
        return free + sorted(lots, key=lambda lot: _place(order, lot))

    def _order(self, service: str) -> Order | None:
        orders = {order.service: order for order in reversed(self.plan.orders)}
        return orders.get(service) or orders.get("")

    # ---- what no lot covers

    def _run_out(self, use: Use, wanted: int, holds: Holds) -> None:
        rules = [rule for rule in self.plan.runs_out if rule.service == use.service]
        rule = next((rule for rule in rules if all(map(holds, rule.conditions))), None)
        for remedy in rule.remedies if rule else ():
            match remedy:
                case Sell():
                    assert rule
                    wanted = self._sell(use.service, wanted, remedy, _asked_for(rule))
                case Advance():
                    assert rule
                    wanted = self._advance(use.service, wanted, remedy, _asked_for(rule))
                case Owe():
                    self.ledger.note(use.service, wanted, Sink.OWED, Sink.USED, Reason.OWED_FOR, remedy.span)
                    return
                case Slow():
                    self.ledger.note(use.service, wanted, Sink.OPERATOR, Sink.SLOWED, Reason.UNCOVERED, remedy.span)
                    return
                case Block():
                    self.ledger.note(use.service, wanted, Sink.OPERATOR, Sink.BLOCKED, Reason.UNCOVERED, remedy.span)
                    return
                case _:
                    assert_never(remedy)
        span = rule.span if rule else NOWHERE
        self.ledger.note(use.service, wanted, Sink.OPERATOR, Sink.BLOCKED, Reason.UNCOVERED, span)

    def _sell(self, service: str, wanted: int, sell: Sell, scope: Scope) -> int:
        """Sells blocks and uses them; gives back what is still not covered."""
        count = self._blocks(wanted, sell)
        if not count:
            return wanted
        charge(self.ledger, sell.currency, sell.price, Reason.CHARGED, sell.span, times=count)
        end = self.calendar.end(sell.life, self.ledger.at)
        lot = self.ledger.new_lot(service, LotClass.SOLD, end, sell.span, scope=scope)
        lot.with_cycle = True
        self.ledger.put(Sink.OPERATOR, count * sell.block, Reason.SOLD, lot, sell.span)
        return self._use_of(lot, wanted)

    def _advance(self, service: str, wanted: int, advance: Advance, scope: Scope) -> int:
        """Lends blocks and uses them; gives back what is still not covered."""
        count = self._blocks(wanted, advance)
        if not count:
            return wanted
        end = self.calendar.end(_THIS_CYCLE, self.ledger.at)
        lot = self.ledger.new_lot(service, LotClass.BORROWED, end, advance.span, scope=scope)
        self.ledger.put(Sink.LENT, count * advance.block, Reason.BORROWED, lot, advance.span)
        return self._use_of(lot, wanted)

    def _blocks(self, wanted: int, remedy: Sell | Advance) -> int:
        """How many blocks cover what is wanted, within what a cycle may have of them; they are counted."""
        count = blocks(wanted, remedy.block)
        if remedy.most >= 0:
            count = least(count, remedy.most - self.sold[remedy.span])
        if isinstance(remedy, Sell) and remedy.from_credit and remedy.price:
            count = least(count, payable(self.ledger, remedy.currency, remedy.price))
        self.sold[remedy.span] += count
        return count

    def _use_of(self, lot: Lot, wanted: int) -> int:
        used = least(wanted, lot.amount)
        self.ledger.take(lot, used, Sink.USED, Reason.USED, lot.span)
        return wanted - used


def _serves(scope: Scope, tags: Tags) -> bool:
    return all(one & tags for one in scope)


def _asked_for(rule: RunsOut) -> Scope:
    """The scope of what a rule sells: the use that it asks for."""
    return frozenset(frozenset({condition.tag}) for condition in rule.conditions if isinstance(condition, UseIs))


def _place(order: Order, lot: Lot) -> tuple[int, ...]:
    """Where a lot stands in an order: the place of the key that names it, then as that key picks.

    A key that names no lots sorts all that have no place before it; those that are equal by it are left to the next key.
    """
    before: tuple[int, ...] = ()
    for place, key in enumerate(order.keys):
        if key.lot_class or key.pack:
            if _is_named(key, lot):
                return (*before, place, *_picked(key.pick, lot))
        elif place + 1 == len(order.keys):
            return (*before, place, *_by_scope(key, lot), *_picked(key.pick, lot))
        else:
            before += (place, *(_by_scope(key, lot) or _picked(key.pick, lot)[: _EQUAL_BY[key.pick]]))
    return (*before, len(order.keys), *lot.turn)


def _is_named(key: OrderKey, lot: Lot) -> bool:
    return lot.pack == key.pack if key.pack else lot.lot_class is key.lot_class


def _by_scope(key: OrderKey, lot: Lot) -> tuple[int, ...]:
    """Lots that are only for such use first, where the key says which."""
    return (not any(tags <= key.only for tags in lot.scope),) if key.only else ()


# How much of what a pick sorts by makes lots equal, so that the next key of an order has its say.
_EQUAL_BY = {Pick.SOONEST: 1, Pick.OLDEST: 1, Pick.NEWEST: 1, Pick.NARROWEST: 2}


def _picked(pick: Pick, lot: Lot) -> tuple[int, ...]:
    match pick:
        case Pick.OLDEST:
            return lot.age
        case Pick.NEWEST:
            return -lot.born, -lot.rank
        case Pick.SOONEST:
            return lot.turn
        case Pick.NARROWEST:
            return -len(lot.scope), sum(map(len, lot.scope)), *lot.turn
