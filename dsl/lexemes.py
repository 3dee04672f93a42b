"""The words of a line, in order, whatever the line says: for the parser's recovery, the formatter and highlighting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lark import Lark, Token, UnexpectedCharacters

from dsl import grammar

JUNK = "JUNK"


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token as it stands: `kind` is the terminal's name, or JUNK for what no terminal takes."""

    kind: str
    text: str
    start: int
    end: int


def lex(text: str) -> list[Lexeme]:
    """Every token of a line, in order; comments and spaces are not tokens. Never raises. Equal lines are read once."""
    return list(_lexed(text))


@lru_cache(maxsize=20_000)
def _lexed(text: str) -> tuple[Lexeme, ...]:
    found: list[Lexeme] = []
    start = 0
    while start < len(text):
        try:
            for token in _tokens(grammar.parser(), " " * start + text[start:]):
                found.append(Lexeme(token.type, str(token), token.start_pos or 0, token.end_pos or 0))  # kept up to an error
            break
        except UnexpectedCharacters as error:
            start = error.pos_in_stream or 0
            # An unclosed quote takes the rest of the line: reading on inside a name only makes noise.
            end = len(text) if text[start] == '"' else start + 1
            found = [lexeme for lexeme in found if lexeme.end <= start]
            found.append(Lexeme(JUNK, text[start:end], start, end))
            start = end
    return tuple(found)


def _tokens(parser: Lark, text: str) -> Iterator[Token]:
    state = parser.parse_interactive(text)
    return iter(state.lexer_thread.lex(state.parser_state))  # type: ignore[no-untyped-call]
