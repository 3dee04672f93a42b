"""What a late record changes: two runs compared, posting by posting and figure by figure.

Usage belongs to its own time, and a run is a pure function of rules and records: one that comes late is run with all the
others, and what is told is the difference. Postings are matched by all but the numbers of lots; what moves at one instant
between the same two places for one reason is one movement, so that the order of simultaneous records makes no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from dsl.source import NOWHERE, Span
from engine.calendar import Instant
from engine.ledger import Sink
from engine.run import Run
from engine.statement import COLUMNS

CHARGED = "charged"


class Place(NamedTuple):
    """A lot, by what it is."""

    lot_class: str
    pack: str
    born: Instant
    end: Instant


class Moved(NamedTuple):
    """`amount` base units of `service` of a line from `source` to `target`; "" is the line a history is about."""

    at: Instant
    line: str
    cycle: int
    service: str
    source: Place | Sink
    target: Place | Sink
    reason: str
    span: Span
    amount: int


class Changed(NamedTuple):
    """A figure of the statement before and after; of money (`CHARGED`) `service` is the currency."""

    line: str
    cycle: int
    service: str
    figure: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The figures that changed, by line, cycle and service, and in the order of time the movements that are gone and new."""

    figures: tuple[Changed, ...]
    gone: tuple[Moved, ...]
    new: tuple[Moved, ...]

    @property
    def is_any(self) -> bool:
        return bool(self.figures or self.gone or self.new)


def difference(before: Run, after: Run, *, same_text: bool = True) -> Difference:
    """What is another in `after`. Where the two are not of the `same_text`, rules stand elsewhere in it, and movements are the
    same that have another rule."""
    old, new = _movements(before), _movements(after)
    there, here = (_without_rules(old), _without_rules(new)) if not same_text else (old, new)
    gone = {key: amount for key, amount in old.items() if _differs(key, there, here, same_text=same_text)}
    came = {key: amount for key, amount in new.items() if _differs(key, there, here, same_text=same_text)}
    return Difference(changed(before, after), _in_order(gone), _in_order(came))


def _without_rules(movements: Counter[_Key]) -> Counter[_Key]:
    found: Counter[_Key] = Counter()
    for (*moved, _), amount in movements.items():
        found[(*moved, NOWHERE)] += amount  # type: ignore[index]
    return found


def _differs(key: _Key, there: Counter[_Key], here: Counter[_Key], *, same_text: bool) -> bool:
    key = key if same_text else (*key[:-1], NOWHERE)
    return there[key] != here[key]


def changed(before: Run, after: Run) -> tuple[Changed, ...]:
    """The figures that differ, by line, cycle and service, in the order of a statement."""
    old, new = _figures(before), _figures(after)
    found = (Changed(*key, old.get(key, 0), new.get(key, 0)) for key in {**old, **new})
    return tuple(sorted((one for one in found if one.before != one.after), key=_place_of_figure))


def _place_of_figure(changed: Changed) -> tuple[str, int, str, int]:
    column = COLUMNS.index(changed.figure) if changed.figure in COLUMNS else len(COLUMNS)
    return changed.line, changed.cycle, changed.service, column


def _figures(run: Run) -> dict[tuple[str, int, str, str], int]:
    found: dict[tuple[str, int, str, str], int] = {}
    for line, one in _lines(run):
        for cycle in one.statement.cycles:
            for service, figures in cycle.services.items():
                found |= {(line, cycle.number, service, column): getattr(figures, column) for column in COLUMNS}
            found |= {(line, cycle.number, currency, CHARGED): amount for currency, amount in cycle.charged.items()}
    return found


_Key = tuple[Instant, str, int, str, Place | Sink, Place | Sink, str, Span]


def _movements(run: Run) -> Counter[_Key]:
    found: Counter[_Key] = Counter()
    for line, one in _lines(run):
        for posting in one.postings:
            source, target = _place(one, posting.source), _place(one, posting.target)
            found[
                posting.at, line, posting.cycle, posting.service, source, target, posting.reason, posting.span
            ] += posting.amount  # fmt: skip
    return found


def _place(run: Run, place: int | Sink) -> Place | Sink:
    if isinstance(place, Sink):
        return place
    lot = run.lots[place]
    return Place(lot.lot_class, lot.pack, lot.born, lot.end)


def _lines(run: Run) -> Iterable[tuple[str, Run]]:
    return ("", run), *run.others


def _in_order(movements: dict[_Key, int]) -> tuple[Moved, ...]:
    found = (Moved(*key, amount) for key, amount in movements.items())
    return tuple(sorted(found, key=lambda one: (one.at, one.line, one.cycle, one.service, one.reason, str(one))))
