"""What stands at the cursor: what it means, where its name is defined and used, and another name for it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset, Region
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static, TextArea
from textual.widgets.option_list import Option
from textual.widgets.text_area import Selection

from dsl.diagnostics import Diagnostic
from dsl.source import Source, Span, printable
from tui.language import meet
from tui.saying import say, say_many
from tui.workbench.dialogs import Help
from tui.workbench.editor.part import Part
from tui.workbench.editor.popup import Note, hide
from tui.workbench.editor.prompt import Prompt
from tui.workbench.keys_in_order import key_of

if TYPE_CHECKING:  # loaded after the first screen
    from dsl.assist.position import Position
    from dsl.check import Checked

HOVER_SECONDS = 0.6


class Naming(Part):
    """The part of the text's pane that knows what its words and names are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "meaning", "Meaning", show=False, id="text.meaning", tooltip="What stands at the cursor means."),
        Binding("ctrl+right_square_bracket,f10", "definition", "Definition", show=False, id="text.definition",
                tooltip="Go to where the name at the cursor is defined."),
        Binding("alt+u", "references", "Uses", show=False, id="text.references", tooltip="Every place of the name here."),
        Binding("alt+n", "rename", "Rename", show=False, id="text.rename", tooltip="Another name, wherever it stands."),
    ]  # fmt: skip

    checked: Checked | None
    problems: Sequence[Diagnostic]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._codes: tuple[str, ...] = ()

    @property
    def note(self) -> Note:
        return self.query_one(Note)

    def _source(self) -> Source:
        return Source("", self.editor.text)

    def _position(self) -> Position:
        return _position(self.editor.cursor_location)

    # ---- meaning

    def action_meaning(self) -> None:
        """What stands at the cursor means; where that is said already, the page of the finding there."""
        if self.note.display and self._codes:
            from tui.code_pages import titled

            hide(self.note)
            self.app.push_screen(Help(*titled(self._codes[0]), ()))
            return
        if self.note.display:
            hide(self.note)
            return
        at = self.editor.cursor_screen_offset
        if not self._tell(self.editor.cursor_location, Region(at.x - 1, at.y, 1, 1)):
            self.app.notify(say("There is nothing to be said of what stands here."))

    def _tell(self, place: tuple[int, int], anchor: Region) -> bool:
        if self.checked is None or self.checked.source.text != self.editor.text:
            return False
        from dsl.assist.hover import hover

        found = hover(self.checked, _position(place), self.problems)
        if found is None:
            return False
        self._codes = found.codes
        paragraphs = [_styled(say(fact)) for fact in found.facts]
        if found.codes:
            key = key_of("text.meaning", self)
            paragraphs.append(
                Content.styled(say("{key} again: the page of {code}", key=key, code=found.codes[0]), "$foreground 60%")
            )
        self.note.show(paragraphs, anchor, self.editor.scrollable_content_region)
        return True

    @on(TextArea.SelectionChanged)
    @on(TextArea.Changed)
    def _moved_on(self) -> None:
        hide(self.note)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        hide(self.note)
        if event.widget is self.editor and not event.button:
            self._hover(event.screen_x, event.screen_y)

    def on_leave(self) -> None:
        self.workers.cancel_group(self, "hover")

    @work(exclusive=True, group="hover")
    async def _hover(self, x: int, y: int) -> None:
        """Tells what the mouse rests on."""
        await asyncio.sleep(HOVER_SECONDS)
        region = self.editor.content_region
        row, column = y - region.y + self.editor.scroll_offset.y, x - region.x - self.editor.gutter_width
        places = self.editor.wrapped_document._offset_to_line_info
        if not (self.editor.has_focus and 0 <= row < len(places) and column >= 0):
            return
        place = self.editor.wrapped_document.offset_to_location(Offset(column, row))
        if place[1] < len(self.editor.lines[place[0]]):
            self._tell(place, Region(x, y, 1, 1))

    # ---- names

    def action_definition(self) -> None:
        from dsl.assist import names

        found = names.definition(self._source(), self._position())
        if found:
            self._go_to(found.span)
        else:
            self.app.notify(say("There is no name here that this text defines."))

    @work(exclusive=True, group="names")
    async def action_references(self) -> None:
        from dsl.assist import names

        found = names.references(self._source(), self._position())
        if not found:
            self.app.notify(say("There is no name here."))
            return
        kind, name = say(found[0].kind), printable(found[0].name)
        title = say_many("{kind} {name}: {number} place", "{kind} {name}: {number} places", len(found), kind=kind, name=name)
        rows = [_place_row(self.editor.lines[one.span.line - 1], one.span) for one in found]
        at = self.editor.cursor_location[0] + 1
        chosen = await self.app.push_screen_wait(PlaceList(title, rows, [one.span.line for one in found].index(at)))
        if chosen is not None:
            self._go_to(found[chosen].span)

    def action_rename(self) -> None:
        from dsl.assist import names

        source, position = self._source(), self._position()
        found = names.at(source, position)
        if found is None:
            self.app.notify(say("There is no name here."))
            return
        count = len(names.references(source, position))
        label = say_many(
            "Call this {kind} in {number} place:", "Call this {kind} in {number} places:", count, kind=say(found.kind)
        )
        self.query_one(Prompt).ask(label, found.name, lambda new: self._rename(source, position, new))

    def _rename(self, source: Source, position: Position, new: str) -> str:
        """Why it can't be called so, or ""."""
        from dsl import fixes
        from dsl.assist import names

        try:
            fix = names.rename(source, position, new)
        except names.RenameError as error:
            return say(error.told)
        if self.editor.text == source.text:
            self.editor.put_text(fixes.applied(source.text, [fix]))
        return ""

    def _go_to(self, span: Span) -> None:
        self.screen.set_focus(self.editor)
        self.editor.selection = Selection((span.line - 1, span.start), (span.line - 1, span.end))
        self.editor.scroll_cursor_visible(center=True)


class PlaceList(ModalScreen[int | None]):
    """Places of the text to choose from; comes to the number of one, from 0, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "dismiss(None)", "Close")]

    def __init__(self, title: str, rows: Sequence[Content], chosen: int) -> None:
        super().__init__()
        self._title = title
        self._rows = rows
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(Content(self._title), classes="dialog-title", markup=False)
            yield OptionList(*(Option(row) for row in self._rows), compact=True)
            yield Static(say("Enter goes there, Esc closes"), classes="dialog-note", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = self._chosen
        self.query_one(OptionList).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)


def _place_row(line: str, span: Span) -> Content:
    before, name, after = (printable(part) for part in (line[: span.start], line[span.start : span.end], line[span.end :]))
    return Content.assemble((f"{span.line:>5}  ", "$foreground 60%"), before.lstrip(), (name, "bold"), after)


def _styled(fact: str) -> Content:
    """A sentence of which what stands in back-ticks is to be seen as words of the text; in Chinese a space stands for them."""
    text = Content()
    for number, part in enumerate(re.split(r"`([^`]*)`", fact)):
        if text and part and meet(text.plain[-1], part[0]):
            text += " "
        text += Content.styled(part, "bold $text-accent") if number % 2 else Content(part)
    return text


def _position(place: tuple[int, int]) -> Position:
    from dsl.assist.position import Position

    return Position(place[0] + 1, place[1])
