"""Usage records in CSV: a line that names the columns `at` and any of `use`, `buy`, `top up`, then a record a line.

at,use
2026-01-20 18:30,350 MB
2026-01-21,"2 GB, 30 minutes"
"""

from __future__ import annotations

import csv
import io

from dsl.check import Checked
from dsl.diagnostics import Diagnostic, Findings, suggestion
from dsl.plan import Dated
from dsl.scenario_file import MAX_RECORDS, Reader
from dsl.source import Source, Span
from dsl.yaml_text import Text

_COLUMNS = ("at", "use", "buy", "top up")


def read(source: Source, checked: Checked) -> tuple[tuple[Dated, ...], tuple[Diagnostic, ...]]:
    """The records of a file, as written, and what is wrong with it. Never raises on any text."""
    findings = Findings()
    reader = Reader(checked, findings)
    rows = csv.reader(io.StringIO(source.text, newline=""), skipinitialspace=True, strict=True)
    found: list[Dated] = []
    lines = source.lines
    try:
        header = [name.strip().lower() for name in next(rows, [])]
        if not _is_header(header, findings):
            return (), findings.sorted()
        for row in rows:
            if len(found) > MAX_RECORDS:
                findings.add("S006", Span(rows.line_num, 0, 1), limit=MAX_RECORDS, what="records")
                break
            if row:
                found += _record(reader, header, row, rows.line_num, lines)
    except csv.Error as error:
        findings.add("S005", Span(rows.line_num, 0, 1), problem=f"this line is not CSV: {error}", instead="check its quotes")
    return tuple(found), findings.sorted()


def _is_header(header: list[str], findings: Findings) -> bool:
    known = [name for name in header if name in _COLUMNS]
    unknown = [name for name in header if name and name not in _COLUMNS] if known else []
    twice = next((name for name in known if known.count(name) > 1), "")
    if twice:
        findings.add("S002", Span(1, 0, 1), key=twice)
    for name in unknown:
        findings.add(
            "S003",
            Span(1, 0, 1),
            key=name,
            what="a column",
            meant=suggestion(name, _COLUMNS, "columns are " + ", ".join(_COLUMNS)),
        )
    if not unknown and ("at" not in header or len(header) < 2):
        findings.add("S005", Span(1, 0, 1), problem="the first line names no columns", instead="start the file with `at,use`")
        return False
    return not unknown and not twice


def _record(reader: Reader, header: list[str], row: list[str], line: int, lines: list[str]) -> list[Dated]:
    if len(row) != len(header):
        problem = f"this line has {len(row)} fields, and the first line names {len(header)}"
        reader.findings.add(
            "S005", Span(line, 0, 1), problem=problem, instead='put texts with a comma in quotes: "2 GB, 30 minutes"'
        )
        return []
    written, column, fields = lines[line - 1] if line <= len(lines) else "", 0, {}
    for name, field in zip(header, row, strict=True):
        text = field.strip()
        column = max(column, written.find(text, column))
        fields[name] = Text(text, Span(line, column, column + max(1, len(text))))
        column += len(text)
    at = reader.local_time(fields["at"])
    return [
        Dated(at, act, fields[key].span)
        for key in ("buy", "top up", "use")
        if key in fields and fields[key].text
        for act in reader.acts(key, fields[key])
        if at
    ]
