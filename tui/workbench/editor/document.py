"""The lines of the text being edited, as the language counts them, and as they are wrapped."""

from __future__ import annotations

from textual.document._document import Document, EditResult, Location, _detect_newline_style
from textual.document._wrapped_document import WrappedDocument

from dsl.source import split_lines


class PlanDocument(Document):
    """Lines end where the language ends them, and not at U+2028 or a form feed, so that line numbers agree."""

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._newline = _detect_newline_style(text)
        self._lines = split_lines(text)

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        top, bottom = sorted((start, end))
        replaced = self.get_text_range(top, bottom)
        before = self._lines[top[0]][: top[1]] if top[0] < len(self._lines) else ""
        after = self._lines[bottom[0]][bottom[1] :] if bottom[0] < len(self._lines) else ""
        inserted = split_lines(text)
        inserted[0] = before + inserted[0]
        column = len(inserted[-1])
        inserted[-1] += after
        self._lines[top[0] : bottom[0] + 1] = inserted
        return EditResult((top[0] + len(inserted) - 1, column), replaced)


class Wrapped(WrappedDocument):
    @property
    def height(self) -> int:
        # The text area asks once for each row it draws; adding up all lines each time is what makes long files slow.
        return len(self._offset_to_line_info)
