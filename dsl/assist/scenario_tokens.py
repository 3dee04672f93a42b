"""The words of a line of a scenario file by what they are, for colours: keys, names, and what the language reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from dsl.assist.scenario_words import NAMES, is_key
from dsl.assist.tokens import Token, TokenKind, tokens
from dsl.source import MAX_LINE

_PIECE = re.compile(
    r"""(?P<comment>(?<!\S)\#.*)|(?P<mark>^(?:---|\.\.\.)(?=\s|$))|(?P<brace>[{}\[\],]|^\s*(?:-\s+)+|^\s*-$|\s+)"""
    r"""|(?P<key>[^\s{}\[\],:#"'-][^{}\[\],:#"']*?(?=\s*:(?:\s|$)))|(?P<colon>:(?=\s|$))"""
    r"""|(?P<value>(?:"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?|(?!\s\#)[^{}\[\],"'])+)""",
    re.VERBOSE,
)


@lru_cache(maxsize=5_000)
def scenario_tokens(line: str) -> tuple[Token, ...]:
    """The tokens of a line. Punctuation is none; a key that is none of a scenario is a name, as of a line of the account."""
    if len(line) > MAX_LINE:
        return (Token(MAX_LINE, len(line), TokenKind.JUNK),)
    return tuple(_tokens(line))


def _tokens(line: str) -> Iterator[Token]:
    key, is_first = "", True
    for piece in _PIECE.finditer(line):
        start, end = piece.span()
        match piece.lastgroup:
            case "comment":
                yield Token(start, end, TokenKind.COMMENT)
            case "mark":
                yield Token(start, end, TokenKind.HEAD)
            case "key":
                key = piece[0].strip()
                known = TokenKind.HEAD if is_first else TokenKind.KEYWORD
                yield Token(start, end, known if is_key(key) else TokenKind.NAME)
                is_first = False
            case "value":
                yield from _of_value(piece[0].rstrip(), start, key)
                is_first = False
            case _:
                pass


def _of_value(text: str, start: int, key: str) -> Iterator[Token]:
    if key in NAMES:
        yield Token(start, start + len(text), TokenKind.NAME)
        return
    quote = text[:1] in ("'", '"')
    for one in tokens(text[1:-1] if quote else text):
        kind = TokenKind.KEYWORD if one.kind is TokenKind.HEAD else one.kind
        yield replace(one, start=one.start + start + quote, end=one.end + start + quote, kind=kind)
