"""`rollover settle`: files of plans and usage to a folder of statements, lots and totals. Wants the extra `batch`."""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet

from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from dsl.source import Source
from dsl.units import DATA, SMS, VOICE, is_money
from engine.batch.lines import Form
from tui import files, folders
from tui.files import FileError
from tui.running import UnusableError, checked_plans, no_plan
from tui.settle import buckets
from tui.settle.identity import MADE_BY, difference, made_by, refuse_changes, stamps
from tui.settle.made_part import MadePart
from tui.settle.of_plan import ENDS
from tui.settle.opening import Opening, Readers, Share
from tui.settle.rows import PLAN, SUBSCRIBER, Given, Table
from tui.settle.settler import Outcome, Settler
from tui.settle.several import opened_all, paths_of
from tui.settle.sums import as_json, from_json, rules_csv
from tui.settle.totals import OutOfBalanceError, Totals
from tui.settle.usage import CHUNK, DisorderError
from tui.settle.work import MANIFEST, Part, Work, damaged

FORMAT = "rollover.settle/1"
PART_ROWS = 1 << 20  # what a run that is killed does again at the most
RULES_FILE = "rules.csv"
_SORTED = ".sorted"


@dataclass(frozen=True, slots=True)
class Asked:
    """`mapping` says which column of the file is which of ours. Of what opens, `share` is taken."""

    plans: Sequence[Path]
    usage: Sequence[Path]  # files, and folders of such
    out: Path
    opening: Sequence[Path] = ()
    plan: str = ""
    start: datetime | None = None
    mapping: Mapping[str, str] | None = None
    form: Form = Form.NUMBA
    restart: bool = False
    columns: Sequence[str] = ()  # of the statement, where not all are wanted
    chunk_rows: int = CHUNK  # that are settled at once
    part_rows: int = PART_ROWS
    share: Share = (None, None)
    whole: str = ""  # of which run this is a task


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


def rows_of(paths: Sequence[Path]) -> int:
    """How many rows usage has, where its files say so; else 0."""
    try:
        return sum(int(arrow.parquet.read_metadata(one).num_rows) for one in paths_of(paths))
    except (FileError, OSError, arrow.ArrowException):
        return 0


Piece = tuple[Table, Table | None]  # usage of whole subscribers, and what opens them
Report = Callable[[int, str], None]  # rows more are done; a line for a log, or ""


def settle(asked: Asked, report: Report) -> Done:
    """Raises FileError, UnusableError and OutOfBalanceError; what was done so far stays for the next run."""
    run = Run(asked)
    if files.exists(asked.out):
        return run.as_before()
    with run.work.held(anew=asked.restart):
        taken_up = len(run.work.parts)
        run.go(report)
        run.finish()
    return Done(run.totals(), len(run.work.parts), taken_up)


class Run:
    """What is asked, read and checked. Raises FileError and UnusableError."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        plans, sources, self.sources = _plans(asked.plans)
        services = (name for plan in plans for name in plan.services if not is_money(name))
        self.wanted = tuple(dict.fromkeys((DATA, VOICE, SMS, *services)))
        self.files = opened_all(asked.usage, asked.mapping or {}, self.wanted)
        self.usage = self.files.first
        named = asked.plan or (plans[0].name if len(plans) == 1 else "")
        if asked.plan and asked.plan not in {plan.name for plan in plans}:
            raise UnusableError(f'no plan "{asked.plan}" in these files', misuse=True)
        if not named and PLAN not in self.usage.names:
            raise UnusableError(
                "the usage has no column `plan`, and there are several plans: say which, with --plan", misuse=True
            )
        self.given = Given(
            [plan.name for plan in plans],
            named or plans[0].name,
            asked.start or (None if self.usage.is_dated else DEFAULT_START),
        )
        self.openings = [
            Opening(path, self.usage.subscriber, asked.share, number if asked.opening[1:] else None)
            for number, path in enumerate(_each_once(asked.opening))
        ]
        self.seen = stamps([one.path for one in self.files.files] + [path for one in self.openings for path in one.paths])
        self.settler = Settler(plans, self.usage.services, self.given, asked.form, self.sources, self.files.names)
        identity = {
            "format": FORMAT,
            MADE_BY: made_by(asked.form),
            "plans": sources,
            "usage": self.files.identity(),
            "columns": dict(self.usage.names),
            "opening": [opening.identity() for opening in self.openings],
            "plan": named,
            "start": self.given.start.isoformat() if self.given.start else None,
            "statement": self._refuse_columns(),
            "chunk_rows": asked.chunk_rows,
            "part_rows": asked.part_rows,
            "whole": asked.whole,
        }
        self.work = Work(asked.out, identity)

    def _refuse_columns(self) -> list[str]:
        """The columns of the statement. Raises UnusableError where one is none."""
        all_of = self.settler.schema(self.usage.subscriber).names
        figures = all_of[all_of.index(ENDS) + 1 :]
        strange = [name for name in self.asked.columns if name not in figures]
        if strange:
            raise UnusableError(f"--columns: a statement has no column {strange[0]}; it has {', '.join(figures)}", misuse=True)
        return [name for name in all_of if name not in figures or name in self.asked.columns or not self.asked.columns]

    def as_before(self) -> Done:
        """The folder is there: nothing is to be done where it is of this very input."""
        try:
            manifest = json.loads((self.asked.out / MANIFEST).read_text(encoding="utf-8"))
            told, parts = manifest["input"], [Part(**part) for part in manifest["parts"]]
            more = Part(len(parts), dict(manifest["files"]), 0, {})
        except (OSError, ValueError, KeyError, TypeError):
            told = None
        mine = json.loads(json.dumps(dict(self.work.identity)))
        if told != mine:
            raise FileError(f"{self.asked.out} is there already, {difference(told, mine)}; give another --out")
        self.work.parts = parts
        for part in (*parts, more):
            if bad := damaged(self.asked.out, part):
                raise FileError(
                    f"{self.asked.out / bad} is not what was written there; remove {self.asked.out} and settle again"
                )
        return Done(self.totals(), len(self.work.parts), len(self.work.parts), as_before=True)

    # ---- part by part

    def go(self, report: Report) -> None:
        by_buckets = bool(self.work.parts) and self.work.parts[0].told["by_buckets"]
        if not by_buckets:
            try:
                self.settle(self._in_order(), report, by_buckets=False)
            except DisorderError:
                report(0, "the rows of a subscriber do not lie together, ascending: they are put in order first")
                self.work.begin_anew()
                by_buckets = True
        if by_buckets:
            try:
                self.settle(self._by_buckets(), report, by_buckets=True)
            finally:  # filled anew by the next run, which needs the room
                shutil.rmtree(self.work.folder / _SORTED, ignore_errors=True)

    def settle(self, pieces: Iterator[Piece], report: Report, *, by_buckets: bool) -> None:
        """Settles what is not settled yet, and notes each part."""
        done = self.work.parts[-1].pieces if self.work.parts else 0
        part = None
        number = done
        try:
            for number, (table, opening) in enumerate(pieces, 1):
                if number > done:
                    part = part or MadePart(self.work, self.work.identity["statement"])
                    part.add(self._settled(part, table, opening))
                    if by_buckets or part.rows >= self.asked.part_rows:
                        report(0, part.end(number, by_buckets=by_buckets))
                        part = None
                report(len(table), "")
            if part:
                report(0, part.end(number, by_buckets=by_buckets))
        except BaseException:
            if part:
                part.abandon()
            raise

    def _settled(self, part: MadePart, table: Table, opening: Table | None) -> Outcome:
        try:
            return self.settler.settle(table, opening)
        except OutOfBalanceError as error:
            raise OutOfBalanceError(f"part {part.number}: {error}") from None

    def _in_order(self) -> Iterator[Piece]:
        reader = Readers([opening.reader() for opening in self.openings])
        for table in self.files.chunks(self.asked.chunk_rows):
            last = table.column(SUBSCRIBER)[len(table) - 1].as_py()
            yield table, reader.up_to(last) if self.openings and last is not None else None
        for opening in reader.rest():
            yield self._nothing(), opening

    def _by_buckets(self) -> Iterator[Piece]:
        many = buckets.count_of(self.files.about_rows)
        folder = self.work.folder / _SORTED
        buckets.fill(folder / "usage", self.files.tables(), many)
        if self.openings:
            tables = itertools.chain.from_iterable(opening.tables() for opening in self.openings)
            buckets.fill(folder / "opening", tables, many)
        for number in range(many):
            table = buckets.read(folder / "usage", number)
            opening = buckets.read(folder / "opening", number) if self.openings else None
            if table is not None or opening is not None:
                if self.openings and opening is None:
                    opening = self.openings[0].nothing
                yield self._nothing() if table is None else table, opening

    def _nothing(self) -> Table:
        return self.usage.schema.empty_table()

    # ---- what it came to

    def totals(self) -> Totals:
        found = Totals()
        for part in self.work.parts:
            found.add(from_json(part.told["totals"]))
        return found

    def finish(self) -> None:
        """What people read first, and the manifest: with it, the folder appears. Raises FileError."""
        refuse_changes(self.seen)
        totals = self.totals()
        rules = rules_csv(totals, self.sources)
        files.write(self.work.folder / RULES_FILE, rules)
        self.work.finish(self._manifest(totals, {RULES_FILE: hashlib.sha256(rules.encode()).hexdigest()}))

    def _manifest(self, totals: Totals, more: Mapping[str, str]) -> dict[str, Any]:
        return {
            "input": dict(self.work.identity),
            "totals": as_json(totals),
            "files": dict(more),
            "parts": [part.as_json() for part in self.work.parts],
        }


def _each_once(paths: Sequence[Path]) -> Sequence[Path]:
    """Raises FileError where one is given twice."""
    for place, path in enumerate(paths):
        if any(files.is_same(path, other) for other in paths[:place]):
            raise FileError(f"{path} is given twice as --opening: what it says would count twice")
    return paths


def _plans(paths: Sequence[Path]) -> tuple[list[Plan], list[dict[str, str]], dict[str, Source]]:
    """The plans of files, what tells the files from others, and where each plan is written."""
    plans: dict[str, Plan] = {}
    sources, texts = [], {}
    looked_at = [(path, checked_plans(path)) for path in folders.found(paths, folders.PLAN)]
    for path, checked in looked_at:
        sources.append({"name": path.name, "sha256": hashlib.sha256(checked.source.text.encode()).hexdigest()})
        for plan in checked.plans:
            if plan.name in plans:
                raise UnusableError(f'{path}: a plan "{plan.name}" is in another of these files, too; rename one', misuse=True)
            plans[plan.name], texts[plan.name] = plan, checked.source
    if not plans:
        raise UnusableError(no_plan([checked for _, checked in looked_at]), misuse=True)
    return list(plans.values()), sources, texts
