"""Rows that can't be settled, each with its reason: put right, they are usage to settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as arrow

from tui.settle.rows import AT, CYCLE, PLAN, START, SUBSCRIBER, Array, Given, Rows, Table

FILE, ROW, REASON = "file", "row", "reason"
ORIGIN = " origin"  # a column that says where a row stands; no column of ours is called so
_FILE = 1 << 40  # more rows than a file has
_ANOTHER = "another row of this subscriber is rejected"


def schema(services: Sequence[str], usage: Any, given: Given) -> Any:
    """`usage` is the schema of rows. Where nobody says when lines of dated records began, it is not said here."""
    is_dated = AT in usage.names
    begins = START in usage.names or given.start is not None or not is_dated
    return arrow.schema(
        [
            usage.field(SUBSCRIBER), (PLAN, arrow.string()), *([(START, arrow.timestamp("s"))] if begins else []),
            usage.field(AT) if is_dated else (CYCLE, arrow.int64()), *((service, arrow.int64()) for service in services),
            *((name, kind) for name, kind in ((FILE, arrow.string()), (ROW, arrow.int64())) if name not in services),
            (REASON, arrow.string()),
        ]
    )  # fmt: skip


def origins(file: int, read: int, rows: int) -> Any:
    """Of so many rows behind those that are read of the file of that number."""
    found = np.arange(rows, dtype=np.int64)
    found += file * _FILE + read
    return arrow.array(found)


def kind_of(reason: str) -> str:
    """A reason without what the cell of its row held."""
    return reason.partition(': "')[0]


def of_usage(
    rows: Rows, bad: Array, reasons: Mapping[int, str], given: Given, files: Sequence[str], found: Any
) -> Table:  # fmt: skip
    """The rows of bad lines as they came, with what is given where the file says nothing, and where each stands: in which of
    the `files`, in which row, from 1. `reasons` are of lines, `found` is the schema."""
    which = np.flatnonzero(bad[rows.line])
    if not len(which):
        return found.empty_table()
    table = rows.table.take(arrow.array(which))
    told = [rows.reasons.get(row) or reasons.get(int(rows.line[row])) or _ANOTHER for row in which.tolist()]
    given_instead = {PLAN: given.plan, START: given.start, CYCLE: 1}
    where = _places(table, files)
    columns = []
    for field in found:
        if field.name == REASON:
            columns.append(arrow.array(told, arrow.string()))
        elif field.name in table.column_names:
            columns.append(table.column(field.name).cast(field.type))
        elif field.name in where:
            columns.append(where[field.name])
        else:
            columns.append(arrow.repeat(arrow.scalar(given_instead[field.name], field.type), len(table)))
    return arrow.table(columns, schema=found)


def _places(table: Table, files: Sequence[str]) -> dict[str, Any]:
    """The columns that say where rows stand; nobody knows it of rows that came without their files."""
    if ORIGIN not in table.column_names:
        return {FILE: arrow.nulls(len(table), arrow.string()), ROW: arrow.nulls(len(table), arrow.int64())}
    file, row = np.divmod(table.column(ORIGIN).to_numpy(), _FILE)
    return {FILE: arrow.array(files, arrow.string()).take(arrow.array(file)), ROW: arrow.array(row + 1)}


def of_opening(
    bad: Array, reasons: Mapping[int, str], closed: Table | None, with_rows: int, services: Sequence[str], found: Any
) -> Table:  # fmt: skip
    """Lines that only open, and can't go on: a row each, of the cycle in which they used nothing. `closed` says of each line
    that opens, in the order of lines, which plan, start and cycle it had; the last lines are those without rows."""
    line = np.flatnonzero(bad[with_rows:])
    if closed is None or not len(line):
        return found.empty_table()
    table = closed.slice(len(closed) - (len(bad) - with_rows)).take(arrow.array(line))
    columns = {
        SUBSCRIBER: table.column(SUBSCRIBER),
        PLAN: table.column(PLAN).cast(arrow.string()),
        START: table.column(START),
        CYCLE: arrow.array(table.column(CYCLE).to_numpy().astype(np.int64) + 1),
        AT: arrow.nulls(len(line)),
        **{service: arrow.array(np.zeros(len(line), np.int64)) for service in services},
        FILE: arrow.nulls(len(line)),
        ROW: arrow.nulls(len(line)),
        REASON: arrow.array([reasons.get(int(one) + with_rows, _ANOTHER) for one in line], arrow.string()),
    }
    return arrow.table({name: columns[name] for name in found.names}).cast(found)
