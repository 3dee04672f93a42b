"""What can be done about findings: the fixes they carry, and leaving a lint's finding as it is, with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dsl.assist.position import Position, line_of
from dsl.diagnostics import Diagnostic, Fix
from dsl.phrase import Phrase, phrase
from dsl.source import Source, Span

_ALLOWS = re.compile(r"#.*\ballow (?:L\d{3}(?:, )?)+")


@dataclass(frozen=True, slots=True)
class Action:
    """Something to be done about a finding; a `certain` one mends it."""

    title: Phrase
    fix: Fix
    finding: Diagnostic
    certain: bool


def actions(source: Source, findings: Iterable[Diagnostic], first: Position, last: Position) -> tuple[Action, ...]:
    """What can be done about the findings that touch the text between two positions, what is certain first."""
    near = [one for one in findings if _touches(one.span, first, last)]
    mend = [Action(_title(one.fix, one), one.fix, one, True) for one in near if one.fix]
    return (*mend, *(allowing for one in near for allowing in _allowing(source, one)))


def _touches(span: Span, first: Position, last: Position) -> bool:
    return (span.line, span.start) <= last and (span.line, span.end) >= first


def _title(fix: Fix, finding: Diagnostic) -> Phrase:
    """What a fix does, in words."""
    if len(fix.edits) > 1:
        return phrase("Mend: {help}", help=finding.help) if finding.help else phrase("Mend it")
    ((span, text),) = fix.edits
    if text is None:
        return phrase("Take the line out")
    if not text.strip():
        return phrase("Take it out")
    written = text.strip()
    return phrase("Insert `{text}`", text=written) if span.start == span.end else phrase("Write `{text}`", text=written)


def _allowing(source: Source, finding: Diagnostic) -> Iterator[Action]:
    """A comment that says why a lint's finding is meant so."""
    if not re.fullmatch(r"L\d{3}", finding.code):
        return
    line = line_of(source, finding.span.line)
    if said := _ALLOWS.search(line):
        at, words = said.end(), f", {finding.code}"
    else:
        at = len(line.rstrip())
        words = f"{'  #' if '#' not in line else ','} allow {finding.code}: why"
    edit = Span(finding.span.line, at, at), words
    yield Action(phrase("Allow {code} on this line, and say why", code=finding.code), Fix((edit,)), finding, False)
