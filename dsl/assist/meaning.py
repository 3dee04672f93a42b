"""What words mean where they stand: more words together before fewer, and of a place before of anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from dsl import grammar
from dsl.assist import catalogue
from dsl.assist.catalogue import Meaning
from dsl.lexemes import Lexeme, lex
from dsl.phrase import Phrase

_SEPARATORS = ("COMMA", "AND", "THEN")
_BEGIN_A_LIST = ("ARROW", "COLON", "MUST", "IF", "EXCEPT")
_DATES = ("FROM", "UNTIL", "THROUGH", "DATE")
# Words that say nothing without the next.
SMALL = {"THE", "A", "TO", "IN", "ON", "AT", "FROM", "FOR", "WITH", "NOT", "BY", "UP"}


class _Entry(NamedTuple):
    """What words of these `kinds` mean in a `place`, or, where that is "", anywhere."""

    kinds: tuple[str, ...]
    place: str
    words: str
    meaning: Meaning


def meaning(line: Sequence[Lexeme], at: int, blocks: Sequence[str]) -> tuple[str, Meaning] | None:
    """What the word at `at` of a line says there, together with words beside it, and those words; None of what is no word of
    the language. `blocks` are the words that head the blocks the line stands in, the inner first."""
    kinds = tuple(one.kind for one in line)
    found = []
    for entry in _entries_with(kinds[at]):
        wide = len(entry.kinds)
        for start in range(max(0, at - wide + 1), at + 1):
            if kinds[start : start + wide] == entry.kinds and entry.place in (places := _places(line, start, blocks)):
                found.append((-wide, places.index(entry.place), entry))
    best = min(found, key=lambda one: one[:2], default=None)
    return (best[2].words, best[2].meaning) if best else None


def said_by(line: Sequence[Lexeme], start: int, blocks: Sequence[str]) -> Phrase:
    """What the words from `start` on say: together, or else the first of them that says something; "" where none does."""
    found = [(line[at].kind, said) for at in range(start, len(line)) if (said := meaning(line, at, blocks))]
    telling = [said for kind, said in found if " " in said[0] or kind not in SMALL]
    return next((means.text for _, means in (*telling, *(said for _, said in found))), Phrase(""))


def _places(line: Sequence[Lexeme], start: int, blocks: Sequence[str]) -> tuple[str, ...]:
    """What words from `start` on stand in, the nearest first, and last "", which is anywhere: the word right before them or,
    where they begin an item, what its list began with; the item; an example; the line behind its dates; its block."""
    item = next((at + 1 for at in range(start - 1, -1, -1) if line[at].kind in (*_SEPARATORS, *_BEGIN_A_LIST)), 0)
    first = next((at for at, one in enumerate(line) if one.kind not in _DATES), 0)
    before = start - 1
    if before >= 0 and line[before].kind in _SEPARATORS:
        before = next((at for at in range(before, -1, -1) if line[at].kind in _BEGIN_A_LIST), -1)
    *inner, block = blocks or ("",)
    near = (_spelled(line[before]) if before >= 0 else "", _spelled(line[item or first]) if item < start else "")
    return (*filter(None, (*near, *inner, _spelled(line[first]), block)), "")


def _spelled(lexeme: Lexeme) -> str:
    return grammar.spellings().get(lexeme.kind, ("",))[0]


@cache
def _entries_with(kind: str) -> tuple[_Entry, ...]:
    return tuple(one for one in _entries() if kind in one.kinds)


@cache
def _entries() -> tuple[_Entry, ...]:
    return tuple(_read())


def _read() -> Iterator[_Entry]:
    for (place, words), means in catalogue.places().items():
        yield _Entry(_kinds(words), place, words, means)
    for words, text in catalogue.phrases().items():
        yield _Entry(_kinds(words), "", words, Meaning(text, Phrase("")))
    for words, means in catalogue.meanings().items():
        yield _Entry(_kinds(words), "", words, means)


def _kinds(words: str) -> tuple[str, ...]:
    return tuple(one.kind for one in lex(words))
