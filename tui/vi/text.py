"""How vi asks for the text that its keys are about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tui.vi.motions import Place


class Text(Protocol):
    """What vi's keys are about."""

    @property
    def lines(self) -> Sequence[str]: ...

    @property
    def place(self) -> Place:
        """Where the cursor is."""

    def select(self, start: Place, end: Place) -> None:
        """The cursor stands at `end`; what is between is selected."""

    def put(self, start: Place, end: Place, text: str) -> Place:
        """Writes `text` in the place of a stretch; where it ends."""

    def undo(self) -> None: ...

    def redo(self) -> None: ...

    def begin_step(self) -> None:
        """What is done up to `end_step` is undone as one."""

    def end_step(self) -> None: ...

    def indent_below(self, row: int) -> str:
        """What a new line below a row starts with."""

    def scroll(self, pages: float) -> Place:
        """The place so many pages further down, or up."""

    def find(self, by: int) -> None:
        """Goes to the next (1) or an earlier (-1) match of what was looked for."""

    def ask(self, mark: str) -> None:
        """Asks for a command (`:`) or for what to look for (`/`)."""

    def copy(self, text: str) -> None:
        """Gives what was yanked to the clipboard."""
