"""Text in lines of so many columns, where a Chinese character takes two and a line may end behind most of them."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.source import width

# What does not begin a line, and what does not end one.
_CLOSING = frozenset("，。、；：！？）」』”’》〉】％")
_OPENING = frozenset("（「『“‘《〈【")


def wrapped(text: str, columns: int, first: str = "", others: str = "") -> list[str]:
    """Lines of at most `columns` columns, where no word is longer; the first begins with `first`, the rest with `others`."""
    lines: list[str] = []
    line, used = first, width(first)
    is_empty = True
    for piece in _pieces(text):
        if not is_empty and used + width(piece) > columns:
            lines.append(line)
            line, used = others, width(others)
            piece = piece.lstrip(" ")
        line += piece
        used += width(piece)
        is_empty = False
    return [*lines, line]


def folded(line: str, columns: int) -> list[str]:
    """A line in lines of at most `columns` columns, where no word is longer; where it is indented the rest stands deeper."""
    text = line.lstrip(" ")
    indent = " " * (len(line) - len(text))
    return wrapped(text, columns, indent, f"{indent}    " if indent else "")


def cut(text: str, columns: int) -> str:
    """As much of a text, already printable, as fits, with a mark where it goes on."""
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _pieces(text: str) -> Iterator[str]:
    """Parts of a text between which a line may end; a space begins the part behind it."""
    start = 0
    for end in range(1, len(text)):
        if _may_part(text, end):
            yield text[start:end]
            start = end
    yield text[start:]


def _may_part(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if after == " ":
        return not before.isdecimal()  # a number stays with its unit
    if before == " " or before in _OPENING or after in _CLOSING:
        return False
    return width(after) > 1 or (width(before) > 1 and width(after) > 0)
