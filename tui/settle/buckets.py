"""Rows in any order, put into buckets by subscriber: of each subscriber all rows are in one, in which they are put in order."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from tui.settle.rows import SUBSCRIBER, Array, Table

ROWS = 200_000  # of a bucket, about
_MOST = 4_000
_MIX = np.uint64(0x9E3779B97F4A7C15)


def count_of(rows: int) -> int:
    """How many buckets so many rows need."""
    return min(_MOST, max(1, -(-rows // ROWS)))


def fill(folder: Path, tables: Iterable[Table], buckets: int) -> None:
    """Writes each row to its bucket, in the order in which they come."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with ExitStack() as opened:
        writers: dict[int, Any] = {}
        for coded in tables:
            table = arrow.table({name: _plain(coded.column(name)) for name in coded.column_names})
            which = _buckets(table.column(SUBSCRIBER), buckets)
            order = np.argsort(which, kind="stable")
            table, which = table.take(arrow.array(order)), which[order]
            for number, (begin, end) in _runs(which):
                if number not in writers:
                    file = opened.enter_context(arrow.OSFile(str(_path(folder, number)), "wb"))
                    writers[number] = opened.enter_context(arrow.ipc.new_stream(file, table.schema))
                writers[number].write_table(table.slice(begin, end - begin))


def read(folder: Path, number: int) -> Table | None:
    """The rows of a bucket, those of a subscriber together, ascending; None where it has none."""
    path = _path(folder, number)
    if not path.exists():
        return None
    with arrow.OSFile(str(path)) as file, arrow.ipc.open_stream(file) as reader:
        table = reader.read_all()
    order = compute.sort_indices(table, sort_keys=[(SUBSCRIBER, "ascending")])
    return table.take(order)


def _path(folder: Path, number: int) -> Path:
    return folder / f"{number:05d}.arrow"


def _plain(column: Any) -> Any:
    return column.cast(arrow.string()) if arrow.types.is_dictionary(column.type) else column


def _buckets(subscribers: Any, buckets: int) -> Array:
    column = subscribers.combine_chunks()
    if arrow.types.is_integer(column.type):
        mixed = column.fill_null(0).to_numpy().astype(np.uint64) * _MIX
        return ((mixed >> np.uint64(32)) % np.uint64(buckets)).astype(np.int64)
    coded = column.dictionary_encode()
    of_each = np.array([zlib.crc32(name.encode()) % buckets for name in coded.dictionary.to_pylist()] or [0], np.int64)
    return of_each[coded.indices.fill_null(0).to_numpy()]


def _runs(which: Array) -> Iterator[tuple[int, tuple[int, int]]]:
    ends = [*(np.flatnonzero(np.diff(which)) + 1).tolist(), len(which)]
    begin = 0
    for end in ends if len(which) else ():
        yield int(which[begin]), (begin, end)
        begin = end
