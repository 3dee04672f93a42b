"""The year as an axis with the cursor over time, set with the mouse, too; where there is room, what is there over the year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.widget import Widget

from tui.language import message
from tui.saying import say, service_name
from tui.view import View
from tui.workbench.page import MomentChosen

if TYPE_CHECKING:  # loaded after the first screen
    from engine.run import Run
    from tui.ruler import Ruler

FEW_ROWS = 2  # the ruler and its labels
_MARGIN = 1
CLEAR = " ─┴▁▂▃▄▅▆▇█▓"  # what the cursor may stand on
_AREA_FROM_ROWS = 5
_CAPTION_FROM_ROWS = 8
_STYLES = {"█": "$text-primary", "▓": "$text-success"}
_MARK_STYLES = {"!": "bold $text-error", "×": "$foreground 60%", "+": "bold $text-success"}


class YearLine(Widget):
    """From the start to the end of the run. From five rows on it stands below an area of what remains, and above marks of what
    happened: + something came, × something expired, ! it ran out."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._view = View()
        self._drawn: list[Content] = []
        self._drawn_run: Run | None = None
        self._drawn_for: tuple[object, ...] = ()

    def show(self, view: View) -> None:
        self._view = view
        self.refresh()

    @property
    def ruler(self) -> Ruler | None:
        from tui.ruler import Ruler

        run = self._view.run
        if run is None or not run.statement.cycles:
            return None
        cycles = run.statement.cycles
        return Ruler(cycles[0].start, cycles[-1].end, self.size.width - 2 * _MARGIN)

    def render(self) -> Content:
        ruler = self.ruler
        if ruler is None:
            return Content("")
        lines = self._rows(ruler)
        column = ruler.column(self._view.moment)
        return Content("\n").join(" " + self._with_cursor(line, column) for line in lines[-max(1, self.size.height) :])

    @staticmethod
    def _with_cursor(line: Content, column: int) -> Content:
        if any(map(str.isalnum, line.plain)):
            return line
        glyph = line.plain[column : column + 1]
        marked = "┃" if glyph in CLEAR else glyph
        return line[:column] + Content.styled(marked, "bold reverse $text-accent") + line[column + 1 :]

    def _rows(self, ruler: Ruler) -> list[Content]:
        """All but the cursor, which changes most often."""
        drawn_for = (self._view.service, self.size, self.app.theme)
        if self._drawn_run is not self._view.run or self._drawn_for != drawn_for:
            self._drawn_run, self._drawn_for, self._drawn = self._view.run, drawn_for, self._made(ruler)
        return self._drawn

    def _made(self, ruler: Ruler) -> list[Content]:
        from tui.naming import Names
        from tui.ruler import area

        run, past, service = self._view.run, self._view.past, self._view.service
        assert run
        assert past
        names = Names(run)
        boundaries = [run.statement.cycles[0].start, *(cycle.end for cycle in run.statement.cycles)]
        rows = [Content(ruler.ruler(boundaries)), Content.styled(ruler.labels(names, boundaries), "$foreground 60%")]
        high = self.size.height
        if high >= _AREA_FROM_ROWS:
            marks = "".join(ruler.marks(past, service))
            rows.insert(1, Content.assemble(*((mark, _MARK_STYLES.get(mark, "")) for mark in marks)))
            has_caption = high >= _CAPTION_FROM_ROWS
            there = ruler.balances(past, service)
            cells = area(there, high - len(rows) - has_caption)
            rows[:0] = [Content.assemble(*((cell, _STYLES.get(cell, "$text-primary")) for cell in row)) for row in cells]
            if has_caption:
                most = names.amount(service, max(one.remaining for one in there))
                text = message("{service} that remains, up to {amount}; ▓ accumulated")
                caption = Content.styled(say(text, service=service_name(service), amount=most), "$foreground 60%")
                rows.insert(0, caption.truncate(ruler.width, pad=True))
        return rows

    # ---- the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self.capture_mouse()
        self._go_to(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            self._go_to(event.x)

    def on_mouse_up(self) -> None:
        self.release_mouse()

    def _go_to(self, x: int) -> None:
        ruler = self.ruler
        if ruler is not None:
            self.post_message(MomentChosen(ruler.instant(x - _MARGIN)))
