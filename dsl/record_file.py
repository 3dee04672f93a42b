"""Usage records in CSV: a line that names the columns `at` and any of `use`, `buy`, `top up`, then a record a line.

at,use
2026-01-20 18:30,350 MB
2026-01-21,"2 GB, 30 minutes"

A column `line` says whose a record is. Machines may write `at,service,amount`, with whole base units (bytes, seconds, messages)
that mean the same under every plan, whatever its GB is. Tables of other kinds come in as rows of text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dsl import units
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, Findings, suggestion
from dsl.phrase import listed, phrase
from dsl.scenario import Act, Dated, Use
from dsl.scenario_file import MAX_RECORDS, Reader
from dsl.source import Source, Span
from dsl.yaml_text import Text

_ACTS = ("buy", "top up", "use")
COLUMNS = ("at", "use", "buy", "top up", "line", "service", "amount")
_OF_ACTS = {*_ACTS, "service"}
EXPECT = phrase("records are only what was done: write `expect: {left: 14 GB}` in a scenario file")


def read(source: Source, checked: Checked) -> tuple[tuple[Dated, ...], tuple[Diagnostic, ...]]:
    """The records of a file, as written, and what is wrong with it. Never raises on any text."""
    findings = Findings()
    reader = Reader(checked, findings, expect=EXPECT)
    rows = csv.reader(io.StringIO(source.text, newline=""), skipinitialspace=True, strict=True)
    found: list[Dated] = []
    lines = source.lines
    try:
        header = header_of(_fields(next(rows, []), 1, lines), findings)
        if not header:
            return (), findings.sorted()
        for row in rows:
            if row:
                found += record(reader, header, _fields(row, rows.line_num, lines))
            if len(found) > MAX_RECORDS:
                findings.add("S006", Span(rows.line_num, 0, 1), limit=MAX_RECORDS, what=phrase("records"))
                break
    except csv.Error as error:
        findings.add(
            "S005",
            Span(rows.line_num, 0, 1),
            problem=phrase("this line is not CSV: {error}", error=str(error)),
            instead=phrase("check its quotes"),
        )
    return tuple(found), findings.sorted()


def read_rows(
    names: Iterable[str], rows: Iterable[Iterable[str]], checked: Checked
) -> tuple[tuple[Dated, ...], tuple[Diagnostic, ...]]:
    """The records of a table that is no text. Its mistakes have the number of their row as a line; the names are line 1."""
    findings = Findings()
    reader = Reader(checked, findings, expect=EXPECT)
    header = header_of([Text(name, Span(1, 0, 1)) for name in names], findings)
    found: list[Dated] = []
    if header:
        for number, row in enumerate(rows, 2):
            found += record(reader, header, [Text(field, Span(number, 0, 1)) for field in row])
            if len(found) > MAX_RECORDS:
                findings.add("S006", Span(number, 0, 1), limit=MAX_RECORDS, what=phrase("records"))
                break
    return tuple(found), findings.sorted()


def _fields(row: list[str], number: int, lines: Sequence[str]) -> list[Text]:
    """The fields of a row that ends on line `number`, each where it stands."""
    written, column, fields = lines[number - 1] if number <= len(lines) else "", 0, []
    for field in row:
        text = field.strip()
        column = max(column, written.find(text, column))
        fields.append(Text(text, Span(number, column, column + max(1, len(text)))))
        column += len(text)
    return fields


def header_of(names: list[Text], findings: Findings) -> list[Text]:
    """The names of the columns, in small letters; none where the first line names no columns, which is reported."""
    header = [replace(name, text=name.text.lower()) for name in names]
    return header if _is_header(header, findings) else []


def _is_header(header: list[Text], findings: Findings) -> bool:
    """Whether this names columns at all; a wrong one among them is reported, and does not keep the others from being read."""
    names = [column.text for column in header]
    if not set(names) & set(COLUMNS) or len(header) < 2 or not set(names) & {*_OF_ACTS, "at"}:
        findings.add(
            "S005",
            Span(1, 0, 1),
            problem=phrase("the first line names no columns"),
            instead=phrase("start the file with `at,use`"),
        )
        return False
    for number, column in enumerate(header):
        if column.text in names[:number] and column.text in COLUMNS:
            findings.add("S002", column.span, key=column.text)
        elif column.text and column.text not in COLUMNS:
            meant = suggestion(column.text, COLUMNS, phrase("columns are {names}", names=listed(COLUMNS)))
            findings.add("S003", column.span, key=column.text, what=phrase("a column"), meant=meant)
    if "at" not in names and set(names) <= {*COLUMNS, ""}:
        findings.add(
            "S005", Span(1, 0, 1), problem=phrase("no column says when"), instead=phrase("start the file with `at,use`")
        )
    if ("service" in names) != ("amount" in names):
        problem = phrase("`service` and `amount` say together what is used")
        findings.add(
            "S005", Span(1, 0, 1), problem=problem, instead=phrase("start the file with `at,service,amount`, or `at,use`")
        )
        return False
    return True


def record(reader: Reader, header: list[Text], row: list[Text]) -> list[Dated]:
    """What a row says was done; nothing, and reported, where it can't be read."""
    if len(row) != len(header):
        problem = phrase("this line has {fields} fields, and the first line names {named}", fields=len(row), named=len(header))
        reader.findings.add(
            "S005", replace(row[0].span, start=0, end=1), problem=problem,
            instead=phrase('put texts with a comma in quotes: "2 GB, 30 minutes"'),
        )  # fmt: skip
        return []
    fields = {name.text: field for name, field in zip(header, row, strict=True)}
    at = reader.local_time(fields["at"]) if "at" in fields else None
    done: list[tuple[Span, Act]] = [
        (fields[key].span, act) for key in _ACTS if key in fields and fields[key].text for act in reader.acts(key, fields[key])
    ]
    if "service" in fields and (use := _use(reader, fields["service"], fields["amount"])):
        done.append((fields["amount"].span, use))
    line = fields["line"].text if "line" in fields else ""
    return [Dated(at, act, span, (), line) for span, act in done] if at else []


def _use(reader: Reader, service: Text, amount: Text) -> Use | None:
    """A use in base units; None, and reported, where that is none."""
    if not service.text and not amount.text:
        return None
    own = reader.checked.declared.units
    named = service_named(reader, service.text)
    if named is None:
        known = ("data", "voice", "sms", *own)
        help_ = suggestion(service.text, known, phrase("services are data, voice, sms, and units that the plans declare"))
        reader.findings.add("S003", service.span, key=service.text, what=phrase("a service"), meant=help_)
        return None
    digits = amount.text.removesuffix(".0") if amount.text.isascii() else ""
    if not digits.isdigit() or len(digits) > 19 or int(digits) > units.MAX_AMOUNT:
        instead = phrase("write whole {base}s, such as 350000000", base=units.base_unit(named))
        reader.findings.add(
            "S004", amount.span, what=f"`{amount.text}`", wanted=phrase("an amount in base units"), instead=instead
        )
        return None
    return Use(named, int(digits))


def service_named(reader: Reader, word: str) -> str | None:
    """The service that a record of base units names."""
    named = units.SERVICE_WORDS.get(word.lower()) or units.own_unit(word, reader.checked.declared.units)
    return named or (word.upper() if word.upper() in units.CURRENCIES else None)
