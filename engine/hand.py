"""A rule with lots in hand: its clauses act in the order written, and what no clause claims expires."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from dsl.plan import (
    NO_CEILING,
    Cap,
    CapCounts,
    Carry,
    Clause,
    Convert,
    Cut,
    Earliest,
    Expire,
    Extend,
    Freeze,
    Give,
    Keep,
    Lasts,
    Life,
    LotClass,
    NewEnd,
    Occasion,
    Plan,
    Rule,
    ToMonthEnd,
    packs_of,
)
from dsl.source import Span
from engine.arithmetic import exchange, lacking, least, most, share, whole_steps, within
from engine.calendar import NEVER, Calendar, Instant
from engine.conditions import MORE_THAN_ANY
from engine.grants import ends_with_cycle
from engine.ledger import Capped, Ledger, Lot, Reason, Sink
from engine.purse import charge


@dataclass(frozen=True, slots=True)
class Event:
    """What happens to a line: rules about `occasion` and, where that is not "", about the pack `about` act. `new_end` and
    `plan` are what `the new end` and `the new plan` mean."""

    occasion: Occasion
    at: Instant
    new_end: Instant = NEVER
    plan: Plan | None = None
    about: str = ""


@dataclass(slots=True)
class Parcel:
    """Part of a lot in hand, and why it will expire if no clause claims it."""

    lot: Lot
    amount: int
    reason: Reason
    span: Span


@dataclass(slots=True)
class Counted:
    """What a cap counts: a parcel that `clause` carries, extends or keeps, to `end`, once the caps behind it have cut; or, with
    no clause, a lot this rule carried before."""

    parcel: Parcel
    end: Instant
    rank: int  # the lot's; for what is carried now as if made already, later than every lot there is
    clause: Carry | Extend | Keep | None

    @property
    def age(self) -> tuple[Instant, int]:
        return self.parcel.lot.born, self.rank


def _carried_before(lot: Lot) -> Counted:
    return Counted(Parcel(lot, lot.amount, Reason.ENDED, lot.span), lot.end, lot.rank, None)


class Hand:
    """The lots one rule has in hand, in their turn, while its clauses act."""

    def __init__(
        self, ledger: Ledger, calendar: Calendar, saved: Mapping[str, int], rule: Rule, event: Event, lots: Iterable[Lot],
        earlier: Iterable[Lot],
    ) -> None:  # fmt: skip
        self.ledger = ledger
        self.calendar = calendar
        self.saved = saved
        self.rule = rule
        self.event = event
        self.at = event.at
        self.parcels = [
            Parcel(lot, lot.amount, self._unclaimed(lot), rule.span) for lot in sorted(lots, key=lambda lot: lot.turn)
        ]
        self.counted = [_carried_before(lot) for lot in earlier]
        self.frozen: list[tuple[Parcel, Freeze]] = []
        self.next_rank = len(self.ledger.lots)

    def _unclaimed(self, lot: Lot) -> Reason:
        if self.event.occasion is not Occasion.CLOSE:
            return Reason.NOT_KEPT
        return Reason.CARRIED_ONCE if lot.lot_class is LotClass.CARRIED else Reason.ENDED

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
                    self._claim(clause, lambda lot, clause=clause: self._extended(clause, lot))  # type: ignore[misc]
                case Keep():
                    self._claim(clause, lambda lot: lot.end)
                case Freeze():
                    self.frozen += [(parcel, clause) for parcel in self.parcels]
                    self.parcels = []
                case Give():
                    pass  # only when asked, by engine/requests.py
                case Expire():
                    for parcel in self.parcels:
                        self.ledger.take(parcel.lot, parcel.amount, Sink.EXPIRED, Reason.TOLD, clause.span)
                    self.parcels = []
                case _:
                    assert_never(clause)
        self._place_counted()
        for parcel, freeze in self.frozen:
            if not parcel.lot.frozen:
                lot = self.ledger.like(parcel.lot, parcel.lot.end, freeze.span)
                lot.frozen = True
                self.ledger.move(parcel.lot, parcel.amount, lot, Reason.FROZEN, freeze.span)
        for convert, made, taken in converted:
            place_converted(self.ledger, convert, made, taken, self._made_until(convert.life))
        if expire_rest:
            for parcel in self.parcels:
                self.ledger.take(parcel.lot, parcel.amount, Sink.EXPIRED, parcel.reason, parcel.span)

    # ---- clauses

    def _carry(self, clause: Carry) -> None:
        again = clause.each_time or LotClass.CARRIED in self.rule.classes
        kept: list[Parcel] = []
        left = self.saved.get(self.rule.service, 0)
        for parcel in self.parcels:
            lot = parcel.lot
            end = self._end(clause.life, lot, lot.born if clause.from_grant else self.at)
            part = share(parcel.amount, *clause.part)
            part = least(part, left) if clause.saved else part
            part = part if clause.rounded_up else whole_steps(part, clause.step)
            over = end <= self.at or not self.ledger.in_force(packs_of(clause.life))
            if (lot.lot_class is LotClass.CARRIED and not again) or over or not part:
                kept.append(parcel)
            else:
                if rest := parcel.amount - part:
                    kept.append(replace(parcel, amount=rest))
                    parcel.amount = part
                self.counted.append(Counted(parcel, end, self.next_rank, clause))
                self.next_rank += 1
                left -= part
        self.parcels = kept

    def _claim(self, clause: Extend | Keep, end: Callable[[Lot], Instant]) -> None:
        self.counted += [Counted(parcel, end(parcel.lot), parcel.lot.rank, clause) for parcel in self.parcels]
        self.parcels = []

    def _extended(self, clause: Extend, lot: Lot) -> Instant:
        """Later, never sooner, than its own end."""
        if lot.end == NEVER:
            return NEVER
        return max(lot.end, self._end(clause.life, lot, lot.end if isinstance(clause.life, Lasts) else self.at))

    def _end(self, life: Life, lot: Lot, start: Instant) -> Instant:
        if isinstance(life, Earliest):
            return min(self._end(one, lot, start) for one in life.lives)
        if isinstance(life, NewEnd):
            return max(self.event.new_end, lot.end) if life.or_own else self.event.new_end
        return self.calendar.end(life, start)

    def _cap(self, clause: Cap) -> None:
        counted, limit = self.counted, self._limit(clause)
        if clause.counts is CapCounts.INFLOW:
            counted = [
                one for one in counted if isinstance(one.clause, Carry) and one.parcel.lot.lot_class is not LotClass.CARRIED
            ]
        there = sum(one.parcel.amount for one in counted)
        self._note_cap(clause, limit + sum(one.parcel.amount for one in self.counted) - there)
        excess = there - limit
        if clause.counts is CapCounts.ALL:
            excess += self._carried_by_others()
        for one in self._cutting_order(counted, clause.cut):
            if cut := most(0, least(excess, one.parcel.amount)):
                excess -= cut
                self.ledger.cut.add(clause.span)
                one.parcel.amount -= cut
                self.parcels.append(Parcel(one.parcel.lot, cut, Reason.ABOVE_CAP, clause.span))
        self.counted = [one for one in self.counted if one.parcel.amount or one.parcel.lot.unlimited]
        self.parcels.sort(key=lambda parcel: parcel.lot.turn)

    def _note_cap(self, clause: Cap, most: int) -> None:
        if self.event.occasion is Occasion.CLOSE:
            self.ledger.capped.append(Capped(self.ledger.cycle, self.rule.service, most, clause.span))

    def _carried_by_others(self) -> int:
        """What other rules have carried of the service and lives on."""
        own = {one.parcel.lot.number for one in self.counted} | {parcel.lot.number for parcel in self.parcels}
        return sum(
            lot.amount
            for lot in self.ledger.live
            if (lot.service, lot.lot_class) == (self.rule.service, LotClass.CARRIED)
            and lot.end > self.at
            and lot.number not in own
        )

    def _limit(self, clause: Cap) -> int:
        many, over = clause.of_new_plan
        if many and self.event.plan:
            if self.event.plan.is_unlimited(self.rule.service):
                return MORE_THAN_ANY
            return share(self.event.plan.allowance(self.rule.service), many, over)
        return clause.amount

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
        is_over = self._made_until(clause.life) <= self.at or not self.ledger.in_force(packs_of(clause.life))
        held = 0 if is_over else sum(parcel.amount for parcel in self.parcels)
        rate = clause.from_amount, clause.to_amount, clause.to_step, clause.from_step
        made, wanted = exchange(held, *rate, clause.ceiling)
        is_capped = not within(exchange(held, *rate, NO_CEILING)[0], made)
        taken: list[tuple[Lot, int]] = []
        for parcel in self.parcels:
            part = least(wanted, parcel.amount)
            if part:
                taken.append((parcel.lot, part))
            parcel.amount -= part
            wanted -= part
            parcel.reason, parcel.span = Reason.ABOVE_CEILING if is_capped else Reason.NOT_CONVERTED, clause.span
        self.parcels = [parcel for parcel in self.parcels if parcel.amount or parcel.lot.unlimited]
        return clause, made, taken

    # ---- placing

    def _place_counted(self) -> None:
        for one in self.counted:
            lot, clause = one.parcel.lot, one.clause
            match clause:
                case Carry():
                    made = self._like(lot, LotClass.CARRIED, one.end, clause.span)
                    made.scope |= clause.scope
                    made.rule, made.each_time, made.cycle = self.rule.name, clause.each_time, lot.cycle
                    made.packs = packs_of(clause.life)
                    made.with_cycle = ends_with_cycle(clause.life)
                    self.ledger.move(lot, one.parcel.amount, made, Reason.CARRIED, clause.span)
                    if clause.rounded_up:
                        more = lacking(made.amount, clause.step)
                        self.ledger.add(Sink.OPERATOR, more, Reason.ROUNDED_UP, made, clause.span)
                case Extend() if one.end != lot.end:
                    made = self.ledger.like(lot, one.end, clause.span)
                    self.ledger.move(lot, one.parcel.amount, made, Reason.EXTENDED, clause.span)
                case Extend() | Keep():
                    lot.kept.append((self.at, clause.span))  # stays where it is
                case None:
                    pass  # carried before

    def _made_until(self, life: Life) -> Instant:
        """The end of what is converted. `The next month` is the one after that which ends at the boundary, if one does."""
        if isinstance(life, Earliest):
            return min(map(self._made_until, life.lives))
        is_next_month = isinstance(life, ToMonthEnd) and life.after > 0
        return self.calendar.end(life, self.at - is_next_month)

    def _like(self, lot: Lot, lot_class: LotClass, end: Instant, span: Span) -> Lot:
        """An empty lot with the birth, pack and scope of another."""
        made = self.ledger.new_lot(lot.service, lot_class, end, span, pack=lot.pack, born=lot.born, scope=lot.scope)
        made.frozen, made.deed = lot.frozen, lot.deed
        return made


def place_converted(ledger: Ledger, clause: Convert, made: int, taken: list[tuple[Lot, int]], end: Instant) -> None:
    """What is taken is gone, what is made a lot to that end, and the fee charged."""
    for lot, amount in taken:
        ledger.take(lot, amount, Sink.EXCHANGE, Reason.CONVERTED, clause.span)
    if made:
        charge(ledger, clause.currency, clause.fee, Reason.FEE, clause.span, times=least(made, 1))
        lot_class = LotClass.CREDIT if clause.to_bill else LotClass.CONVERTED
        lot = ledger.new_lot(clause.to_service, lot_class, end, clause.span, scope=clause.scope)
        lot.packs = packs_of(clause.life)
        ledger.put(Sink.EXCHANGE, made, Reason.CONVERTED, lot, clause.span)
