"""What words mean and which whole lines there are to start from: `dsl/words.md`, read once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dsl.phrase import Phrase

_FILE = Path(__file__).parent.parent / "words.md"
_ROW = re.compile(r"^\| `([^`]+)` \| (.*?) \|(?: (.*?) ?\|)?$", re.MULTILINE)
_PLACED = re.compile(r"^\| (`.*?`) \| (`.*?`) \| (.*?) \| ?(.*?) ?\|$", re.MULTILINE)
_QUOTED = re.compile(r"`([^`]+)`")


class Meaning(NamedTuple):
    """Sentences; `if_left_out` is "" where nothing is to be known."""

    text: Phrase
    if_left_out: Phrase


def _section(heading: str) -> str:
    return _FILE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def _rows(heading: str) -> Iterator[tuple[str, Phrase, Phrase]]:
    for line, means, left_out in _ROW.findall(_section(heading)):
        yield line, Phrase(means), Phrase(left_out.strip())


@cache
def meanings() -> dict[str, Meaning]:
    """What each word of the language means, by its plainest spelling."""
    return {word: Meaning(means, left_out) for word, means, left_out in _rows("Words")}


@cache
def lines() -> dict[str, Phrase]:
    """Whole lines to start from, the commonest first, and what each says."""
    return {line: means for line, means, _ in _rows("Lines")}


@cache
def phrases() -> dict[str, Phrase]:
    """What words mean together, where that is not what each means by itself."""
    return {phrase: means for phrase, means, _ in _rows("Phrases")}


@cache
def places() -> dict[tuple[str, str], Meaning]:
    """What words mean in a place, where that is something else than elsewhere; by the place and the words."""
    return {
        (place, words): Meaning(Phrase(means), Phrase(left_out))
        for placed, said, means, left_out in _PLACED.findall(_section("Places"))
        for place in _QUOTED.findall(placed)
        for words in _QUOTED.findall(said)
    }
