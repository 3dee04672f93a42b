"""Usage in one file or in several: a folder stands for the files in it.

Files are read one after the other, those whose subscribers come first before the others where they say so. Where a subscriber
is in several its rows do not lie together, and are brought together first: nothing depends on how rows are divided.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet

from dsl.source import printable
from tui.files import FileError
from tui.settle.csv_file import BAD
from tui.settle.rejects import ORIGIN, origins
from tui.settle.rows import SUBSCRIBER, Table
from tui.settle.usage import CHUNK, CSV, PARQUET, RECORDS, Usage, is_hidden, opened, whole_subscribers

_BYTES_OF_A_ROW = 30  # of CSV, about


@dataclass(frozen=True, slots=True)
class Files:
    """Files with the same columns, in the order in which they are read."""

    files: tuple[Usage, ...]

    @property
    def first(self) -> Usage:
        return self.files[0]

    @property
    def about_rows(self) -> int:
        return sum(one.rows if one.rows is not None else one.path.stat().st_size // _BYTES_OF_A_ROW for one in self.files)

    def tables(self) -> Iterator[Table]:
        """Their rows, with our columns and where each stands. Raises FileError."""
        names = [*self.first.schema.names, *([BAD] if any(file.is_csv for file in self.files) else [])]
        for number, file in enumerate(self.files):
            read = 0
            for table in file.tables():
                if BAD in names and not file.is_csv:
                    table = table.append_column(BAD, arrow.nulls(len(table), arrow.string()))
                yield table.select(names).append_column(ORIGIN, origins(number, read, len(table)))
                read += len(table)

    @property
    def names(self) -> list[str]:
        """By which people know them: with the folder where two are called the same."""
        names = [file.path.name for file in self.files]
        return [name if names.count(name) == 1 else str(file.path) for name, file in zip(names, self.files, strict=True)]

    def chunks(self, size: int = CHUNK) -> Iterator[Table]:
        """Whole subscribers at a time, about `size` rows, or more of records. Raises FileError and DisorderError."""
        return whole_subscribers(self.tables(), size * RECORDS if self.first.is_dated else size)

    def identity(self) -> list[dict[str, object]]:
        return [one.identity() for one in self.files]


def opened_all(paths: Sequence[Path], mapping: Mapping[str, str], wanted: Sequence[str]) -> Files:
    """As `usage.opened`, of all files. Raises FileError."""
    files = [opened(path, mapping, wanted) for path in paths_of(paths)]
    texts = [one for one in files if one.path.suffix.lower() == CSV]
    if len({str(one.subscriber) for one in texts}) > 1:  # 007 in one of them is not 7 in another
        files = [_named(one) if one in texts else one for one in files]
    for one in files[1:]:
        _refuse_other_columns(one, files[0])
    _refuse_copies(files)
    return Files(tuple(_in_order(files)))


def paths_of(paths: Sequence[Path], kinds: Sequence[str] = (PARQUET, CSV)) -> list[Path]:
    """Files as they are named, and those of folders in the order of their names. Raises FileError."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if one.suffix.lower() in kinds and not is_hidden(one))
            if not inside:
                raise FileError(f"{path} has no usage: no {' or '.join(_KINDS[kind] for kind in kinds)} files are in it")
            found += inside
        else:
            found.append(path)
    seen: set[str] = set()
    for path in found:
        if (real := os.path.realpath(path)) in seen:
            raise FileError(f"{path} is given twice: what it says would count twice")
        seen.add(real)
    return found


_KINDS = {PARQUET: "Parquet", CSV: "CSV"}


def range_of(file: Usage) -> tuple[Any, Any]:
    """The first and the last subscriber, by what a file says of its row groups; None where it does not."""
    if file.path.suffix.lower() == CSV:
        return None, None
    metadata = arrow.parquet.read_metadata(file.path)
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    columns = [group.column(number) for group in groups for number in range(group.num_columns)]
    told = [column.statistics for column in columns if column.path_in_schema == file.names[SUBSCRIBER]]
    if not told or not all(one is not None and one.has_min_max and one.has_null_count and not one.null_count for one in told):
        return None, None
    return min(one.min for one in told), max(one.max for one in told)


def _in_order(files: Sequence[Usage]) -> Sequence[Usage]:
    """By the first subscriber of each, where all say it that have any."""
    some = [(range_of(one)[0], one) for one in files if one.rows != 0]
    if len(some) < 2 or any(low is None for low, _ in some):
        return files
    return [one for _, one in sorted(some, key=lambda one: one[0])] + [one for one in files if one.rows == 0]


def _named(file: Usage) -> Usage:
    """A CSV whose subscribers are taken as they are written."""
    schema = file.schema.set(file.schema.get_field_index(SUBSCRIBER), arrow.field(SUBSCRIBER, arrow.string()))
    kinds = {**file.kinds, file.names[SUBSCRIBER]: arrow.string()}
    return replace(file, subscriber=arrow.string(), kinds=kinds, schema=schema)


def _refuse_other_columns(file: Usage, first: Usage) -> None:
    mine, theirs = ({name: str(one.schema.field(name).type) for name in one.names} for one in (file, first))
    if mine != theirs:
        name, kind = min(set(mine.items()) ^ set(theirs.items()))
        raise FileError(f"{file.path} differs from {first.path.name}: only one of them has {printable(name)} as {kind}")


def _refuse_copies(files: Sequence[Usage]) -> None:
    """Raises FileError where two files with rows hold the same: one of them is a copy."""
    seen: dict[str, Usage] = {}
    for file in files if len(files) > 1 else ():
        told = str({name: value for name, value in file.identity().items() if name != "name"})
        if told in seen and any(map(len, file.tables())):
            raise FileError(f"{file.path} holds the same as {seen[told].path}: what it says would count twice")
        seen[told] = file
