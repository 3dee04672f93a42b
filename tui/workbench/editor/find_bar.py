"""The rows below the text to find and replace in it."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from dsl.source import printable
from tui.saying import say
from tui.search import Pattern, PatternError
from tui.workbench.keys_in_order import Field
from tui.workbench.lines import Lines


class Toggle(Widget):
    """A word that is on or off; a click, Enter or Space changes that."""

    can_focus = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "change", "On or off", id="find.change", tooltip="Turn this on or off."),
    ]

    class Changed(Message):
        pass

    def __init__(self, text: str, *, id: str, tooltip: str) -> None:
        super().__init__(id=id)
        self._text = text
        self.is_on = False
        self.tooltip = tooltip
        self.styles.width = len(text) + 2

    def action_change(self) -> None:
        self.is_on = not self.is_on
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self) -> None:
        self.action_change()

    def render(self) -> Content:
        text = f"[{self._text}]" if self.is_on else f" {self._text} "
        return Content.styled(text, "bold reverse" if self.is_on else "")


class FindBar(Vertical):
    """Two fields and what they mean; what is to be done with the text goes out as messages."""

    HELP = (
        "Matches are marked as you type. Enter goes to the next, and in the second field replaces the one that is selected. "
        "A match lies within a line. With `.*` you write a regular expression, and \\1 in the second field is its first group."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back to the text", id="find.close", tooltip="Close these rows."),
        Binding("down", "next(1)", "Next", show=False, id="find.next", tooltip="Go to the next match."),
        Binding("up", "next(-1)", "Before", show=False, id="find.previous", tooltip="Go to the match before."),
        Binding("ctrl+r", "replace_all", "Replace all", id="find.all", tooltip="Replace every match."),
        Binding("alt+c", "switch('case')", "Case", show=False, id="find.case", tooltip="Capital letters matter, or not."),
        Binding("alt+w", "switch('word')", "Word", show=False, id="find.word", tooltip="Whole words only, or not."),
        Binding("alt+r", "switch('regex')", "Regex", show=False, id="find.regex", tooltip="A regular expression, or not."),
    ]

    class Changed(Message):
        """Something else is looked for; None: nothing that could be found."""

        def __init__(self, pattern: Pattern | None) -> None:
            super().__init__()
            self.pattern = pattern

    class NextAsked(Message):
        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class ReplaceAsked(Message):
        def __init__(self, by: str, *, everywhere: bool) -> None:
            super().__init__()
            self.by = by
            self.everywhere = everywhere

    class Closed(Message):
        pass

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(say("Find"), classes="find-label", markup=False)
            yield Field(compact=True, id="find-text")
            yield Toggle("Aa", id="case", tooltip=say("Capital letters matter"))
            yield Toggle("ab|", id="word", tooltip=say("Whole words only"))
            yield Toggle(".*", id="regex", tooltip=say("A regular expression"))
        with Horizontal():
            yield Static(say("Replace"), classes="find-label", markup=False)
            yield Field(compact=True, id="find-by")
            yield Static(id="find-count", markup=False)
        yield Lines(id="find-note")

    def on_mount(self) -> None:
        self.display = False
        self.refuse("")

    def open(self, text: str) -> None:
        """Looks for `text`, or for what was looked for last where that is "" ."""
        self.display = True
        field = self._field("find-text")
        if text:
            field.value = text
        field.select_all()
        self.screen.set_focus(field)
        self._look()

    def say(self, count: str) -> None:
        """How many matches there are."""
        self.query_one("#find-count", Static).update(Content(count))
        self.refuse("")

    def refuse(self, problem: str) -> None:
        """Why nothing can be found so."""
        self.query_one("#find-note", Lines).put_lines([Content(printable(problem))] if problem else [])

    @property
    def pattern(self) -> Pattern | None:
        """Raises PatternError."""
        text = self._field("find-text").value
        on = {toggle.id: toggle.is_on for toggle in self.query(Toggle)}
        return Pattern(text, on["case"], on["word"], on["regex"]) if text else None

    def _field(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    @on(Toggle.Changed)
    def _look(self) -> None:
        try:
            self.post_message(self.Changed(self.pattern))
        except PatternError as error:
            self.post_message(self.Changed(None))
            self.call_after_refresh(self.refuse, str(error))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display and event.input.id == "find-text":
            self._look()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "find-text":
            self.action_next(1)
        else:
            self.post_message(self.ReplaceAsked(event.value, everywhere=False))

    def on_key(self, event: events.Key) -> None:
        """Tab goes round within the two rows."""
        if event.key in ("tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            order = [*self.query("Input, Toggle")]
            order.insert(1, order.pop())  # from the first field to the second, and only then to what changes their meaning
            at = next((number for number, one in enumerate(order) if one is self.screen.focused), 0)
            self.screen.set_focus(order[(at + (1 if event.key == "tab" else -1)) % len(order)])

    def action_next(self, by: int) -> None:
        self.post_message(self.NextAsked(by))

    def action_replace_all(self) -> None:
        self.post_message(self.ReplaceAsked(self._field("find-by").value, everywhere=True))

    def action_switch(self, name: str) -> None:
        self.query_one(f"#{name}", Toggle).action_change()

    def action_close(self) -> None:
        self.display = False
        self.post_message(self.Closed())
