"""The grammar as Lark reads it, and what its words look like to people.

Reading a grammar takes Lark most of a second; a cached one takes milliseconds. The cache is a pickle, so whoever names its
folder (`cache_in`) names one that nobody else can write to; its file changes with the grammar, Lark and Python.
"""

from __future__ import annotations

import hashlib
import re
import sys
from functools import cache
from pathlib import Path

import lark
from lark.lexer import PatternStr

from dsl.builder import Builder
from dsl.phrase import phrase

GRAMMAR_FILE = Path(__file__).with_name("rollover.lark")

_PUNCTUATION = {"COLON", "COMMA", "EQUALS", "ARROW", "PERCENT"}
_DESCRIBED = {
    "NUMBER": phrase("a number"),
    "NAME": phrase('a name in "quotes"'),
    "WORD": phrase("a word"),
    "DATE": phrase("a date such as 2026-10-01"),
    "CLOCK": phrase("a time such as 18:30"),
    "WEEKDAY": phrase("a day such as Friday"),
    "ORDINAL": phrase("a day such as 15th"),
    "ZONE": phrase("a time zone such as Europe/Vienna"),
    "$END": phrase("the end of the line"),
}
_cache_folder: Path | None = None


def cache_in(folder: Path) -> None:
    """Keep the digested grammar in `folder` from now on. Does nothing once the grammar has been read."""
    global _cache_folder
    _cache_folder = folder


@cache
def parser() -> lark.Lark:
    """The parser of one line: text to node."""
    text = GRAMMAR_FILE.read_text(encoding="utf-8")
    path: str | bool = False
    if _cache_folder is not None:
        key = hashlib.sha256(f"{lark.__version__} {sys.version} {text}".encode()).hexdigest()[:16]
        path = str(_cache_folder / f"grammar-{key}")
    return lark.Lark(text, parser="lalr", lexer="basic", transformer=Builder(), cache=path)


@cache
def spellings() -> dict[str, tuple[str, ...]]:
    """Terminal name -> the spellings of its word, the plainest first. Only words and punctuation have spellings."""
    found: dict[str, tuple[str, ...]] = {}
    for terminal in parser().terminals:
        if isinstance(terminal.pattern, PatternStr):
            found[terminal.name] = (terminal.pattern.value,)
        elif plural := re.fullmatch(r"([a-z]+)([a-z])\?\\b", terminal.pattern.value):
            found[terminal.name] = (plural[1], plural[1] + plural[2])
        elif phrase := re.fullmatch(r"((?:\w+\\s\+)+\w+)\\b", terminal.pattern.value):
            found[terminal.name] = (phrase[1].replace(r"\s+", " "),)
    return found


@cache
def keywords() -> frozenset[str]:
    """Every word of the language, in lower case."""
    return frozenset(word for name, words in spellings().items() if name not in _PUNCTUATION for word in words)


def describe(terminal: str) -> str:
    """A terminal in words people know: `` `cap` ``, a number, the end of the line."""
    if terminal in spellings():
        return f"`{spellings()[terminal][0]}`"
    return _DESCRIBED[terminal]
