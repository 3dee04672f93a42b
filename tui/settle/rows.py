"""Rows of usage, a row a subscriber and cycle, or a record, put in order and judged. A line with a bad row is rejected with all
its rows: what comes after a row depends on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from dsl.scenario import MAX_CYCLES
from dsl.scenario_file import FIRST_YEAR, LAST_YEAR
from tui.settle.csv_file import BAD
from tui.settle.dates import EARLIEST, LATEST, Dates, moments

Array = Any  # of numpy
Table = Any  # of arrow
SUBSCRIBER, PLAN, START, CYCLE, AT = "subscriber", "plan", "start", "cycle", "at"


@dataclass(frozen=True, slots=True)
class Given:
    """What holds where a table has no such column. `plans` are in their order; a plan is its place in it. Without a `start` a
    line of dated records begins on the day of its first one."""

    plans: Sequence[str]
    plan: str
    start: datetime | None


@dataclass(slots=True)
class Rows:
    """Rows of whole subscribers, those of one together and by cycle, dated ones by time. `line` is the number of the row's
    subscriber among `subscribers`; `plan`, `start` (seconds of local time), `first` and `last` cycle are of lines. `used` has
    no nulls."""

    table: Table
    line: Array
    cycle: Array
    used: Mapping[str, Array]
    subscribers: Any
    plan: Array
    start: Array
    first: Array
    last: Array
    reasons: dict[int, str]  # by row, of those that are bad
    at: Array | None = None  # when records were, seconds of local time

    @property
    def bad_lines(self) -> Array:
        found = np.zeros(len(self.plan), bool)
        found[self.line[list(self.reasons)]] = True
        return found


def rows_of(
    table: Table, services: Sequence[str], given: Given, dates: Dates | None = None, *, each_once: bool = True
) -> Rows:  # fmt: skip
    """`each_once`: a cycle has one row. `table` has the columns of `usage.normal`; the rows of a subscriber are together. Those
    of dated records belong to cycles by `dates`."""
    line, begins = _lines(table.column(SUBSCRIBER))
    dates = dates if AT in table.column_names else None
    turn = moments(table.column(AT)) if dates else _numbers(table, CYCLE, 1)
    if _is_mixed(line, turn):
        order = np.lexsort((turn, line))
        table, line, turn = table.take(arrow.array(order)), line[order], turn[order]
    ends = np.append(begins[1:], len(line))[: len(begins)] - 1  # none where there are no rows
    subscribers = _subscribers(table).take(arrow.array(begins))
    plan = _plans(table, given)
    if dates and START not in table.column_names and given.start is None:
        start = dates.starts_of(subscribers, turn[begins])[line]
    else:
        start = _starts(table, given)
    cycle = dates.cycles(line, turn, plan[begins], start[begins]) if dates else turn
    # What is used at one instant is used in the order of names, as in a history: that of columns makes no difference.
    used = {service: _numbers(table, service, 0) for service in sorted(services)}
    found = Rows(
        table, line, cycle, used, subscribers, plan[begins], start[begins], cycle[begins], cycle[ends], {},
        turn if dates else None,
    )  # fmt: skip
    _judge(found, plan, start, each_once=each_once and not dates)
    return found


def _judge(rows: Rows, plan: Array, start: Array, *, each_once: bool) -> None:
    """Notes of each bad row why; of several reasons the last one said here."""

    def reject(bad: Array, reason: str) -> None:
        if bad.any():
            rows.reasons.update(dict.fromkeys(np.flatnonzero(bad).tolist(), reason))

    for service, used in rows.used.items():
        reject(used < 0, f"{service} is below zero")
        reject(used == np.iinfo(np.int64).min, f"{service} is more than 64 bits hold")
    if each_once and len(rows.line):
        same = np.concatenate(([False], rows.line[1:] == rows.line[:-1]))
        reject(same & (np.diff(rows.cycle, prepend=0) == 0), "a second row of this cycle")
    reject(plan != rows.plan[rows.line], "on another plan than in its first row")
    reject(start != rows.start[rows.line], "starts otherwise than in its first row")
    if rows.at is None:
        reject((rows.cycle < 1) | (rows.cycle > MAX_CYCLES), f"its cycle is not from 1 to {MAX_CYCLES}")
    else:
        reject(rows.cycle < 0, "the cycles of its plan begin with the first use: say in a column `cycle` in which it was used")
        reject(rows.cycle > MAX_CYCLES, f"more than {MAX_CYCLES} cycles after its line began")
        reject(rows.cycle == 0, "before its line began")
    reject((start < EARLIEST) | (start >= LATEST), f"its start is not from {FIRST_YEAR} to {LAST_YEAR - 1}")
    if rows.at is not None:
        reject((rows.at < EARLIEST) | (rows.at >= LATEST), f"its `at` is no time from {FIRST_YEAR} to {LAST_YEAR - 1}")
    reject(plan < 0, "its plan is in none of the files")
    if rows.table.column(SUBSCRIBER).null_count:
        reject(rows.table.column(SUBSCRIBER).is_null().to_numpy(), "no subscriber")
    if BAD in rows.table.column_names:
        told = rows.table.column(BAD)
        if told.null_count < len(told):
            rows.reasons.update((row, reason) for row, reason in enumerate(told.to_pylist()) if reason)


def _lines(subscribers: Any) -> tuple[Array, Array]:
    """The number of each row's subscriber, and where each begins."""
    if not len(subscribers):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    if arrow.types.is_integer(subscribers.type) and not subscribers.null_count:
        values = subscribers.to_numpy()
        changes = values[1:] != values[:-1]
    else:
        column = subscribers.combine_chunks()
        one, other = column.slice(1), column.slice(0, len(column) - 1)
        differ = compute.fill_null(compute.not_equal(one, other), True)
        changes = compute.and_not(differ, compute.and_(one.is_null(), other.is_null())).to_numpy(zero_copy_only=False)
    begins = np.concatenate(([0], np.flatnonzero(changes) + 1))
    line = np.zeros(len(subscribers), np.int64)
    line[begins[1:]] = 1
    return np.cumsum(line), begins


def _is_mixed(line: Array, cycle: Array) -> bool:
    return bool(((np.diff(line) == 0) & (np.diff(cycle) < 0)).any())


def _subscribers(table: Table) -> Any:
    return table.column(SUBSCRIBER).combine_chunks()


def _numbers(table: Table, name: str, missing: int) -> Array:
    """`missing` where there is no such column, 0 where a row says nothing in it: no cycle is 0, and no use."""
    if name not in table.column_names:
        return np.full(len(table), missing, np.int64)
    column = table.column(name)
    if column.null_count:
        column = column.fill_null(0)
    return column.to_numpy()


def _plans(table: Table, given: Given) -> Array:
    """The place of each row's plan among all; -1 where it is none of them."""
    if PLAN not in table.column_names:
        return np.full(len(table), given.plans.index(given.plan), np.int64)
    column = table.column(PLAN).combine_chunks()
    if not arrow.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    names = [*column.dictionary.to_pylist()]
    places = np.array([given.plans.index(name) if name in given.plans else -1 for name in names] or [-1], np.int64)
    return np.where(column.is_null().to_numpy(zero_copy_only=False), -1, places[column.indices.fill_null(0).to_numpy()])


def _starts(table: Table, given: Given) -> Array:
    """Seconds of local time; before all time where a row says none."""
    if START not in table.column_names:
        return np.full(len(table), int(np.datetime64(given.start, "s").astype(np.int64)), np.int64)
    column = table.column(START).cast(arrow.timestamp("s")).cast(arrow.int64())
    return column.fill_null(-(1 << 60)).to_numpy()
