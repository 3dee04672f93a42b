"""What a rule means: a hand is taken, its clauses act in the order written, and what no clause claims expires.

At a boundary: conditions are judged, rules act in order, and what is unclaimed expires. Grants follow in engine/account.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from dsl.plan import Cap, CapCounts, Carry, Clause, Condition, Convert, Cut, Expire, Extend, LotClass, Plan, Rule, ToMonthEnd
from dsl.source import Span
from engine.arithmetic import exchange, lacking, share, whole_steps
from engine.calendar import NEVER, Calendar, Instant
from engine.ledger import Ledger, Lot, Reason, Sink

Holds = Callable[[Condition], bool]


@dataclass(slots=True)
class Parcel:
    """Part of a lot in hand, and why it will expire if no clause claims it."""

    lot: Lot
    amount: int
    reason: Reason
    span: Span


@dataclass(slots=True)
class Counted:
    """What a cap counts: a parcel that `clause` carries and that becomes a lot once the caps behind it have cut, or, with no
    clause, a lot this rule carried before."""

    parcel: Parcel
    end: Instant
    rank: int  # the lot's; for what is carried now as if made already, later than every lot there is
    clause: Carry | None

    @property
    def age(self) -> tuple[Instant, int]:
        return self.parcel.lot.born, self.rank


def _kept(lot: Lot) -> Counted:
    return Counted(Parcel(lot, lot.amount, Reason.ENDED, lot.span), lot.end, lot.rank, None)


class Closer:
    """Applies the rules of a plan to the lots of a ledger."""

    def __init__(self, plan: Plan, calendar: Calendar, ledger: Ledger) -> None:
        self.plan = plan
        self.calendar = calendar
        self.ledger = ledger
        self.pack_rules = [rule for pack in plan.packs for rule in pack.rules]
        self._names = {rule.name for rule in (*self.pack_rules, *plan.rules)}
        # Carried lots no rule of this plan made belong to the first rule that carries their service.
        self._heirs = {
            rule.service: rule.name
            for rule in reversed(plan.rules)
            if any(isinstance(clause, Carry) for clause in rule.clauses)
        }

    def boundary(self, at: Instant, holds: Holds) -> None:
        """The rules of packs and plan, then the end of what ends here."""
        self._apply((*self.pack_rules, *self.plan.rules), at, holds)

    def inside(self, at: Instant, holds: Holds) -> None:
        """Lots that end inside a cycle: only the rules of their own pack take them."""
        packs = {lot.pack for lot in self.ledger.live if lot.end <= at and lot.pack}
        self._apply([rule for rule in self.pack_rules if rule.pack in packs], at, holds)

    def promotion(self, rules: Sequence[Rule], at: Instant, holds: Holds) -> None:
        """Lines of a promotion take live lots of their classes, whatever their end; what they do not claim stays as it is."""
        pool = list(self.ledger.live)
        for rule in [rule for rule in rules if all(map(holds, rule.conditions))]:
            hand = [lot for lot in pool if lot.service == rule.service and self._is_of(rule, lot)]
            pool = [lot for lot in pool if lot not in hand]
            _Hand(self, rule, hand, [], at).act(rule.clauses, expire_rest=False)

    def _apply(self, rules: Iterable[Rule], at: Instant, holds: Holds) -> None:
        pool = list(self.ledger.live)
        acted: set[str] = set()
        for rule in [rule for rule in rules if all(map(holds, rule.conditions))]:  # judged before any rule acts
            if rule.name not in acted:
                acted.add(rule.name)
                hand = [lot for lot in pool if self._takes(rule, lot, at)]
                pool = [lot for lot in pool if lot not in hand]
                earlier = [lot for lot in self.ledger.live if lot.end > at and lot not in hand and self.carried_by(rule, lot)]
                _Hand(self, rule, hand, earlier, at).act(rule.clauses, expire_rest=True)
        for lot in [lot for lot in pool if lot.amount and lot.end <= at]:
            once = lot.lot_class is LotClass.CARRIED
            self.ledger.take(lot, lot.amount, Sink.EXPIRED, Reason.CARRIED_ONCE if once else Reason.ENDED, lot.span)

    def _takes(self, rule: Rule, lot: Lot, at: Instant) -> bool:
        if lot.service != rule.service:
            return False
        if self.carried_by(rule, lot):
            return lot.end <= at or lot.each_time
        return lot.end <= at and self._is_of(rule, lot)

    @staticmethod
    def _is_of(rule: Rule, lot: Lot) -> bool:
        return lot.lot_class in rule.classes and rule.pack in ("", lot.pack)

    def carried_by(self, rule: Rule, lot: Lot) -> bool:
        """Whether this rule carried a lot, or stands in for the rule that did."""
        made_by = lot.rule if lot.rule in self._names else self._heirs.get(lot.service, "")
        return lot.lot_class is LotClass.CARRIED and made_by == rule.name


class _Hand:
    """The lots one rule has in hand, in their turn, while its clauses act."""

    def __init__(self, closer: Closer, rule: Rule, lots: list[Lot], earlier: list[Lot], at: Instant) -> None:
        self.closer = closer
        self.ledger = closer.ledger
        self.rule = rule
        self.at = at
        self.parcels = [
            Parcel(lot, lot.amount, Reason.CARRIED_ONCE if lot.lot_class is LotClass.CARRIED else Reason.ENDED, rule.span)
            for lot in sorted(lots, key=lambda lot: lot.turn)
        ]
        self.counted = [_kept(lot) for lot in earlier]
        self.next_rank = len(self.ledger.lots)

    def act(self, clauses: Sequence[Clause], *, expire_rest: bool) -> None:
        converted: list[tuple[Convert, int, list[tuple[Lot, int]]]] = []
        for clause in clauses:
            match clause:
                case Carry():
                    self._carry(clause)
                case Cap():
                    self._cap(clause)
                case Convert():
                    converted.append(self._convert(clause))
                case Extend():
                    self._extend(clause)
                case Expire():
                    for parcel in self.parcels:
                        self.ledger.take(parcel.lot, parcel.amount, Sink.EXPIRED, Reason.TOLD, clause.span)
                    self.parcels = []
                case _:
                    assert_never(clause)
        self._place_carried()
        for convert, made, taken in converted:
            self._place_converted(convert, made, taken)
        if expire_rest:
            for parcel in self.parcels:
                self.ledger.take(parcel.lot, parcel.amount, Sink.EXPIRED, parcel.reason, parcel.span)

    # ---- clauses

    def _carry(self, clause: Carry) -> None:
        again = clause.each_time or LotClass.CARRIED in self.rule.classes
        kept: list[Parcel] = []
        for parcel in self.parcels:
            lot = parcel.lot
            end = self.closer.calendar.end(clause.life, lot.born if clause.from_grant else self.at)
            part = share(parcel.amount, *clause.part)
            part = part if clause.rounded_up else whole_steps(part, clause.step)
            if (lot.lot_class is LotClass.CARRIED and not again) or end <= self.at or not part:
                kept.append(parcel)
            else:
                if part < parcel.amount:
                    kept.append(replace(parcel, amount=parcel.amount - part))
                    parcel.amount = part
                self.counted.append(Counted(parcel, end, self.next_rank, clause))
                self.next_rank += 1
        self.parcels = kept

    def _cap(self, clause: Cap) -> None:
        counted = self.counted
        if clause.counts is CapCounts.INFLOW:
            counted = [one for one in counted if one.clause and one.parcel.lot.lot_class is not LotClass.CARRIED]
        excess = sum(one.parcel.amount for one in counted) - clause.amount
        for one in self._cutting_order(counted, clause.cut):
            cut = min(excess, one.parcel.amount)
            if cut > 0:
                excess -= cut
                one.parcel.amount -= cut
                self.parcels.append(Parcel(one.parcel.lot, cut, Reason.ABOVE_CAP, clause.span))
        self.counted = [one for one in self.counted if one.parcel.amount]
        self.parcels.sort(key=lambda parcel: parcel.lot.turn)

    @staticmethod
    def _cutting_order(counted: list[Counted], cut: Cut) -> list[Counted]:
        match cut:
            case Cut.NEWEST:
                return sorted(counted, key=lambda one: one.age, reverse=True)
            case Cut.OLDEST:
                return sorted(counted, key=lambda one: one.age)
            case Cut.EARLIEST_END:
                return sorted(counted, key=lambda one: (one.end, *one.age))

    def _convert(self, clause: Convert) -> tuple[Convert, int, list[tuple[Lot, int]]]:
        is_over = self._made_until(clause) <= self.at
        held = 0 if is_over else sum(parcel.amount for parcel in self.parcels)
        made, wanted = exchange(held, clause.from_amount, clause.to_amount, clause.to_step, clause.from_step, clause.ceiling)
        taken: list[tuple[Lot, int]] = []
        for parcel in self.parcels:
            part = min(wanted, parcel.amount)
            if part:
                taken.append((parcel.lot, part))
            parcel.amount -= part
            wanted -= part
            parcel.reason, parcel.span = Reason.NOT_CONVERTED, clause.span
        self.parcels = [parcel for parcel in self.parcels if parcel.amount]
        return clause, made, taken

    def _extend(self, clause: Extend) -> None:
        for parcel in self.parcels:
            lot = parcel.lot
            if lot.end == NEVER:
                continue
            end = self.closer.calendar.end(clause.life, lot.end)
            later = self._like(lot, lot.lot_class, end, clause.span)
            later.cycle, later.rule, later.each_time, later.rank = lot.cycle, lot.rule, lot.each_time, lot.rank
            self.ledger.move(lot, parcel.amount, later, Reason.EXTENDED, clause.span)
            if self.closer.carried_by(self.rule, later):
                self.counted.append(_kept(later))
        self.parcels = []

    # ---- placing

    def _place_carried(self) -> None:
        for one in self.counted:
            if one.clause:
                lot = self._like(one.parcel.lot, LotClass.CARRIED, one.end, one.clause.span)
                lot.scope |= one.clause.scope
                lot.rule, lot.each_time, lot.cycle = self.rule.name, one.clause.each_time, one.parcel.lot.cycle
                self.ledger.move(one.parcel.lot, one.parcel.amount, lot, Reason.CARRIED, one.clause.span)
                if one.clause.rounded_up:
                    made = lacking(lot.amount, one.clause.step)
                    self.ledger.add(Sink.OPERATOR, made, Reason.ROUNDED_UP, lot, one.clause.span)

    def _place_converted(self, clause: Convert, made: int, taken: list[tuple[Lot, int]]) -> None:
        for lot, amount in taken:
            self.ledger.take(lot, amount, Sink.EXCHANGE, Reason.CONVERTED, clause.span)
        if made:
            end = self._made_until(clause)
            lot = self.ledger.new_lot(clause.to_service, LotClass.CONVERTED, end, clause.span, scope=clause.scope)
            self.ledger.put(Sink.EXCHANGE, made, Reason.CONVERTED, lot, clause.span)

    def _made_until(self, clause: Convert) -> Instant:
        """The end of what is converted. `The next month` is the one after that which ends at the boundary, if one does."""
        is_next_month = isinstance(clause.life, ToMonthEnd) and clause.life.after > 0
        return self.closer.calendar.end(clause.life, self.at - is_next_month)

    def _like(self, lot: Lot, lot_class: LotClass, end: Instant, span: Span) -> Lot:
        """An empty lot with the birth, pack and scope of another."""
        return self.ledger.new_lot(lot.service, lot_class, end, span, pack=lot.pack, born=lot.born, scope=lot.scope)
