"""`rollover settle`: files of plans and usage to a folder of statements, lots and totals. Wants the extra `batch`."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet

from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from dsl.source import Span
from dsl.units import DATA, SMS, VOICE, is_money
from engine.batch.lines import Form, NotTraced
from engine.batch.trace import Moved
from tui import files, folders
from tui.exits import counted
from tui.files import FileError
from tui.running import UnusableError, checked_plans
from tui.settle import buckets, usage
from tui.settle.opening import Opening
from tui.settle.rows import PLAN, SUBSCRIBER, Given, Table
from tui.settle.settler import Outcome, Settler, Totals
from tui.settle.usage import DisorderError
from tui.settle.work import Part, Work, parquet_writer

FORMAT = "rollover.settle/1"
PART_ROWS = 1 << 20  # what a run that is killed does again at the most
_SORTED = ".sorted"


@dataclass(frozen=True, slots=True)
class Asked:
    """`mapping` says which column of the file is which of ours."""

    plans: Sequence[Path]
    usage: Path
    out: Path
    opening: Path | None = None
    plan: str = ""
    start: datetime | None = None
    mapping: Mapping[str, str] | None = None
    form: Form = Form.NUMBA
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    totals: Totals
    parts: int
    taken_up: int  # parts that an earlier run had done
    as_before: bool = False  # the folder was there already, of the same input


def form_of(name: str) -> Form:
    """The form that is asked for; the fastest there is for "auto"."""
    if name != "auto":
        return Form(name)
    return Form.NUMBA if importlib.util.find_spec("numba") else Form.NUMPY


def rows_of(path: Path) -> int:
    """How many rows a file of usage has, where it says so; else 0."""
    try:
        return int(arrow.parquet.read_metadata(path).num_rows)
    except (OSError, arrow.ArrowException):
        return 0


Piece = tuple[Table, Table | None]  # usage of whole subscribers, and what opens them
Report = Callable[[int, str], None]  # rows more are done; a line for a log, or ""


def settle(asked: Asked, report: Report) -> Done:
    """Raises FileError, UnusableError and OutOfBalanceError; what was done so far stays for the next run."""
    run = _Run(asked)
    if files.exists(asked.out):
        return run.as_before()
    if asked.restart:
        run.work.restart()
    with run.work.held():
        taken_up = len(run.work.parts)
        run.go(report)
        run.work.finish(run.manifest())
    return Done(run.totals(), len(run.work.parts), taken_up)


class _Run:
    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        plans, sources = _plans(asked.plans)
        wanted = dict.fromkeys((DATA, VOICE, SMS, *(name for plan in plans for name in plan.services if not is_money(name))))
        self.usage = usage.opened(asked.usage, asked.mapping or {}, tuple(wanted))
        named = asked.plan or (plans[0].name if len(plans) == 1 else "")
        if asked.plan and asked.plan not in {plan.name for plan in plans}:
            raise UnusableError(f'no plan "{asked.plan}" in these files', misuse=True)
        if not named and PLAN not in self.usage.names:
            raise UnusableError(
                "the usage has no column `plan`, and there are several plans: say which, with --plan", misuse=True
            )
        self.given = Given([plan.name for plan in plans], named or plans[0].name, asked.start or DEFAULT_START)
        self.opening = Opening(asked.opening, self.usage.subscriber) if asked.opening else None
        self.settler = Settler(plans, self.usage.services, self.given, asked.form)
        identity = {
            "format": FORMAT,
            "plans": sources,
            "usage": self.usage.identity(),
            "columns": dict(self.usage.names),
            "opening": self.opening.identity() if self.opening else None,
            "plan": named,
            "start": self.given.start.isoformat(),
            "part_rows": PART_ROWS,
        }
        self.work = Work(asked.out, identity)

    def as_before(self) -> Done:
        """The folder is there: nothing is to be done where it is of this very input."""
        try:
            manifest = json.loads((self.asked.out / "manifest.json").read_text(encoding="utf-8"))
            same = manifest["input"] == json.loads(json.dumps(dict(self.work.identity)))
        except (OSError, ValueError, KeyError):
            same = False
        if not same:
            raise FileError(f"{self.asked.out} is there already, of other input; give another --out")
        self.work.parts = [Part(**part) for part in manifest["parts"]]
        return Done(self.totals(), len(self.work.parts), len(self.work.parts), as_before=True)

    # ---- part by part

    def go(self, report: Report) -> None:
        by_buckets = bool(self.work.parts) and self.work.parts[0].told["by_buckets"]
        if not by_buckets:
            try:
                self._run(self._in_order(), report, by_buckets=False)
            except DisorderError:
                report(0, "the rows of a subscriber do not lie together, ascending: they are put in order first")
                self.work.begin_anew()
                by_buckets = True
        if by_buckets:
            self._run(self._by_buckets(), report, by_buckets=True)

    def _run(self, pieces: Iterator[Piece], report: Report, *, by_buckets: bool) -> None:
        """Settles what is not settled yet, and notes each part."""
        done = self.work.parts[-1].pieces if self.work.parts else 0
        part = None
        for number, (table, opening) in enumerate(pieces, 1):
            if number > done:
                part = part or _Part(self.work)
                part.add(self.settler.settle(table, opening))
                if by_buckets or part.rows >= PART_ROWS:
                    report(0, part.end(number, by_buckets=by_buckets))
                    part = None
            report(len(table), "")
        if part:
            report(0, part.end(number, by_buckets=by_buckets))

    def _in_order(self) -> Iterator[Piece]:
        reader = self.opening.reader() if self.opening else None
        for table in self.usage.chunks():
            last = table.column(SUBSCRIBER)[len(table) - 1].as_py()
            yield table, reader.up_to(last) if reader and last is not None else None
        for opening in reader.rest() if reader else ():
            yield self._nothing(), opening

    def _by_buckets(self) -> Iterator[Piece]:
        rows = self.usage.rows if self.usage.rows is not None else self.asked.usage.stat().st_size // 30
        many = buckets.count_of(rows)
        folder = self.work.folder / _SORTED
        buckets.fill(folder / "usage", self.usage.tables(), many)
        if self.opening:
            buckets.fill(folder / "opening", self.opening.tables(), many)
        for number in range(many):
            table = buckets.read(folder / "usage", number)
            opening = buckets.read(folder / "opening", number) if self.opening else None
            if table is not None or opening is not None:
                yield self._nothing() if table is None else table, opening

    def _nothing(self) -> Table:
        columns = {name: arrow.array([], arrow.int64()) for name in self.usage.services}
        return arrow.table({SUBSCRIBER: arrow.array([], self.usage.subscriber), **columns})

    # ---- what it came to

    def totals(self) -> Totals:
        found = Totals()
        for part in self.work.parts:
            found.add(_totals(part.told["totals"]))
        return found

    def manifest(self) -> dict[str, Any]:
        return {
            "input": dict(self.work.identity),
            "totals": _as_json(self.totals()),
            "parts": [part.as_json() for part in self.work.parts],
        }


class _Part:
    """A part that is being made. What is settled is written by a thread while the next piece is settled: its memory holds until
    the one after that."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.number = len(work.parts)
        self.totals = Totals()
        self.rows = 0
        self._open = ExitStack()
        self._writers: dict[str, tuple[Any, dict[str, str]]] = {}
        self._thread = self._open.enter_context(ThreadPoolExecutor(1))
        self._written: Future[None] | None = None

    def add(self, outcome: Outcome) -> None:
        try:
            self._wait()
            self._written = self._thread.submit(self._write_all, outcome)
        except BaseException:
            self._open.__exit__(*sys.exc_info())
            raise
        self.totals.add(outcome.totals)
        self.rows += len(outcome.statement) + len(outcome.rejects)

    def _wait(self) -> None:
        if self._written:
            self._written.result()

    def _write_all(self, outcome: Outcome) -> None:
        self._write("statement", outcome.statement)
        self._write("lots", outcome.lots)
        if len(outcome.rejects):
            self._write("rejects", outcome.rejects)

    def _write(self, kind: str, table: Table) -> None:
        if kind not in self._writers:
            path = self.work.folder / kind / self.name
            self._writers[kind] = self._open.enter_context(parquet_writer(path, table.schema))
        self._writers[kind][0].write_table(table)

    @property
    def name(self) -> str:
        return f"part-{self.number:05d}.parquet"

    def end(self, pieces: int, *, by_buckets: bool) -> str:
        """The part is on the disk, and noted; a line that says so."""
        try:
            self._wait()
        except BaseException:
            self._open.__exit__(*sys.exc_info())
            raise
        self._open.close()
        digests = {f"{kind}/{self.name}": done["sha256"] for kind, (_, done) in self._writers.items()}
        told = {"by_buckets": by_buckets, "totals": _as_json(self.totals)}
        self.work.add(Part(self.number, digests, pieces, told))
        lines, cycles = counted(self.totals.lines, "subscriber"), counted(self.totals.cycles, "cycle")
        return f"part {self.number}: {lines}, {cycles}, {counted(self.totals.rejected, 'row')} rejected"


# ---- totals as JSON


def _as_json(totals: Totals) -> dict[str, Any]:
    return {
        "subscribers": totals.lines,
        "cycles": totals.cycles,
        "rejected": totals.rejected,
        "figures": totals.figures,
        "rules": [
            {
                "plan": plan, "service": key.service, "what": key.reason, "line": key.span.line, "start": key.span.start,
                "end": key.span.end, "amount": amount,
            }
            for plan, moved in totals.moved.items()
            for key, amount in sorted(moved.items(), key=lambda one: (one[0].span, one[0].service, one[0].reason))
        ],
        "one_at_a_time": [
            {"plan": plan, "line": why.line, "reason": why.reason, "subscribers": lines}
            for (plan, why), lines in totals.by_rows.items()
        ],
    }  # fmt: skip


def _totals(told: Mapping[str, Any]) -> Totals:
    found = Totals(told["subscribers"], told["cycles"], told["rejected"], told["figures"])
    for rule in told["rules"]:
        key = Moved(rule["service"], rule["what"], Span(rule["line"], rule["start"], rule["end"]))
        found.moved.setdefault(rule["plan"], Counter())[key] = rule["amount"]
    for one in told["one_at_a_time"]:
        found.by_rows[one["plan"], NotTraced(one["reason"], one["line"])] = one["subscribers"]
    return found


def _plans(paths: Sequence[Path]) -> tuple[list[Plan], list[dict[str, str]]]:
    plans: dict[str, Plan] = {}
    sources = []
    for path in folders.found(paths, folders.PLAN):
        checked = checked_plans(path)
        sources.append({"name": path.name, "sha256": hashlib.sha256(checked.source.text.encode()).hexdigest()})
        for plan in checked.plans:
            if plan.name in plans:
                raise UnusableError(f'{path}: a plan "{plan.name}" is in another of these files, too; rename one', misuse=True)
            plans[plan.name] = plan
    if not plans:
        raise UnusableError("no plans there; plan files end in .plan", misuse=True)
    return list(plans.values()), sources
