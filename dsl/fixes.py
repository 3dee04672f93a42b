"""What fixes make of a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from dsl.diagnostics import Diagnostic, Fix
from dsl.source import Span, line_end, split_lines

MAX_PASSES = 50  # a mistake may hide others of its line or word; fixes that bring up new ones each time end here


def mended(text: str, findings: Callable[[str], Iterable[Diagnostic]]) -> str:
    """The text with every fix of its findings applied, again and again until none is left."""
    for _ in range(MAX_PASSES):
        after = applied(text, [one.fix for one in findings(text) if one.fix])
        if after == text:
            break
        text = after
    return text


def applied(text: str, fixes: Iterable[Fix]) -> str:
    """The text with those fixes, its lines ended as they were; of two fixes that touch the same place only the first."""
    edits: dict[int, list[tuple[Span, str | None]]] = defaultdict(list)
    touched: set[tuple[int, int]] = set()
    for fix in fixes:
        columns = {(span.line, column) for span, _ in fix.edits for column in range(span.start, max(span.end, span.start + 1))}
        if not columns & touched:
            touched |= columns
            for span, by in fix.edits:
                edits[span.line].append((span, by))
    lines = split_lines(text)
    kept = [_edited(line, edits[number]) for number, line in enumerate(lines, 1)]
    return line_end(text).join(line for line in kept if line is not None)


def _edited(line: str, edits: list[tuple[Span, str | None]]) -> str | None:
    for span, by in sorted(edits, key=lambda edit: edit[0], reverse=True):
        if by is None:
            return None
        line = line[: span.start] + by + line[span.end :]
    return line
