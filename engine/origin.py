"""How a balance came about, and what happened to the rest: from figure to lot to rule, posting by posting.

Everything here is a sum of postings: what came to a lot is what went from it and what is left of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dsl.source import Span
from engine.calendar import Instant
from engine.ledger import Lot, Posting, Reason, Sink
from engine.run import Run

MAX_DEPTH = 40  # lots that were carried on so often have told enough


@dataclass(frozen=True, slots=True)
class Went:
    """What went from a lot: to a sink, or on to another lot, whose number is `to`."""

    amount: int
    reason: Reason
    at: Instant
    span: Span
    to: Sink | int


@dataclass(frozen=True, slots=True)
class Came:
    """What came to a lot: from a sink, or `of` the lots it was before; those of a conversion are of another service."""

    amount: int
    reason: Reason
    at: Instant
    span: Span
    source: Sink | int
    of: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A lot as it is at an instant: what came to it, what went, and what is left, in base units."""

    lot: Lot
    end: Instant
    left: int
    came: tuple[Came, ...]
    went: tuple[Went, ...]

    @property
    def is_usable(self) -> bool:
        return self.lot.is_usable


@dataclass(frozen=True, slots=True)
class Explanation:
    """The lots of a service at an instant, soonest to end first, and what went in the cycle that runs, by where and why."""

    service: str
    at: Instant
    cycle: int
    lots: tuple[Origin, ...]
    gone: tuple[Went, ...]

    @property
    def usable(self) -> int:
        return sum(one.left for one in self.lots if one.is_usable)


def explanation(run: Run, service: str, at: Instant) -> Explanation:
    """What happens at the instant itself has happened."""
    found = _Postings([posting for posting in run.postings if posting.at <= at], run.lots, at)
    held = [lot for lot in run.lots if lot.service == service and found.left(lot.number)]
    cycle = run.calendar.cycle_at(at)
    lots = sorted((found.origin(lot.number, MAX_DEPTH) for lot in held), key=lambda one: (one.end, one.lot.born, one.lot.rank))
    return Explanation(service, at, cycle, tuple(lots), found.gone(service, cycle))


class _Postings:
    """Postings up to an instant, by the lots between which they moved."""

    def __init__(self, postings: Sequence[Posting], lots: Sequence[Lot], at: Instant) -> None:
        self.postings = postings
        self.lots = lots
        self.at = at
        self.to: dict[int | Sink, list[Posting]] = defaultdict(list)
        self.of: dict[int | Sink, list[Posting]] = defaultdict(list)
        for posting in postings:
            self.to[posting.target].append(posting)
            self.of[posting.source].append(posting)

    def left(self, number: int) -> int:
        return sum(posting.amount for posting in self.to[number]) - sum(posting.amount for posting in self.of[number])

    def origin(self, number: int, depth: int) -> Origin:
        lot = self.lots[number]
        came = tuple(self._came(posting, depth - 1) for posting in self.to[number])
        went = _summed([Went(one.amount, one.reason, one.at, one.span, one.target) for one in self.of[number]])
        return Origin(lot, lot.end_as_of(self.at), self.left(number), came, went)

    def _came(self, posting: Posting, depth: int) -> Came:
        before: list[int] = []
        if not isinstance(posting.source, Sink):
            before = [posting.source]
        elif posting.source is Sink.EXCHANGE:
            # What was turned into this: at the same instant, by the same clause.
            turned = [one for one in self.to[Sink.EXCHANGE] if (one.at, one.span) == (posting.at, posting.span)]
            before = list(dict.fromkeys(one.source for one in turned if not isinstance(one.source, Sink)))
        of = tuple(self.origin(number, depth) for number in before) if depth > 0 else ()
        return Came(posting.amount, posting.reason, posting.at, posting.span, posting.source, of)

    def gone(self, service: str, cycle: int) -> tuple[Went, ...]:
        """What went of a service in a cycle, to where it does not come back from."""
        found = [
            Went(one.amount, one.reason, one.at, one.span, one.target)
            for one in self.postings
            if (one.service, one.cycle) == (service, cycle) and isinstance(one.target, Sink) and one.target is not Sink.OPERATOR
        ]
        return _summed(found)


def _summed(went: Sequence[Went]) -> tuple[Went, ...]:
    """By where and why, at the last instant of each."""
    found: dict[tuple[Reason, Span, Sink | int], Went] = {}
    for one in went:
        key = one.reason, one.span, one.to
        before = found[key].amount if key in found else 0
        found[key] = Went(before + one.amount, one.reason, one.at, one.span, one.to)
    return tuple(found.values())
