"""The lots of a cycle, and the postings of a lot, as rows for people, made one by one: there may be a million."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from dsl.source import Span
from engine.calendar import Instant
from engine.ledger import Lot, Posting, Sink
from engine.past import Past
from tui.language import message
from tui.naming import Names
from tui.saying import say, say_many

BESIDE = message("no lot")  # the row of what moved no lot: use that nothing covered, what was refused


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot at a moment, in words; `lot` None: the row of what moved no lot."""

    lot: Lot | None
    kind: str
    born: str
    ends: str
    came: str
    left: str


class CycleLots:
    """The lots of a service of which something was there or moved in cycle `number`, as they are at `at`."""

    def __init__(self, past: Past, names: Names, service: str, number: int, at: Instant) -> None:
        self.past = past
        self.names = names
        self.service = service
        self.number = number
        self.at = at
        self.lots = past.lots_of_cycle(service, number)
        self.beside = past.beside(service, number)

    def __len__(self) -> int:
        return len(self.lots) + bool(self.beside)

    def lot(self, index: int) -> Lot | None:
        return self.lots[index] if index < len(self.lots) else None

    def row(self, index: int) -> LotRow:
        lot, some = self.lot(index), self.names.some
        if lot is None:
            return LotRow(None, say(BESIDE), "", "", some(self.service, sum(one.amount for one in self.beside)), "")
        if lot.unlimited:
            came = left = say("no limit")
        else:
            came, left = (some(self.service, one) for one in (self.past.came(lot.number), self.past.left(lot.number, self.at)))
        ends = say("at first use") if lot.waiting else self.names.moment(lot.end_as_of(self.at))
        return LotRow(lot, self.names.kind(lot), self.names.moment(lot.born), ends, came, left)


@dataclass(frozen=True, slots=True)
class MoveRow:
    """A posting as a lot sees it: `amount` with its sign, `what` happened, and the `rule` that did it, with its line. `other`:
    the lot it came from or went to."""

    when: str
    amount: str
    what: str
    rule: str
    span: Span
    other: int | None


@dataclass(frozen=True, slots=True)
class Fold:
    """Postings that follow each other and are alike but for times and amounts: the first, the last, their sum and count."""

    first: Posting
    last: Posting
    amount: int
    count: int


def folded(moves: Iterable[Posting]) -> list[Fold]:
    found = []
    for _, alike in groupby(moves, key=lambda one: one[4:]):  # from, to, why, by which rule
        group = list(alike)
        found.append(Fold(group[0], group[-1], sum(one.amount for one in group), len(group)))
    return found


class Story:
    """The postings of a lot, or of what moved none, in order; alike ones in one row where it `is_folded`."""

    def __init__(self, names: Names, moves: Sequence[Posting], lot: Lot | None, *, is_folded: bool) -> None:
        self.names = names
        self.moves = moves
        self.lot = lot
        self._folds = folded(moves) if is_folded else None

    def __len__(self) -> int:
        return len(self.moves) if self._folds is None else len(self._folds)

    def row(self, index: int) -> MoveRow:
        if self._folds is None:
            return self._row(Fold(self.moves[index], self.moves[index], self.moves[index].amount, 1))
        return self._row(self._folds[index])

    def _row(self, fold: Fold) -> MoveRow:
        posting = fold.first
        comes = self.lot is not None and posting.target == self.lot.number
        sign = "" if self.lot is None else "+" if comes else "-"
        end = posting.source if comes else posting.target
        words = self.names.rule(posting.span)
        when = self.names.moment(posting.at)
        what = self._what(posting, end, comes=comes)
        return MoveRow(
            when if fold.count == 1 else f"{self.names.day(posting.at)} – {self.names.day(fold.last.at)}",
            sign + self.names.amount(posting.service, fold.amount),
            what if fold.count == 1 else say_many("{what}, {number} time", "{what}, {number} times", fold.count, what=what),
            say("line {line}: {words}", line=str(posting.span.line), words=words) if words else "",
            posting.span,
            None if isinstance(end, Sink) else end,
        )

    def _what(self, posting: Posting, end: int | Sink, *, comes: bool) -> str:
        """Why, and where to or from where that is no matter of course."""
        if not isinstance(end, Sink):
            lot = self.names.run.lots[end]
            kind, born, reason = self.names.kind(lot), self.names.day(lot.born), say(posting.reason)
            if comes:
                return say("{reason}, from {kind} of {day}", reason=reason, kind=kind, day=born)
            return say("{reason}, now {kind} of {day}", reason=reason, kind=kind, day=born)
        return _why(posting)

    def went(self) -> str:
        """What became of a lot in the whole run, as `6 GB used, 10 GB carried, 4 GB converted`."""
        assert self.lot is not None
        sums: dict[str, int] = defaultdict(int)
        for fold in folded(self.moves) if self._folds is None else self._folds:
            if fold.first.source == self.lot.number:
                sums[_why(fold.first)] += fold.amount
        told = [
            say("{amount} {what}", amount=self.names.amount(self.lot.service, amount), what=why) for why, amount in sums.items()
        ]
        return say(", ").join(told) if told else say("nothing went from it")


def _why(posting: Posting) -> str:
    if posting.target is Sink.EXPIRED:
        return say("expired: {reason}", reason=say(posting.reason))
    return say(posting.reason)
