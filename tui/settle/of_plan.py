"""Lines of one plan, side by side: their rows to columns, and what these come to to tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from dsl.source import Source
from engine.batch.batch import Batch
from engine.batch.course import Piece
from engine.batch.lines import Lines, Settled
from tui.settle import lots
from tui.settle.beginnings import Beginnings
from tui.settle.boundaries import Boundaries, local
from tui.settle.columns import records_of, uses_of
from tui.settle.exact import exact_sum
from tui.settle.first_use import grants_of
from tui.settle.rows import CYCLE, PLAN, START, SUBSCRIBER, Array, Rows, Table
from tui.settle.totals import Totals, refuse_imbalance

BEGINS, ENDS = "begins", "ends"
_FIRST_COLUMNS = (SUBSCRIBER, PLAN, START, CYCLE, BEGINS, ENDS)


class OfPlan:
    """Lines of one plan, side by side: those with more cycles first. `is_all` of the table: what the batch has computed holds
    until the next table."""

    def __init__(
        self, batch: Batch, boundaries: Boundaries, rows: Rows, state: Beginnings, line: Array, *, is_all: bool = True,
        source: Source | None = None,
    ) -> None:  # fmt: skip
        self.is_all = is_all
        self.source = source
        self.from_first_use = grants_of(batch.plan)
        self.name = batch.plan.name
        self.columns = batch.columns
        self.boundaries = boundaries
        cycles = state.last[line] - state.first[line] + 1
        order = np.argsort(-cycles, kind="stable") if (cycles != cycles[0]).any() else slice(None)
        self.line, self.cycles = line[order], cycles[order]
        self.start, self.first = state.start[self.line], state.first[self.line]
        self.place, self.last = state.place[self.line], state.last[self.line]
        self.subscribers = state.subscribers.take(arrow.array(self.line))
        self.starts, self.start_of = _each_once(self.start)
        self.position = np.full(len(state.plan), -1, np.int64)
        self.position[self.line] = np.arange(len(self.line))
        self.lines = Lines(
            tuple(local(int(start)) for start in self.starts), self.start_of, self.first, self.cycles,
            uses_of(rows, self.line, self.first, self.cycles), self._opening(state), records_of(rows, self.line),
        )  # fmt: skip
        self.settled: Settled = batch.settle(self.lines)
        self.skip = np.zeros(len(self.line), bool)
        for number, reason in self.settled.refused.items():
            self.skip[number] = state.bad[self.line[number]] = True
            state.reasons[int(self.line[number])] = reason

    def _opening(self, state: Beginnings) -> Sequence[tuple[Piece, Array]]:
        if state.opening is None or not len(state.opens_at):
            return ()
        position = self.position[state.opens_at]
        column = state.opening.column
        held = compute.or_(column("class").is_valid(), column("debt").is_valid()).to_numpy()
        rows = np.flatnonzero((position >= 0) & held)
        table = state.opening.take(arrow.array(rows))
        return lots.pieces_of(
            table, position[rows], self.start, self.first - 1, len(self.line), self.boundaries, self.source
        )  # fmt: skip

    # ---- what comes out

    def statements(self, totals: Totals) -> list[Table]:
        """A table for each cycle, counted from the first of each line; what they come to is added to the totals."""
        figures = totals.figures.setdefault(self.name, dict.fromkeys(self.columns, 0))
        totals.moved.setdefault(self.name, Counter()).update(self.settled.moved)
        totals.by_rows.update({(self.name, why): lines for why, lines in self.settled.by_rows.items()})
        known = self.boundaries.table(self.starts, int(self.last.max()))
        found = []
        for cycle in range(int(self.cycles[0])):
            many = int(np.searchsorted(-self.cycles, -cycle, side="left"))  # how many lines have more cycles than that
            table = self._statement(cycle, many, known)
            for name in self.columns:
                figures[name] += exact_sum(table.column(name).to_numpy())
            totals.cycles += len(table)
            found.append(table)
        refuse_imbalance(self.name, figures)
        return found

    def _statement(self, cycle: int, many: int, known: Array) -> Table:
        number = self.first[:many] + cycle
        start = self.start_of[:many]
        instants = [known[start, number - 1], known[start, number]]
        columns = [
            self.subscribers.slice(0, many),
            arrow.DictionaryArray.from_arrays(arrow.array(np.zeros(many, np.int32)), arrow.array([self.name])),
            arrow.array(self.start[:many].astype("datetime64[s]")),
            arrow.array(number.astype(np.int32)),
            *(arrow.array(at.astype("datetime64[s]")).cast(arrow.timestamp("s", "UTC")) for at in instants),
            *(arrow.array(column[cycle, :many]) for column in self.settled.figures),
        ]
        table = arrow.table(columns, names=[*_FIRST_COLUMNS, *self.columns])
        return table.filter(arrow.array(~self.skip[:many])) if self.skip.any() or not self.is_all else table

    def lots(self) -> tuple[Table, Array]:
        held = lots.Held(
            self.name, self.source, self.from_first_use, self.subscribers, self.starts, self.start_of, self.last, self.place
        )  # fmt: skip
        return lots.table_of(held, self.settled, self.boundaries, self.skip)


def _each_once(values: Array) -> tuple[Array, Array]:
    """The values, each once, and where among them each is; most often there is one only."""
    if len(values) and values.min() == values.max():
        return values[:1], np.zeros(len(values), np.int64)
    return np.unique(values, return_inverse=True)
