"""One line of text to a node, and, where it can't be read, to messages. Equal lines are read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lark import UnexpectedInput

from dsl import grammar
from dsl.diagnostics import Diagnostic, finding
from dsl.lexemes import lex
from dsl.nodes import Statement
from dsl.source import MAX_LINE, Span


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """What a line says: its statement, None on a line without one or where nothing could be made of it; its comment, from
    the `#`, or ""; and what is wrong with it, with spans of line 0."""

    statement: Statement | None
    comment: str
    findings: tuple[Diagnostic, ...]

    @property
    def sound(self) -> bool:
        return not self.findings


@lru_cache(maxsize=50_000)  # as many lines as a text may have: it is read again at each key
def parse_line(text: str) -> ParsedLine:
    """Reads one line, without its line end. Never raises."""
    if len(text) > MAX_LINE:
        return ParsedLine(None, "", (finding("R001", Span(0, 0, MAX_LINE), limit=MAX_LINE),))
    comment = _comment(text) if "#" in text else ""
    if text.strip() == comment:
        return ParsedLine(None, comment, ())
    try:
        return ParsedLine(grammar.parser().parse(text), comment, ())  # type: ignore[arg-type]
    except UnexpectedInput:
        from dsl.recover import recover  # most files never need it

        statement, findings = recover(text)
        return ParsedLine(statement, comment, findings)


def _comment(text: str) -> str:
    """What follows the last word of a line: a `#` in a name is no comment."""
    lexemes = lex(text)
    return text[lexemes[-1].end if lexemes else 0 :].strip()
