"""What lines held when the month before had closed: the `lots` of that run, a file or the folder of its parts."""

from __future__ import annotations

import functools
import json
import operator
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute
import pyarrow.parquet

from tui.files import FileError
from tui.settle import identity, lots
from tui.settle.rows import CYCLE, PLAN, START, SUBSCRIBER, Table
from tui.settle.usage import CHUNK, DisorderError, is_hidden
from tui.settle.work import MANIFEST

OPENING = "opening"  # a column that says of which of several a row is
Share = tuple[Any, Any]  # subscribers above the first, up to the second; None is no bound


class Opening:
    """Lots in the order of subscribers, of a share of them; where there are several openings, the `number` of this one. Raises
    FileError."""

    def __init__(self, path: Path, subscriber: Any, share: Share = (None, None), number: int | None = None) -> None:
        self.number = number
        self.path = path
        self.share = share
        self.paths = parts(path)
        self.schema = lots.schema(subscriber)
        refuse_damage(self.paths)
        for one in self.paths:
            _refuse_schema(one, self.schema)

    def tables(self) -> Iterator[Table]:
        for path in self.paths:
            try:
                file = arrow.parquet.ParquetFile(path, page_checksum_verification=True)
                for batch in file.iter_batches(batch_size=CHUNK, row_groups=self._groups(file)):
                    table = arrow.table(batch).select(self.schema.names).cast(self.schema)
                    _refuse_rows(table, path)
                    table = table.filter(self._is_ours) if self._is_ours is not None else table
                    yield self._numbered(table)
            except (OSError, arrow.ArrowException, ValueError) as error:
                raise FileError(f"{path} can't be read on: {error}") from None

    def _numbered(self, table: Table) -> Table:
        if self.number is None:
            return table
        return table.append_column(OPENING, arrow.array(np.full(len(table), self.number)))

    @property
    def nothing(self) -> Table:
        return self._numbered(self.schema.empty_table())

    def _groups(self, file: Any) -> list[int]:
        """Row groups with subscribers of the share, as far as the file says what they hold."""
        column = file.schema_arrow.names.index(SUBSCRIBER)
        return [
            number for number in range(file.num_row_groups) if self._reaches(file.metadata.row_group(number).column(column))
        ]

    def _reaches(self, column: Any) -> bool:
        above, last = self.share
        told = column.statistics
        if told is None or not told.has_min_max:
            return True
        return (above is None or told.max > above) and (last is None or told.min <= last)

    @property
    def _is_ours(self) -> Any:
        above, last = self.share
        ours = [compute.field(SUBSCRIBER) > above] if above is not None else []
        ours += [compute.field(SUBSCRIBER) <= last] if last is not None else []
        return functools.reduce(operator.and_, ours) if ours else None

    def reader(self) -> Reader:
        return Reader(self.tables(), self.nothing)

    def identity(self) -> list[dict[str, object]]:
        return [identity.of_file(path) for path in self.paths]


class Reader:
    """Reads on, subscriber by subscriber. Raises DisorderError where they do not ascend."""

    def __init__(self, tables: Iterator[Table], nothing: Table) -> None:
        self._tables = tables
        self._rest = nothing
        self._last: object = None

    def up_to(self, subscriber: object) -> Table:
        """Rows of subscribers up to that one, of those not read yet."""
        found = []
        while True:
            many = compute.sum(compute.less_equal(self._rest.column(SUBSCRIBER), subscriber)).as_py() or 0
            found.append(self._rest.slice(0, many))
            self._rest = self._rest.slice(many)
            if len(self._rest):
                break
            more = next(self._tables, None)
            if more is None:
                break
            self._refuse_disorder(more)
            self._rest = more
        return arrow.concat_tables(found).combine_chunks()

    def ahead(self) -> object:
        """The last subscriber of those that come next; None where none is left."""
        while not len(self._rest):
            more = next(self._tables, None)
            if more is None:
                return None
            self._refuse_disorder(more)
            self._rest = more
        return self._rest.column(SUBSCRIBER)[len(self._rest) - 1].as_py()

    def _refuse_disorder(self, table: Table) -> None:
        column = table.column(SUBSCRIBER).combine_chunks()
        if not len(column):
            return
        ascends = compute.all(compute.greater_equal(column.slice(1), column.slice(0, len(column) - 1))).as_py()
        if ascends is False or (self._last is not None and column[0].as_py() < self._last):
            raise DisorderError
        self._last = column[len(column) - 1].as_py()


class Readers:
    """Several, read side by side: of a subscriber first the rows of the first. Raises DisorderError."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self.readers = readers

    def up_to(self, subscriber: object) -> Table:
        """Rows of subscribers up to that one, of those not read yet."""
        found = [reader.up_to(subscriber) for reader in self.readers]
        if not found[1:]:
            return found[0]
        together = arrow.concat_tables(found).unify_dictionaries().combine_chunks()
        return together.take(compute.sort_indices(together.column(SUBSCRIBER)))  # of one, in the order of the readers

    def rest(self) -> Iterator[Table]:
        """What is left, in pieces that hold whole subscribers."""
        while ahead := [last for reader in self.readers if (last := reader.ahead()) is not None]:
            yield self.up_to(min(ahead))  # type: ignore[type-var]


def parts(path: Path) -> list[Path]:
    """The files of lots: those of a folder in their order, or the file itself; of a settled folder those of its `lots`."""
    folder = path / "lots" if (path / "lots").is_dir() else path
    if not folder.is_dir():
        return [folder]
    found = sorted(path for path in folder.glob("*.parquet") if not is_hidden(path))
    if not found and not _is_without_lots(path):
        raise FileError(f"{path} has no lots: no Parquet files are in it")
    return found


def refuse_damage(paths: Sequence[Path]) -> None:
    """Compares lots with the manifest of the run that wrote them. Raises FileError where one is not as it was written, is gone,
    or came from elsewhere: what it says would count twice."""
    folder = paths[0].parent if paths else Path()
    told = _written(folder.parent, folder.name)
    if not paths or not told:
        return  # of no run: what a page's checksum does not say nobody knows
    if strange := [path for path in paths if path.name not in told]:
        raise FileError(f"{strange[0]} is not of the run that made {folder.parent}: take it away, or it would count, too")
    there = set(os.listdir(folder))
    if gone := [name for name in told if name not in there]:
        raise FileError(f"{folder / gone[0]} is not there any more")
    for path in paths:
        if identity.of_file(path)["sha256"] != told[path.name]:
            raise FileError(f"{path} is not what was written there")


def _is_without_lots(path: Path) -> bool:
    """Whether it is the folder of a run that had nobody to settle."""
    return (path / MANIFEST).is_file() and not _written(path, "lots")


def _written(whole: Path, kind: str) -> dict[str, str]:
    """The digest of each file of a kind by its name, as the manifest of a folder says."""
    try:
        parts = json.loads((whole / MANIFEST).read_text(encoding="utf-8"))["parts"]
        files = {name: digest for part in parts for name, digest in part["files"].items()}
        return {name.removeprefix(f"{kind}/"): digest for name, digest in files.items() if name.startswith(f"{kind}/")}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _refuse_rows(table: Table, path: Path) -> None:
    """Nobody but a run writes lots: one that can't be is no row to reject, but another file than was meant."""
    for name in (SUBSCRIBER, PLAN, START, CYCLE, lots.AMOUNT):
        if table.column(name).null_count:
            raise FileError(f"{path} has rows without `{name}`: what opens a month is the `lots` of the month before")
    least = compute.min(table.column(lots.AMOUNT)).as_py()
    if least is not None and least < 0:
        raise FileError(f"{path} has an amount below zero: what opens a month is the `lots` of the month before")


def _refuse_schema(path: Path, wanted: Any) -> None:
    try:
        schema = arrow.parquet.read_schema(path)
    except FileNotFoundError:
        raise FileError(f"{path} can't be read: no such file") from None
    except (OSError, arrow.ArrowException) as error:
        raise FileError(f"{path} can't be read: {error}") from None
    missing = [name for name in wanted.names if name not in schema.names]
    if missing:
        raise FileError(f"{path} has no column `{missing[0]}`: what opens a month is the `lots` of the month before")
    there = schema.field(SUBSCRIBER).type
    if arrow.types.is_integer(there) != arrow.types.is_integer(wanted.field(SUBSCRIBER).type):
        raise FileError(f"{path}: subscribers are {there} there, and {wanted.field(SUBSCRIBER).type} in the usage")
