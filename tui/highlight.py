"""A line of a plan or scenario as styled text: what is a keyword, a number, a name; and nothing in it that a terminal obeys."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache


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


@lru_cache(maxsize=5_000)
def stretches(line: str, *, of_scenario: bool = False) -> tuple[Stretch, ...]:
    """The styled stretches of a line, by the lexer of the language itself: no word of it is spelled here."""
    # Imported at the first line that is coloured: the app shows its text before it loads the language.
    from dsl.assist.scenario_tokens import scenario_tokens
    from dsl.assist.tokens import tokens

    found = scenario_tokens(line) if of_scenario else tokens(line)
    styled = ((one, f"plan--{one.kind}") for one in found)
    return tuple(Stretch(one.start, one.end, style) for one, style in styled if style in STYLES)


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
