"""A name is asked for, and what is to be done with it is tried: where it can't be, the question stays and says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.files import FileError

T = TypeVar("T")


class AskName(ModalScreen[T | None], Generic[T]):
    """Comes to what `act` makes of the name; None where it is dismissed. `act` raises FileError where the name won't do."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, name: str, note: str, act: Callable[[str], T]) -> None:
        super().__init__()
        self._title = title
        self._first = name
        self._note = note
        self._act = act

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield Input(self._first, compact=True, select_on_focus=False)
            yield Static(self._note, classes="dialog-note", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(self._act(event.value))
        except FileError as error:
            self.query_one(".dialog-note", Static).update(Content(str(error)))
