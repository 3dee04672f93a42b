"""`rollover settle --engine spark`: usage in a folder, or in a file, divided among workers, and their parts put together.

Files whose subscribers lie apart are settled a task a file. Else Spark brings the rows of each subscriber together first. What
a task has done stays in a folder beside the one that is made, so that a run that was killed goes on. Folders are ones that the
driver and all workers see under the same path.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet

from dsl.source import printable
from tui import files
from tui.exits import counted
from tui.files import FileError
from tui.running import UnusableError
from tui.settle import identity, usage
from tui.settle.identity import MADE_BY, stamps
from tui.settle.opening import Share
from tui.settle.several import paths_of, range_of
from tui.settle.usage import CSV, PARQUET, Usage
from tui.settle.work import MANIFEST, TASKS, Part, Work, damaged
from tui.settle_spark.rows import by_subscriber, refuse_names
from tui.settle_spark.session import is_local, session
from tui.settle_spark.tasks import ERROR, Task, settle_file, settle_rows
from tui.settling import PART_ROWS, Asked, Done, Report, Run

_LOOKS = 0.25  # seconds between two looks at what is done


def settle(asked: Asked, master: str, report: Report, *, partition_rows: int = PART_ROWS, spark: Any = None) -> Done:
    """On `spark`, a session of `session`, where one is given. Raises FileError and UnusableError; what was done so far stays
    for the next run."""
    job = _Job(_everywhere(asked), master, partition_rows)
    run = job.run
    if files.exists(run.asked.out):
        return run.as_before()
    with run.work.held(anew=asked.restart):
        taken_up = job.go(report, spark)
        job.gather()
        run.finish()
    return Done(run.totals(), len(run.work.parts), taken_up)


def _everywhere(asked: Asked) -> Asked:
    """As a worker, whose folder is another one, can find it."""
    plans, usage, opening = (
        [Path(os.path.realpath(path)) for path in one] for one in (asked.plans, asked.usage, asked.opening)
    )
    return replace(asked, plans=plans, usage=usage, opening=opening, out=Path(os.path.realpath(asked.out)))


class _Job:
    """What is asked, divided into tasks: of the files, where they lie apart, else of rows."""

    def __init__(self, asked: Asked, master: str, partition_rows: int) -> None:
        paths = _paths(asked.usage)
        self.master = master
        self.run = Run(replace(asked, usage=paths[:1]))
        self.files = [self.run.usage, *(_alike(path, self.run) for path in paths[1:])]
        self.run.seen |= stamps(one.path for one in self.files)
        divided = shares(self.files)
        self.by_file = bool(divided)
        decides = {
            **self.run.work.identity,
            "usage": [one.identity() for one in self.files],
            "part_rows": partition_rows,
            "tasks": "files" if divided else "rows",
        }
        self.run.work = Work(asked.out, decides, tasks=True)
        self.whole = hashlib.sha256(json.dumps(decides).encode()).hexdigest()
        if not divided:
            if asked.opening[1:]:
                raise FileError(
                    "--engine spark takes one --opening where a subscriber may be in several files, or there is one"
                )
            refuse_names([*(one.path for one in self.files), *(path for one in self.run.openings for path in one.paths)])
            rows = sum(one.rows or 0 for one in self.files)
            divided = [(self.files[0], (None, None))] * max(1, -(-rows // partition_rows))
        self.made: set[int] = set()  # the tasks of this run; the others an earlier one had done
        self.tasks = [self._task(number, *one) for number, one in enumerate(divided)]

    def _task(self, number: int, file: Usage, share: Share) -> Task:
        asked = replace(self.run.asked, usage=[file.path], share=share, restart=False, whole=self.whole)
        return Task(number, asked, self.run.work.folder / TASKS, retried=not is_local(self.master))

    def go(self, report: Report, spark: Any) -> int:
        """Does the tasks that are not done; how many were."""
        left = [task for task in self.tasks if not self._is_done(task)]
        self.made = {task.number for task in left}
        for task in left:
            shutil.rmtree(task.done, ignore_errors=True)
        if left:
            folder = self.run.work.folder / ".spark"
            running = contextlib.nullcontext(spark) if spark else session(self.master, folder)
            with ThreadPoolExecutor(1) as thread, running as spark:
                work = thread.submit(self._errors, spark, left)
                self._tell(work, {task.done.name for task in left}, report)
                if errors := [error for error in work.result() if error]:
                    more = f" (and {counted(len(errors) - 1, 'task')} more)" if errors[1:] else ""
                    raise FileError(errors[0] + more)
        return len(self.tasks) - len(left)

    def _is_done(self, task: Task) -> bool:
        """Whether an earlier run of the very same has done it; what an attempt left that came too late may be of another."""
        try:
            return bool(_manifest(task.done)["input"]["whole"] == self.whole)
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def _errors(self, spark: Any, left: Sequence[Task]) -> list[str]:
        """Why tasks can't be done. Raises UnusableError where Spark itself fails."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            if self.by_file:
                return list(spark.sparkContext.parallelize(left, len(left)).map(settle_file).collect())
            opening = [path for opening in self.run.openings for path in opening.paths]
            rows = by_subscriber(spark, self.files, opening, len(self.tasks))
            told = rows.mapInArrow(functools.partial(settle_rows, left[0]), f"{ERROR} string").collect()
            return [row[ERROR] for row in told]
        except (Py4JError, PySparkException) as error:
            raise UnusableError(f"Spark gave up: {_why(error)}; what is done stays: the same command goes on with it") from None

    def _tell(self, work: Future[list[str]], left: set[str], report: Report) -> None:
        folder, is_over = self.tasks[0].folder, False
        while not is_over:
            is_over = bool(wait([work], _LOOKS).done)
            there = left.intersection(os.listdir(folder) if folder.exists() else ())
            for name in sorted(there):
                told = _manifest(folder / name)["totals"]
                lines, cycles = counted(told["subscribers"], "subscriber"), counted(told["cycles"], "cycle")
                report(told["cycles"] + told["rejected"], f"task {name}: {lines}, {cycles}, {told['rejected']} rejected")
            left -= there

    def gather(self) -> None:
        """The parts of all tasks, in their order; those that an earlier run has moved are where they belong."""
        work = self.run.work
        for task in self.tasks:
            manifest = _manifest(task.done)
            self._refuse_others(manifest["input"], task)
            for told in manifest["parts"]:
                part = Part(**told)
                names = {name: f"{Path(name).parent}/part-{len(work.parts):05d}.parquet" for name in part.files}
                for name, new in names.items():
                    _move(task.done / name, work.folder / new)
                digests = {names[name]: digest for name, digest in part.files.items()}
                work.parts.append(Part(len(work.parts), digests, part.pieces, part.told))
                if task.number not in self.made and (bad := damaged(work.folder, work.parts[-1])):
                    raise FileError(f"{work.folder / bad} is not what was written there; give --restart to begin anew")

    def _refuse_others(self, told: Mapping[str, object], task: Task) -> None:
        """Raises FileError where a worker had something else before it than the driver."""
        work = self.run.work
        wanted = {**work.identity, "usage": [identity.of_file(path) for path in task.asked.usage], "whole": self.whole}
        for name, what in _TOLD.items():
            if told[name] != json.loads(json.dumps(wanted[name])):
                raise FileError(f"{what} were not the same for all who made {work.out}; give --restart to begin anew")


_TOLD = {
    "whole": "the runs", MADE_BY: "the versions of Rollover and pyarrow", "plans": "the plans", "usage": "the files of usage",
    "opening": "the lots that open", "columns": "the columns",
}  # fmt: skip


def _paths(paths: Sequence[Path]) -> list[Path]:
    """The files of usage. Raises FileError."""
    found = paths_of(paths, [PARQUET])
    if text := next((path for path in found if path.suffix.lower() == CSV), None):
        raise FileError(f"{text}: with --engine spark usage is Parquet, files or folders of them")
    return found


def shares(files: Sequence[Usage]) -> list[tuple[Usage, Share]]:
    """Files whose subscribers lie apart, ascending, and of what opens the share of each; nothing where they don't, or nobody
    has said what they hold. Files without rows are left out."""
    ranges = [(low, high, file) for file in files if file.rows for low, high in [range_of(file)]]
    if len(files) < 2 or not ranges or any(low is None for low, _, _ in ranges):
        return []
    ranges.sort(key=lambda one: one[0])
    highs = [high for _, high, _ in ranges]
    if any(low <= before for (low, _, _), before in zip(ranges[1:], highs, strict=False)):
        return []
    bounds = zip([None, *highs[:-1]], [*highs[:-1], None], strict=True)
    return [(file, share) for (_, _, file), share in zip(ranges, bounds, strict=True)]


def _alike(path: Path, run: Run) -> Usage:
    """A file with the same columns as the first. Raises FileError."""
    found = usage.opened(path, run.asked.mapping or {}, run.wanted)
    mine, first = (_columns(one) for one in (found, run.usage))
    if mine != first:
        name, kind = min(set(mine.items()) ^ set(first.items()))
        raise FileError(f"{path} differs from {run.usage.path.name}: only one of them has {printable(name)} as {kind}")
    return found


def _columns(file: Usage) -> dict[str, str]:
    schema = arrow.parquet.read_schema(file.path)
    return {name: _kind(schema.field(name).type) for name in file.names.values()}


def _kind(kind: Any) -> str:
    is_text = arrow.types.is_string(kind) or arrow.types.is_large_string(kind) or arrow.types.is_dictionary(kind)
    return "text" if is_text else str(kind)


def _why(error: Exception) -> str:
    """The line that says most: of a worker's exception its last, else the first."""
    java = getattr(error, "java_exception", None)
    lines = str(java.getMessage() if java is not None else error).splitlines()
    said = [line for line in lines if re.match(r"[\w.]*(Error|Exception): ", line)]
    return printable((said or lines or ["it does not say why"])[-1 if said else 0])


def _manifest(folder: Path) -> Any:
    return json.loads((folder / MANIFEST).read_text(encoding="utf-8"))


def _move(path: Path, target: Path) -> None:
    try:
        target.parent.mkdir(exist_ok=True)
        if path.exists() or not target.exists():
            os.rename(path, target)
    except OSError as error:
        raise FileError(f"{target} can't be made: {(error.strerror or str(error)).lower()}") from None
