"""The strip below: what is used in each cycle, to be changed with the keyboard or the mouse."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dsl.source import width
from tui.saying import say
from tui.usage_cells import Cells
from tui.workbench.keys_in_order import act_on, key_of

GAP = 2
QUIET = "$foreground 60%"
_ENTRY = set("0123456789.")
MAX_ENTRY = 20


class UsageStrip(Widget):
    """Keeps which cycle is selected and what is being typed; the app owns the amounts and hands in `Cells`."""

    HELP = (
        "What is used in each cycle. Left and right choose the cycle, up and down change its amount (with Shift or Ctrl ten "
        "times as much). Or type an amount, such as 6GB or 31.5 GB, and press Enter; a bare number is of the unit shown. "
        "+ adds a cycle, - takes the last one away, s goes on to the next service, l to the next line of the account, r goes "
        "back to the sample, p offers other ways to use the plan. What stands behind a + is used on single days, as records "
        "tell: e lists them."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "select(-1)", "Cycle", key_display="←→", id="usage.left",
                tooltip="Go to the cycle before, or with → to the next."),
        Binding("right", "select(1)", "Next cycle", show=False, id="usage.right", tooltip="Go to the next cycle."),
        Binding("home", "select(-99)", "First cycle", show=False, id="usage.first", tooltip="Go to the first cycle."),
        Binding("end", "select(99)", "Last cycle", show=False, id="usage.last", tooltip="Go to the last cycle."),
        Binding("up", "change(1)", "Amount", key_display="↑↓", id="usage.more", tooltip="Use more, or with ↓ less."),
        Binding("down", "change(-1)", "Less", show=False, id="usage.less", tooltip="Use less."),
        Binding("shift+up,ctrl+up,pageup", "change(10)", "Ten steps more", show=False, id="usage.much_more",
                tooltip="Use ten times as much more."),
        Binding("shift+down,ctrl+down,pagedown", "change(-10)", "Ten steps less", show=False, id="usage.much_less",
                tooltip="Use ten times as much less."),
        Binding("plus", "add", "Cycles", key_display="+ -", id="usage.add",
                tooltip="Add a cycle, or with - take the last away."),
        Binding("minus", "drop", "One cycle less", show=False, id="usage.drop", tooltip="Take the last cycle away."),
        Binding("s", "next_service", "Service", id="usage.service", tooltip="Go on to the next service."),
        Binding("tab", "set_or_next_service", "Next service", show=False, id="usage.next_service",
                tooltip="Set what was typed, or go on to the next service."),
        Binding("l", "next_line", "Other line", id="usage.line", tooltip="Go on to the next line of the account."),
        Binding("e", "days", "Single days", id="usage.days", tooltip="List what is used on single days of this cycle."),
        Binding("r", "reset", "Sample", id="usage.sample", tooltip="Go back to the sample."),
        Binding("p", "app.presets", "Preset", id="usage.presets", tooltip="Another usage: light, heavy, growing, by chance."),
        Binding("enter", "enter", "Set what was typed", show=False, id="usage.set", tooltip="Set what was typed."),
        Binding("escape", "escape", "Drop what was typed", show=False, id="usage.cancel", tooltip="Drop what was typed."),
        Binding("backspace", "rub_out", "Rub out", show=False, id="usage.rub_out", tooltip="Rub out a character."),
    ]  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {"strip--label", "strip--selected", "strip--problem"}
    can_focus = True

    class Changed(Message):
        """`steps` up or down of a cycle, counted from 0."""

        def __init__(self, cycle: int, steps: int) -> None:
            super().__init__()
            self.cycle = cycle
            self.steps = steps

    class Typed(Message):
        """An amount as text for a cycle, counted from 0."""

        def __init__(self, cycle: int, text: str) -> None:
            super().__init__()
            self.cycle = cycle
            self.text = text

    class CyclesAsked(Message):
        """One cycle more (1) or less (-1)."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class ServiceAsked(Message):
        """The next service."""

    class LineAsked(Message):
        """The next line of the account."""

    class DaysAsked(Message):
        """What is used on single days of a cycle, counted from 0."""

        def __init__(self, cycle: int) -> None:
            super().__init__()
            self.cycle = cycle

    class SampleAsked(Message):
        """The sample again."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._cells = Cells("")
        self._selected = 0
        self._entry = ""
        self._problem = ""

    # ---- what the app hands in

    def show(self, cells: Cells) -> None:
        if cells != self._cells:
            self._cells = cells
            self._selected = max(0, min(self._selected, len(cells.amounts) - 1))
            self._redraw()

    def refuse(self, problem: str, cycle: int) -> None:
        """Says what is wrong with what was typed for a cycle, and lets it be corrected."""
        self._problem = problem
        self._selected = cycle
        self.refresh()

    def accept(self) -> None:
        self._entry = self._problem = ""
        self._redraw()

    # ---- keys

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """While an amount is being typed, letters belong to it."""
        if action == "next_line" and not self._cells.has_lines:
            return False
        if action == "days" and not any(self._cells.besides):
            return False
        return not (self._entry and action in ("next_service", "next_line", "days", "reset", "add", "drop"))

    async def on_key(self, event: events.Key) -> None:
        character = event.character if event.is_printable and event.character else ""
        if character and self._cells.amounts and (self._entry or character in _ENTRY):
            event.stop()
            if len(self._entry) < MAX_ENTRY:
                self._entry += character
            self._problem = ""
            self._redraw()
        else:
            await act_on(self, event)

    def _redraw(self) -> None:
        self.refresh()
        self.refresh_bindings()

    def action_select(self, by: int) -> None:
        if self._entry:
            return
        self._selected = max(0, min(len(self._cells.amounts) - 1, self._selected + by))
        self.refresh()

    def action_change(self, steps: int) -> None:
        if self._entry:
            self.action_enter()
        elif self._cells.amounts:
            self.post_message(self.Changed(self._selected, steps))

    def action_add(self) -> None:
        self.post_message(self.CyclesAsked(1))

    def action_drop(self) -> None:
        self.post_message(self.CyclesAsked(-1))

    def action_set_or_next_service(self) -> None:
        if self._entry:
            self.action_enter()
        else:
            self.action_next_service()

    def action_next_service(self) -> None:
        self.post_message(self.ServiceAsked())

    def action_next_line(self) -> None:
        self.post_message(self.LineAsked())

    def action_days(self) -> None:
        self.post_message(self.DaysAsked(self._selected))

    def action_reset(self) -> None:
        self.post_message(self.SampleAsked())

    def action_enter(self) -> None:
        if self._entry and self._cells.amounts:
            self.post_message(self.Typed(self._selected, self._entry))

    def action_escape(self) -> None:
        self.accept()

    def action_rub_out(self) -> None:
        self._entry = self._entry[:-1]
        self._problem = ""
        self._redraw()

    def on_click(self, event: events.Click) -> None:
        if event.y == 0 and self._cells.has_lines:
            self.action_enter()
            self.action_next_line()
            return
        for index, (start, end) in self._places().items():
            if start <= event.x - 1 < end + GAP:
                self.action_enter()
                self._selected = index
                self.refresh()

    # ---- drawing

    def _widths(self) -> list[int]:
        return [
            max(width(label), width(self._amount(index)) + width(self._beside(index))) + 2
            for index, label in enumerate(self._cells.labels)
        ]

    def _amount(self, index: int) -> str:
        return f"{self._entry}_" if self._entry and index == self._selected else self._cells.amounts[index]

    def _beside(self, index: int) -> str:
        """What is used on single days, with a space before it."""
        besides = self._cells.besides
        return f" {besides[index]}" if index < len(besides) and besides[index] else ""

    def _places(self) -> dict[int, tuple[int, int]]:
        """The cycles that fit, with their columns; the selected one is always among them."""
        widths = self._widths()
        room = self.size.width - 6
        first = 0
        while sum(widths[first : self._selected + 1]) + GAP * (self._selected - first) > room and first < self._selected:
            first += 1
        found, at = {}, 2
        for index in range(first, len(widths)):
            if at - 2 + widths[index] > room:
                break
            found[index] = (at, at + widths[index])
            at += widths[index] + GAP
        return found

    def render(self) -> Content:
        places = self._places()
        before = "‹ " if places and min(places) > 0 else "  "
        after = " ›" if places and max(places) < len(self._cells.amounts) - 1 else ""
        labels, amounts = [Content("  ")], [Content(before)]
        for index, (start, end) in places.items():
            wide = end - start
            labels.append(Content.styled(centred(self._cells.labels[index], wide) + " " * GAP, QUIET))
            beside = self._beside(index)
            text = centred(self._amount(index), wide - width(beside))
            if index == self._selected and self.has_focus:
                amounts.append(Content.styled(f"[{text[1:-1]}]", "bold reverse"))
            else:
                amounts.append(Content(text))
            amounts += [Content.styled(beside, QUIET), Content(" " * GAP)]
        title = self._title()
        if self._problem:
            title = Content.styled(f"● {self._problem}", "bold $text-error")
        return Content("\n").join([title, Content("").join(labels), Content("").join(amounts) + after])

    def _title(self) -> Content:
        """What the amounts are, and, where there is room, how to see the rest."""
        title = Content.styled(self._cells.title, "bold")
        if not any(self._cells.besides):
            return title
        key = key_of("usage.days", self)
        told = [say("+ on single days: {key} lists them", key=key), say("+ on days: {key}", key=key), ""]
        room = self.size.width - width(self._cells.title) - 4
        return title + Content.styled(f"  {next(one for one in told if width(one) <= max(0, room))}", QUIET)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.action_enter()  # nobody expects to lose what was typed by going on
        self.refresh()


def centred(text: str, columns: int) -> str:
    """As `str.center`, by the columns that a text takes."""
    return text.center(columns - width(text) + len(text))
