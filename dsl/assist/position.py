"""A place between two characters of a text."""

from __future__ import annotations

from typing import NamedTuple

from dsl.source import Source, Span


class Position(NamedTuple):
    """Before character `column` of line `line`: lines count from 1, columns from 0 in code points."""

    line: int
    column: int


def touches(span: Span, position: Position) -> bool:
    """Whether a position is in a span or at one of its ends."""
    return span.line == position.line and span.start <= position.column <= span.end


def line_of(source: Source, number: int) -> str:
    """The line of that number; "" where there is none."""
    lines = source.lines
    return lines[number - 1] if 1 <= number <= len(lines) else ""
