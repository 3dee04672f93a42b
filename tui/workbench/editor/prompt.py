"""A row below the text that asks for a line: where to go, what to look for, a command, a new name."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tui.workbench.keys_in_order import Field


class Prompt(Horizontal):
    """Hidden until it asks. What comes of an answer is said by whoever asked: why it can't be, or "" and the row goes."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Back", id="prompt.close", tooltip="Leave it.")]

    class Closed(Message):
        pass

    def compose(self) -> ComposeResult:
        yield Static(id="prompt-label", markup=False)
        yield Field(compact=True, id="prompt-input")
        yield Static(id="prompt-note", markup=False)

    def on_mount(self) -> None:
        self.display = False
        self._then: Callable[[str], str] = lambda _text: ""
        self._seen: Callable[[str], None] | None = None

    def ask(self, label: str, value: str, then: Callable[[str], str], seen: Callable[[str], None] | None = None) -> None:
        """`seen` is told what is typed as it is typed."""
        self._then, self._seen = then, seen
        self.display = True
        self._note("")
        self.query_one("#prompt-label", Static).update(Content(label))
        field = self.query_one(Input)
        field.value = value
        field.cursor_position = len(value)
        self.screen.set_focus(field)

    def _note(self, text: str) -> None:
        self.query_one("#prompt-note", Static).update(Content(text))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._note("")
        if self.display and self._seen:
            self._seen(event.value)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        problem = self._then(event.value)
        if problem:
            self._note(problem)
        elif self.display and self.query_one(Input).has_focus:  # or somebody asked something else in the meantime
            self.action_close()

    def action_close(self) -> None:
        self.display = False
        self.post_message(self.Closed())
