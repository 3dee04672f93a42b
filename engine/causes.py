"""What made a figure: its amount in parts, each by the rule and the kind of clause that made it.

What moved is made by what moved it; what is there, and what was used of it, by what put it there. The parts of a figure sum up
to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dsl.scenario import Because, Cause, Expectation, Figure
from dsl.source import Span
from engine.calendar import NEVER, Instant
from engine.ledger import DEBTS, Posting, Reason, Sink
from engine.run import Run
from engine.statement import Figures, charges, count, due, owes

# What each reason is called. None: the amount is there for the reason it was before.
CAUSES: dict[Reason, Cause | None] = {
    Reason.OPENING: Cause.START,
    Reason.GRANTED: Cause.GRANT,
    Reason.GRANTED_ONCE: Cause.GRANT,
    Reason.LOYAL: Cause.GRANT,
    Reason.BOUGHT: Cause.GRANT,
    Reason.PROMOTED: Cause.GRANT,
    Reason.UNLIMITED: Cause.GRANT,
    Reason.TOPPED_UP: Cause.TOP_UP,
    Reason.ADDED: Cause.ADD,
    Reason.REMOVED: Cause.REMOVE,
    Reason.VOIDED: Cause.VOID,
    Reason.SOLD: Cause.SELL,
    Reason.CHARGED: Cause.SELL,
    Reason.BORROWED: Cause.BORROW,
    Reason.OWED_FOR: Cause.OWE,
    Reason.UNCOVERED: Cause.BLOCK,  # or what slows it: see _moved
    Reason.USED: None,
    Reason.PAID: None,
    Reason.SHARED: Cause.SHARE,
    Reason.IN_UNIT: Cause.USES,
    Reason.COUNTED: Cause.USES,
    Reason.PRICED: Cause.PRICE,
    Reason.REFUNDED: Cause.PRICE,
    Reason.FEE: Cause.CONVERT,
    Reason.LEFT_EARLY: Cause.LEAVING,
    Reason.CARRIED: Cause.CARRY,
    Reason.ROUNDED_UP: Cause.CARRY,
    Reason.CONVERTED: Cause.CONVERT,
    Reason.NOT_CONVERTED: Cause.CONVERT,
    Reason.EXTENDED: Cause.EXTEND,
    Reason.FROZEN: Cause.FREEZE,
    Reason.THAWED: None,
    Reason.CLOCK_MOVED: None,
    Reason.IN_GRACE: None,
    Reason.GIVEN: Cause.GIVE,
    Reason.NOT_FAMILY: Cause.GIVE,
    Reason.ABOVE_CAP: Cause.CAP,
    Reason.ABOVE_CEILING: Cause.CAP,
    Reason.TOLD: Cause.EXPIRE,
    Reason.ENDED: Cause.END,
    Reason.CARRIED_ONCE: Cause.END,
    Reason.NOT_KEPT: Cause.NOT_KEPT,
    Reason.LEFT: Cause.LINE_ENDS,
    Reason.REPAID: None,  # what was lent, or owed: see _moved
    Reason.REPAID_AT_ONCE: None,
    Reason.PAST_LIMIT: Cause.LIMIT,
    Reason.UNMET: Cause.CONDITION,
    Reason.TOO_LITTLE: Cause.TOO_LITTLE,
    Reason.TOO_LITTLE_THERE: Cause.TOO_LITTLE,
    Reason.NO_RULE: Cause.NO_RULE,
}


class Part(NamedTuple):
    """`amount` base units of a figure, made by a cause and the rule at `span`."""

    amount: int
    cause: Cause
    span: Span


_Why = tuple[Cause, Span]


def parts(run: Run, cycle: int, wanted: Expectation, at: Instant | None = None) -> list[Part]:
    """What an expectation's figure of a cycle is made of, at its end or, where `at` is given, by then; in the order in which it
    came."""
    found: dict[_Why, int] = {}
    for why, amount in _Amounts(run, cycle, wanted, at).of(wanted.figure):
        found[why] = found.get(why, 0) + amount
    return [Part(amount, *why) for why, amount in found.items() if amount]


def is_named(part: Part, because: Because, run: Run) -> bool:
    """Whether a part is made by that. Steps of the history stand in a text of their own, which no place is of."""
    if because.cause:
        return part.cause is because.cause
    return part.span not in run.scenario.puts and any(_meet(part.span, place) for place in because.places)


def _meet(one: Span, other: Span) -> bool:
    return one.line == other.line and one.start < other.end and other.start < one.end


class _Puts:
    """What put the lots of a run there."""

    def __init__(self, run: Run) -> None:
        self.lots = run.lots
        self.first: dict[int, Posting] = {}
        for posting in run.postings:
            if not isinstance(posting.target, Sink):
                self.first.setdefault(posting.target, posting)

    def why(self, number: int, at: Instant) -> _Why:
        """Why a lot is there at an instant: the clause that kept it last, or what put it."""
        lot = self.lots[number]
        kept = [span for when, span in lot.kept if when <= at]
        if kept:
            return Cause.KEEP, kept[-1]
        put = self.first.get(number)
        if put is None:  # a lot without a limit holds nothing
            return Cause.GRANT, lot.span
        cause = CAUSES[put.reason]
        if cause is None and not isinstance(put.source, Sink):
            return self.why(put.source, put.at)
        return cause or Cause.GRANT, put.span


class _Amounts:
    """Amounts of a figure, each with why, of the lots that are asked about."""

    def __init__(self, run: Run, cycle: int, wanted: Expectation, at: Instant | None) -> None:
        self.run = run
        self.cycle = cycle
        self.wanted = wanted
        self.at = at
        self.puts = _Puts(run)
        self.of_all = wanted.lot_class is None and not wanted.scope

    def of(self, figure: Figure) -> Iterator[tuple[_Why, int]]:
        match figure:
            case Figure.CHARGED | Figure.DUE:
                asked = charges if figure is Figure.CHARGED else due
                for posting in self._postings():
                    if posting.cycle == self.cycle and (money := asked(posting)):
                        yield self._charged(posting), money
            case Figure.OWED:
                yield from ((self._moved(posting), owes(posting)) for posting in self._postings() if owes(posting))
            case Figure.CARRIED:
                yield from self._held(self._postings(), self.run.calendar.boundary(self.cycle))
            case Figure.LEFT:
                end = self.run.statement.cycle(self.cycle).end
                before = (one for one in self._postings() if self.at is not None or one.at < end)
                yield from self._held(before, end - 1 if self.at is None else self.at, usable=True)
            case Figure.AVAILABLE:
                start = self.run.statement.cycle(self.cycle).start
                yield from self._held((one for one in self._postings() if self._is_before(one)), start)
                yield from self._flows("granted")
            case Figure.CONVERTED:
                made = list(self._flows("converted_in"))
                yield from made if any(amount for _, amount in made) else self._flows("converted_out")
            case name:
                yield from self._flows(name)

    def _postings(self) -> Iterator[Posting]:
        """Those of the service up to when it is asked for."""
        for posting in self.run.postings:
            if (
                posting.service == self.wanted.service
                and posting.cycle <= self.cycle
                and (self.at is None or posting.at <= self.at)
            ):
                yield posting

    def _is_before(self, posting: Posting) -> bool:
        return posting.cycle < self.cycle or posting.reason is Reason.OPENING

    def _held(self, postings: Iterable[Posting], at: Instant, *, usable: bool = False) -> Iterator[tuple[_Why, int]]:
        """What these postings left in lots."""
        held: dict[int, int] = {}
        for posting in postings:
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if not isinstance(place, Sink) and self._is_of(place) and not (usable and self.run.lots[place].frozen):
                    held[place] = held.get(place, 0) + amount
        yield from ((self.puts.why(number, at), amount) for number, amount in held.items() if amount)

    def _flows(self, name: str) -> Iterator[tuple[_Why, int]]:
        """What moved in the cycle, between the lots that are asked about and all else."""
        for posting in self._postings():
            if posting.cycle != self.cycle or posting.reason is Reason.OPENING:
                continue
            source, target = self._is_of(posting.source), self._is_of(posting.target)
            uncovered = self.of_all and isinstance(posting.source, Sink) and isinstance(posting.target, Sink)
            if source != target or uncovered:
                figures = Figures()
                count(figures, posting, self.run.lots)
                yield self._moved(posting, name), getattr(figures, name)

    def _is_of(self, place: int | Sink) -> bool:
        """Whether a posting's place is a lot that is asked about."""
        if isinstance(place, Sink):
            return False
        lot = self.run.lots[place]
        return self.wanted.lot_class in (None, lot.lot_class) and self.wanted.scope <= lot.scope

    def _moved(self, posting: Posting, figure: str = "") -> _Why:
        debt = next((one for one in DEBTS if one in (posting.source, posting.target)), None)
        if debt and (figure not in ("granted", "received") or posting.source is debt):
            return (Cause.OWE if debt is Sink.OWED else Cause.BORROW), self._lender(debt, posting)
        if posting.target is Sink.SLOWED:
            return Cause.SLOW, posting.span
        cause = CAUSES[posting.reason]
        if cause is None and not isinstance(posting.source, Sink):
            return self.puts.why(posting.source, posting.at)
        return cause or Cause.GRANT, posting.span

    def _lender(self, debt: Sink, posting: Posting) -> Span:
        """The rule that lent first of what is owed so."""
        lent = (one.span for one in self.run.postings if (one.service, one.source) == (posting.service, debt))
        return next(lent, posting.span)

    def _charged(self, posting: Posting) -> _Why:
        """What credit paid is charged for what stands there: a block that is sold, a conversion, or a price."""
        if posting.reason is not Reason.PAID:
            return self._moved(posting)
        made = {one.reason for one in self.run.postings if one.span == posting.span}
        for reason in (Reason.SOLD, Reason.CONVERTED, Reason.LEFT_EARLY):
            if reason in made:
                return CAUSES[reason] or Cause.PRICE, posting.span
        return Cause.PRICE, posting.span


def first_end(run: Run, cycle: int, wanted: Expectation, at: Instant | None = None) -> tuple[Instant, list[Part]]:
    """When what could be used at an instant ends first, or, where `at` is not given, what lives on after a cycle; NEVER where
    none of it does. And the lots that end then, or, of NEVER, all there are, each as its part."""
    when = run.calendar.boundary(cycle) if at is None else at
    held: dict[int, int] = {}
    for posting in run.postings:
        if posting.at > when or posting.cycle > cycle:
            break
        for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
            if not isinstance(place, Sink):
                held[place] = held.get(place, 0) + amount
    lots = [run.lots[number] for number, amount in held.items() if amount]
    about = [
        lot for lot in lots
        if lot.is_usable and wanted.service in ("", lot.service)
        and wanted.lot_class in (None, lot.lot_class) and wanted.scope <= lot.scope
    ]  # fmt: skip
    end = min((lot.end_as_of(when) for lot in about), default=NEVER)
    puts = _Puts(run)
    return end, [Part(held[lot.number], *puts.why(lot.number, when)) for lot in about if lot.end_as_of(when) == end]
