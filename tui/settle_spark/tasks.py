"""What a worker does: settles a file, or the rows of a partition, in a folder of its own, which then gets the name of its task.

An attempt that comes second, of a worker that was lost or was slow, finds that name taken and leaves what it made.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as arrow

from tui import settling
from tui.files import FileError
from tui.running import UnusableError
from tui.settle import lots
from tui.settle.rows import Table
from tui.settle.totals import OutOfBalanceError
from tui.settle.usage import Usage, whole_subscribers

LOT, ROW, ERROR = "lot", "row", "error"


@dataclass(frozen=True, slots=True)
class Task:
    """`asked` is of one file, or of a file like those the rows are of. `folder` is that of all tasks, and what is done gets the
    number as its name there. `retried`: Spark tries again, perhaps on another machine, what fails."""

    number: int
    asked: settling.Asked
    folder: Path
    retried: bool

    @property
    def done(self) -> Path:
        return self.folder / f"{self.number:05d}"


def settle_file(task: Task) -> str:
    """Why it can't be done, or nothing."""
    return _made(task, lambda out: settling.settle(replace(task.asked, out=out), _unheard))


def settle_rows(task: Task, batches: Iterator[Any]) -> Iterator[Any]:
    """For `mapInArrow`: the rows of a partition, in the order of subscribers; it tells why it can't be done, or nothing."""
    from pyspark import TaskContext

    context = TaskContext.get()
    assert context is not None
    task = replace(task, number=context.partitionId())
    error = _made(task, lambda out: _settle_rows(replace(task.asked, out=out), batches))
    for _ in batches:  # of a part that was there already: Spark wants to get rid of them
        pass
    yield arrow.RecordBatch.from_pydict({ERROR: [error]})


def _settle_rows(asked: settling.Asked, batches: Iterator[Any]) -> None:
    run = settling.Run(asked)
    with run.work.held():
        run.settle(_pieces(run.usage, batches), _unheard, by_buckets=False)
        run.finish()


def _pieces(usage: Usage, batches: Iterator[Any]) -> Iterator[settling.Piece]:
    usage = replace(usage, names={name: name for name in usage.names})
    schema = lots.schema(usage.subscriber)
    for table in whole_subscribers((arrow.Table.from_batches([batch]) for batch in batches), nulls_lie_together=True):
        used, opening = table, None
        if LOT in table.column_names:
            is_lot = table.column(LOT).is_valid()
            used = table.filter(arrow.compute.invert(is_lot))
            opening = _lots(table.filter(is_lot), schema)
        yield usage.normal(used), opening


def _lots(table: Table, schema: Any) -> Table:
    column = table.column(LOT).combine_chunks()
    fields = column.chunk(0) if isinstance(column, arrow.ChunkedArray) and column.num_chunks else column
    if not len(table):
        return schema.empty_table()
    return arrow.table({name: fields.field(name) for name in schema.names}).cast(schema)


def _made(task: Task, make: Callable[[Path], object]) -> str:
    """Raises FileError where Spark tries again."""
    if task.done.exists():
        return ""
    mine = task.folder / f"{task.number:05d}-{uuid4().hex}"
    try:
        task.folder.mkdir(parents=True, exist_ok=True)
        make(mine)
        _name(mine, task.done)
    except FileError as error:
        if task.retried and _is_first_attempt():
            raise
        return str(error)
    except (UnusableError, OutOfBalanceError) as error:
        return str(error)
    finally:
        for left in (mine, task.folder / f".{mine.name}.settling"):
            shutil.rmtree(left, ignore_errors=True)
    return ""


def _name(mine: Path, done: Path) -> None:
    try:
        os.rename(mine, done)
    except OSError as error:
        if not done.exists():  # else another attempt was faster
            raise FileError(f"{done} can't be made: {(error.strerror or str(error)).lower()}") from None


def _is_first_attempt() -> bool:
    from pyspark import TaskContext

    context = TaskContext.get()
    return context is not None and context.attemptNumber() == 0


def _unheard(rows: int, line: str) -> None:
    """The driver tells of a part when its name is there."""
    del rows, line
