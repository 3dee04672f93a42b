"""A line of the reference engine, taken from boundary to boundary: what it holds there can be read, and laid down again.

At a boundary the cycle before is closed and the next one has granted nothing yet. Amounts are numbers or `terms`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dsl.phrase import phrase
from dsl.plan import ANY_USE, LotClass, Plan, Scope
from dsl.scenario import Use
from dsl.source import NOWHERE, Span
from engine.account import Account
from engine.arithmetic import spread
from engine.calendar import NEVER, Calendar, Instant
from engine.ledger import Lot, Posting, Sink
from engine.statement import Sums


@dataclass(frozen=True, slots=True)
class Piece:
    """What is held at a boundary, but for the amount: a lot, or, with a `debt`, what is owed.

    `born` and `end` are instants, or, `by_cycles`, boundaries counted from that at which it is held: -1 is the one before. An
    `end` that is NEVER stays so. Of pieces that are equal in all else `copy` counts those before it, in the order made.
    """

    service: str
    lot_class: LotClass = LotClass.ALLOWANCE
    rule: str = ""  # that carried it
    plan: str = ""
    pack: str = ""
    scope: Scope = ANY_USE
    born: Instant = 0
    end: Instant = 0
    by_cycles: bool = False
    each_time: bool = False
    with_cycle: bool = False
    frozen: bool = False
    debt: str = ""
    copy: int = 0
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Inside:
    """Something falls due between the boundaries of a cycle, by a rule: then it matters when in the cycle something is used."""

    reason: str
    span: Span


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """So many base units of a service are used at an instant. Those at one instant have an order of their own, as in a history,
    so that the one in which they were recorded makes no difference."""

    at: Instant
    service: str
    amount: int


Held = Sequence[tuple[Piece, int]]  # in the order made
_FAR: Instant = 200 * 366 * 86_400  # two centuries; what ends later is told by its instant


@dataclass(frozen=True, slots=True)
class Closed:
    """A cycle that is over: its figures, what was moved by which rule for which reason, and what is held then."""

    number: int
    sums: Sums
    postings: Sequence[Posting]
    held: Held


class Course(Account):
    """A line on `plan` since `start`. At each boundary, the start too, `at_boundary` is called, before anything is granted.
    At that with which cycle `waits_at` begins it waits until it is told to `begin`."""

    def __init__(
        self, plan: Plan, start: datetime, others: Mapping[str, Plan] | None, at_boundary: Callable[[Course], None],
        *, waits_at: int = 0,
    ) -> None:  # fmt: skip
        self.at_boundary = at_boundary
        self.waits_at = waits_at
        self._begun = 0  # how many postings there were when the cycle began
        self._carried_in: dict[str, int] = {}
        super().__init__(plan, start, (), others)

    def _begin_line(self) -> None:
        self.at_boundary(self)
        if self.waits_at != 1:
            self._note_beginning()
            super()._begin_line()

    def _begin_cycle(self) -> None:
        self.at_boundary(self)
        if self.waits_at != self.cycle:
            self._note_beginning()
            super()._begin_cycle()

    def _promote(self, at: Instant) -> None:
        if self.waits_at != self.cycle:
            super()._promote(at)

    def _next_due(self) -> Instant:
        """Nothing, while it waits: what falls due at the boundary does when the cycle begins."""
        return NEVER if self.waits_at == self.cycle else super()._next_due()

    def begin(self) -> None:
        """Goes on where it waited."""
        self.waits_at = 0
        self._note_beginning()
        if self.cycle == 1:
            super()._begin_line()
        else:
            super()._begin_cycle()
            self._change_rules()
        super()._promote(self.ledger.at)

    def _note_beginning(self) -> None:
        self._begun = len(self.ledger.postings)
        self._carried_in = self._held()

    # ---- at a boundary

    def closed(self, services: Iterable[str]) -> Closed:
        """The cycle that has just closed; `services` have figures in any case."""
        number, ledger = self.cycle - 1, self.ledger
        postings = ledger.postings[self._begun :]
        sums = Sums.of(postings, ledger.lots, services)
        sums.hold(self._carried_in, self.closings[number - 1], self.before_close[number - 1])
        return Closed(number, sums, postings, self.held())

    def held(self) -> Held:
        """The lots, in the order made, and what is owed."""
        found: list[tuple[Piece, int]] = []
        seen: dict[Piece, int] = {}
        for lot in sorted(self.ledger.live, key=lambda lot: lot.rank):
            piece = by_cycles(_piece(lot), self.calendar, self.cycle - 1)
            seen[piece] = copy = seen.get(piece, -1) + 1
            found.append((replace(piece, copy=copy), lot.amount))
        debts = [(Piece(service, debt=str(kind)), amount) for (service, kind), amount in self.ledger.owed.items() if amount]
        return found + sorted(debts, key=lambda debt: (debt[0].service, debt[0].debt))

    def lay(self, held: Held) -> None:
        """Holds this from now on, and nothing else."""
        ledger = self.ledger
        ledger.live = []
        ledger.owed.clear()
        for piece, amount in held:
            if piece.debt:
                ledger.owed[piece.service, Sink(piece.debt)] = amount
            else:
                told = by_instants(piece, self.calendar, self.cycle - 1)
                lot = ledger.new_lot(
                    piece.service, piece.lot_class, told.end, piece.span, pack=piece.pack, born=told.born, scope=piece.scope
                )
                lot.rule, lot.plan, lot.amount = piece.rule, piece.plan, amount
                lot.each_time, lot.with_cycle, lot.frozen = piece.each_time, piece.with_cycle, piece.frozen
                ledger.lots.append(lot)
                ledger.live.append(lot)

    # ---- in a cycle

    def use_daily(self, uses: Mapping[str, int]) -> None:
        """What is used in the cycle that runs, spread over its days, as a history says it: on each day service by service."""
        days, services = self.calendar.days(self.cycle), sorted(uses)
        for day, *parts in zip(days, *(spread(uses[service], len(days)) for service in services), strict=True):
            for service, part in zip(services, parts, strict=True):
                if part:
                    self.apply(day, Use(service, part, in_all=True))

    def use_recorded(self, records: deque[Record]) -> None:
        """Each record of the cycle that runs at its time, taken from those that are left."""
        end = self.calendar.boundary(self.cycle)
        while records and records[0].at < end:
            record = records.popleft()
            if record.amount:
                self.apply(record.at, Use(record.service, record.amount))

    def inside(self) -> Inside | None:
        """What falls due next, if it does before the cycle ends."""
        due = self._next_due()
        if due >= self.calendar.boundary(self.cycle):
            return None
        if self.dated and self.dated[0][0] == due:
            return Inside(phrase("its rules change inside a cycle"), self.dated[0][1].span)
        if self.grants.next_promotion() == due:
            return Inside(phrase("a promotion begins inside a cycle"), self.grants.due[0][1].span)
        spans = [lot.span for lot in self.ledger.live if lot.end == due and lot.span.line]
        return Inside(phrase("something ends inside a cycle"), spans[0] if spans else self.plan.span)

    def use_by_parts(self, uses: Mapping[str, int]) -> Inside | None:
        """What is used in the cycle that runs, in as few parts as there are times between which nothing happens. None where one
        was enough: then days, and when in the cycle something was used, do not matter."""
        inside = self.inside()
        if inside is None:
            for service, amount in uses.items():
                self.apply(self.calendar.boundary(self.cycle - 1), Use(service, amount, in_all=True))
            return None
        days = self.calendar.days(self.cycle)
        since = 0
        for index in range(1, len(days) + 1):
            if index == len(days) or self._next_due() <= days[index]:
                for service, amount in uses.items():
                    part = amount * index // len(days) - amount * since // len(days)
                    self.apply(days[since], Use(service, part, in_all=True))
                since = index
                if index < len(days):
                    self.advance(days[index])
        return inside

    def close(self) -> None:
        """Goes on to the end of the cycle that runs, and into the next."""
        self.advance(self.calendar.boundary(self.cycle))


def _piece(lot: Lot) -> Piece:
    return Piece(
        lot.service, lot.lot_class, lot.rule, lot.plan, lot.pack, lot.scope, lot.born, lot.end,
        each_time=lot.each_time, with_cycle=lot.with_cycle, frozen=lot.frozen, span=lot.span,
    )  # fmt: skip


def by_cycles(piece: Piece, calendar: Calendar, boundary: int) -> Piece:
    """A piece that is held at that boundary, told by boundaries where it begins and ends at such."""
    born, end = _number(piece.born, calendar), NEVER if piece.end == NEVER else _number(piece.end, calendar)
    if piece.by_cycles or piece.debt or born is None or end is None:
        return piece
    return replace(piece, born=born - boundary, end=end if end == NEVER else end - boundary, by_cycles=True)


def by_instants(piece: Piece, calendar: Calendar, boundary: int) -> Piece:
    """The same, told by instants."""
    if not piece.by_cycles:
        return piece
    end = piece.end if piece.end == NEVER else calendar.boundary(boundary + piece.end)
    return replace(piece, born=calendar.boundary(boundary + piece.born), end=end, by_cycles=False)


def _number(at: Instant, calendar: Calendar) -> int | None:
    """Of the boundary that is at that instant."""
    if not calendar.boundary(0) <= at < calendar.boundary(0) + _FAR:
        return None
    number = calendar.cycle_at(at) - 1
    return number if calendar.boundary(number) == at else None
