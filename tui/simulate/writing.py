"""Simulated usage as a file, Parquet or CSV, a block at a time: memory is that of a block, whatever their number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as arrow
import pyarrow.csv
import pyarrow.parquet

from tui import files
from tui.files import FileError
from tui.simulate.blocks import Base, Rows, rows_of
from tui.simulate.draws import Ints
from tui.simulate.records import Records, records_of

PARQUET, CSV = SUFFIXES = (".parquet", ".csv")


def write(base: Base, blocks: range, path: Path, *, dated: bool, report: Callable[[int], None]) -> int:
    """Writes blocks of a base, and is whole or not there. `report` is told how many subscribers more are written. The number of
    rows. Raises FileError, and what `report` raises."""
    schema = schema_of(base, dated=dated)
    rows = 0
    with files.replacing(path) as file:
        try:
            with _writer(file, path, schema) as writer:
                for block in blocks:
                    for table in _tables(base, block, schema, dated=dated):
                        writer.write_table(table)
                        rows += len(table)
                    report(base.in_block(block))
        except arrow.ArrowException as error:
            raise FileError(f"{path} can't be written: {error}") from None
    return rows


def schema_of(base: Base, *, dated: bool) -> arrow.Schema:
    """The columns; docs/simulate.md tells what they mean."""
    people = base.population
    plan = [("plan", arrow.dictionary(arrow.int32(), arrow.string()))] if people.plans else []
    when = ("at", arrow.timestamp("s")) if dated else ("cycle", arrow.int32())
    services = [(service, arrow.int64()) for service in people.services]
    fields = [("subscriber", arrow.int64()), *plan, ("start", arrow.date32()), when, *services]
    return arrow.schema([arrow.field(name, kind, nullable=False) for name, kind in fields])


def _writer(file: IO[bytes], path: Path, schema: arrow.Schema) -> Any:
    if path.suffix.lower() == CSV:
        return arrow.csv.CSVWriter(file, schema)
    repeated = [name for name in ("plan", "start", "cycle") if name in schema.names]
    return arrow.parquet.ParquetWriter(
        file, schema, compression="snappy", use_dictionary=repeated, column_encoding={"subscriber": "DELTA_BINARY_PACKED"}
    )


def _tables(base: Base, block: int, schema: arrow.Schema, *, dated: bool) -> Iterator[arrow.Table]:
    rows = rows_of(base, block)
    if not dated:
        yield _table(base, rows, schema, arrow.array(rows.cycle.astype(np.int32)), rows.used)
        return
    for records in records_of(base, block, rows):
        yield _table(base, _picked(rows, records), schema, arrow.array(records.at.astype("datetime64[s]")), records.used)


def _picked(rows: Rows, records: Records) -> Rows:
    row = records.row
    return Rows(rows.subscriber[row], rows.kind[row], rows.cycle[row], rows.place[row], records.used)


def _table(base: Base, rows: Rows, schema: arrow.Schema, when: Any, used: dict[str, Ints]) -> arrow.Table:
    people = base.population
    columns = [arrow.array(rows.subscriber)]
    if people.plans:
        plan = arrow.array((rows.kind // people.kinds_of_a_plan).astype(np.int32))
        columns.append(arrow.DictionaryArray.from_arrays(plan, arrow.array(people.plans, arrow.string())))
    start = arrow.array(people.start[rows.kind].astype("datetime64[D]"))
    return arrow.Table.from_arrays([*columns, start, when, *map(arrow.array, used.values())], schema=schema)
