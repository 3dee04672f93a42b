"""What happens, written as the language writes it: typed, or chosen from what the plan allows; a mistake is told at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from dsl.source import printable
from tui.language import message
from tui.saying import say

if TYPE_CHECKING:  # the language is loaded after the first screen
    from dsl.scenario import Dated
    from tui.offers import Offer

NOTE = message("Enter takes it, ↑↓ chooses, Esc goes back. A date of its own: on 2026-03-17 renew")


class AskStep(ModalScreen["tuple[Dated, ...] | None"]):
    """A step; None where it is dismissed. What is typed narrows the list; moving in the list fills the field, to be changed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, offers: Sequence[Offer], read: Callable[[str], tuple[Dated, ...]], text: str = "") -> None:
        """`read` raises tui.steps.StepError."""
        super().__init__()
        self._title = title
        self._offers = offers
        self._read = read
        self._text = text
        self._shown: list[Offer] = []
        self._filled = ""  # what the list put into the field, which narrows nothing

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall"):
            yield Static(Content(self._title), classes="dialog-title", markup=False)
            yield Input(self._text, placeholder=say("top up 5 GB, or choose below"), compact=True, select_on_focus=False)
            yield Static("", id="step-problem", markup=False)
            yield OptionList(compact=True, markup=False)
            yield Static(Content(say(NOTE)), classes="dialog-note", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False  # the field keeps the focus, as in a search
        self._narrow("" if self._text else self._text)
        self.query_one(Input).focus()

    # ---- the list

    def _narrow(self, typed: str) -> None:
        words = typed.lower().split()
        self._shown = [one for one in self._offers if all(word in f"{one.text} {one.about}".lower() for word in words)]
        shown = self.query_one(OptionList)
        shown.clear_options()
        is_of_plan = True
        for index, one in enumerate(self._shown):
            if is_of_plan and not one.is_of_plan:
                if index:
                    shown.add_option(None)  # a line between what the rules speak of and all else
                is_of_plan = False
            about = (f"  {one.about}", "$foreground 60%") if one.about else ""
            shown.add_option(Option(Content.assemble((one.text, "bold"), about)))
        if not self._shown:
            shown.add_option(
                Option(Content(say("Nothing like this is offered; Enter reads what is written above.")), disabled=True)
            )
        shown.highlighted = None

    def on_input_changed(self, event: Input.Changed) -> None:
        self._say("")
        if event.value not in (self._filled, self._text):
            self._narrow(event.value)

    def on_key(self, event: events.Key) -> None:
        by = {"down": 1, "up": -1, "pagedown": 5, "pageup": -5}.get(event.key)
        shown = self.query_one(OptionList)
        if by is None or not self._shown:
            return
        event.stop()
        at = -1 if shown.highlighted is None else shown.highlighted
        self._fill(max(0, min(len(self._shown) - 1, at + by)))

    def _fill(self, index: int) -> None:
        self.query_one(OptionList).highlighted = index
        self._filled = self._shown[index].text
        field = self.query_one(Input)
        field.value = self._filled
        field.cursor_position = len(self._filled)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._fill(event.option_index)
        self.query_one(Input).focus()

    # ---- taken

    def on_input_submitted(self, event: Input.Submitted) -> None:
        from tui.steps import StepError

        try:
            self.dismiss(self._read(event.value))
        except StepError as error:
            self._say(f"● {error}")

    def _say(self, problem: str) -> None:
        said = self.query_one("#step-problem", Static)
        said.display = bool(problem)
        said.update(Content.styled(printable(problem), "bold $text-error"))
