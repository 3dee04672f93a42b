"""The canonical layout of a text: one space between words, two columns a level, one blank line between blocks.

Works on the words as read, line by line, so nothing can be lost that has no form here; a line that can't be read stays as it
is. The result holds the same words and comments in the same order, which `same_words` checks before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterator

from dsl import grammar, nodes, units
from dsl.lexemes import Lexeme, lex
from dsl.parse import parse_line
from dsl.source import split_lines

INDENT = "  "
_NO_SPACE_BEFORE = {"COMMA", "COLON", "PERCENT"}
_HEADERS = (nodes.PlanHeader, nodes.PackHeader, nodes.PromotionHeader, nodes.RegulationHeader)


def format_text(text: str) -> str:
    """The text in canonical layout, with LF line ends and one at the end; an empty text stays empty."""
    lines = _Layout().lay_out(split_lines(text))
    return "\n".join(lines) + "\n" if lines else ""


def same_words(text: str, other: str) -> bool:
    """Whether two texts have the same words and comments, line by line, but for layout and the case of keywords."""
    return _words(text) == _words(other)


def only_adds(text: str, other: str) -> bool:
    """Whether the other text has all words and comments of the first, in their order."""
    rest = iter([*_apart(other)])
    return all(word in rest for word in _apart(text))


def _apart(text: str) -> Iterator[str]:
    for words, comment in _words(text):
        yield from words
        if comment:
            yield comment


def _words(text: str) -> list[tuple[list[str], str]]:
    found = []
    for line in split_lines(text):
        words = [lexeme.text if lexeme.kind == "NAME" else " ".join(lexeme.text.lower().split()) for lexeme in lex(line)]
        comment = parse_line(line).comment
        if words or comment:
            found.append((words, comment))
    return found


class _Layout:
    """Walks the lines, knowing where it stands: at the top, in a block, or in an example."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.held: list[str] = []  # comments and blank lines whose level the next statement decides
        self.in_block = False
        self.in_example = False

    def lay_out(self, lines: list[str]) -> list[str]:
        for text in lines:
            parsed = parse_line(text)
            if parsed.statement is None and parsed.sound:
                self.held.append(parsed.comment)
            elif not parsed.sound:
                self._release(self._level())
                self.out.append(text.rstrip(" \t"))
            else:
                assert parsed.statement is not None
                self._statement(parsed.statement, text, parsed.comment)
        self._release(self._level())
        while self.out and not self.out[-1]:
            self.out.pop()
        return self.out

    def _level(self) -> int:
        return 2 if self.in_example else 1 if self.in_block else 0

    def _statement(self, statement: nodes.Statement, text: str, comment: str) -> None:
        opens = isinstance(statement, _HEADERS)
        if opens:
            self.in_block, self.in_example = True, False
        elif isinstance(statement, nodes.ExampleHeader):
            self.in_example = self.in_block
        elif not isinstance(statement, nodes.Step):
            self.in_example = False
        level = 0 if opens else 1 if isinstance(statement, nodes.ExampleHeader) and self.in_block else self._level()
        self._release(level, blank_before=opens or isinstance(statement, nodes.ExampleHeader))
        line = INDENT * level + _spaced(lex(text))
        self.out.append(f"{line}  {comment}" if comment else line)

    def _release(self, level: int, *, blank_before: bool = False) -> None:
        """Writes what was held: at most one blank line at a time, none at the top, one before a header and its comments."""
        held, self.held = self.held, []
        last_blank = max((index for index, comment in enumerate(held) if not comment), default=-1)
        if blank_before and last_blank < 0:
            held.insert(0, "")
        for comment in held:
            if comment:
                self.out.append(INDENT * level + comment)
            elif self.out and self.out[-1]:
                self.out.append("")


def _spaced(lexemes: list[Lexeme]) -> str:
    written = ""
    previous = ""
    for lexeme in lexemes:
        joined = lexeme.kind in _NO_SPACE_BEFORE or (lexeme.kind == "TIMES" and previous == "NUMBER")
        written += ("" if joined or not written else " ") + _canonical(lexeme)
        previous = lexeme.kind
    return written


def _canonical(lexeme: Lexeme) -> str:
    """Keywords and services in lower case, units as they are commonly written, names and zones as they stand."""
    if lexeme.kind in ("NAME", "ZONE", "DATE", "NUMBER"):
        return lexeme.text
    if lexeme.kind == "WEEKDAY":
        return lexeme.text.capitalize()
    if lexeme.kind != "WORD":
        return " ".join(lexeme.text.lower().split())
    lower = lexeme.text.lower()
    if lower in units.SERVICE_WORDS or lower in grammar.keywords() or lower == units.MONEY_WORD:
        return lower
    if units.data_power(lexeme.text) is not None and len(lower) <= 2:
        return lexeme.text.upper()
    return lexeme.text.upper() if lexeme.text.upper() in units.CURRENCIES else lexeme.text
