"""Where somebody is writing: the words before the cursor, the one being typed, and how far the parser gets up to there.

A line that is not finished, or wrong, has such a place, too: what can't be read is passed over up to the next comma or colon.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dsl import nodes
from dsl.assist.position import Position, line_of
from dsl.interactive import Reading
from dsl.lexemes import JUNK, Lexeme, lex
from dsl.parse import parse_line
from dsl.source import MAX_LINE, Source, Span

_HEADERS = (nodes.PlanHeader, nodes.PackHeader, nodes.PromotionHeader, nodes.RegulationHeader)
_HEADER_WORDS = ("PLAN", "PACK", "PROMOTION", "REGULATION")
_MOST_ABOVE = 2_000  # how far a header is looked for


@dataclass(frozen=True, slots=True)
class Place:
    """The block that a line stands in: its header's line or 0, that of the example it stands in or 0, and what is above it."""

    header: int
    example: int
    above: tuple[str, ...]  # lines of the block, at most ten, the header first
    blocks: tuple[str, ...] = ()  # the words that head the blocks it stands in, the inner first


@dataclass(frozen=True, slots=True)
class Cursor:
    """`read` are the words before the one that is `typed`; `span` is what a completion replaces. In quotes `typed` is what
    stands between the quote and the cursor, and `closed` says whether there is a quote behind it."""

    source: Source
    line: str
    read: tuple[Lexeme, ...]
    typed: str
    span: Span
    in_name: bool = False
    closed: bool = False

    @property
    def kinds(self) -> list[str]:
        return [lexeme.kind for lexeme in self.read]

    @property
    def before(self) -> str:
        """The line up to what is replaced."""
        return self.line[: self.span.start]


def cursor(source: Source, position: Position) -> Cursor | None:
    """Where a position is; None in a comment, or on a line that nobody reads."""
    line = line_of(source, position.line)
    if len(line) > MAX_LINE:
        return None
    column = min(position.column, len(line))
    before = lex(line[:column])
    end = before[-1].end if before else 0
    if "#" in line[end:column]:
        return None
    here = Cursor(source, line, tuple(before), "", Span(position.line, column, column))
    if not before:
        return here
    last = before[-1]
    if last.kind == JUNK and last.text.startswith('"'):
        return _in_name(here, last.start, column)
    if last.end == column and re.fullmatch(r"[\w.-]+", last.text):
        rest = re.match(r"[\w-]*", line[column:])
        assert rest is not None
        behind = rest.end() if last.kind != "NUMBER" else 0  # of `10GB` the GB is a word of its own
        return replace(here, read=tuple(before[:-1]), typed=last.text, span=Span(position.line, last.start, column + behind))
    return here


def _in_name(here: Cursor, start: int, column: int) -> Cursor:
    """A quote takes in what is behind it up to the next, unless that belongs to a name further on."""
    name = next((one for one in lex(here.line) if one.kind == "NAME" and one.start == start), None)
    own = name is not None and not re.search(r"\s\"?$|[,:]", here.line[column : name.end - 1])
    end = name.end - 1 if own and name is not None else column
    read = tuple(one for one in here.read if one.start < start)
    span = Span(here.span.line, start + 1, end)
    return replace(here, read=read, typed=here.line[start + 1 : column], span=span, in_name=True, closed=own)


def reading(read: Iterable[Lexeme]) -> Reading:
    """How far these words take the parser, or as many of them as make sense."""
    here = Reading()
    item = here.copy()  # where the item being read began
    lost = False
    for lexeme in read:
        ends_item = lexeme.kind in ("COMMA", "COLON")
        if lost and ends_item:
            here, lost = item.copy(), False
        if not lost:
            lost = not here.take(lexeme.kind)
        if lost and ends_item:
            here, lost = _after_a_hand(), False
        if ends_item:
            item = here.copy()
    return here


def _after_a_hand() -> Reading:
    """Where clauses begin."""
    here = Reading()
    for kind in ("UNUSED", "WORD", "COLON"):
        here.take(kind)
    return here


def place(source: Source, number: int) -> Place:
    """Where line `number` stands."""
    lines = source.lines
    header = example = 0
    blocks: list[str] = []
    for above in range(min(number - 1, len(lines)), max(0, number - 1 - _MOST_ABOVE), -1):
        kind = _begins(lines[above - 1])
        if kind == "EXAMPLE":
            if not example:
                example = above
                blocks.append("example")
        elif kind:
            header = above
            blocks.append(kind.lower())
            break
    first = example if example else header
    kept = [lines[at - 1] for at in (header, example) if at]
    kept += lines[max(first, number - 9) : number - 1] if first else []
    return Place(header, example if header else 0, tuple(kept), tuple(blocks))


def _begins(text: str) -> str:
    """Which header a line is: a terminal's name, or ""."""
    if '"' not in text:
        return ""
    kinds = [lexeme.kind for lexeme in lex(text)[:2]]
    if kinds[:1] == ["EXAMPLE"] or (kinds[:1] and kinds[0] in _HEADER_WORDS):
        return kinds[0]
    statement = parse_line(text).statement
    return "PLAN" if isinstance(statement, _HEADERS) else "EXAMPLE" if isinstance(statement, nodes.ExampleHeader) else ""
