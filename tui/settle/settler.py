"""Rows of usage, and what lines held before, to statements, lots and totals: the one way all runs take, on one machine or many.

A table goes in and tables come out; nothing is read or written here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from dsl.plan import Plan
from engine.batch.course import Piece
from engine.batch.lines import Batch, Form, Lines, NotTraced, Settled, columns_of
from engine.batch.trace import Moved
from tui.settle import lots, rejects
from tui.settle.boundaries import Boundaries, local
from tui.settle.exact import exact_sum
from tui.settle.kept import file_of
from tui.settle.rows import CYCLE, PLAN, START, SUBSCRIBER, Array, Given, Rows, Table, rows_of

BEGINS, ENDS = "begins", "ends"
_FIRST_COLUMNS = (SUBSCRIBER, PLAN, START, CYCLE, BEGINS, ENDS)
_INTO, _OUT = ("carried_in", "granted", "received", "converted_in"), (
    "used", "carried_out", "converted_out", "given", "expired", "remaining",
)  # fmt: skip


class OutOfBalanceError(Exception):
    """Figures that do not add up; which, and of which plan."""


@dataclass(slots=True)
class Totals:
    """Sums over subscribers: `figures` by plan and column, `moved` by plan, and how many lines ran one at a time and why."""

    lines: int = 0
    cycles: int = 0
    rejected: int = 0
    figures: dict[str, dict[str, int]] = field(default_factory=dict)
    moved: dict[str, Counter[Moved]] = field(default_factory=dict)
    by_rows: Counter[tuple[str, NotTraced]] = field(default_factory=Counter)

    def add(self, other: Totals) -> None:
        self.lines += other.lines
        self.cycles += other.cycles
        self.rejected += other.rejected
        for plan, figures in other.figures.items():
            mine = self.figures.setdefault(plan, {})
            for name, amount in figures.items():
                mine[name] = mine.get(name, 0) + amount
        for plan, moved in other.moved.items():
            self.moved.setdefault(plan, Counter()).update(moved)
        self.by_rows.update(other.by_rows)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`statement` has a row a cycle of a line, `lots` as `lots.schema` says, `rejects` rows as they came, with a reason, and
    `rejected_lots` what lines of these opened with."""

    statement: Table
    lots: Table
    rejects: Table
    rejected_lots: Table
    totals: Totals


class Settler:
    """Settles lines of these plans, which use these services, by a form. `opens`: lines go on from lots that are given."""

    def __init__(
        self, plans: Sequence[Plan], services: Sequence[str], given: Given, form: Form, *, opens: bool = False
    ) -> None:  # fmt: skip
        self.plans = {plan.name: plan for plan in plans}
        self.services = tuple(services)
        self.given = given
        self.opens = opens
        self.columns = {plan.name: columns_of(plan, services) for plan in plans}
        self.batches = {
            plan.name: Batch(plan, self.columns[plan.name], form, others=self.plans, kept=file_of) for plan in plans
        }  # fmt: skip
        self.boundaries = {plan.name: Boundaries(plan) for plan in plans}

    def schema(self, subscriber: Any) -> Any:
        """Of the statement: the figures of all plans; null where a plan has no such."""
        figures = dict.fromkeys(column for columns in self.columns.values() for column in columns)
        instant = arrow.timestamp("s", "UTC")
        plan = arrow.dictionary(arrow.int32(), arrow.string())
        return arrow.schema(
            [
                (SUBSCRIBER, subscriber), (PLAN, plan), (START, arrow.timestamp("s")), (CYCLE, arrow.int32()),
                (BEGINS, instant), (ENDS, instant), *((name, arrow.int64()) for name in figures),
            ]
        )  # fmt: skip

    def settle(self, usage: Table, opening: Table | None = None) -> Outcome:
        """Rows of whole subscribers, ascending. What opens has lines of these subscribers, and of others that used nothing."""
        rows = rows_of(usage, self.services, self.given)
        state = _State(rows, opening, self.given)
        totals = Totals()
        statements, held = [], []
        for number, name in enumerate(self.given.plans):
            line = np.flatnonzero((state.plan == number) & ~state.bad)
            if len(line):
                of_plan = _OfPlan(self, name, rows, state, line)
                statements += of_plan.statements(totals)
                held.append(of_plan.lots())
        totals.lines = int((~state.bad).sum())
        subscriber = usage.schema.field(SUBSCRIBER).type
        rejected = arrow.concat_tables(
            [
                rejects.of_usage(rows, state.bad, state.reasons, self.given, subscriber),
                rejects.of_opening(state.bad, state.reasons, state.closed, len(rows.plan), self.services, subscriber),
            ]
        )  # fmt: skip
        totals.rejected = len(rejected)
        schema = self.schema(subscriber)
        statement = arrow.concat_tables([_as(one, schema) for one in statements]) if statements else schema.empty_table()
        return Outcome(statement, _in_order(held, subscriber), rejected, state.rejected_lots(subscriber), totals)


class _State:
    """Lines of usage and those that only open, in the order of subscribers: what each starts with."""

    def __init__(self, rows: Rows, opening: Table | None, given: Given) -> None:
        self.bad = rows.bad_lines
        self.reasons: dict[int, str] = {}
        self.subscribers = rows.subscribers
        self.plan, self.start, self.first, self.last = rows.plan, rows.start, rows.first, rows.last
        self.opening = opening
        self.opens_at = np.zeros(0, np.int64)  # of each row that opens, its line
        self.closed: Table = None  # of each line that opens a row: what it closed with
        if opening is not None:
            self._open(opening, given)
        else:
            self._refuse(self.first > 1, "it is not in its first cycle, and nothing opens it")
        count = len(self.plan)
        self.place = np.empty(count, np.int64)
        self.place[compute.sort_indices(self.subscribers).to_numpy()] = np.arange(count)

    def _open(self, opening: Table, given: Given) -> None:
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
        self._refuse(known & (plan < 0), "its plan in what opens is in none of the files")
        self._refuse(known & mixed, "what opens it says two plans, starts or cycles, or one that can't be")
        self._refuse(~known & (self.first > 1), "it is not in what opens, and this is not its first cycle")
        self._refuse(known & (plan != self.plan), "on another plan than in what opens")
        self._refuse(known & (start != self.start), "starts otherwise than in what opens")
        self._refuse(known & (closed + 1 != self.first), "its cycle does not follow the one that opens it")

    def _refuse(self, lines: Array, reason: str) -> None:
        lines = lines & ~self.bad
        self.reasons.update(dict.fromkeys(np.flatnonzero(lines).tolist(), reason))
        self.bad |= lines

    def rejected_lots(self, subscriber: Any) -> Table:
        if self.opening is None or not self.bad.any():
            return lots.schema(subscriber).empty_table()
        return self.opening.filter(arrow.array(self.bad[self.opens_at]))


class _OfPlan:
    """Lines of one plan, side by side: those with more cycles first."""

    def __init__(self, settler: Settler, name: str, rows: Rows, state: _State, line: Array) -> None:
        self.name = name
        self.columns = settler.columns[name]
        self.boundaries = settler.boundaries[name]
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
            {service: self._by_cycle(rows, used) for service, used in rows.used.items()}, self._opening(state),
        )  # fmt: skip
        self.settled: Settled = settler.batches[name].settle(self.lines)
        self.skip = np.zeros(len(self.line), bool)
        for number, reason in self.settled.refused.items():
            self.skip[number] = state.bad[self.line[number]] = True
            state.reasons[int(self.line[number])] = reason

    def _by_cycle(self, rows: Rows, used: Array) -> Array:
        most = int(self.cycles[0])
        if len(used) == len(self.line) * most and len(self.line) == len(rows.plan) and (self.cycles == most).all():
            return np.ascontiguousarray(used.reshape(len(self.line), most).T)  # nothing missing, nothing bad
        found = np.zeros((most, len(self.line)), np.int64)
        position = self.position[rows.line]
        there = position >= 0
        position = position[there]
        found[rows.cycle[there] - self.first[position], position] = used[there]
        return found

    def _opening(self, state: _State) -> Sequence[tuple[Piece, Array]]:
        if state.opening is None or not len(state.opens_at):
            return ()
        position = self.position[state.opens_at]
        column = state.opening.column
        held = compute.or_(column("class").is_valid(), column("debt").is_valid()).to_numpy()
        rows = np.flatnonzero((position >= 0) & held)
        table = state.opening.take(arrow.array(rows))
        return lots.pieces_of(table, position[rows], self.start, self.first - 1, len(self.line), self.boundaries)

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
        _refuse_imbalance(self.name, figures)
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
        return table.filter(arrow.array(~self.skip[:many])) if self.skip.any() else table

    def lots(self) -> tuple[Table, Array]:
        held = lots.Held(self.name, self.subscribers, self.starts, self.start_of, self.last, self.place)
        return lots.table_of(held, self.settled, self.boundaries, self.skip)


def _as(table: Table, schema: Any) -> Table:
    """With all columns: null what its plan has not."""
    if table.column_names == schema.names:
        return table.cast(schema)
    there = set(table.column_names)
    columns = [
        table.column(field.name).cast(field.type) if field.name in there else arrow.nulls(len(table), field.type)
        for field in schema
    ]  # fmt: skip
    return arrow.table(columns, schema=schema)


def _each_once(values: Array) -> tuple[Array, Array]:
    """The values, each once, and where among them each is; most often there is one only."""
    if len(values) and values.min() == values.max():
        return values[:1], np.zeros(len(values), np.int64)
    return np.unique(values, return_inverse=True)


def _refuse_imbalance(plan: str, figures: Mapping[str, int]) -> None:
    for service in [name.removesuffix("_granted") for name in figures if name.endswith("_granted")]:
        into, out = (sum(figures[f"{service}_{name}"] for name in names) for names in (_INTO, _OUT))
        if into != out:
            raise OutOfBalanceError(f'{service} of plan "{plan}": {into} came in and {out} went out')


def _in_order(held: Sequence[tuple[Table, Array]], subscriber: Any) -> Table:
    """The lots of all plans, in the order of subscribers."""
    if not held:
        return lots.schema(subscriber).empty_table()
    if len(held) == 1:
        return held[0][0]
    place = np.concatenate([place for _, place in held])
    return arrow.concat_tables([table for table, _ in held], promote_options="permissive").unify_dictionaries().take(
        arrow.array(np.argsort(place, kind="stable"))
    )  # fmt: skip
