"""Where something stands in a text, and how it is shown: spans, carets, safe text.

A statement never leaves its line, so a span is a line and two columns. Lines count from 1, columns from 0 in code points;
people are shown columns from 1.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

# Files are untrusted. A plan of a thousand pages is not a plan, and a line this long is not a rule.
MAX_BYTES = 4_000_000
MAX_LINE = 2_000


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`text[start:end]` of line `line`."""

    line: int
    start: int
    end: int


NOWHERE = Span(0, 0, 0)


@dataclass(frozen=True)
class Source:
    """A named text. The name is what people are shown; nothing is read from it."""

    name: str
    text: str

    @cached_property
    def lines(self) -> Sequence[str]:
        return tuple(split_lines(self.text))


def split_lines(text: str) -> list[str]:
    """Lines as editors count them: only LF, CRLF and CR end a line (`str.splitlines` also ends them at U+2028 and others)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def line_end(text: str) -> str:
    """How the lines of a text end; LF where it has but one."""
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def decode(data: bytes) -> str:
    """UTF-8 with or without a byte order mark. Raises ValueError with a phrase for people."""
    from dsl.phrase import phrase  # which is made with what stands here

    if len(data) > MAX_BYTES:
        raise ValueError(phrase("is larger than {most} MB, which is more than any plan needs", most=MAX_BYTES // 1_000_000))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        told = phrase("is not UTF-8 text (byte {byte}, line {line}); save it as UTF-8", byte=error.start, line=line)
        raise ValueError(told) from None
    if "\0" in text:
        raise ValueError(phrase("holds NUL bytes, so it is not a text file"))
    return text


# Characters that move the cursor, hide or reorder text. Text of a file reaches a terminal only through `printable`.
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str) -> str:
    """The text with every control, format and bidi character shown as an escape such as `\\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character if unicodedata.category(character) not in _UNSAFE else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def printable_lines(text: str) -> str:
    """As `printable`, of a text of several lines: line feeds stay."""
    return "\n".join(map(printable, text.split("\n")))


def width(text: str) -> int:
    """Columns of a terminal that `text`, already printable, takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def place(source: Source, span: Span) -> str:
    """`file:line:column` as editors and people count them; the file alone where it is about no line."""
    name = printable(source.name)
    return f"{name}:{span.line}:{span.start + 1}" if span.line else name


def quoted(source: Source, span: Span) -> str:
    """The words of `span`, safe to show; empty where there is no such line."""
    lines = source.lines
    return printable(lines[span.line - 1][span.start : span.end]) if 1 <= span.line <= len(lines) else ""


def excerpt(source: Source, span: Span) -> str:
    """The line of `span` with carets under it, as two lines of text; empty where there is no such line."""
    written, marks = marked(source, span, "^", len(str(span.line)))
    return f"{written}\n{marks}" if written else ""


def marked(source: Source, span: Span, mark: str, gutter: int) -> tuple[str, str]:
    """The line of `span`, and a line of marks that stand under it, behind a number `gutter` columns wide; two empty texts where
    there is no such line."""
    lines = source.lines
    if not 1 <= span.line <= len(lines):
        return "", ""
    line = lines[span.line - 1].replace("\t", " ")
    # A line may be longer than a screen: show the part around the mistake.
    left = max(0, span.start - 60) if len(line) > 120 else 0
    shown = line[left : left + 120]
    before = printable(line[left : span.start])
    under = printable(line[span.start : min(span.end, left + 120)])
    marks = mark * max(1, width(under))
    return f" {span.line:>{gutter}} | {printable(shown)}", f" {' ' * gutter} | {' ' * width(before)}{marks}"
