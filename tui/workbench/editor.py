"""The editor of a plan: a text area with the language's colours, marks for problems, and lines as the language counts them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.document._document import Document, EditResult, Location, _detect_newline_style
from textual.document._document_navigator import DocumentNavigator
from textual.document._edit import Edit
from textual.document._wrapped_document import WrappedDocument
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from dsl.diagnostics import Diagnostic
from dsl.source import split_lines
from tui import highlight
from tui.workbench.keys_in_order import act_on

ERROR_MARK, WARNING_MARK = "●", "▲"
_MARK_COLUMNS = 2  # the margin that the text area leaves between line number and text


class PlanDocument(Document):
    """Lines end where the language ends them, and not at U+2028 or a form feed, so that line numbers agree."""

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._newline = _detect_newline_style(text)
        self._lines = split_lines(text)

    def replace_range(self, start: Location, end: Location, text: str) -> EditResult:
        top, bottom = sorted((start, end))
        replaced = self.get_text_range(top, bottom)
        before = self._lines[top[0]][: top[1]] if top[0] < len(self._lines) else ""
        after = self._lines[bottom[0]][bottom[1] :] if bottom[0] < len(self._lines) else ""
        inserted = split_lines(text)
        inserted[0] = before + inserted[0]
        column = len(inserted[-1])
        inserted[-1] += after
        self._lines[top[0] : bottom[0] + 1] = inserted
        return EditResult((top[0] + len(inserted) - 1, column), replaced)


class _Wrapped(WrappedDocument):
    @property
    def height(self) -> int:
        # The text area asks once for each row it draws; adding up all lines each time is what makes long files slow.
        return len(self._offset_to_line_info)


class PlanEditor(TextArea):
    """Shows and edits one text. Posts what a text area posts; the app keeps the problems and hands them in.

    `on_edit` is called at each edit, too: a message passes five queues before the app has it, and by then what was typed is
    drawn, only to be drawn again with its consequences.
    """

    COMPONENT_CLASSES = TextArea.COMPONENT_CLASSES | highlight.STYLES | {"plan--error", "plan--warning"}
    HELP = (
        "The plan, as text. What you type is checked at once: a problem is underlined and marked in the margin "
        f"({ERROR_MARK} must be changed, {WARNING_MARK} is worth a look), and the line below says what it is. "
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
        self._problems: dict[int, list[Diagnostic]] = {}
        self._drawn_for: tuple[object, ...] = ()
        self._rows: LRUCache[object, Strip] = LRUCache(512)
        self.coloured = False
        self.on_edit: Callable[[], None] = lambda: None
        super().__init__(text, soft_wrap=True, show_line_numbers=True, tab_behavior="indent", id=id)
        self.indent_width = 2
        self.match_cursor_bracket = False

    def action_go_to_line(self, index: int) -> None:
        """Lines are counted from 0, or from -1 backwards from the last."""
        self.move_cursor((index % self.document.line_count, 0))

    # ---- what the app hands in

    def show_problems(self, diagnostics: Sequence[Diagnostic]) -> None:
        problems = defaultdict(list)
        for diagnostic in diagnostics:
            problems[diagnostic.span.line - 1].append(diagnostic)
        if problems != self._problems:
            self._problems = dict(problems)
            self.refresh()

    def colour(self) -> None:
        """From now on lines have the colours of the language, which must be loaded for that."""
        self.coloured = True
        self.refresh()

    # ---- lines of the text

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document("", language)
        self.document = PlanDocument(text)
        self.wrapped_document = _Wrapped(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def edit(self, edit: Edit) -> EditResult:
        result = super().edit(edit)
        self.on_edit()
        return result

    async def _on_key(self, event: events.Key) -> None:  # the text area's own handler runs after this one
        if event.key == "escape":
            event.prevent_default()  # it would leave the editor: that is what F6 is for
        elif event.key == "enter" and not self.read_only:
            event.stop()
            event.prevent_default()
            self._restart_blink()
            self._replace_via_keyboard("\n" + self._next_indent(), *self.selection)
        elif not event.is_printable:
            await act_on(self, event)

    def _next_indent(self) -> str:
        """A new line stands below the one it follows; below the header of a block, two columns in."""
        row, column = self.selection.start
        before = self.document.get_line(row)[:column]
        indent = before[: len(before) - len(before.lstrip())]
        return indent if indent or not self._is_header(before) else " " * self.indent_width

    @staticmethod
    def _is_header(line: str) -> bool:
        from dsl import nodes, parse

        headers = nodes.PlanHeader | nodes.PackHeader | nodes.PromotionHeader
        return isinstance(parse.parse_line(line).statement, headers)

    # ---- drawing

    def on_mount(self) -> None:
        self._follow_theme()
        self.watch(self.app, "theme", self._follow_theme, init=False)

    def _follow_theme(self) -> None:
        # With the foreground of the built-in theme the line of the cursor would lose its colours.
        background = self.get_component_rich_style("text-area--cursor-line").bgcolor
        self.register_theme(TextAreaTheme("plan", cursor_line_style=Style(bgcolor=background)))
        self.theme = "css"
        self.theme = "plan"
        self._rows.clear()

    def get_line(self, line_index: int) -> Text:
        line = self.document.get_line(line_index)
        text = Text(highlight.harmless(line), end="", no_wrap=True)
        if self.coloured:
            for stretch in highlight.stretches(line):
                text.stylize(self.get_component_rich_style(stretch.style, partial=True), stretch.start, stretch.end)
        for problem in self._problems.get(line_index, ()):
            style = "plan--error" if problem.is_error else "plan--warning"
            end = max(problem.span.end, problem.span.start + 1)
            text.stylize(self.get_component_rich_style(style, partial=True), problem.span.start, end)
        return text

    def render_lines(self, crop: Region) -> list[Strip]:
        # What all rows depend on, once for all of them.
        self._drawn_for = (self.size, self.wrap_width, self.gutter_width, self.coloured, self.app.theme, self.has_focus)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """A row, drawn again only when something in it changed; the text area itself would draw all rows at each key."""
        place = self._place(y)
        if self.placeholder and self.document.line_count == 1 and not self.document.get_line(0):
            return super().render_line(y)
        if place is None:
            return self._render_line(y)
        line_index, section = place
        key = (self._row_key(line_index, section), self._drawn_for)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._marked(self._render_line(y), line_index, section)
        return row

    def _place(self, y: int) -> tuple[int, int] | None:
        """The line and the part of it that a row of the widget shows."""
        places = self.wrapped_document._offset_to_line_info
        row = y + self.scroll_offset.y
        return places[row] if row < len(places) else None

    def _row_key(self, line_index: int, section: int) -> object:
        top, bottom = sorted(self.selection)
        holds_cursor = line_index == self.selection.end[0]
        return (
            self.document.get_line(line_index), line_index, section, tuple(self.wrapped_document.get_offsets(line_index)),
            self.selection if top[0] <= line_index <= bottom[0] else None,
            (self._draw_cursor, self.highlight_cursor_line) if holds_cursor else None,
            tuple(self._problems.get(line_index, ())),
        )  # fmt: skip

    def _marked(self, row: Strip, line_index: int, section: int) -> Strip:
        """The row with a mark in the margin where its line has a problem."""
        problems = self._problems.get(line_index)
        if not problems or section:
            return row
        is_error = any(problem.is_error for problem in problems)
        style = self.get_component_rich_style("plan--error" if is_error else "plan--warning", partial=True)
        mark = Segment(ERROR_MARK if is_error else WARNING_MARK, Style(color=style.color, bold=True))
        at = self.gutter_width - _MARK_COLUMNS
        return Strip.join([row.crop(0, at), Strip([mark], 1), row.crop(at + 1)])
