"""The words of a line by what they are, for colours: by the lexer of the language itself, so no word of it is spelled here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from dsl import grammar, lexemes
from dsl.source import MAX_LINE


class TokenKind(StrEnum):
    HEAD = "head"  # the first word of a line, which says what it is about
    KEYWORD = "keyword"
    NUMBER = "number"
    WORD = "word"  # a unit, a service
    NAME = "name"
    COMMENT = "comment"
    JUNK = "junk"


@dataclass(frozen=True, slots=True)
class Token:
    """`line[start:end]` is of that kind. Tokens are in order and do not overlap."""

    start: int
    end: int
    kind: TokenKind


_BY_TERMINAL = {
    "NUMBER": TokenKind.NUMBER, "ORDINAL": TokenKind.NUMBER, "DATE": TokenKind.NUMBER, "CLOCK": TokenKind.NUMBER,
    "NAME": TokenKind.NAME, "ZONE": TokenKind.NAME, "WORD": TokenKind.WORD, lexemes.JUNK: TokenKind.JUNK,
}  # fmt: skip


@lru_cache(maxsize=5_000)
def tokens(line: str) -> tuple[Token, ...]:
    """The tokens of a line. Punctuation is none."""
    if len(line) > MAX_LINE:
        return (Token(MAX_LINE, len(line), TokenKind.JUNK),)
    found = []
    end = 0
    for lexeme in lexemes.lex(line):
        kind = _BY_TERMINAL.get(lexeme.kind)
        if kind is None and (" ".join(lexeme.text.lower().split()) in grammar.keywords() or lexeme.kind == "WEEKDAY"):
            kind = TokenKind.KEYWORD if line[: lexeme.start].strip() else TokenKind.HEAD
        if kind:
            found.append(Token(lexeme.start, lexeme.end, kind))
        end = lexeme.end
    if line[end:].strip():
        start = end + len(line[end:]) - len(line[end:].lstrip())
        found.append(Token(start, len(line), TokenKind.COMMENT))
    return tuple(found)
