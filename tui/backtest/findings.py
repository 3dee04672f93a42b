"""What a plan in place of another comes to, over all lines: sums, quantiles, the lines hit hardest. Findings of parts add up.

decisions/0029 says what is better for a subscriber, and why.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from tui.backtest.histogram import Histogram, Ints
from tui.settle.exact import exact_sum
from tui.settle.rejects import kind_of
from tui.settle.rows import Rows


class Figure(StrEnum):
    """Of a line, in all its cycles; `HELD` when the last of them has ended."""

    DUE = "due"
    CHARGED = "charged"
    OVERAGE = "overage"
    EXPIRED = "expired"
    CONVERTED = "converted"
    HELD = "held"
    CAME = "came"
    USED = "used"


MONEY = (Figure.DUE, Figure.CHARGED)
WORSE_IF_MORE = (Figure.DUE, Figure.OVERAGE, Figure.EXPIRED)
JUDGED = (*WORSE_IF_MORE, Figure.HELD)
"""What can be better or worse for whoever has the line; of the others, more is neither."""


class About(NamedTuple):
    """A figure of a service, or of a currency."""

    figure: Figure
    of: str


class Verdict(StrEnum):
    WINNERS = "winners"
    SAME = "same"
    MIXED = "mixed"
    LOSERS = "losers"


class By(StrEnum):
    """What decides who wins."""

    ALL = "all"
    DUE = "due"
    OVERAGE = "overage"
    HELD = "held"
    EXPIRED = "expired"


_STEPS: dict[By, tuple[tuple[Figure, ...], ...]] = {
    By.ALL: ((Figure.DUE, Figure.OVERAGE), (Figure.HELD,)),
    **{by: ((Figure(by),),) for by in By if by is not By.ALL},
}
"""What is weighed together; the next only where all of that is equal."""

Amounts = dict[About, Ints]  # a number for each line


def verdicts(change: Amounts, by: By) -> dict[Verdict, Any]:
    """Which lines are which. Better in one thing and worse in another is mixed: nobody can say how many bytes a cent is."""
    lines = len(next(iter(change.values())))
    better, worse = np.zeros(lines, np.bool_), np.zeros(lines, np.bool_)
    for figures in _STEPS[by]:
        is_open = ~(better | worse)
        for about, amounts in change.items():
            if about.figure in figures:
                harm = amounts if about.figure in WORSE_IF_MORE else -amounts
                better |= is_open & (harm < 0)
                worse |= is_open & (harm > 0)
    return {
        Verdict.WINNERS: better & ~worse,
        Verdict.SAME: ~(better | worse),
        Verdict.MIXED: better & worse,
        Verdict.LOSERS: worse & ~better,
    }


class Hit(NamedTuple):
    """A line, and one of its figures with the one plan and the other."""

    harm: int
    subscriber: Any  # text or a number
    plan: str
    old: int
    new: int


def _cut(known: list[Hit], most: int) -> None:
    """Those hit hardest first, of those alike by the subscriber: the same in whatever order lines came."""
    known.sort(key=lambda one: (-one.harm, one.subscriber))
    del known[most:]


@dataclass(slots=True)
class Sums:
    old: int = 0
    new: int = 0

    @property
    def more(self) -> int:
        return self.new - self.old


@dataclass(slots=True)
class Findings:
    """`by_rows` are lines that ran one at a time, by `old` or `new`, plan and reason; `refused` lines whose amounts pass
    64 bits; `rejected` rows that can't be, by the reason, with a subscriber of whom one is: their lines, too, are left out;
    `left_out` lines on plans that are not compared. All these are in no figure."""

    by: By = By.ALL
    most_hit: int = 5
    lines: int = 0
    cycles: int = 0
    sums: dict[About, Sums] = field(default_factory=dict)
    changes: dict[About, Histogram] = field(default_factory=dict)
    counts: Counter[Verdict] = field(default_factory=Counter)
    changes_of: dict[Verdict, Counter[About]] = field(default_factory=dict)
    hit: dict[About, list[Hit]] = field(default_factory=dict)
    by_rows: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    refused: int = 0
    rejected: dict[str, tuple[int, object]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)

    def add(self, plan: str, subscribers: Any, cycles: int, old: Amounts, new: Amounts) -> None:
        """Lines with what each comes to under both plans; of the same figures."""
        if not len(subscribers):
            return
        self.lines += len(subscribers)
        self.cycles += cycles
        change = {about: new[about] - old[about] for about in old}
        which = verdicts(change, self.by)
        for verdict, mine in which.items():
            self.counts[verdict] += int(mine.sum())
            of = self.changes_of.setdefault(verdict, Counter())
            for about, amounts in change.items():
                of[about] += exact_sum(amounts[mine])
        for about, amounts in change.items():
            sums = self.sums.setdefault(about, Sums())
            sums.old += exact_sum(old[about])
            sums.new += exact_sum(new[about])
            self.changes.setdefault(about, Histogram()).add(amounts)
            if about.figure in JUDGED and self.most_hit:
                self._keep_hardest(about, plan, subscribers, old[about], new[about])

    def clear(self) -> None:
        """As if nothing had been added."""
        fresh = Findings(self.by, self.most_hit)
        for name in (one.name for one in fields(self)):
            setattr(self, name, getattr(fresh, name))

    def reject(self, rows: Rows) -> None:
        """Notes bad rows, but for those of lines that are on other plans."""
        for row, reason in sorted(rows.reasons.items()):
            if rows.plan[rows.line[row]] < 0:
                continue
            reason = kind_of(reason)
            many, first = self.rejected.get(reason, (0, rows.subscribers[int(rows.line[row])].as_py()))
            self.rejected[reason] = many + 1, first

    def _keep_hardest(self, about: About, plan: str, subscribers: Any, old: Ints, new: Ints) -> None:
        harm = new - old if about.figure in WORSE_IF_MORE else old - new
        known = self.hit.setdefault(about, [])
        least = known[-1].harm if len(known) == self.most_hit else 1
        hardest = np.flatnonzero(harm >= least)
        if len(hardest) > self.most_hit:
            hardest = hardest[np.argsort(-harm[hardest], kind="stable")[: self.most_hit]]
        for line in map(int, hardest):
            known.append(Hit(int(harm[line]), subscribers[line].as_py(), plan, int(old[line]), int(new[line])))
        _cut(known, self.most_hit)

    def merge(self, other: Findings) -> None:
        """Adds what was found of the lines behind these."""
        self.lines += other.lines
        self.cycles += other.cycles
        self.refused += other.refused
        self.counts += other.counts
        self.by_rows += other.by_rows
        self.left_out += other.left_out
        for about, sums in other.sums.items():
            mine = self.sums.setdefault(about, Sums())
            mine.old += sums.old
            mine.new += sums.new
        for about, histogram in other.changes.items():
            self.changes.setdefault(about, Histogram()).merge(histogram)
        for verdict, changes in other.changes_of.items():
            of = self.changes_of.setdefault(verdict, Counter())
            for about, more in changes.items():  # some below zero, which `+=` would drop
                of[about] += more
        for about, hit in other.hit.items():
            known = self.hit.setdefault(about, [])
            known += hit
            _cut(known, self.most_hit)
        for reason, (many, first) in other.rejected.items():
            self.rejected[reason] = self.rejected.get(reason, (0, first))[0] + many, self.rejected.get(reason, (0, first))[1]
