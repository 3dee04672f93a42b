"""Usage records from a file, CSV or Parquet, of one line of those that are in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dsl import record_file
from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.scenario import Dated
from dsl.source import Source
from tui import files, parquet


class Records:
    """A file of records, read once; what they mean depends on the units and packs of the plans they are read with."""

    def __init__(self, path: Path) -> None:
        """Raises files.FileError."""
        self.path = path
        self._table: tuple[list[str], list[list[str]]] | None = None
        if path.name.lower().endswith(parquet.SUFFIX):
            names, rows = parquet.rows(path)
            self._table = names, list(rows)
            self.source = Source(str(path), "")
        else:
            self.source = files.read(path)

    def read(self, checked: Checked) -> tuple[tuple[Dated, ...], tuple[Diagnostic, ...]]:
        """All records, as read with these plans, and what is wrong with them."""
        if self._table is None:
            return record_file.read(self.source, checked)
        return record_file.read_rows(*self._table, checked)


def of_line(records: Sequence[Dated], line: str) -> tuple[Dated, ...]:
    """The records of one line, as those of the line a history is about."""
    return tuple(replace(record, line="") for record in records if record.line == line)


def lines(records: Sequence[Dated]) -> list[str]:
    """Whose records these are."""
    return list(dict.fromkeys(record.line for record in records))
