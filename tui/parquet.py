"""Records in Parquet: columns `at,use`, or `at,service,amount` with whole base units. Wants the extra `parquet`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

from dsl.record_file import COLUMNS
from dsl.scenario_file import MAX_RECORDS
from tui import files
from tui.language import message
from tui.saying import say

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
        text = message("{path} is Parquet, which needs one more package: pip install 'rollover[parquet]'; or save it as CSV")
        raise files.FileError(say(text, path=str(path))) from None
    try:
        if os.path.getsize(path) > MAX_FILE_BYTES:
            most = str(MAX_FILE_BYTES // 1_000_000)
            raise files.FileError(
                say("{path} is larger than {most} MB; split it into several files", path=str(path), most=most)
            )
        found = parquet.ParquetFile(path)
        if found.metadata.num_rows > MAX_RECORDS:
            count = str(found.metadata.num_rows)
            text = message("{path} has {number} records; it may have {most}")
            raise files.FileError(say(text, path=str(path), number=count, most=str(MAX_RECORDS)))
        names = [name for name in found.schema_arrow.names if name.lower() in COLUMNS]
    except OSError as error:
        why = files.why(error) if error.strerror else say("it is not Parquet, or damaged")
        raise files.FileError(say("{path} can't be read: {why}", path=str(path), why=why)) from None
    except (ValueError, arrow.ArrowException):
        why = say("it is not Parquet, or damaged")
        raise files.FileError(say("{path} can't be read: {why}", path=str(path), why=why)) from None

    def read() -> Iterator[list[str]]:
        try:
            for batch in found.iter_batches(batch_size=_ROWS_AT_ONCE, columns=names):
                yield from (
                    list(map(_text, row)) for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
                )
        except (OSError, ValueError, arrow.ArrowException):
            raise files.FileError(say("{path} can't be read: {why}", path=str(path), why=say("it is damaged"))) from None

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
