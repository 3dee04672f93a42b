"""CSV as batches of typed columns. A cell that is none of its type is bad, and with it its row; the file is read on.

Columns are read as their types, and as text only behind a cell where that failed.
"""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.compute as compute
import pyarrow.csv

from dsl.source import printable
from tui.exits import counted

BAD = " bad"  # a column that says why a row is bad, null of those that are not; no column of ours is called so
_BLOCK = 1 << 18  # bytes: pyarrow reads some of them ahead, and keeps as much memory for them
_FLOAT = r"^\s*[-+]?([0-9]+\.|\.[0-9]|[0-9]+[eE])"
_SHOWN = 40  # characters of a bad cell


def opened(path: Path, columns: Sequence[str] | None = None, kinds: Mapping[str, Any] | None = None) -> Any:
    """Nothing is said by an empty cell alone: NaN is no number, and NA is somebody's name."""
    convert = arrow.csv.ConvertOptions(
        include_columns=columns, column_types=kinds, strings_can_be_null=True, null_values=[""]
    )  # fmt: skip
    return arrow.csv.open_csv(path, arrow.csv.ReadOptions(block_size=_BLOCK), convert_options=convert)


def batches(path: Path, kinds: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Any]:
    """Columns of these kinds, and BAD; `words` say of each column that may have bad cells what such a cell is."""
    read = 0
    try:
        with opened(path, list(kinds), kinds) as reader:
            for batch in reader:
                yield batch.append_column(BAD, arrow.nulls(len(batch), arrow.string()))
                read += len(batch)
    except arrow.ArrowInvalid:
        yield from _cell_by_cell(path, kinds, words, read)


def _cell_by_cell(path: Path, kinds: Mapping[str, Any], words: Mapping[str, str], read: int) -> Iterator[Any]:
    """The batches behind the first `read` rows."""
    as_texts = {name: arrow.string() if name in words else kind for name, kind in kinds.items()}
    with opened(path, list(kinds), as_texts) as reader:
        for batch in reader:
            left = batch.slice(min(read, len(batch)))
            read -= len(batch) - len(left)
            if len(left):
                yield _typed(left, kinds, words)


def _typed(batch: Any, kinds: Mapping[str, Any], words: Mapping[str, str]) -> Any:
    bad = arrow.nulls(len(batch), arrow.string())
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name in words:
            texts, column = column, cells(column, kinds[name])
            is_bad = compute.and_(column.is_null(), texts.is_valid())
            if compute.any(is_bad).as_py():
                told = [f'{words[name]}: "{printable(text[:_SHOWN])}"' for text in texts.filter(is_bad).to_pylist()]
                bad = compute.coalesce(bad, compute.replace_with_mask(bad, is_bad, arrow.array(told, arrow.string())))
        columns.append(column)
    return arrow.record_batch([*columns, bad], names=[*batch.schema.names, BAD])


def cells(texts: Any, kind: Any) -> Any:
    """What texts say; null where one is none of that kind."""
    try:
        return compute.utf8_trim_whitespace(texts).cast(kind)
    except arrow.ArrowInvalid:
        if len(texts) == 1:
            return arrow.nulls(1, kind)
        half = len(texts) // 2
        return arrow.concat_arrays([cells(texts.slice(0, half), kind), cells(texts.slice(half), kind)])


def uneven(path: Path) -> str:
    """Which line has more or fewer cells than the first one, as far as lines can be read; "" where none has."""
    with contextlib.suppress(OSError, csv.Error), path.open(encoding="utf-8", errors="replace", newline="") as file:
        rows = csv.reader(file)
        many = len(next(rows, []))
        for row in rows:
            if len(row) not in (0, many):  # an empty line is none
                has = counted(len(row), "cell")
                return f"line {rows.line_num} has {has}, and the first one {many}; mend it, or take it out"
    return ""


def holds(path: Path, name: str, kind: Any) -> bool:
    """Whether, by its beginning, a column is of that kind, but for cells that are bad: some are of it, and none is a float,
    since then it may hold another unit."""
    with opened(path, [name], {name: arrow.string()}) as reader:
        texts = reader.read_next_batch().column(0)
    has_floats = compute.any(compute.match_substring_regex(texts, _FLOAT)).as_py()
    return not has_floats and bool(cells(texts, kind).null_count < len(texts))
