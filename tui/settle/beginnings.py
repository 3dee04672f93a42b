"""What each line starts with: its row of usage or of what opens, or why it can't be settled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from tui.settle import lots
from tui.settle.opening import OPENING
from tui.settle.rows import CYCLE, PLAN, START, SUBSCRIBER, Array, Given, Rows, Table, rows_of

_AT_ONCE = "lots do not say when that ends; settle all its cycles at once"


class Beginnings:
    """Lines of usage and those that only open, in the order of subscribers: what each starts with. `unlimited` are plans of
    which lots do not say all that lines hold."""

    def __init__(self, rows: Rows, opening: Table | None, given: Given, unlimited: Sequence[int] = ()) -> None:
        self.bad = rows.bad_lines
        self.reasons: dict[int, str] = {}
        self.subscribers = rows.subscribers
        self.plan, self.start, self.first, self.last = rows.plan, rows.start, rows.first, rows.last
        self.is_dated = rows.at is not None
        self.opening = opening
        self.opens_at = np.zeros(0, np.int64)  # of each row that opens, its line
        self.closed: Table = None  # of each line that opens a row: what it closed with
        if opening is not None:
            self._open(opening, given, unlimited)
        else:
            self._refuse_gap(self.first > 1, "it is not in its first cycle, and nothing opens it")
        count = len(self.plan)
        self.place = np.empty(count, np.int64)
        self.place[compute.sort_indices(self.subscribers).to_numpy()] = np.arange(count)

    def _open(self, opening: Table, given: Given, unlimited: Sequence[int]) -> None:
        names = opening.column(SUBSCRIBER).combine_chunks()
        at = compute.index_in(names, value_set=self.subscribers)
        more = compute.unique(names.filter(at.is_null()))
        many = len(self.plan)
        self.subscribers = arrow.concat_arrays([self.subscribers, more])
        self.opens_at = compute.index_in(names, value_set=self.subscribers).to_numpy()
        told = rows_of(opening, (), given, each_once=False)
        closed = np.zeros(len(self.subscribers), np.int64)
        plan, start = np.full(len(closed), -1), np.zeros(len(closed), np.int64)
        row = np.searchsorted(told.line, np.arange(len(told.plan)))
        line = self.opens_at[row]
        self.closed = opening.select([SUBSCRIBER, PLAN, START, CYCLE]).take(arrow.array(row[np.argsort(line)]))
        closed[line], plan[line], start[line] = told.last, told.plan, told.start
        self.plan = np.concatenate((self.plan, plan[many:]))
        self.start = np.concatenate((self.start, start[many:]))
        self.first = np.concatenate((self.first, closed[many:] + 1))
        self.last = np.concatenate((self.last, closed[many:] + 1))
        self.bad = np.concatenate((self.bad, np.zeros(len(more), bool)))
        mixed = np.zeros(len(closed), bool)
        mixed[line[told.line[list(told.reasons)]]] = True
        mixed[line] |= told.first != told.last
        known = np.zeros(len(closed), bool)
        known[line] = True
        waits = np.zeros(len(closed), bool)
        waits[self.opens_at[opening.column(lots.WAITS).to_numpy()]] = True
        self.refuse(waits, f"it holds a lot whose time begins with its first use: {_AT_ONCE}")
        self.refuse(known & np.isin(plan, unlimited), f"what is unlimited on its plan outlives a cycle: {_AT_ONCE}")
        self.refuse(self._in_several(opening), "it is in two of what opens")
        self.refuse(known & (plan < 0), "its plan in what opens is in none of the files")
        self.refuse(known & mixed, "what opens it says two plans, starts or cycles, or one that can't be")
        self._refuse_gap(~known & (self.first > 1), "it is not in what opens, and this is not its first cycle")
        self.refuse(known & (plan != self.plan), "on another plan than in what opens")
        self.refuse(known & (start != self.start), "starts otherwise than in what opens")
        self.refuse(known & (closed >= self.first), "its cycle has closed in what opens it")
        self._refuse_gap(known & (closed + 1 < self.first), "its cycle does not follow the one that opens it")

    def _in_several(self, opening: Table) -> Array:
        """Lines that more than one opening says something of."""
        found = np.zeros(len(self.subscribers), bool)
        if OPENING in opening.column_names:
            first = np.zeros(len(found), np.int64)
            which = opening.column(OPENING).to_numpy()
            first[self.opens_at] = which
            found[self.opens_at[first[self.opens_at] != which]] = True
        return found

    def _refuse_gap(self, lines: Array, reason: str) -> None:
        """Cycles before the first one that is told of are missing; who wants to say that nothing was used can do so."""
        self.refuse(lines, f"{reason}; a record of 0 says that nothing was used" if self.is_dated else reason)

    def refuse(self, lines: Array, reason: str) -> None:
        lines = lines & ~self.bad
        self.reasons.update(dict.fromkeys(np.flatnonzero(lines).tolist(), reason))
        self.bad |= lines

    def rejected_lots(self, subscriber: Any) -> Table:
        if self.opening is None or not self.bad.any():
            return lots.schema(subscriber).empty_table()
        names = lots.schema(subscriber).names
        return self.opening.select(names).filter(arrow.array(self.bad[self.opens_at]))
