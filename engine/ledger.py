"""Lots and postings. Every movement is a posting; a balance is a sum of postings; nothing else changes a lot's amount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from dsl.plan import ANY_USE, Life, LotClass, Scope
from dsl.source import NOWHERE, Span
from engine.arithmetic import is_part
from engine.calendar import NEVER, Instant


class Sink(StrEnum):
    """Where amounts come from and go to that is no lot."""

    OPERATOR = "operator"
    SUBSCRIBER = "subscriber"  # pays charges
    USED = "used"
    EXPIRED = "expired"
    EXCHANGE = "exchange"  # takes one service and gives another
    ANOTHER_LINE = "another line"
    SLOWED = "slowed"  # use that no lot covered, at lower speed
    BLOCKED = "blocked"  # use that no lot covered and nothing served
    LENT = "lent"  # from what the next cycles grant
    OWED = "owed"  # for use that nothing covered
    ASKED = "asked for"
    REFUSED = "refused"  # what was asked for and not done
    COUNTING = "counting"  # what of a use counts more or less than was used: USED less this is the use itself


DEBTS = (Sink.OWED, Sink.LENT)  # what is owed is what came from there, less what went back


class Reason(StrEnum):
    OPENING = "held when the history starts"
    GRANTED = "granted for the cycle"
    GRANTED_ONCE = "granted once"
    LOYAL = "granted for renewals"
    BOUGHT = "bought"
    TOPPED_UP = "topped up"
    ADDED = "added by the operator"
    REMOVED = "removed by the operator"
    VOIDED = "voided"
    PROMOTED = "given by a promotion"
    SOLD = "sold when the rest ran out"
    USED = "used"
    UNLIMITED = "covered without limit"
    IN_UNIT = "covered by another unit"
    COUNTED = "counts more or less than was used"
    UNCOVERED = "not covered by any lot"
    CHARGED = "charged for what was sold"
    PRICED = "the price"
    CARRIED = "carried"
    ROUNDED_UP = "carried in whole steps"
    CONVERTED = "converted"
    EXTENDED = "its end was moved"
    CLOCK_MOVED = "its end moved with the clock"
    IN_GRACE = "waits for a renewal"
    FROZEN = "frozen"
    THAWED = "usable again"
    REFUNDED = "paid back for the days that were left"
    SHARED = "used by a line that shares it"
    GIVEN = "given"
    NOT_FAMILY = "goes to a line that does not share"
    LEFT = "the line ended"
    LEFT_EARLY = "charged for leaving early"
    NOT_KEPT = "was not kept"
    ENDED = "reached its end"
    CARRIED_ONCE = "was carried once and reached its end"
    ABOVE_CAP = "was above the cap"
    NOT_CONVERTED = "was left over by the conversion"
    ABOVE_CEILING = "was above the cap of the conversion"
    TOLD = "was told to expire"
    PAID = "paid from credit"
    BORROWED = "borrowed"
    OWED_FOR = "not covered by any lot, and owed"
    REPAID = "pays back what is owed"
    REPAID_AT_ONCE = "pays what is owed before anything else"
    FEE = "the fee of the conversion"
    PAST_LIMIT = "past a limit"
    UNMET = "a condition does not hold"
    TOO_LITTLE_THERE = "there is not so much"
    TOO_LITTLE = "it makes nothing whole"
    NO_RULE = "no rule allows it"


@dataclass(slots=True, eq=False)
class Lot:
    """A dated piece of one service. `born` is the instant of the grant and stays with what is carried; `rule` is the name of
    the rule that carried it. A lot that starts at its first use has `waiting` set until then, and no end. Two that have all
    in common are still two: to compare what they have takes long where there are many."""

    number: int
    service: str
    lot_class: LotClass
    pack: str
    born: Instant
    end: Instant
    amount: int
    cycle: int
    span: Span
    rule: str = ""
    each_time: bool = False
    rank: int = 0  # its place among lots of one birth, as made; a lot whose end is moved keeps it
    waiting: Life | None = None
    frozen: bool = False  # not usable
    packs: frozenset[str] = frozenset()  # with which it ends at the latest
    gone: Instant = NEVER  # when it was emptied but by use
    kept: list[tuple[Instant, Span]] = field(default_factory=list)  # when a clause left it to its own end, and which
    ends: list[tuple[Instant, Instant]] = field(default_factory=list)  # when its end was set anew, and what it was before
    plan: str = ""  # that granted it for a cycle; empty for all else
    with_cycle: bool = False  # its end is that of a cycle, and moves with it
    deed: int = 0  # which action of the subscriber made it, counted from 1
    scope: Scope = ANY_USE
    unlimited: bool = False  # it holds nothing and covers all that it serves, while it lives

    def end_at(self, at: Instant, end: Instant) -> None:
        """From `at` on it ends at `end`."""
        self.ends.append((at, self.end))
        self.end = end

    def end_as_of(self, at: Instant) -> Instant:
        """The end it had at an instant."""
        return next((before for changed, before in self.ends if changed > at), self.end)

    @property
    def is_usable(self) -> bool:
        """Whether a use may take from it."""
        return not self.frozen and self.lot_class is not LotClass.CREDIT

    @property
    def age(self) -> tuple[Instant, int]:
        """Older lots first."""
        return self.born, self.rank

    @property
    def turn(self) -> tuple[Instant, Instant, int]:
        """The order that is assumed: soonest to end, then oldest, then as made."""
        return self.end, self.born, self.rank


class Posting(NamedTuple):
    """`amount` base units of `service` from `source` to `target`, each a lot's number or a sink, and the rule that did it."""

    at: Instant
    cycle: int
    service: str
    amount: int
    source: int | Sink
    target: int | Sink
    reason: Reason
    span: Span


class Capped(NamedTuple):
    """A cap was looked at when a cycle closed: it let `most` base units of `service` be carried in all."""

    cycle: int
    service: str
    most: int
    span: Span


MAX_LOTS = 20_000  # that a line holds when a cycle begins; more, and most often ever more, no plan means
_KEPT = (LotClass.CARRIED, LotClass.CONVERTED)  # what is kept of a pack is not the pack


class Ledger:
    """All lots and postings of one line, and the caps that were looked at. `live` are the lots with something in them, or
    without a limit, in the order made."""

    def __init__(self) -> None:
        self.lots: list[Lot] = []
        self.live: list[Lot] = []
        self.postings: list[Posting] = []
        self.capped: list[Capped] = []
        self.cut: set[Span] = set()  # where caps stand that took something back in hand: what comes of it is told by others
        self.owed: dict[tuple[str, int | Sink], int] = defaultdict(int)  # by service and kind of debt
        self.coming: frozenset[str] = frozenset()  # packs of which more comes with the next cycle
        self.at: Instant = 0
        self.cycle = 1

    def put(self, source: int | Sink, amount: int, reason: Reason, lot: Lot, span: Span) -> Lot:
        """Puts `amount` in a new lot made by `new_lot`."""
        self.lots.append(lot)
        if amount or lot.unlimited:
            self.live.append(lot)
        self.add(source, amount, reason, lot, span)
        return lot

    def add(self, source: int | Sink, amount: int, reason: Reason, lot: Lot, span: Span) -> None:
        """Puts `amount` more in a lot that is there."""
        lot.amount += amount
        self._post(lot.service, amount, source, lot.number, reason, span)

    def new_lot(
        self, service: str, lot_class: LotClass, end: Instant, span: Span, *, pack: str = "", born: Instant | None = None,
        scope: Scope = ANY_USE,
    ) -> Lot:  # fmt: skip
        """An empty lot with the next number; `put` or `move` fills it."""
        number = len(self.lots)
        birth = self.at if born is None else born
        return Lot(number, service, lot_class, pack, birth, end, 0, self.cycle, span, rank=number, scope=scope)

    def take(self, lot: Lot, amount: int, target: Sink, reason: Reason, span: Span) -> None:
        """Moves `amount` out of a lot to a sink."""
        self._reduce(lot, amount)
        if target is not Sink.USED:
            self._be_gone(lot)
        self._post(lot.service, amount, lot.number, target, reason, span)

    def move(self, lot: Lot, amount: int, to: Lot, reason: Reason, span: Span) -> Lot:
        """Moves `amount` of a lot to a new lot of the same service."""
        self._reduce(lot, amount)
        self._be_gone(lot)
        return self.put(lot.number, amount, reason, to, span)

    def like(self, lot: Lot, end: Instant, span: Span) -> Lot:
        """An empty lot that differs from another in its end only."""
        made = self.new_lot(lot.service, lot.lot_class, end, span, pack=lot.pack, born=lot.born, scope=lot.scope)
        made.cycle, made.rule, made.each_time, made.rank, made.frozen = lot.cycle, lot.rule, lot.each_time, lot.rank, lot.frozen
        made.packs = lot.packs
        made.plan, made.with_cycle, made.waiting, made.unlimited = lot.plan, lot.with_cycle, lot.waiting, lot.unlimited
        made.deed = lot.deed
        return made

    def tell_apart(self) -> None:
        """Parts of one lot have its rank. Those that a cycle begins with get their own, as made, which is all that is known of
        them where a line goes on from what it holds."""
        following = 0
        for lot in sorted(self.live, key=lambda lot: lot.rank):
            lot.rank = max(lot.rank, following)
            following = lot.rank + 1

    def note(self, service: str, amount: int, source: Sink, target: Sink, reason: Reason, span: Span = NOWHERE) -> None:
        """A posting that moves no lot: uncovered use, a charge, an exchange."""
        self._post(service, amount, source, target, reason, span)

    def refuse(self, asked: Mapping[str, int], reason: Reason, span: Span) -> None:
        """Postings that move nothing: so much of each service was asked for and not done; why stands at `span`."""
        for service, amount in asked.items():
            self._post(service, amount, Sink.ASKED, Sink.REFUSED, reason, span)

    def ended(self, at: Instant) -> bool:
        return any(lot.end <= at for lot in self.live)

    def next_end(self) -> Instant:
        return min((lot.end for lot in self.live), default=NEVER)

    def pack_end(self, pack: str) -> Instant:
        """The end of the last of a pack's own lots, be it used up; `at` where it has none, and never where more comes."""
        if pack in self.coming:
            return NEVER
        return max((min(lot.end, lot.gone) for lot in self.lots if self.is_own(pack, lot)), default=self.at)

    @staticmethod
    def is_own(pack: str, lot: Lot) -> bool:
        """Whether a lot is what a pack granted: not kept of it, nor living with it only."""
        return lot.pack == pack and pack not in lot.packs and lot.lot_class not in _KEPT

    def in_force(self, packs: Iterable[str]) -> bool:
        """Whether all of these packs are."""
        return all(self.pack_end(pack) > self.at for pack in packs)

    def held(self, service: str, scope: Scope | None = None, *, usable: bool = False) -> int:
        """What there is of a service, or of it in lots of that scope."""
        return sum(
            lot.amount
            for lot in self.live
            if lot.service == service and scope in (None, lot.scope) and not (usable and lot.frozen)
        )

    def _reduce(self, lot: Lot, amount: int) -> None:
        assert is_part(amount, lot.amount) or (amount == 0 and lot.unlimited), (
            f"lot {lot.number} holds {lot.amount}, not {amount}"
        )
        lot.amount -= amount
        if not lot.amount:
            self.live.remove(lot)

    def _be_gone(self, lot: Lot) -> None:
        if not lot.amount:
            lot.gone = self.at

    def _post(self, service: str, amount: int, source: int | Sink, target: int | Sink, reason: Reason, span: Span) -> None:
        if amount:
            self.owed[service, source] += amount * (source in DEBTS)
            self.owed[service, target] -= amount * (target in DEBTS)
            self.postings.append(Posting(self.at, self.cycle, service, amount, source, target, reason, span))
