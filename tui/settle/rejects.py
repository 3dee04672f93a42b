"""Rows that can't be settled, each with its reason: put right, they are usage to settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as arrow

from tui.settle.rows import AT, CYCLE, PLAN, START, SUBSCRIBER, Array, Given, Rows, Table

REASON = "reason"
_ANOTHER = "another row of this subscriber is rejected"


def schema(services: Sequence[str], usage: Any, given: Given) -> Any:
    """`usage` is the schema of rows. Where nobody says when lines of dated records began, it is not said here."""
    is_dated = AT in usage.names
    begins = START in usage.names or given.start is not None or not is_dated
    return arrow.schema(
        [
            usage.field(SUBSCRIBER), (PLAN, arrow.string()), *([(START, arrow.timestamp("s"))] if begins else []),
            usage.field(AT) if is_dated else (CYCLE, arrow.int64()), *((service, arrow.int64()) for service in services),
            (REASON, arrow.string()),
        ]
    )  # fmt: skip


def of_usage(rows: Rows, bad: Array, reasons: Mapping[int, str], given: Given, found: Any) -> Table:
    """The rows of bad lines as they came, with what is given where the file says nothing; `reasons` are of lines,
    `found` is the schema."""
    which = np.flatnonzero(bad[rows.line])
    if not len(which):
        return found.empty_table()
    table = rows.table.take(arrow.array(which))
    told = [rows.reasons.get(row) or reasons.get(int(rows.line[row])) or _ANOTHER for row in which.tolist()]
    given_instead = {PLAN: given.plan, START: given.start, CYCLE: 1}
    columns = []
    for field in found:
        if field.name == REASON:
            columns.append(arrow.array(told, arrow.string()))
        elif field.name in table.column_names:
            columns.append(table.column(field.name).cast(field.type))
        else:
            columns.append(arrow.repeat(arrow.scalar(given_instead[field.name], field.type), len(table)))
    return arrow.table(columns, schema=found)


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
        REASON: arrow.array([reasons.get(int(one) + with_rows, _ANOTHER) for one in line], arrow.string()),
    }
    return arrow.table({name: columns[name] for name in found.names}).cast(found)
