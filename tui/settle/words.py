"""Which words of a plan made a lot, as a text by which a later month finds them, though somebody has edited the plan since."""

from __future__ import annotations

import re

from dsl.source import NOWHERE, Source, Span

_TOLD = re.compile(r"(\d{1,9}):(\d{1,9}):(\d{1,9}) (.+)", re.DOTALL | re.ASCII)


def told(span: Span, source: Source | None) -> str:
    """Where they stand, and the whole line; "" where no rule made it."""
    if not span.line or source is None:
        return ""
    return f"{span.line}:{span.start}:{span.end} {source.lines[span.line - 1]}"


def found(text: str | None, source: Source | None) -> Span:
    """Where that line stands now, in its place or, once, in another. Else NOWHERE: nobody guesses."""
    said = _TOLD.fullmatch(text or "")
    if not said or source is None:
        return NOWHERE
    number, start, end, line = int(said[1]), int(said[2]), int(said[3]), said[4]
    places = [place for place, one in enumerate(source.lines, 1) if one == line]
    if number in places:
        return Span(number, start, end)
    return Span(places[0], start, end) if len(places) == 1 else NOWHERE
