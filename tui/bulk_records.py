"""Records to look at: as they are while there are few, added up by the minute, hour or day where there are very many."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from dsl.check import Checked
from dsl.plan import Plan
from dsl.record_sums import RecordSums
from dsl.scenario import Dated, Scenario
from dsl.source import NOWHERE, Source, printable
from tui import arrow_sums, files, parquet
from tui.files import FileError
from tui.kept_histories import Kept, refuse
from tui.language import message
from tui.records import Records, lines, of_line
from tui.saying import say, spoken

# A history is run again at each change of the plan: so many records are no matter then.
MOST = 2_000
SMALL_BYTES = 60_000  # of a file that may hold so many
MAX_BYTES = 400_000_000

Report = Callable[[str, int], None]
"""Is told how far the reading is, in words and in percent; may raise CancelledError to end it."""


class CancelledError(Exception):
    """Nobody wants the records any more."""


_ADDED_UP = {
    "minute": message("{records}, added up by the minute"),
    "hour": message("{records}, added up by the hour"),
    "day": message("{records}, added up by the day"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """The records of a file: `lines` names whose they are, `of` makes a history of those of one of them."""

    lines: list[str]
    of: Callable[[str], Kept]


def read(path: Path, checked: Checked, plan: Plan, report: Report) -> Found:
    """The records of a file for a line of a plan. Raises FileError, also where the file has mistakes, and what `report`
    raises."""
    if files.is_folder(path):
        raise FileError(say("{path} is a folder", path=str(path)))
    found = _few(path, checked, plan) if _size(path) <= SMALL_BYTES else _many(path, checked, plan, report)
    if not found.lines:
        raise FileError(say("{path} holds no records", path=str(path)))
    return found


def _size(path: Path) -> int:
    try:
        size = os.path.getsize(path)
    except OSError as error:
        raise FileError(say("{path} can't be read: {why}", path=str(path), why=files.why(error))) from None
    if size > MAX_BYTES:
        raise FileError(
            say(
                "{path} is larger than {most} MB; split it into several files", path=str(path), most=str(MAX_BYTES // 1_000_000)
            )
        )
    return size


def _few(path: Path, checked: Checked, plan: Plan) -> Found:
    records = Records(path)
    dated, diagnostics = records.read(checked)
    refuse(diagnostics, records.source)
    return Found(lines(dated), lambda line: Kept(_scenario(plan, _placeless(of_line(dated, line))), _source(path, line, "")))


def _many(path: Path, checked: Checked, plan: Plan, report: Report) -> Found:
    def told(records: int, done: int, whole: int) -> None:
        report(say("{number} records", number=spoken().number(records)), min(99, 100 * done // max(1, whole)))

    sums = RecordSums(checked, plan)
    if not arrow_sums.add(path, sums, told):
        sums = RecordSums(checked, plan)  # some are in the other already
        _row_by_row(path, sums, told)
        refuse(sums.diagnostics, Source(str(path), ""))

    def of(line: str) -> Kept:
        found = sums.of_line(line, MOST)
        return Kept(_scenario(plan, found.dated), _source(path, line, found.per))

    return Found(sums.lines(), of)


def _row_by_row(path: Path, sums: RecordSums, told: Callable[[int, int, int], None]) -> None:
    if path.name.lower().endswith(parquet.SUFFIX):
        names, rows = parquet.rows(path)
        table = [names, *rows]
        sums.read(iter(table), lambda: sums.records + 1, lambda records: told(records, records, len(table)))
        return
    try:
        with path.open("rb") as file, io.TextIOWrapper(file, "utf-8-sig", newline="") as text:
            rows_of_text = csv.reader(text, skipinitialspace=True, strict=True)
            sums.read(rows_of_text, lambda: rows_of_text.line_num, lambda records: told(records, file.tell(), _size(path)))
    except UnicodeDecodeError:
        raise FileError(say("{path} is not UTF-8 text; save it as UTF-8", path=str(path))) from None
    except OSError as error:
        raise FileError(say("{path} can't be read: {why}", path=str(path), why=files.why(error))) from None


def _placeless(dated: tuple[Dated, ...]) -> tuple[Dated, ...]:
    return tuple(sorted((Dated(one.at, one.act, NOWHERE) for one in dated), key=lambda one: one.at))


def _scenario(plan: Plan, dated: tuple[Dated, ...]) -> Scenario:
    """A line that starts on the day of its first record."""
    start = datetime.combine(dated[0].at.date(), time())
    return Scenario("", plan.name, start, (), dated, NOWHERE, start_is_assumed=True)


def _source(path: Path, line: str, per: str) -> str:
    named = f'{path.name}, "{line}"' if line else path.name
    return printable(say(_ADDED_UP[per], records=named) if per else named)
