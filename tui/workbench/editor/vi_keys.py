"""Vi keys over the editor: hands keys to `tui/vi`, and to that the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.document._document import Location
from textual.message import Message
from textual.widgets.text_area import Selection

from tui.vi.cursor import Mode
from tui.vi.modes import Vi
from tui.workbench.editor.plan_editor import PlanEditor


class ViKeys:
    """Goes into `PlanEditor.before`. What vi asks for beside the text goes to `ask` and `find` at once, so that the next key
    is theirs already: `ask` gets `:`, perhaps with a number behind it; `/`; `*` and a word; or a whole command with a `!`
    more."""

    class ModeChanged(Message):
        pass

    def __init__(self, editor: PlanEditor, ask: Callable[[str], None], find: Callable[[int], None]) -> None:
        self._editor = editor
        self.ask = ask
        self.find = find
        self.vi = Vi(self)

    def take(self, event: events.Key) -> bool:
        mode, typed = self.vi.mode, self.vi.typed
        if mode in (Mode.VISUAL, Mode.LINES) and self._editor.selection.is_empty and self.lines[self.place[0]]:
            self.vi.cursor.mode = Mode.NORMAL  # a click took the selection away
        taken = self.vi.key(event.key, event.character)
        if (mode, typed) != (self.vi.mode, self.vi.typed):
            self._editor.post_message(self.ModeChanged())
        return taken

    @property
    def shown(self) -> str:
        """The mode, and what is typed of a command, for people."""
        return f"{self.vi.mode.upper()} {self.vi.typed}".rstrip()

    # ---- the text, as vi asks for it

    @property
    def lines(self) -> Sequence[str]:
        return self._editor.lines

    @property
    def place(self) -> Location:
        return self._editor.cursor_location

    def select(self, start: Location, end: Location) -> None:
        self._editor.selection = Selection(start, end)
        self._editor.record_cursor_width()

    def put(self, start: Location, end: Location, text: str) -> Location:
        return self._editor.replace(text, start, end, maintain_selection_offset=False).end_location

    def undo(self) -> None:
        self._editor.undo()

    def redo(self) -> None:
        self._editor.redo()

    def begin_step(self) -> None:
        self._editor.begin_step()

    def end_step(self) -> None:
        self._editor.end_step()

    def indent_below(self, row: int) -> str:
        return self._editor.indent_below(row, len(self.lines[row]))

    def scroll(self, pages: float) -> Location:
        row, column = self.place
        return row + int(pages * self._editor.content_size.height), column

    def copy(self, text: str) -> None:
        self._editor.app.copy_to_clipboard(text)
