"""A line of a plan as styled text: which stretch is a keyword, a number, a name; and nothing in it that a terminal obeys."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from dsl.source import MAX_LINE


@dataclass(frozen=True, slots=True)
class Stretch:
    """`line[start:end]` is to be shown in the style of the component class `style`."""

    start: int
    end: int
    style: str


HEAD, KEYWORD, NUMBER, NAME, COMMENT, JUNK = (
    "plan--head", "plan--keyword", "plan--number", "plan--name", "plan--comment", "plan--junk",
)  # fmt: skip
STYLES = {HEAD, KEYWORD, NUMBER, NAME, COMMENT, JUNK}
_BY_KIND = {"NUMBER": NUMBER, "ORDINAL": NUMBER, "DATE": NUMBER, "NAME": NAME, "ZONE": NAME, "JUNK": JUNK}


@lru_cache(maxsize=5_000)
def stretches(line: str) -> tuple[Stretch, ...]:
    """The styled stretches of a line, by the lexer of the language itself: no word of it is spelled here."""
    # Imported at the first line that is coloured: the app shows its text before it loads the language.
    from dsl import grammar, lexemes

    if len(line) > MAX_LINE:
        return (Stretch(MAX_LINE, len(line), JUNK),)
    found = []
    end = 0
    for lexeme in lexemes.lex(line):
        style = _BY_KIND.get(lexeme.kind, "")
        if not style and " ".join(lexeme.text.lower().split()) in grammar.keywords():
            # The first word of a line says what it is about.
            style = HEAD if not line[: lexeme.start].strip() else KEYWORD
        if style:
            found.append(Stretch(lexeme.start, lexeme.end, style))
        end = lexeme.end
    if line[end:].strip():
        found.append(Stretch(end, len(line), COMMENT))
    return tuple(found)


# Control, format and other characters that move a cursor or reorder text; a tab is expanded by the text area.
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


@lru_cache(maxsize=5_000)
def harmless(line: str) -> str:
    """The line with a visible character for each that a terminal would obey: as many as before, so that columns hold."""
    if line.isascii() and line.isprintable():
        return line
    return "".join(_visible(character) for character in line)


def _visible(character: str) -> str:
    if character == "\t" or unicodedata.category(character) not in _UNSAFE:
        return character
    if character < " ":
        return chr(0x2400 + ord(character))  # the control pictures: ␛ for ESC
    return "�"
