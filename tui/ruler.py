"""A stretch of time on columns of text: a ruler with its cycles, the life of a lot, what is there over the year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dsl.source import width
from engine.calendar import Instant
from engine.past import Kind, Past
from tui.axis import Scale
from tui.naming import Names

_EIGHTHS = " ▁▂▃▄▅▆▇"
MARKS = {Kind.RAN_OUT: "!", Kind.EXPIRED: "×", Kind.CAME: "+"}  # the first one wins where several share a column


class There(NamedTuple):
    """What is there of a service at an instant, and what of it was kept from earlier cycles, in base units."""

    remaining: int
    kept: int


class Ruler:
    """From `start` to `end`, which both have a column of their own."""

    def __init__(self, start: Instant, end: Instant, width: int) -> None:
        self.width = max(2, width)
        self._scale = Scale(start, max(end, start + 1), self.width - 1)

    def column(self, at: Instant) -> int:
        return self._scale.column(at)

    def instant(self, column: int) -> Instant:
        """The first instant of a column."""
        return self._scale.instant(column)

    # ---- rows

    def ruler(self, boundaries: Sequence[Instant]) -> str:
        """A line with a tick where each cycle begins or ends."""
        ticks = {self.column(at) for at in boundaries}
        return "".join("┴" if column in ticks else "─" for column in range(self.width))

    def labels(self, names: Names, boundaries: Sequence[Instant]) -> str:
        """The day of each boundary from its tick on, or, where that is too long, its month, as far as there is room."""
        texts = [names.day(at) for at in boundaries]
        step = min((self.column(b) - self.column(a) for a, b in pairwise(boundaries)), default=99)
        if max(map(width, texts), default=0) >= step:
            texts = [names.month(at) for at in boundaries]
        row, taken = "", 0
        for at, text in zip(boundaries, texts, strict=True):
            column = self.column(at)
            if column >= taken + bool(row) and column + width(text) <= self.width:
                row += " " * (column - taken) + text
                taken = column + width(text)
        return row + " " * (self.width - taken)

    def life(self, born: Instant, end: Instant, at: Instant) -> str:
        """A lot's life, and the moment in it or beside it."""
        first, last = self.column(born), self.column(end)
        row = ["━" if first <= column <= last else "·" for column in range(self.width)]
        row[self.column(at)] = "┃"
        return "".join(row)

    def marks(self, past: Past, service: str) -> str:
        """What happened to a service, a mark a column."""
        return "".join(self._mark(past, service, column) for column in range(self.width))

    def _mark(self, past: Past, service: str, column: int) -> str:
        start, end = self.instant(column), self.instant(column + 1) if column + 1 < self.width else self._scale.end + 1
        return next((mark for kind, mark in MARKS.items() if past.happened(service, kind, start, end)), " ")

    # ---- what is there

    def balances(self, past: Past, service: str) -> list[There]:
        """A figure a column."""
        found = [past.balance(service, self.instant(column)) for column in range(self.width)]
        return [There(one.remaining, one.accumulated) for one in found]


def area(there: Sequence[There], rows: int) -> list[str]:
    """Columns as high as what is there, in `rows` rows from the top: █, and ▓ for what was kept; the top in eighths."""
    most = max([1, *(one.remaining for one in there)])
    heights = [(one.remaining * rows * 8 // most, one.kept * rows * 8 // most) for one in there]
    return ["".join(_cell(total - row * 8, kept - row * 8) for total, kept in heights) for row in reversed(range(rows))]


def _cell(total: int, kept: int) -> str:
    """Eighths of a cell that are filled, at least 8 where it is full; `kept` from below."""
    if total >= 8:
        return "▓" if kept >= 4 else "█"
    return _EIGHTHS[max(0, total)]
