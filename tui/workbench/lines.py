"""Lines of styled text that cost nothing where they stay the same: most of the screen does, at most key presses."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from dsl.source import width
from tui.wrap import wrapped


def hanging(text: str, columns: int, first: str, others: str) -> list[str]:
    """A text in rows of at most so many columns, the first of which begins with `first`; a number stays with its unit, and a
    word that is longer than a row is cut."""
    rows = wrapped(text, columns, first, others)
    return [part.plain for row in rows for part in Content(row).wrap(columns)]


def in_rows(text: Content, columns: int) -> list[Content]:
    """A styled text in rows of at most so many columns, which end where `wrapped` lets them: also amid Chinese, and before no
    full stop. A word that is longer than a row is cut."""
    rows, start = [], 0
    for row in wrapped(text.plain, columns):
        start = text.plain.index(row, start)
        part = text[start : start + len(row)]
        rows += part.wrap(columns) if width(row) > columns else [part]
        start += len(row)
    return rows


class Lines(Static):
    """Shows text as it is, without markup. The screen is laid out anew only where the number of lines changes."""

    def __init__(self, content: Content | str = "", *, id: str) -> None:
        super().__init__(content, id=id, markup=False)
        self._shown = Content(content) if isinstance(content, str) else content

    def put(self, content: Content, *, wraps: bool = False) -> None:
        """`wraps`: how many lines it takes is not known from its line ends."""
        if self._shown.is_same(content):
            return
        changes_height = wraps or self._shown.plain.count("\n") != content.plain.count("\n")
        self._shown = content
        self.update(content, layout=changes_height)

    def put_lines(self, lines: list[Content], *, wraps: bool = False) -> None:
        """Hides itself where there are none."""
        self.display = bool(lines)
        self.put(Content("\n").join(lines), wraps=wraps)
