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
    """A run, and of its lots those that come of grants at `spans`, while a demand is asked."""

    def __init__(self, run: Run, spans: Collection[Span], demand: Demand) -> None:
        self.run = run
        self.calendar = run.calendar
        self.from_, self.until = (_instant(run, day) for day in (demand.start, demand.end))
        self.past: dict[int, _Past] = {}
        for lot in run.lots:
            if lot.span in spans and lot.lot_class is not LotClass.CARRIED:
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
            ends = posting.target is Sink.EXPIRED or (posting.target is Sink.EXCHANGE and posting.reason is Reason.CONVERTED)
            if ends and posting.source in self.past and self.from_ <= posting.at < self.until:
                yield posting

    def _is_enough(self, ending: Posting, asked: Rolls) -> bool:
        """Whether as much as must be is carried on at that instant without what ends."""
        if asked.most == NO_CEILING:
            return False
        held: dict[int, int] = {}
        for posting in self.run.postings:
            if posting.at > ending.at:
                break
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if isinstance(place, int):
                    held[place] = held.get(place, 0) + amount
        lots = [self.run.lots[number] for number, amount in held.items() if amount]
        carried = [lot for lot in lots if lot.service == ending.service and lot.lot_class is LotClass.CARRIED]
        return sum(held[lot.number] for lot in carried if lot.end > ending.at) >= asked.most

    def _fault(self, posting: Posting) -> Fault:
        amount = show(posting.service, posting.amount, self.run.plan.data_step)
        told: Phrase = _WHY.get(posting.reason, _OTHERWISE)
        why = phrase(told.template, amount=amount, day=self._day(posting.at))
        return Fault(why, posting.span, self.run, posting.at)

    # ---- how long it lives, and which goes first

    def ends_before_the_cycle(self) -> Iterator[Fault]:
        """What is carried, and ends before the cycle that follows does."""
        for posting in self.run.postings:
            if posting.reason is Reason.CARRIED and posting.target in self.past and self.from_ <= posting.at < self.until:
                lot = self.run.lots[int(posting.target)]
                after = bisect_left(self.boundaries, posting.at + 1)
                if lot.end < (self.boundaries[after] if after < len(self.boundaries) else posting.at):
                    end = self._day(lot.end)
                    amount = show(posting.service, posting.amount, self.run.plan.data_step)
                    why = phrase(
                        "{amount} that are carried end on {day}, before the cycle that follows", amount=amount, day=end
                    )
                    yield Fault(why, posting.span, self.run, posting.at)

    def used_out_of_turn(self) -> Iterator[Fault]:
        """Use of a lot while there is another for the same use that ends sooner."""
        held: dict[int, int] = {}
        for posting in self.run.postings:
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if isinstance(place, int):
                    held[place] = held.get(place, 0) + amount
            if posting.target is not Sink.USED or posting.source not in self.past or not self.from_ <= posting.at < self.until:
                continue
            used = self.run.lots[int(posting.source)]
            end = used.end_as_of(posting.at)
            sooner = [lot for lot in self._others(held, used, posting.at) if lot.end_as_of(posting.at) < end]
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

    def _day(self, at: Instant) -> str:
        return f"{self.calendar.local(at):%Y-%m-%d}"


def _instant(run: Run, day: date) -> Instant:
    if day == date.max:
        return NEVER
    return run.calendar.midnight(day) if day != date.min else -NEVER
