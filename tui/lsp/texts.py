"""The open documents as the editor has them, and places in them in the editor's units.

pygls keeps documents, too, but ends lines where Python does (at U+2028 and others), and an editor does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from dsl.assist.position import Position
from dsl.source import Source, Span, split_lines
from tui import folders

_LINE_ENDS = re.compile(r"\r\n|\r|\n")


def with_ends(text: str) -> list[str]:
    """The lines of a text, each with what ends it; none behind the last end."""
    ends = [found.end() for found in _LINE_ENDS.finditer(text)]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True) if start < end]


@dataclass(frozen=True)
class Text:
    """A document at a version."""

    uri: str
    version: int
    text: str

    @cached_property
    def path(self) -> Path:
        """The file it is of; for a document that is no file, yet or at all, what stands in its place."""
        return Path(to_fs_path(self.uri) or self.uri)

    @cached_property
    def source(self) -> Source:
        return Source(str(self.path), self.text)

    @cached_property
    def lines(self) -> list[str]:
        return split_lines(self.text)

    @property
    def is_scenario(self) -> bool:
        return folders.is_scenario(self.path)

    def changed(self, change: types.TextDocumentContentChangeEvent, ruler: Ruler) -> str:
        """The text after a change of it."""
        if isinstance(change, types.TextDocumentContentChangeWholeDocument):
            return change.text
        starts = [0, *(end.end() for end in _LINE_ENDS.finditer(self.text))]

        def offset(position: types.Position) -> int:
            if position.line >= len(starts):
                return len(self.text)
            column = ruler.position(self.lines, position).column
            return starts[position.line] + column

        start, end = sorted((offset(change.range.start), offset(change.range.end)))
        return self.text[:start] + change.text + self.text[end:]


@dataclass(frozen=True)
class Ruler:
    """Places in the units that were agreed on: an editor may count bytes or UTF-16 units where a Span counts code points.
    Places that are not in the text are those nearest to them."""

    encoding: types.PositionEncodingKind | str = types.PositionEncodingKind.Utf16

    def position(self, lines: Sequence[str], there: types.Position) -> Position:
        line = lines[there.line] if 0 <= there.line < len(lines) else ""
        return Position(there.line + 1, self._column(line, there.character))

    def place(self, lines: Sequence[str], line: int, column: int) -> types.Position:
        number = min(max(line, 1), len(lines))
        text = lines[number - 1]
        return types.Position(number - 1, self._units(text[: min(max(column, 0), len(text))]))

    def range(self, lines: Sequence[str], span: Span) -> types.Range:
        start, end = self.place(lines, span.line, span.start), self.place(lines, span.line, span.end)
        return types.Range(start, end)

    def length(self, text: str) -> int:
        return self._units(text)

    def _column(self, line: str, units: int) -> int:
        if line.isascii() or self.encoding == types.PositionEncodingKind.Utf32:
            return min(max(units, 0), len(line))
        column = taken = 0
        while column < len(line) and taken + self._units(line[column]) <= units:
            taken += self._units(line[column])
            column += 1
        return column

    def _units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        match self.encoding:
            case types.PositionEncodingKind.Utf32:
                return len(text)
            case types.PositionEncodingKind.Utf8:
                return len(text.encode("utf-8", "surrogatepass"))
            case _:
                return len(text.encode("utf-16-le", "surrogatepass")) // 2
