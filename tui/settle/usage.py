"""Files of usage: a row a subscriber and cycle, or a dated record, in Parquet or CSV, read in pieces of whole subscribers.

Columns are `subscriber`, `plan`, `start`, `cycle` or `at`, and one for each service in base units; docs/settle.md tells of
them. What a column holds is checked before anything is settled, what a row holds when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.compute as compute
import pyarrow.parquet

from dsl.source import printable
from tui.files import FileError
from tui.settle import csv_file, identity
from tui.settle.csv_file import BAD
from tui.settle.identity import why
from tui.settle.rows import AT, CYCLE, PLAN, START, SUBSCRIBER, Table

CHUNK = 1 << 15  # rows that are settled at once: what they come to takes some ten megabytes
RECORDS = 4  # so many of them are read for a row, since they come to fewer
_KNOWN = (SUBSCRIBER, PLAN, START, CYCLE, AT)
PARQUET, CSV = ".parquet", ".csv"
_NUMBER = "^(0|-?[1-9][0-9]{0,17})$"


class DisorderError(Exception):
    """The rows of a subscriber do not lie together, ascending, or it is not known whose a row is."""


@dataclass(frozen=True, slots=True)
class Usage:
    """A file of usage. `names` says which of its columns is which of ours; `services` are those it tells of."""

    path: Path
    names: Mapping[str, str]  # ours to the file's
    services: tuple[str, ...]
    subscriber: Any  # the type of that column
    rows: int | None  # where the file says how many
    unread: tuple[str, ...]  # its other columns
    kinds: Mapping[str, Any]  # what columns of a CSV hold, those that are read
    schema: Any  # of its rows, with our columns

    @property
    def is_dated(self) -> bool:
        """Whether its rows are records, of which each cycle has as many as it has."""
        return AT in self.names

    def tables(self) -> Iterator[Table]:
        """Its rows in the order of the file, with our columns. Raises FileError."""
        try:
            for batch in self._batches():
                yield self.normal(batch)
        except (OSError, arrow.ArrowException, ValueError) as error:
            raise FileError(f"{self.path} can't be read on: {_why(self.path, error)}") from None

    def _batches(self) -> Iterator[Any]:
        if self.is_csv:
            words = {name: _no_cell(ours) for ours, name in self.names.items() if ours not in (SUBSCRIBER, PLAN, AT)}
            yield from csv_file.batches(self.path, self.kinds, words)
            return
        # With pre_buffer all that was read of the file would stay in memory.
        file = arrow.parquet.ParquetFile(self.path, page_checksum_verification=True, pre_buffer=False)
        yield from file.iter_batches(batch_size=CHUNK, columns=list(self.names.values()))

    @property
    def is_csv(self) -> bool:
        return self.path.suffix.lower() == CSV

    def normal(self, batch: Any) -> Table:
        """Our columns, as they are settled, of a table with the file's; those of a CSV say which rows are bad."""
        columns = {}
        for ours, name in self.names.items():
            column = batch.column(batch.schema.get_field_index(name))
            if ours in _KNOWN:
                columns[ours] = column.cast(_type_of(ours, column.type), safe=ours == SUBSCRIBER)
            else:
                columns[ours] = _whole(column)
        if BAD in batch.schema.names:
            columns[BAD] = batch.column(batch.schema.get_field_index(BAD))
        return arrow.table(columns)

    def identity(self) -> dict[str, object]:
        """By what it is told from another file. Raises FileError."""
        return identity.of_file(self.path)


def whole_subscribers(tables: Iterable[Table], size: int = CHUNK, *, nulls_lie_together: bool = False) -> Iterator[Table]:
    """The same rows, about `size` at a time, those of a subscriber in one table. Raises DisorderError."""
    order = compute.drop_null if nulls_lie_together else lambda column: column
    rest: list[Table] = []
    rows, last = 0, None
    for table in tables:
        rest.append(table)
        rows += len(table)
        while rows >= size:
            whole = arrow.concat_tables(rest, promote_options="permissive")
            cut = _last_begin(whole.column(SUBSCRIBER), size)
            if not cut:
                break  # one subscriber so far
            chunk, left = whole.slice(0, cut), whole.slice(cut)
            last = _refuse_disorder(order(chunk.column(SUBSCRIBER)), last)
            yield chunk
            rest, rows = [left], len(left)
    if rows:
        whole = arrow.concat_tables(rest, promote_options="permissive")
        _refuse_disorder(order(whole.column(SUBSCRIBER)), last)
        yield whole


def is_hidden(path: Path) -> bool:
    """Whether whoever writes into a folder calls it so because it is none of its files, or not whole yet."""
    return path.name.startswith((".", "_"))


def opened(path: Path, mapping: Mapping[str, str], wanted: Sequence[str]) -> Usage:
    """A file whose columns can be settled. `mapping` is ours to the file's; `wanted` are services the plans know. Raises
    FileError."""
    try:
        schema, rows = _schema(path)
    except FileNotFoundError:
        raise FileError(f"{path} can't be read: no such file") from None
    except (OSError, arrow.ArrowException, ValueError) as error:
        raise FileError(f"{path} can't be read: {_why(path, error)}") from None
    names = {**{name: name for name in schema.names if name in _KNOWN or name in wanted}, **mapping}
    _choose_when(path, names, mapping)
    for ours, name in names.items():
        if schema.names.count(name) != 1:
            there = "is there twice" if name in schema.names else "is not there"
            told = ", ".join(map(printable, schema.names[:20]))
            raise FileError(f"{path}: the column {printable(name)}, for {ours}, {there}; it has {told}")
    if twice := {name for name in names.values() if list(names.values()).count(name) > 1}:
        for_ours = " and ".join(ours for ours, name in names.items() if name == min(twice))
        raise FileError(f"{path}: the column {printable(min(twice))} can't be both {for_ours}; --column says which is which")
    services = tuple(name for name in names if name not in _KNOWN)
    strange = [name for name in mapping if name not in (*_KNOWN, *wanted)]
    if strange:
        raise FileError(f"--column {printable(strange[0])}: no plan has that; columns are {', '.join((*_KNOWN, *wanted))}")
    if SUBSCRIBER not in names:
        told = ", ".join(map(printable, schema.names[:20]))
        raise FileError(f"{path} has no column `subscriber`; it has {told}. Say which it is: --column subscriber=NAME")
    if not services:
        raise FileError(f"{path} has no column of a service, as `data`; say which it is: --column data=NAME")
    kinds = _csv_kinds(path, names, schema) if path.suffix.lower() == CSV else {}
    for ours, name in names.items():
        _refuse_type(path, ours, name, kinds.get(name, schema.field(name).type))
    unread = tuple(name for name in schema.names if name not in names.values())
    types = {ours: _type_of(ours, kinds.get(name, schema.field(name).type)) for ours, name in names.items()}
    return Usage(path, names, services, types[SUBSCRIBER], rows, unread, kinds, arrow.schema(list(types.items())))


def _no_cell(ours: str) -> str:
    """Of what a cell of that column is not: the reason of its row."""
    match ours:
        case "start":
            return "its start is no date"
        case "cycle":
            return "its cycle is no whole number"
        case _:
            return f"{ours} is no whole number"


def _choose_when(path: Path, names: dict[str, str], mapping: Mapping[str, str]) -> None:
    """Leaves one column that says when. Raises FileError where two do, and `mapping` is not of one of them."""
    if AT in names and CYCLE in names:
        if (AT in mapping) == (CYCLE in mapping):
            raise FileError(
                f"{path} has both `at` and `cycle`, and only one of them can say when something was used: choose with "
                f"--column at={printable(names[AT])}, each row a record, or --column cycle={printable(names[CYCLE])}, each row "
                "a cycle"
            )
        del names[CYCLE if AT in mapping else AT]


def _refuse_type(path: Path, ours: str, name: str, kind: Any) -> None:
    is_text = arrow.types.is_string(kind) or arrow.types.is_large_string(kind) or arrow.types.is_dictionary(kind)
    is_whole = arrow.types.is_integer(kind)
    match ours:
        case "subscriber":
            good, instead = is_text or is_whole, "text or whole numbers"
        case "plan":
            good, instead = is_text, "text"
        case "start":
            good, instead = arrow.types.is_date(kind) or (arrow.types.is_timestamp(kind) and not kind.tz), (
                "dates, or times without a zone: they are local times of the plan's"
            )  # fmt: skip
        case "at":
            is_local = arrow.types.is_date(kind) or (arrow.types.is_timestamp(kind) and not kind.tz)
            good, instead = is_text or is_local, (
                "times without a zone, or texts as 2026-01-31 18:30: they are local times of the plan's"
            )  # fmt: skip
        case "cycle":
            good, instead = is_whole, "whole numbers"
        case _:
            good, instead = is_whole, "whole numbers of base units, as bytes or seconds; never floats, which round"
    if not good:
        raise FileError(f"{path}: the column {printable(name)} holds {kind}; it should hold {instead}")


def _type_of(ours: str, kind: Any) -> Any:
    match ours:
        case "subscriber":
            return arrow.int64() if arrow.types.is_integer(kind) else arrow.string()
        case "plan":
            return arrow.dictionary(arrow.int32(), arrow.string())
        case "start":
            return arrow.timestamp("s")
        case "at":
            is_text = arrow.types.is_string(kind) or arrow.types.is_large_string(kind) or arrow.types.is_dictionary(kind)
            return arrow.string() if is_text else arrow.timestamp("s")
        case _:
            return arrow.int64()


def _whole(column: Any) -> Any:
    """As 64 bits; what is more is as little as can be, and so below zero, where it is rejected."""
    if column.type == arrow.uint64():
        big = compute.greater(column, arrow.scalar((1 << 63) - 1, arrow.uint64()))
        column = compute.if_else(big, arrow.scalar(1 << 63, arrow.uint64()), column)
    return column.cast(arrow.int64(), safe=False)


def _schema(path: Path) -> tuple[Any, int | None]:
    if path.suffix.lower() == CSV:
        with csv_file.opened(path) as reader:
            return reader.schema, None
    file = arrow.parquet.ParquetFile(path)
    return file.schema_arrow, file.metadata.num_rows


def _csv_kinds(path: Path, names: Mapping[str, str], schema: Any) -> dict[str, Any]:
    """What a CSV's columns hold, by its first rows, and where these do not decide it by what they should. Subscribers are
    numbers only where all of them are written as such: 007 is not 7."""
    kinds = {}
    for ours, name in names.items():
        told, wanted = schema.field(name).type, arrow.timestamp("s") if ours == START else arrow.int64()
        if ours in (PLAN, AT):
            kinds[name] = arrow.string()
        elif (
            arrow.types.is_null(told)
            or (ours == START and arrow.types.is_date(told))
            or (_is_mixed(told) and csv_file.holds(path, name, wanted))
        ):
            kinds[name] = wanted
        else:
            kinds[name] = told
    name = names[SUBSCRIBER]
    kinds[name] = arrow.int64()
    try:
        with csv_file.opened(path, [name], {name: arrow.string()}) as reader:
            for batch in reader:
                if compute.all(compute.match_substring_regex(batch.column(0), _NUMBER), min_count=0).as_py() is False:
                    kinds[name] = arrow.string()
                    break
    except (OSError, arrow.ArrowException) as error:
        raise FileError(f"{path} can't be read: {_why(path, error)}") from None
    return kinds


def _why(path: Path, error: Exception) -> str:
    return (csv_file.uneven(path) if path.suffix.lower() == CSV else "") or why(error)


def _is_mixed(kind: Any) -> bool:
    """Of a column of CSV: whether it is perhaps said only by cells that are bad."""
    return bool(arrow.types.is_string(kind) or arrow.types.is_floating(kind))


def _last_begin(subscribers: Any, before: int) -> int:
    """Where the last subscriber begins whose rows may go on behind row `before`."""
    last = subscribers[before - 1].as_py()
    low, high = 0, before - 1  # the first row of it, by halves: rows of one lie together
    while low < high:
        middle = (low + high) // 2
        if subscribers[middle].as_py() == last:
            high = middle
        else:
            low = middle + 1
    return low


def _refuse_disorder(subscribers: Any, before: object) -> object:
    """Raises DisorderError where they do not ascend, or a row has none; gives back the last one."""
    column = subscribers.combine_chunks() if isinstance(subscribers, arrow.ChunkedArray) else subscribers
    if column.null_count:
        raise DisorderError  # between rows of one subscriber it would make two of it
    if len(column):
        ascends = compute.all(compute.greater_equal(column.slice(1), column.slice(0, len(column) - 1))).as_py()
        if ascends is False or (before is not None and column[0].as_py() <= before):
            raise DisorderError
        return column[len(column) - 1].as_py()
    return before
