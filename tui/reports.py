"""Findings in the forms that people, editors and build servers read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dsl.diagnostics import Diagnostic, Fix, Paint, Severity, render
from dsl.source import Source, Span, printable
from tui.saying import say

SCHEMA = 1
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


class Found(NamedTuple):
    """What was found in one text."""

    source: Source
    diagnostics: tuple[Diagnostic, ...]


def lines(
    found: Sequence[Found], form: str, paint: Paint, judged: Sequence[Mapping[str, object]] | None = None
) -> Iterator[str]:
    """The findings of files as `text`, in the language that is spoken and the colours that `paint` gives, `json`,
    `sarif`, `github` or `junit`, which are for programs and in English. JSON has beside them what is `judged`."""
    if form == "text":
        for source, diagnostics in found:
            yield from (render(one, source, paint, say) for one in diagnostics)
    elif form == "json":
        yield from _json(found, judged)
    else:
        yield from {"sarif": _sarif, "github": _github, "junit": _junit}[form](found)


def _json(found: Sequence[Found], judged: Sequence[Mapping[str, object]] | None) -> Iterator[str]:
    """Lines and columns count from 1; an end is behind the last column. Columns are code points."""
    files = [
        {
            "file": source.name,
            "findings": [
                {
                    "code": one.code, "severity": str(one.severity), "message": one.message, "help": one.help,
                    **_place(one.span),
                    "also": [{"message": words, **_place(span)} for span, words in one.also],
                    "fix": [{"text": by, **_place(span)} for span, by in one.fix.edits] if one.fix else None,
                }
                for one in diagnostics
            ],
        }
        for source, diagnostics in found
    ]  # fmt: skip
    against = {} if judged is None else {"against": judged}
    yield json.dumps({"schema": SCHEMA, "files": files, **against}, indent=2, ensure_ascii=False)


def _place(span: Span) -> dict[str, int]:
    return {"line": span.line, "column": span.start + 1, "end_column": span.end + 1}


def _sarif(found: Sequence[Found]) -> Iterator[str]:
    """SARIF 2.1.0, as code hosts take it."""
    from dsl.pages import titles

    about = titles()
    codes = sorted({one.code for _, diagnostics in found for one in diagnostics})
    results = [_sarif_result(source, one) for source, diagnostics in found for one in diagnostics]
    rules = [{"id": code, "shortDescription": {"text": about[code]}} for code in codes]
    driver = {"name": "rollover", "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    yield json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _sarif_result(source: Source, one: Diagnostic) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": one.code,
        "level": "error" if one.is_error else "warning",
        "message": {"text": f"{one.message}; {one.help}" if one.help else one.message},
        "locations": [_sarif_location(source, one.span)],
    }
    if one.also:
        result["relatedLocations"] = [_sarif_location(source, span) | {"message": {"text": words}} for span, words in one.also]
    if one.fix:
        result["fixes"] = [{"artifactChanges": [_sarif_change(source, one.fix)]}]
    return result


def _uri(source: Source) -> str:
    from urllib.parse import quote

    return quote(source.name)


def _sarif_change(source: Source, fix: Fix) -> dict[str, object]:
    replacements = [
        {"deletedRegion": _sarif_region(span)} | ({"insertedContent": {"text": by}} if by else {})
        if by is not None
        else {"deletedRegion": {"startLine": span.line, "startColumn": 1, "endLine": span.line + 1, "endColumn": 1}}
        for span, by in fix.edits
    ]
    return {"artifactLocation": {"uri": _uri(source)}, "replacements": replacements}


def _sarif_location(source: Source, span: Span) -> dict[str, object]:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(source)}, "region": _sarif_region(span)}}


def _sarif_region(span: Span) -> dict[str, int]:
    return {"startLine": max(1, span.line), "startColumn": span.start + 1, "endColumn": span.end + 1}


def _github(found: Sequence[Found]) -> Iterator[str]:
    """Workflow commands, which a build server shows beside the line."""
    for source, diagnostics in found:
        for one in diagnostics:
            kind = "error" if one.severity is Severity.ERROR else "warning"
            where = f"file={_property(source.name)},line={max(1, one.span.line)},col={one.span.start + 1},title={one.code}"
            yield f"::{kind} {where}::{_command(f'{one.message}; {one.help}' if one.help else one.message)}"


def _command(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _command(printable(text)).replace(":", "%3A").replace(",", "%2C")


def _junit(found: Sequence[Found]) -> Iterator[str]:
    """A test a file; one with findings fails."""
    from xml.sax.saxutils import escape, quoteattr  # which loads much that no other report needs

    failed = sum(bool(diagnostics) for _, diagnostics in found)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f'<testsuite name="rollover check" tests="{len(found)}" failures="{failed}">'
    for source, diagnostics in found:
        yield f'  <testcase classname="rollover.check" name={quoteattr(printable(source.name))}>'
        for one in diagnostics:
            yield f"    <failure message={quoteattr(f'{one.code}: {one.message}')}>{escape(render(one, source))}</failure>"
        yield "  </testcase>"
    yield "</testsuite>"
