"""Where vi's motions lead in lines of text, and which stretch its text objects are. Pure functions over places.

A place is a row and a column, both from 0; a column may be the length of its line, behind the last character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from itertools import islice
from typing import NamedTuple

Place = tuple[int, int]
Lines = Sequence[str]


class Reach(Enum):
    """What of the way to a place an operator takes."""

    EXCLUSIVE = auto()
    INCLUSIVE = auto()  # the character at its end, too
    LINES = auto()  # whole lines


class Target(NamedTuple):
    place: Place
    reach: Reach


class Stretch(NamedTuple):
    """From `start` up to `end`, which is not part of it; `lines`: whole lines, from that of `start` to that of `end`."""

    start: Place
    end: Place
    lines: bool = False


_WORD, _BIG_WORD = re.compile(r"\w+|[^\w\s]+"), re.compile(r"\S+")


# ---- words


def _word_starts(lines: Lines, row: int, column: int, word: re.Pattern[str]) -> Iterator[Place]:
    """Where words start behind a place; an empty line counts as one."""
    for at in range(row, len(lines)):
        for found in word.finditer(lines[at]):
            if at > row or found.start() > column:
                yield (at, found.start())
        if not lines[at] and at > row:
            yield (at, 0)


def _word_ends(lines: Lines, row: int, column: int, word: re.Pattern[str]) -> Iterator[Place]:
    for at in range(row, len(lines)):
        for found in word.finditer(lines[at]):
            if at > row or found.end() - 1 > column:
                yield (at, found.end() - 1)


def _word_starts_before(lines: Lines, row: int, column: int, word: re.Pattern[str]) -> Iterator[Place]:
    for at in range(row, -1, -1):
        for found in reversed([*word.finditer(lines[at])]):
            if at < row or found.start() < column:
                yield (at, found.start())
        if not lines[at] and at < row:
            yield (at, 0)


def _nth(places: Iterator[Place], count: int, otherwise: Place) -> Place:
    """The place of that number, else the last there is, else `otherwise`."""
    return next(reversed([otherwise, *islice(places, count)]))


def _end(lines: Lines) -> Place:
    return len(lines) - 1, len(lines[-1])


def _next_word(lines: Lines, at: Place, count: int, word: re.Pattern[str]) -> Place:
    starts = [*islice(_word_starts(lines, *at, word), count)]
    return starts[-1] if len(starts) == count else _end(lines)


# ---- lines and paragraphs


def first_word(line: str) -> int:
    """The column of the first character that is no space."""
    return len(line) - len(line.lstrip())


def _paragraph(lines: Lines, row: int, by: int, count: int) -> Place:
    for _ in range(count):
        row += by
        while 0 <= row < len(lines) and lines[row].strip():
            row += by
    return (0, 0) if row < 0 else _end(lines) if row >= len(lines) else (row, 0)


def _row(lines: Lines, row: int) -> Target:
    row = max(0, min(row, len(lines) - 1))
    return Target((row, first_word(lines[row])), Reach.LINES)


# ---- the motions


def _steps(lines: Lines, at: Place, what: str, count: int) -> Target:
    """h, l, j and k. The column of j and k is the caller's."""
    row, column = at
    if what in "hl":
        column = max(0, column - count) if what == "h" else min(len(lines[row]), column + count)
        return Target((row, column), Reach.EXCLUSIVE)
    return Target((min(len(lines) - 1, row + count) if what == "j" else max(0, row - count), column), Reach.LINES)


def _words(lines: Lines, at: Place, what: str, count: int) -> Target:
    """w, b and e, and in capitals with words up to the next space."""
    word = _BIG_WORD if what.isupper() else _WORD
    match what.lower():
        case "w":
            return Target(_next_word(lines, at, count, word), Reach.EXCLUSIVE)
        case "b":
            return Target(_nth(_word_starts_before(lines, *at, word), count, (0, 0)), Reach.EXCLUSIVE)
        case _:
            return Target(_nth(_word_ends(lines, *at, word), count, at), Reach.INCLUSIVE)


def _in_line(lines: Lines, at: Place, what: str, count: int) -> Target:
    """0, ^ and $."""
    if what == "$":
        return _line_end(lines, at[0] + count - 1)
    return Target((at[0], 0 if what == "0" else first_word(lines[at[0]])), Reach.EXCLUSIVE)


def _over_lines(lines: Lines, at: Place, what: str, count: int) -> Target:
    """+, -, { and }."""
    by = 1 if what in "+}" else -1
    if what in "+-":
        return _row(lines, at[0] + by * count)
    return Target(_paragraph(lines, at[0], by, count), Reach.EXCLUSIVE)


def _line_end(lines: Lines, row: int) -> Target:
    row = min(row, len(lines) - 1)
    return Target((row, len(lines[row])), Reach.EXCLUSIVE)


_MOTIONS: dict[str, Callable[[Lines, Place, str, int], Target]] = {
    **dict.fromkeys("hljk", _steps),
    **dict.fromkeys("wWbBeE", _words),
    **dict.fromkeys("0^$", _in_line),
    **dict.fromkeys("+-{}", _over_lines),
}


def is_motion(what: str) -> bool:
    return what in _MOTIONS or what in ("G", "gg", ";", ",") or (len(what) == 2 and what[0] in "ftFT")


def begins_motion(what: str) -> bool:
    """Whether more keys make a motion of it."""
    return len(what) == 1 and what in "gftFT"


def move(lines: Lines, at: Place, what: str, count: int | None) -> Target | None:
    """Where a motion leads; None where it can't: to a character that is not there. `;` and `,` are the caller's."""
    if what == "G":
        return _row(lines, len(lines) - 1 if count is None else count - 1)
    if what == "gg":
        return _row(lines, (count or 1) - 1)
    if len(what) == 2:
        return _to_character(lines[at[0]], at, what, count or 1)
    return _MOTIONS[what](lines, at, what, count or 1)


def _to_character(line: str, at: Place, what: str, count: int) -> Target | None:
    kind, wanted = what[0], what[1]
    forward = kind in "ft"
    column = at[1]
    for _ in range(count):
        column = line.find(wanted, column + 1) if forward else line.rfind(wanted, 0, max(0, column))
        if column < 0:
            return None
    if kind in "tT":
        column += -1 if forward else 1
    return Target((at[0], column), Reach.INCLUSIVE if forward else Reach.EXCLUSIVE)


# ---- text objects


def text_object(lines: Lines, at: Place, what: str) -> Stretch | None:
    """`iw`, `aw`, `iW`, `aW`, `i"`, `a"`, `i(`, `a(`, `ip`, `ap`: what is around a place; None where nothing is."""
    inner, kind = what[0] == "i", what[1]
    line = lines[at[0]]
    if kind in "wW":
        return _word_around(line, at, _WORD if kind == "w" else _BIG_WORD, inner=inner)
    if kind in "\"'`":
        return _between(line, at, kind, kind, inner=inner)
    if kind in "()b":
        return _between(line, at, "(", ")", inner=inner)
    return _paragraph_around(lines, at[0], inner=inner) if kind == "p" else None


def is_object(what: str) -> bool:
    return len(what) == 2 and what[0] in "ia" and what[1] in "wW\"'`()bp"


def _word_around(line: str, at: Place, word: re.Pattern[str], *, inner: bool) -> Stretch | None:
    row, column = at
    pieces = [*re.finditer(rf"{word.pattern}|\s+", line)]
    index = next((number for number, one in enumerate(pieces) if one.start() <= column < one.end()), None)
    if index is None:
        return None
    start, end = pieces[index].span()
    if not inner and index + 1 < len(pieces):
        end = pieces[index + 1].end()
    elif not inner and index:
        start = pieces[index - 1].start()
    return Stretch((row, start), (row, end))


def _between(line: str, at: Place, opening: str, closing: str, *, inner: bool) -> Stretch | None:
    row, column = at
    pairs = [*re.finditer(f"{re.escape(opening)}([^{re.escape(closing)}]*){re.escape(closing)}", line)]
    # The one around the place, else the next behind it.
    found = next((one for one in pairs if column < one.end()), None)
    if found is None:
        return None
    start, end = found.span(1) if inner else found.span()
    return Stretch((row, start), (row, end))


def _paragraph_around(lines: Lines, row: int, *, inner: bool) -> Stretch:
    blank = not lines[row].strip()
    first = last = row
    while first > 0 and (not lines[first - 1].strip()) == blank:
        first -= 1
    while last + 1 < len(lines) and (not lines[last + 1].strip()) == blank:
        last += 1
    if not inner:
        while last + 1 < len(lines) and (not lines[last + 1].strip()) != blank:
            last += 1
    return Stretch((first, 0), (last, len(lines[last])), lines=True)
