"""What the rules on a line of the text moved in a run: the figures that light up when the cursor stands there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from dsl.plan import LotClass
from engine.ledger import Reason, Sink
from engine.reached import parts
from engine.run import Run
from engine.statement import Figures, count
from tui.chart import Part, parts_of
from tui.columns import COLUMNS
from tui.language import message
from tui.naming import Names
from tui.saying import say, say_many

_CARRIES = (Reason.CARRIED, Reason.EXTENDED)
_VERBS = {
    "available": message("granted"), "received": message("gave"), "converted in": message("made"),
    "converted out": message("converted"), "overage": message("left uncovered"),
}  # fmt: skip


class Moved:
    """By the rules on `line`, from 1, for each service and cycle: figures in which only what they moved counts."""

    def __init__(self, run: Run, line: int) -> None:
        self.run = run
        self.line = line
        self._figures: dict[tuple[str, int], Figures] = defaultdict(Figures)
        self._used: dict[tuple[str, int], dict[LotClass, int]] = defaultdict(lambda: defaultdict(int))
        self._uncovered: dict[tuple[str, int], int] = defaultdict(int)
        for posting in run.postings:
            if posting.span.line != line:
                continue
            place = posting.service, posting.cycle
            figures = self._figures[place]
            count(figures, posting, run.lots)
            if posting.reason in _CARRIES and not isinstance(posting.source, Sink):
                figures.carried_out += posting.amount
            if posting.target is Sink.USED and not isinstance(posting.source, Sink):
                self._used[place][run.lots[posting.source].lot_class] += posting.amount
            if posting.reason is Reason.UNCOVERED:
                self._uncovered[place] += posting.amount
        for figures in self._figures.values():
            figures.available = figures.granted

    def figures(self, service: str, number: int) -> Figures | None:
        """What of the figures of a cycle they moved; None where nothing."""
        return self._figures.get((service, number))

    def parts(self, service: str, number: int) -> list[Part]:
        """The parts of a bar in which something is that they moved."""
        place = service, number
        if place not in self._figures:
            return []
        found = parts_of(self._figures[place], self._used.get(place, {}), self._uncovered.get(place, 0))
        return [part for part, amount in found.items() if amount > 0]

    def said(self, services: Sequence[str]) -> list[str]:
        """What they moved, as a sentence; first the shortest, then with more and more in it. Empty where there is no rule."""
        names = Names(self.run)
        pieces = [
            say("{verb} {amount}", verb=say(verb), amount=names.amount(service, amount))
            for service in services
            for verb, amount in self._sums(service)
            if amount
        ]
        if not pieces:
            is_rule = any(span.line == self.line for span in parts((self.run.plan,)))
            return [say("line {line} moved nothing here", line=str(self.line))] if is_rule else []
        cycles = len({number for (_, number), figures in self._figures.items() if figures != _NOTHING})
        line = str(self.line)
        told = [
            say("line {line}: {moved}", line=line, moved=say(", ").join(pieces[:many])) for many in range(1, len(pieces) + 1)
        ]
        return [*told, say_many("{told}, in {number} cycle", "{told}, in {number} cycles", cycles, told=told[-1])]

    def _sums(self, service: str) -> Iterator[tuple[str, int]]:
        """What they did to a service, all cycles together: first what they are for, then what became of it."""
        rows = [figures for (name, _), figures in self._figures.items() if name == service]
        for column in sorted(COLUMNS, key=lambda one: one.name == "used"):
            yield _VERBS.get(column.name, column.name), sum(map(column.amount, rows))


_NOTHING = Figures()
