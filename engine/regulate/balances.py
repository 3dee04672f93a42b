"""What a run shows of what is asked: the first amount that ends too early, lives too short a time, or is used out of turn."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from dsl.phrase import Phrase, phrase
from dsl.plan import ANY_USE, NO_CEILING, Demand, LotClass, Rolls
from dsl.source import Span
from dsl.units import show
from engine.calendar import NEVER, Instant
from engine.ledger import Lot, Posting, Reason, Sink
from engine.regulate.verdict import Fault
from engine.run import Run

_WHY = {
    Reason.ENDED: phrase("{amount} reach their end on {day}"),
    Reason.CARRIED_ONCE: phrase("{amount} reach their end on {day}, carried once"),
    Reason.ABOVE_CAP: phrase("{amount} expire on {day}, above the cap"),
    Reason.NOT_CONVERTED: phrase("{amount} expire on {day}, left over by the conversion"),
    Reason.ABOVE_CEILING: phrase("{amount} expire on {day}, above the cap of the conversion"),
    Reason.CONVERTED: phrase("{amount} are converted on {day}"),
    Reason.TOLD: phrase("{amount} are told to expire on {day}"),
    Reason.NOT_KEPT: phrase("{amount} expire on {day}: nothing keeps them then"),
}
_OTHERWISE = phrase("{amount} expire on {day}")


@dataclass(frozen=True, slots=True)
class _Past:
    """Where what is in a lot comes from: the lot that was granted, and, once it rolled, when that had its end."""

    root: Lot
    ended: Instant = NEVER


class Watched:
    """A run, and of its lots those that come of grants at `spans`, of one `service` or any, while a demand is asked."""

    def __init__(self, run: Run, spans: Collection[Span], demand: Demand, service: str = "") -> None:
        self.run = run
        self.calendar = run.calendar
        self.from_, self.until = (_instant(run, day) for day in (demand.start, demand.end))
        self.past: dict[int, _Past] = {}
        for lot in run.lots:
            if lot.span in spans and lot.lot_class is not LotClass.CARRIED and service in ("", lot.service):
                self.past.setdefault(lot.number, _Past(lot))
        for posting in run.postings:
            if isinstance(posting.source, int) and isinstance(posting.target, int) and posting.source in self.past:
                self.past[posting.target] = self._moved(posting, self.past[posting.source])
        last = run.statement.cycles[-1].number if run.statement.cycles else 0
        self.boundaries = [self.calendar.boundary(number) for number in range(last + 1)]

    def _moved(self, posting: Posting, past: _Past) -> _Past:
        if posting.reason not in (Reason.CARRIED, Reason.EXTENDED) or past.ended != NEVER:
            return past
        source = self.run.lots[int(posting.source)]
        return _Past(past.root, min(source.end, posting.at) if posting.reason is Reason.CARRIED else source.end)

    def _rolled(self, lot: int, at: Instant) -> int:
        """How many ends of cycles what is in a lot has outlived at an instant, its own end the first of them."""
        ended = self.past[lot].ended
        if at <= ended:
            return 0
        return 1 + len([one for one in self.boundaries if ended < one < at])

    # ---- what ends

    def ends_too_early(self, asked: Rolls) -> Iterator[Fault]:
        """What did not roll so often."""
        for posting in self._ending():
            assert isinstance(posting.source, int)
            if self._rolled(posting.source, posting.at) < asked.times and not self._is_enough(posting, asked):
                yield self._fault(posting)

    def expires(self) -> Iterator[Fault]:
        """What ends."""
        yield from map(self._fault, self._ending())

    def _ending(self) -> Iterator[Posting]:
        """What is gone and was not used, in the order of time, of one instant the largest part first."""
        found = list(self._gone())
        yield from sorted(found, key=lambda posting: (posting.at, -posting.amount))

    def _gone(self) -> Iterator[Posting]:
        for posting in self.run.postings:
            if _is_gone(posting) and posting.source in self.past and self._is_asked(posting):
                yield posting

    def _is_asked(self, posting: Posting) -> bool:
        """Whether it happens while something is asked."""
        return self.from_ <= posting.at < self.until

    def _is_enough(self, ending: Posting, asked: Rolls) -> bool:
        """Whether as much as must be is carried on at that instant without what ends."""
        if asked.most == NO_CEILING:
            return False
        held: dict[int, int] = {}
        for posting in self.run.postings:
            if posting.at > ending.at:
                break
            if posting.at == ending.at and posting.target is Sink.USED:
                continue  # what is used at the end of a cycle is used in the next
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if isinstance(place, int):
                    held[place] = held.get(place, 0) + amount
        lots = [self.run.lots[number] for number, amount in held.items() if amount]
        carried = [lot for lot in lots if lot.service == ending.service and lot.lot_class is LotClass.CARRIED]
        return sum(held[lot.number] for lot in carried if lot.end > ending.at) >= asked.most

    def _fault(self, posting: Posting) -> Fault:
        told: Phrase = _WHY.get(posting.reason, _OTHERWISE)
        why = phrase(told.template, amount=self._amount(posting), day=self._day(posting.at))
        return Fault(why, posting.span, self.run, posting.at)

    # ---- how long it lives, and which goes first

    def ends_before_the_cycle(self) -> Iterator[Fault]:
        """What is carried, and ends, by its life or by a rule, before the cycle that follows does."""
        until: dict[int, tuple[Instant, Span]] = {}  # of lots with what was carried: when that cycle ends, and what carried it
        for posting in self.run.postings:
            source, target = posting.source, posting.target
            if isinstance(target, int) and target in self.past:
                if posting.reason is Reason.CARRIED:
                    after = bisect_left(self.boundaries, posting.at + 1)
                    until[target] = self.boundaries[after] if after < len(self.boundaries) else posting.at, posting.span
                elif isinstance(source, int) and source in until:
                    until[target] = until[source]
            elif isinstance(source, int) and source in until and _is_gone(posting) and self._is_asked(posting):
                end, carried = until[source]
                if posting.at < end:
                    yield self._too_soon(posting, carried)

    def _too_soon(self, posting: Posting, carried: Span) -> Fault:
        """Told of what carried it where its life was so short."""
        if posting.reason not in (Reason.ENDED, Reason.CARRIED_ONCE):
            return self._fault(posting)
        fields = {"amount": self._amount(posting), "day": self._day(posting.at)}
        why = phrase("{amount} that are carried end on {day}, before the cycle that follows", **fields)
        return Fault(why, carried, self.run, posting.at)

    def used_out_of_turn(self) -> Iterator[Fault]:
        """Use of a lot while there is another for the same use that ends sooner."""
        held: dict[int, int] = {}
        for posting in self.run.postings:
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if isinstance(place, int):
                    held[place] = held.get(place, 0) + amount
            if posting.target is not Sink.USED or posting.source not in self.past or not self._is_asked(posting):
                continue
            used = self.run.lots[int(posting.source)]
            end = _end_before(used, posting.at)
            sooner = [lot for lot in self._others(held, used, posting.at) if _end_before(lot, posting.at) < end]
            if sooner:
                first = min(sooner, key=lambda lot: lot.turn)
                yield self._out_of_turn(posting, used, first, held[first.number])

    def _others(self, held: dict[int, int], used: Lot, at: Instant) -> Iterator[Lot]:
        """What else could have served a use that this lot did."""
        for number, amount in held.items():
            lot = self.run.lots[number]
            fits = lot.service == used.service and lot.scope in (ANY_USE, used.scope) and lot.is_usable
            if amount and fits and number in self.past and number != used.number and lot.end_as_of(at) > at:
                yield lot

    def _out_of_turn(self, posting: Posting, used: Lot, sooner: Lot, left: int) -> Fault:
        step, end = self.run.plan.data_step, used.end_as_of(posting.at)
        fields = {
            "amount": show(used.service, posting.amount, step), "other": show(sooner.service, left, step),
            "day": self._day(posting.at), "sooner": self._day(sooner.end_as_of(posting.at)),
        }  # fmt: skip
        if end >= NEVER:
            why = phrase("{amount} that never end are used on {day}, while {other} are left that end on {sooner}", **fields)
        else:
            told = phrase("{amount} that end on {end} are used on {day}, while {other} are left that end on {sooner}")
            why = phrase(told.template, end=self._day(end), **fields)
        return Fault(why, used.span, self.run, posting.at)

    def _amount(self, posting: Posting) -> str:
        return show(posting.service, posting.amount, self.run.plan.data_step)

    def _day(self, at: Instant) -> str:
        return f"{self.calendar.local(at):%Y-%m-%d}"


def _is_gone(posting: Posting) -> bool:
    """Whether what was not used ends so; what a subscriber gives away does not."""
    return posting.target is Sink.EXPIRED or (posting.target is Sink.EXCHANGE and posting.reason is Reason.CONVERTED)


def _end_before(lot: Lot, at: Instant) -> Instant:
    """The end by which a use at an instant has its turn: a lot that begins with that use has none yet."""
    return next((before for changed, before in lot.ends if changed >= at), lot.end)


def _instant(run: Run, day: date) -> Instant:
    if day == date.max:
        return NEVER
    return run.calendar.midnight(day) if day != date.min else -NEVER
