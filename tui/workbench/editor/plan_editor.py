"""The editor of a plan: what its keys do to the text, and how its steps are undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Protocol

from textual import events
from textual.binding import Binding, BindingType
from textual.document._document import EditResult, Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.widget import Widget
from textual.widgets.text_area import Selection

from dsl.source import split_lines
from tui import changes
from tui.workbench.editor.document import PlanDocument, Wrapped
from tui.workbench.editor.drawn import DrawnText
from tui.workbench.keys_in_order import act_on, hand_on, is_text


class TakesKeys(Protocol):
    """Something that has the keys of the editor before the editor has them."""

    def take(self, event: events.Key) -> bool:
        """Whether the key meant something to it."""


class PlanEditor(DrawnText):
    """Shows and edits one text. Posts what a text area posts; the app keeps the problems and hands them in.

    `on_edit` is called at each edit, too: a message passes five queues before the app has it, and by then what was typed is
    drawn, only to be drawn again with its consequences. `on_typed` is called with each character that is typed. `before` has
    each key first.
    """

    HELP = (
        "The plan, as text. What you type is checked at once: a problem is underlined and marked in the margin "
        "(● must be changed, ▲ is worth a look), and said at the end of its line; of the line with "
        "the cursor below, with what to do. Behind an allowance ↑ says, dim, what it comes to where nothing is used. What "
        "could stand at the cursor is listed as you type: Tab takes the first. "
        "The months beside or below belong to the plan in which the cursor stands."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+z", "undo", "Undo", show=False, id="editor.undo", tooltip="Take back the last change of the text."),
        Binding("ctrl+y", "redo", "Redo", show=False, id="editor.redo", tooltip="Make it again."),
        Binding(
            "ctrl+home", "go_to_line(0)", "First line", show=False, id="editor.first_line", tooltip="Go to the first line."
        ),
        Binding("ctrl+end", "go_to_line(-1)", "Last line", show=False, id="editor.last_line", tooltip="Go to the last line."),
    ]

    def __init__(self, text: str, *, id: str) -> None:
        self.on_edit: Callable[[], None] = lambda: None
        self.on_typed: Callable[[str], None] = lambda _character: None
        self.before: list[TakesKeys] = []
        self._last_step: list[Edit] | None = None
        super().__init__(text, id=id)
        self.indent_width = 2
        self.match_cursor_bracket = False

    def action_go_to_line(self, index: int) -> None:
        """Lines are counted from 0, or from -1 backwards from the last."""
        self.move_cursor((index % self.document.line_count, 0))

    # ---- the text

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document("", language)
        self.document = PlanDocument(text)
        self.wrapped_document = Wrapped(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    @property
    def lines(self) -> Sequence[str]:
        return self.document.lines

    def edit(self, edit: Edit) -> EditResult:
        result = super().edit(edit)
        self.on_edit()
        return result

    def put_text(self, text: str, place: Location | None = None) -> bool:
        """Makes it another text as one step that can be undone; whether it is another. The cursor stays with its line, or goes
        to `place`."""
        old, new = self.lines, split_lines(text)
        found = changes.change(old, new)
        if found is None:
            return False
        place = place or found.moved(self.cursor_location)
        first, last, lines = found
        if first == last or not lines:  # a line that stays is written again, since there is nothing between two lines
            first, last = (first - 1, last) if first else (first, last + 1)
            lines = tuple(new[first : first + len(lines) + 1])
        self.history.checkpoint()
        self.edit(Edit("\n".join(lines), (first, 0), (last - 1, len(old[last - 1])), maintain_selection_offset=False))
        self.history.checkpoint()
        self.selection = Selection.cursor(self.clamp_visitable(place))
        return True

    # ---- steps of the history

    def begin_step(self) -> None:
        """What is done from here up to `end_step` is undone as one."""
        self.history.checkpoint()
        steps = self.history._undo_stack
        self._last_step = steps[-1] if steps else None

    def end_step(self) -> None:
        steps = self.history._undo_stack
        if self._last_step is not None and not any(step is self._last_step for step in steps):
            return  # more was undone in the meantime than was done
        joined: list[Edit] = []
        while steps and steps[-1] is not self._last_step:
            joined[:0] = steps.pop()
        if joined:
            steps.append(joined)
        self.history.checkpoint()

    def _undo_batch(self, edits: Sequence[Edit]) -> None:
        # The text area wraps lines anew once for a whole step, which is right only where each edit keeps their number.
        for step in [edits] if _keeps_lines(edits) else [[edit] for edit in reversed(edits)]:
            super()._undo_batch(step)

    def _redo_batch(self, edits: Sequence[Edit]) -> None:
        for step in [edits] if _keeps_lines(edits) else [[edit] for edit in edits]:
            super()._redo_batch(step)

    # ---- keys

    async def _on_key(self, event: events.Key) -> None:  # the text area's own handler runs after this one
        if hand_on(self, event):
            return
        if any(one.take(event) for one in self.before):
            event.stop()
            event.prevent_default()
            self._restart_blink()
        elif event.key == "escape":
            event.prevent_default()  # it would leave the editor: that is what F6 is for
        elif event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self._restart_blink()
            self._replace_via_keyboard("\n" + self.indent_below(*self.selection.start), *self.selection)
        elif not is_text(event):
            if event.key != "tab":
                event.prevent_default()
            await act_on(self, event, *(one for one in self.ancestors if isinstance(one, Widget) and one is not self.screen))
        elif event.character:
            self.on_typed(event.character)

    def indent_below(self, row: int, column: int) -> str:
        """What a line starts with that follows this much of another: it stands below that; below the header of a block, two
        columns in."""
        before = self.document.get_line(row)[:column]
        indent = before[: len(before) - len(before.lstrip())]
        return indent if indent or not _is_header(before) else " " * self.indent_width


def _keeps_lines(edits: Sequence[Edit]) -> bool:
    return len(edits) < 2 or not any("\n" in edit.text or edit.top[0] != edit.bottom[0] for edit in edits)


def _is_header(line: str) -> bool:
    from dsl import nodes, parse

    headers = nodes.PlanHeader | nodes.PackHeader | nodes.PromotionHeader | nodes.RegulationHeader
    return isinstance(parse.parse_line(line).statement, headers)
