"""A file of usage as lines side by side, some thousand of a plan at a time. It is read and judged as for settling."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow

from engine.batch.lines import Lines
from tui.backtest.histogram import Ints
from tui.files import FileError
from tui.settle import buckets
from tui.settle.boundaries import local
from tui.settle.columns import records_of, side_by_side, uses_of
from tui.settle.identity import why
from tui.settle.rows import PLAN, Rows, Table
from tui.settle.several import Files
from tui.settle.usage import DisorderError

_ROWS_AT_ONCE = 1 << 16  # two plans have figures of them at once


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one plan, those with more cycles first, as the engine wants them; `order` has their places as they came."""

    plan: str
    subscribers: Any  # an arrow array, as they came
    lines: Lines
    order: Ints


def tables(files: Files, begin: Callable[[], None]) -> Iterator[Table]:
    """Rows of whole subscribers. Where these do not lie together they are put in order, in a folder for the while: `begin` is
    called, and all of them come from the start. Raises FileError."""
    try:
        yield from files.chunks(_ROWS_AT_ONCE)
    except DisorderError:
        begin()
        with tempfile.TemporaryDirectory(prefix="rollover-") as name:
            folder, many = Path(name), buckets.count_of(files.about_rows)
            try:
                buckets.fill(folder, files.tables(), many)
            except OSError as error:
                raise FileError(f"{folder} can't be written: {why(error)}; TMPDIR says where there is room") from None
            yield from (table for number in range(many) if (table := buckets.read(folder, number)) is not None)


def groups(rows: Rows, plans: Sequence[str]) -> Iterator[Group]:
    """The good lines, plan by plan."""
    bad = rows.bad_lines
    for number, name in enumerate(plans):
        line = np.flatnonzero((rows.plan == number) & ~bad)
        if len(line):
            yield from (_group(rows, name, some) for some in side_by_side(line, rows.last[line] - rows.first[line] + 1))


def on_others(rows: Rows) -> Counter[str]:
    """How many lines are on plans that no file has."""
    line = np.flatnonzero(rows.plan < 0)
    if not len(line):
        return Counter()
    names = rows.table.column(PLAN).take(arrow.array(np.searchsorted(rows.line, line)))
    return Counter(str(name or "") for name in names.to_pylist())


def _group(rows: Rows, plan: str, line: Ints) -> Group:
    cycles = rows.last[line] - rows.first[line] + 1
    order = np.argsort(-cycles, kind="stable")
    starts, start_of = np.unique(rows.start[line[order]], return_inverse=True)
    ordered = line[order]
    first, cycles = rows.first[ordered], cycles[order]
    lines = Lines(
        tuple(local(int(start)) for start in starts), start_of, first, cycles, uses_of(rows, ordered, first, cycles),
        records=records_of(rows, ordered),
    )  # fmt: skip
    return Group(plan, rows.subscribers.take(arrow.array(line)), lines, order)
