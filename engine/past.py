"""What a run looks like from any instant in it: lots, balances, what goes next. Looked up: a cursor over time asks often.

What happens at an instant itself has happened. Before the start there is nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cached_property
from itertools import accumulate
from operator import attrgetter

from engine.calendar import NEVER, Instant
from engine.ledger import Lot, Posting, Reason, Sink
from engine.run import Run


@dataclass(frozen=True, slots=True)
class Balance:
    """In base units: `used` in the cycle that holds the instant, `remaining` usable now, and of what remains `accumulated`,
    which was kept from earlier cycles (carried, or converted at a close)."""

    used: int
    remaining: int
    accumulated: int


@dataclass(frozen=True, slots=True)
class Held:
    """A lot at an instant: `left` in base units, and the `end` it had then."""

    lot: Lot
    left: int
    end: Instant


@dataclass(frozen=True, slots=True)
class Portion:
    """Base units of a service that end or expire at one instant."""

    at: Instant
    amount: int


class Kind(Enum):
    """What happens to a service, but for use and for what each cycle grants."""

    CAME = auto()
    EXPIRED = auto()
    RAN_OUT = auto()


class Fate(StrEnum):
    """What becomes of a lot at its end."""

    CARRIED = "carried"
    CONVERTED = "converted"
    EXPIRED = "expired"


class Sums:
    """Amounts that add up over time; `upto` is the sum at an instant."""

    __slots__ = ("_sums", "amounts", "times")

    def __init__(self) -> None:
        self.times: list[Instant] = []  # in order; who adds one adds its amount
        self.amounts: list[int] = []
        self._sums: list[int] = []

    @property
    def sums(self) -> list[int]:
        if len(self._sums) != len(self.amounts):
            self._sums = list(accumulate(self.amounts))
        return self._sums

    def upto(self, at: Instant) -> int:
        index = bisect_right(self.times, at)
        return self.sums[index - 1] if index else 0

    @property
    def emptied(self) -> Instant:
        """From when on nothing is there any more; never where something is."""
        return NEVER if not self.amounts or self.sums[-1] else self.times[-1]


_OF_USE = frozenset(
    {Reason.USED, Reason.UNLIMITED, Reason.IN_UNIT, Reason.COUNTED, Reason.UNCOVERED, Reason.OWED_FOR, Reason.SHARED}
)


class Past:
    """The run of one line. Nothing is worked out before it is asked for; then once, in a walk over all postings."""

    def __init__(self, run: Run) -> None:
        self.run = run

    # ---- lots

    @cached_property
    def _index(self) -> _Index:
        return _Index(self.run)

    @cached_property
    def _lots(self) -> dict[str, list[Lot]]:
        found: dict[str, list[Lot]] = defaultdict(list)
        for lot in self.run.lots:
            found[lot.service].append(lot)
        return found

    def left(self, number: int, at: Instant) -> int:
        return self._index.lots[number].upto(at)

    def came(self, number: int) -> int:
        """All that ever came to a lot, within the run."""
        return sum(amount for amount in self._index.lots[number].amounts if amount > 0)

    def moves(self, number: int) -> Sequence[Posting]:
        """The postings of a lot, in order."""
        return self._index.moves[number]

    def held(self, service: str, at: Instant) -> list[Held]:
        """The lots of a service with something in them, soonest to end first, then as they are older."""
        sums = self._index.lots
        found = [
            Held(lot, left, lot.end_as_of(at))
            for lot in self._lots.get(service, ())
            if sums[lot.number].emptied > at and (left := sums[lot.number].upto(at))
        ]
        return sorted(found, key=lambda one: (one.end, one.lot.age))

    def lots_of_cycle(self, service: str, number: int) -> list[Lot]:
        """The lots of a service of which something was there or moved in a cycle, soonest to end first."""
        start, end = self.run.calendar.boundary(number - 1), self.run.calendar.boundary(number)
        found = []
        for lot in self._lots.get(service, ()):
            moves = self.moves(lot.number)
            if moves and moves[0].cycle <= number and (moves[-1].cycle >= number or self.left(lot.number, start)):
                found.append(lot)
        return sorted(found, key=lambda lot: (min(lot.end, end), lot.end, lot.age))

    # ---- figures

    def balance(self, service: str, at: Instant) -> Balance:
        cycle = self.run.calendar.cycle_at(at)
        usable = [one for one in self.held(service, at) if not one.lot.frozen]
        accumulated = sum(one.left for one in usable if one.lot.cycle < cycle)
        used = self._index.used[service, cycle].upto(at)
        return Balance(used, sum(one.left for one in usable), accumulated)

    def is_unlimited(self, service: str, at: Instant) -> bool:
        """Whether a lot without limit covers some use of a service."""
        return any(lot.unlimited and lot.born <= at < lot.end for lot in self._lots.get(service, ()))

    def used_between(self, service: str, begin: Instant, at: Instant) -> int:
        """What was used after `begin` and up to `at`, whether something covered it or not."""
        cycles = range(self.run.calendar.cycle_at(begin), self.run.calendar.cycle_at(at) + 1)
        sums = [found for number in cycles for found in (self._index.used[service, number], self._index.unmet[service, number])]
        return sum(one.upto(at) - one.upto(begin) for one in sums)

    def next_end(self, service: str, at: Instant) -> Portion | None:
        """What is left of the usable lots that end next. None where none ever ends."""
        usable = [one for one in self.held(service, at) if one.lot.is_usable and one.end != NEVER]
        if not usable:
            return None
        soonest = usable[0].end
        return Portion(soonest, sum(one.left for one in usable if one.end == soonest))

    def at_end(self, service: str, at: Instant, end: Instant) -> dict[Fate, int]:
        """What becomes, at `end`, of the usable lots of an instant that end then, in the history that was run."""
        found: dict[Fate, int] = {}
        for one in self.held(service, at):
            if one.end != end or not one.lot.is_usable:
                continue
            times, moves = self._index.lots[one.lot.number].times, self.moves(one.lot.number)
            for posting in moves[bisect_left(times, end) : bisect_right(times, end)]:
                fate = _fate(posting, one.lot.number)
                if fate:
                    found[fate] = found.get(fate, 0) + posting.amount
        return found

    def next_lost(self, service: str, at: Instant) -> Portion | None:
        """What expires next, after this instant, in the history that was run."""
        lost = self._index.lost[service]
        after = bisect_right(lost, at, key=attrgetter("at"))
        return lost[after] if after < len(lost) else None

    # ---- instants

    def next_event(self, at: Instant) -> Instant | None:
        """The next instant after `at` at which a cycle begins or something but use happens."""
        after = bisect_right(self._index.events, at)
        return self._index.events[after] if after < len(self._index.events) else None

    def event_before(self, at: Instant) -> Instant | None:
        before = bisect_right(self._index.events, at - 1)
        return self._index.events[before - 1] if before else None

    def at(self, at: Instant) -> list[tuple[str, Kind]]:
        """What happens at an instant, to which service."""
        return [
            place
            for place, instants in self._index.instants.items()
            if (first := bisect_left(instants, at)) < len(instants) and instants[first] == at
        ]

    def happened(self, service: str, kind: Kind, start: Instant, end: Instant) -> bool:
        """Whether something of a kind happened to a service from `start` on and before `end`."""
        instants = self._index.instants[service, kind]
        first = bisect_left(instants, start)
        return first < len(instants) and instants[first] < end

    def beside(self, service: str, number: int) -> list[Posting]:
        """Postings of a service in a cycle that move no lot: use that nothing covered, what was refused, charges."""
        return self._index.beside[service, number]


class _Index:
    """Postings by what is asked of them."""

    def __init__(self, run: Run) -> None:
        self.lots = [Sums() for _ in run.lots]
        self.moves: list[list[Posting]] = [[] for _ in run.lots]
        self.used: dict[tuple[str, int], Sums] = defaultdict(Sums)
        self.unmet: dict[tuple[str, int], Sums] = defaultdict(Sums)
        self.lost: dict[str, list[Portion]] = defaultdict(list)
        self.beside: dict[tuple[str, int], list[Posting]] = defaultdict(list)
        instants = {cycle.start for cycle in run.statement.cycles} | {cycle.end for cycle in run.statement.cycles}
        self.instants: dict[tuple[str, Kind], list[Instant]] = defaultdict(list)
        ran_out: set[tuple[str, int]] = set()
        for posting in self._but_plain_use(run.postings):
            place = posting.service, posting.cycle
            kind = _kind(posting)
            if kind is Kind.RAN_OUT and place in ran_out:  # once a cycle: all later use is uncovered, too
                continue
            if kind is Kind.RAN_OUT:
                ran_out.add(place)
            if kind:
                self.instants[posting.service, kind].append(posting.at)
            if kind or posting.reason not in _OF_USE:
                instants.add(posting.at)
        self.events = sorted(instants)

    def _but_plain_use(self, postings: Iterable[Posting]) -> Iterator[Posting]:
        """Takes all, and gives back those that are not the use of a lot: of use there may be a million, so each step counts."""
        reason_used, sink_used = Reason.USED, Sink.USED
        at_lot, at_place = -1, ("", 0)
        lot, moves, used = Sums(), list[Posting](), Sums()
        for posting in postings:
            at, cycle, service, amount, source, target, reason, _ = posting
            if reason is not reason_used or target is not sink_used or type(source) is not int:
                self._take(posting)
                yield posting
                continue
            if source != at_lot:
                at_lot, lot, moves = source, self.lots[source], self.moves[source]
            if at_place != (service, cycle):
                at_place = service, cycle
                used = self.used[at_place]
            lot.times.append(at)
            lot.amounts.append(-amount)
            moves.append(posting)
            used.times.append(at)
            used.amounts.append(amount)

    def _take(self, posting: Posting) -> None:
        at, cycle, service, amount, source, target, _, _ = posting
        if of_lot := type(source) is int:
            sums = self.lots[source]
            sums.times.append(at)
            sums.amounts.append(-amount)
            self.moves[source].append(posting)
        if type(target) is int:
            sums = self.lots[target]
            sums.times.append(at)
            sums.amounts.append(amount)
            self.moves[target].append(posting)
            return
        if not of_lot:
            self.beside[service, cycle].append(posting)
        if target is Sink.USED:
            if source is not Sink.COUNTING:
                sums = self.used[service, cycle]
                sums.times.append(at)
                sums.amounts.append(amount)
        elif target in (Sink.SLOWED, Sink.BLOCKED):
            self.unmet[service, cycle].times.append(at)
            self.unmet[service, cycle].amounts.append(amount)
        elif target is Sink.EXPIRED:
            lost = self.lost[service]
            if lost and lost[-1].at == at:
                lost[-1] = Portion(at, lost[-1].amount + amount)
            else:
                lost.append(Portion(at, amount))


def _fate(posting: Posting, number: int) -> Fate | None:
    if posting.source != number:
        return None
    if not isinstance(posting.target, Sink):
        return Fate.CARRIED
    return {Sink.EXPIRED: Fate.EXPIRED, Sink.EXCHANGE: Fate.CONVERTED}.get(posting.target)


def _kind(posting: Posting) -> Kind | None:
    if posting.target is Sink.EXPIRED:
        return Kind.EXPIRED
    if posting.reason in (Reason.UNCOVERED, Reason.OWED_FOR):
        return Kind.RAN_OUT
    comes = posting.source in (Sink.OPERATOR, Sink.ANOTHER_LINE) and not isinstance(posting.target, Sink)
    return Kind.CAME if comes and posting.reason not in (Reason.GRANTED, Reason.OPENING, Reason.ROUNDED_UP) else None
