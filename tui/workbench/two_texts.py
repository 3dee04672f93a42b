"""What is different between two texts, to be looked at before one of them is chosen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from dsl.source import printable, split_lines
from tui.saying import say
from tui.workbench.aside import aside

MAX_LINES = 2_000
_STYLES = {"+": "$text-success", "-": "$text-error", "@": "$foreground 60%"}


class TwoTexts(ModalScreen[None]):
    """The lines that only one of two texts has: `-` the first, `+` the second."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "dismiss(None)", "Close")]

    def __init__(self, title: str, first: str, second: str) -> None:
        super().__init__()
        self._title = title
        self._texts = (first, second)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall"):
            yield Static(Content(self._title), classes="dialog-title", markup=False)
            with VerticalScroll():
                yield Static(say("comparing ..."), id="difference", markup=False)
            yield Static(say("Esc goes back to the question"), classes="dialog-note", markup=False)

    async def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()
        self.run_worker(self._compare())

    async def _compare(self) -> None:
        lines = await aside(changed_lines, *self._texts)
        styled = [Content.styled(line, _STYLES.get(line[:1], "")) for line in lines]
        self.query_one("#difference", Static).update(Content("\n").join(styled))


def changed_lines(first: str, second: str) -> list[str]:
    """As `diff -u` shows them, safe to show and at most MAX_LINES; a sentence where there is none."""
    import difflib

    found: list[str] = []
    for line in difflib.unified_diff(split_lines(first), split_lines(second), lineterm=""):
        if not line.startswith(("---", "+++")) or found:
            found.append(printable(line))
        if len(found) == MAX_LINES:
            return [*found, say("and more")]
    return found or [say("The texts are the same.")]
