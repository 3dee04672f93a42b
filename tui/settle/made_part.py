"""A part of a run that is being made: its files, its totals, and the line that says it is done."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pyarrow as arrow

from tui.exits import counted
from tui.files import FileError
from tui.settle.rows import Table
from tui.settle.settler import Outcome
from tui.settle.sums import as_json
from tui.settle.totals import Totals
from tui.settle.work import Part, Work, parquet_writer, why


class _AbandonedError(Exception):
    """What its files are told, so that they do not appear."""


class MadePart:
    """A part that is being made. What is settled is written by a thread while the next piece is settled: its memory holds until
    the one after that."""

    def __init__(self, work: Work, columns: Sequence[str]) -> None:
        self.work = work
        self.columns = list(columns)  # of the statement
        self.number = len(work.parts)
        self.totals = Totals()
        self.rows = 0
        self._open = ExitStack()
        self._writers: dict[str, tuple[Any, dict[str, str]]] = {}
        self._thread = self._open.enter_context(ThreadPoolExecutor(1))
        self._written: Future[None] | None = None

    def add(self, outcome: Outcome) -> None:
        self._wait()
        self._written = self._thread.submit(self._write_all, outcome)
        self.totals.add(outcome.totals)
        self.rows += len(outcome.statement) + len(outcome.rejects)

    def _wait(self) -> None:
        if self._written:
            self._written.result()

    def abandon(self) -> None:
        """Nothing of it is left."""
        with contextlib.suppress(Exception):
            self._wait()
        with contextlib.suppress(Exception):
            self._open.__exit__(_AbandonedError, _AbandonedError(), None)

    def _write_all(self, outcome: Outcome) -> None:
        self._write("statement", outcome.statement.select(self.columns))
        self._write("lots", outcome.lots)
        if len(outcome.rejects):
            self._write("rejects", outcome.rejects)
        if len(outcome.rejected_lots):
            self._write("rejected_lots", outcome.rejected_lots)

    def _write(self, kind: str, table: Table) -> None:
        if kind not in self._writers:
            path = self.work.folder / kind / self.name
            self._writers[kind] = self._open.enter_context(parquet_writer(path, table.schema))
        try:
            self._writers[kind][0].write_table(table)
        except (OSError, arrow.ArrowException) as error:
            raise FileError(f"{self.work.folder / kind / self.name} can't be written: {why(error)}") from None

    @property
    def name(self) -> str:
        return f"part-{self.number:05d}.parquet"

    def end(self, pieces: int, *, by_buckets: bool) -> str:
        """The part is on the disk, and noted; a line that says so."""
        self._wait()
        self._open.close()
        digests = {f"{kind}/{self.name}": done["sha256"] for kind, (_, done) in self._writers.items()}
        told = {"by_buckets": by_buckets, "totals": as_json(self.totals)}
        self.work.add(Part(self.number, digests, pieces, told))
        lines, cycles = counted(self.totals.lines, "subscriber"), counted(self.totals.cycles, "cycle")
        return f"part {self.number}: {lines}, {cycles}, {counted(self.totals.rejected.total(), 'row')} rejected"
