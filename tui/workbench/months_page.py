"""The page that shows what every month of a plan will look like: chart, table, and what was assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from dsl.source import printable
from tui.workbench.lines import Lines
from tui.workbench.page import Page

if TYPE_CHECKING:  # the engine is loaded after the first screen: it is no use before there is a text to see
    from engine.run import Run
    from tui.workbench.months import Months

CHART_FROM_ROWS = 19  # with fewer rows than this the bars stand in the table


class MonthsPage(Page):
    TAB = "Months"
    HELP = (
        "What the plan in which the cursor stands does with the usage of the strip below: a row a cycle. `available` is "
        "what the cycle starts with; what is not used is carried, converted or expires when it ends; `overage` is use that "
        "nothing covered. The bar shows the same: all that was there, by what became of it. `assumed` are choices that the "
        "text leaves open, with the words that would make them."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "scroll(-1)", "Up", show=False, id="months.up", tooltip="Scroll up a row."),
        Binding("down,j", "scroll(1)", "Down", show=False, id="months.down", tooltip="Scroll down a row."),
        Binding("pageup", "scroll(-10)", "Page up", show=False, id="months.page_up", tooltip="Scroll up a page."),
        Binding("pagedown", "scroll(10)", "Page down", show=False, id="months.page_down", tooltip="Scroll down a page."),
    ]

    def compose(self) -> ComposeResult:
        yield Lines(id="head")
        with VerticalScroll(id="months", can_focus=False):
            yield Lines(id="rows")
            yield Lines(id="assumed")

    def action_scroll(self, rows: int) -> None:
        self.query_one("#months", VerticalScroll).scroll_relative(y=rows, animate=False)

    # ---- drawing

    def draw(self) -> None:
        view = self.view
        if view.run is None:
            self._lines("head").put_lines([])
            self._lines("rows").put_lines([])
            self._lines("assumed").put_lines([Content(printable(view.note))], wraps=True)
            return
        from tui.workbench.months import Months

        head, rows = self._months(Months(view.run, view.service))
        self._lines("head").put_lines(head)
        self._lines("rows").put_lines(rows)
        self._lines("assumed").put_lines(_assumed(view.run), wraps=True)

    def _lines(self, name: str) -> Lines:
        return self.query_one(f"#{name}", Lines)

    def _months(self, months: Months) -> tuple[list[Content], list[Content]]:
        """What stands still above, and what scrolls."""
        room = self.size.width - 3  # margins, and the column of the scroll bar
        has_chart = self.size.height >= CHART_FROM_ROWS
        table = months.table(room, bars=not has_chart)
        if table is None:
            return [], months.cards(room)
        if not has_chart:
            return table[:1], table[1:]
        return [], [*months.chart(room), Content(""), *table]


def _assumed(run: Run) -> list[Content]:
    """What the text leaves open, with the words that would say it."""
    found = run.statement.assumptions
    lines = [Content.assemble(f"· {printable(one.text)} ", (f"({printable(one.rule)})", "$foreground 60%")) for one in found]
    return [Content.styled("Assumed", "bold"), *lines] if lines else []
