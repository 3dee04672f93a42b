"""Records in Parquet: columns `at,use`, or `at,service,amount` with whole base units. Wants the extra `parquet`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from dsl.record_file import COLUMNS
from dsl.scenario_file import MAX_RECORDS
from tui import files

SUFFIX = ".parquet"
MAX_FILE_BYTES = 50_000_000
_MAX_FIELD = 1_000  # characters; what is longer is no record
_ROWS_AT_ONCE = 4_096


def rows(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    """The names of the columns, and row after row as text. Raises files.FileError, also while rows are read."""
    try:
        import pyarrow as arrow
        import pyarrow.parquet as parquet
    except ImportError:
        message = f"{path} is Parquet, which needs one more package: pip install 'rollover[parquet]'; or save it as CSV"
        raise files.FileError(message) from None
    try:
        if os.path.getsize(path) > MAX_FILE_BYTES:
            raise files.FileError(f"{path} is larger than {MAX_FILE_BYTES // 1_000_000} MB; split it into several files")
        found = parquet.ParquetFile(path)
        if found.metadata.num_rows > MAX_RECORDS:
            raise files.FileError(f"{path} has {found.metadata.num_rows} records; it may have {MAX_RECORDS}")
        names = [name for name in found.schema_arrow.names if name.lower() in COLUMNS]
    except OSError as error:
        why = error.strerror.lower() if error.strerror else "it is not Parquet, or damaged"
        raise files.FileError(f"{path} can't be read: {why}") from None
    except (ValueError, arrow.ArrowException):
        raise files.FileError(f"{path} can't be read: it is not Parquet, or damaged") from None

    def read() -> Iterator[list[str]]:
        try:
            for batch in found.iter_batches(batch_size=_ROWS_AT_ONCE, columns=names):
                yield from (
                    list(map(_text, row)) for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
                )
        except (OSError, ValueError, arrow.ArrowException):
            raise files.FileError(f"{path} can't be read: it is damaged") from None

    return names, read()


def _text(value: object) -> str:
    """A value as it would stand in CSV; what no record can hold stays what it is, so that it is told."""
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")  # with its offset, if it has one, which is refused
        case date():
            return datetime.combine(value, time()).date().isoformat()
        case str():
            return value[:_MAX_FIELD].strip()
        case _:
            return str(value)[:_MAX_FIELD]
