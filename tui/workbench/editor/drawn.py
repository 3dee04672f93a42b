"""How the text is drawn: the colours of the language, marks in the margin, what a problem says at its line's end, matches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.cache import LRUCache
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import TextAreaTheme

from dsl.diagnostics import Diagnostic
from dsl.source import width
from tui import highlight
from tui.saying import say
from tui.search import Pattern, PatternError
from tui.wrap import cut

ERROR_MARK, WARNING_MARK = "●", "▲"
_MARK_COLUMNS = 2  # the margin that the text area leaves between line number and text
_GAP, _LEAST_REMARK = 3, 18  # columns between a line and what is said of it, and what says something at all


class DrawnText(TextArea):
    """A text area that draws a plan; each row again only when something in it changed."""

    COMPONENT_CLASSES = (
        TextArea.COMPONENT_CLASSES
        | highlight.STYLES
        | {"plan--error", "plan--warning", "plan--remark", "plan--match", "plan--inlay"}
    )

    def __init__(self, text: str, *, id: str) -> None:
        self._problems: dict[int, list[Diagnostic]] = {}
        self._inlays: Mapping[int, str] = {}
        self._pattern: Pattern | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._rows: LRUCache[object, Strip] = LRUCache(512)
        self.coloured = self.of_scenario = False
        super().__init__(text, soft_wrap=True, show_line_numbers=True, tab_behavior="indent", max_checkpoints=1_000, id=id)

    # ---- what is handed in

    def show_problems(self, diagnostics: Sequence[Diagnostic]) -> None:
        problems = defaultdict(list)
        for diagnostic in diagnostics:
            problems[diagnostic.span.line - 1].append(diagnostic)
        if problems != self._problems:
            self._problems = dict(problems)
            self.refresh()

    def show_inlays(self, inlays: Mapping[int, str]) -> None:
        """What stands dim behind lines, counted from 0, where nothing is wrong with them."""
        if inlays != self._inlays:
            self._inlays = inlays
            self.refresh()

    def seen_lines(self) -> tuple[int, int]:
        """The first and the last line, counted from 1, that are seen or would be after a page up or down."""
        places = self.wrapped_document._offset_to_line_info
        top, high = self.scroll_offset.y, self.size.height
        rows = places[max(0, top - high) : top + 2 * high]
        return (rows[0][0] + 1, rows[-1][0] + 1) if rows else (1, 1)

    def show_matches(self, pattern: Pattern | None) -> None:
        """Marks every match of a pattern; None marks nothing."""
        if pattern != self._pattern:
            self._pattern = pattern
            self.refresh()

    def colour(self, *, of_scenario: bool) -> None:
        """From now on lines have the colours of the language, or of scenario files; both must be loaded for that."""
        if not self.coloured or of_scenario != self.of_scenario:
            self.coloured, self.of_scenario = True, of_scenario
            self.refresh()

    # ---- drawing

    def on_mount(self) -> None:
        self._follow_theme()
        self.watch(self.app, "theme", self._theme_changed, init=False)

    def _theme_changed(self) -> None:
        self.call_after_refresh(self._follow_theme)  # when the colours of the styles are the new ones

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
            for stretch in highlight.stretches(line, of_scenario=self.of_scenario):
                text.stylize(self.get_component_rich_style(stretch.style, partial=True), stretch.start, stretch.end)
        for problem in self._problems.get(line_index, ()):
            style = "plan--error" if problem.is_error else "plan--warning"
            end = max(problem.span.end, problem.span.start + 1)
            text.stylize(self.get_component_rich_style(style, partial=True), problem.span.start, end)
        for start, end in self._matches(line):
            text.stylize(self.get_component_rich_style("plan--match", partial=True), start, end)
        return text

    def _matches(self, line: str) -> Sequence[tuple[int, int]]:
        try:
            return self._pattern.spans(line) if self._pattern else ()
        except PatternError:
            return ()

    def render_lines(self, crop: Region) -> list[Strip]:
        # What all rows depend on, once for all of them.
        self._drawn_for = (
            self.size, self.wrap_width, self.gutter_width, self.coloured, self.of_scenario, self.app.theme,
            self.has_focus, self._pattern,
        )  # fmt: skip
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
            tuple(self._problems.get(line_index, ())), self._inlays.get(line_index),
        )  # fmt: skip

    def _marked(self, row: Strip, line_index: int, section: int) -> Strip:
        """The row with a mark in the margin where its line has a problem, and what it is behind the line."""
        problems = self._problems.get(line_index)
        if not problems:
            return self._with_inlay(row, line_index, section)
        worst = next((problem for problem in problems if problem.is_error), problems[0])
        colour = self.get_component_rich_style("plan--error" if worst.is_error else "plan--warning", partial=True).color
        mark = ERROR_MARK if worst.is_error else WARNING_MARK
        if not section:
            at = self.gutter_width - _MARK_COLUMNS
            row = Strip.join([row.crop(0, at), Strip([Segment(mark, Style(color=colour, bold=True))], 1), row.crop(at + 1)])
        offsets = self.wrapped_document.get_offsets(line_index)
        if section == len(offsets) and line_index != self.selection.end[0]:  # of the cursor's line it is said below
            start = self.gutter_width + self._columns(line_index, offsets) + _GAP
            row = self._with_remark(row, start, f"{mark} {say(worst.message)}", Style(color=colour))
        return row

    def _with_inlay(self, row: Strip, line_index: int, section: int) -> Strip:
        offsets = self.wrapped_document.get_offsets(line_index)
        if section != len(offsets) or line_index not in self._inlays:
            return row
        start = self.gutter_width + self._columns(line_index, offsets) + _GAP
        style = self.get_component_rich_style("plan--inlay", partial=True)
        return self._with_remark(row, start, self._inlays[line_index], style)

    def _columns(self, line_index: int, offsets: Sequence[int]) -> int:
        """How far the last row of a line reaches."""
        line = self.document.get_line(line_index)[offsets[-1] if offsets else 0 :]
        return cell_len(highlight.harmless(line).expandtabs(self.indent_width))

    def _with_remark(self, row: Strip, start: int, said: str, style: Style) -> Strip:
        """A remark behind the text of a row, where there is room for one, cut where there is too little."""
        room = row.cell_length - start - 1
        if room < _LEAST_REMARK:
            return row
        said = cut(said, room)
        beneath = next((segment.style for segment in reversed([*row.crop(start)]) if segment.style), Style())
        style = beneath + self.get_component_rich_style("plan--remark", partial=True) + style
        end = start + width(said)
        return Strip.join([row.crop(0, start), Strip([Segment(said, style)], width(said)), row.crop(end)])
