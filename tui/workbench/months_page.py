"""The page that shows what every month of a plan will look like: chart, table, and what was assumed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region

from dsl.source import printable
from tui.saying import assumption_text, say
from tui.workbench.lines import Lines, in_rows
from tui.workbench.moment_page import MomentPage
from tui.workbench.page import PageAsked

if TYPE_CHECKING:  # the engine is loaded after the first screen: it is no use before there is a text to see
    from dsl.plan import Assumption
    from engine.run import Run
    from tui.workbench.months import Months, Row

CHART_FROM_ROWS = 19  # with fewer rows than this the bars stand in the table


class MonthsPage(MomentPage):
    TAB = "Months"
    HELP = (
        "What the plan in which the cursor stands does with the usage of the strip below: a row a cycle. `available` is "
        "what the cycle starts with; what is not used is carried, converted or expires when it ends; `overage` is use that "
        "nothing covered. The bar shows the same: all that was there, by what became of it; a line in it is the cap of what "
        "is carried. Up and down choose a cycle, Enter shows its lots. Put the cursor of the text on a rule, and what it "
        "moved is marked with •. `assumed` are choices that the text leaves open, with the words that would make them."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go_cycles(-1)", "Cycle", key_display="↑↓", id="months.up", tooltip="The cycle before."),
        Binding("k", "go_cycles(-1)", "Up", show=False, id="months.up_too", tooltip="The cycle before."),
        Binding("down,j", "go_cycles(1)", "Cycle after", show=False, id="months.down", tooltip="The next cycle."),
        Binding("enter", "open_lots", "Lots", id="months.lots", tooltip="The lots of the cycle, and what moved them."),
        Binding("home", "go_far(-1)", "First cycle", show=False, id="months.first", tooltip="Go to the first cycle."),
        Binding("end", "go_far(1)", "Last cycle", show=False, id="months.last", tooltip="Go to the last cycle."),
        Binding("pageup", "scroll(-10)", "Page up", show=False, id="months.page_up", tooltip="Scroll up a page."),
        Binding("pagedown", "scroll(10)", "Page down", show=False, id="months.page_down", tooltip="Scroll down a page."),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._cycles: list[int] = []  # which each row that scrolls is about, counted from 0; -1 for none
        self._here = -1
        self._made: Months | None = None
        self._assumed: tuple[object, ...] = ()  # what stands there: to break it into rows takes longer than to draw it

    def compose(self) -> ComposeResult:
        yield Lines(id="head")
        with VerticalScroll(id="months", can_focus=False):
            yield Lines(id="rows")
            yield Lines(id="assumed")

    def action_scroll(self, rows: int) -> None:
        self.query_one("#months", VerticalScroll).scroll_relative(y=rows, animate=False)

    def action_open_lots(self) -> None:
        self.post_message(PageAsked("Lots"))

    def action_go_far(self, end: int) -> None:
        self.action_go_cycles(end * 10_000)

    def on_click(self, event: events.Click) -> None:
        """A click selects a cycle, a second one shows its lots."""
        row = event.screen_y - self.query_one("#rows").region.y
        run = self.view.run
        if run is not None and 0 <= row < len(self._cycles) and self._cycles[row] >= 0:
            self.go_to_cycle(run.statement.cycles[self._cycles[row]].number)
            if event.chain > 1:
                self.action_open_lots()

    # ---- drawing

    def draw(self) -> None:
        view = self.view
        if view.run is None:
            self._lines("head").put_lines([])
            self._lines("rows").put_lines([])
            self._lines("assumed").put_lines([Content(printable(view.note))], wraps=True)
            self._assumed = ()
            return
        here = self.cycle - view.run.statement.cycles[0].number if view.run.statement.cycles else -1
        months = self._of(view.run, view.service)
        months.light(view.moved, here)
        head, rows = self._months(months)
        self._cycles = [row.cycle for row in rows]
        self._lines("head").put_lines([row.text for row in head])
        self._lines("rows").put_lines([row.text for row in rows])
        assumed = view.run.statement.assumptions, max(1, self.size.width - 3)
        if assumed != self._assumed:
            self._assumed = assumed
            self._lines("assumed").put_lines(_assumed(*assumed))
        if here != self._here and here in self._cycles:
            self._here = here
            self.call_after_refresh(self._show_row, self._cycles.index(here))

    def _show_row(self, row: int) -> None:
        scroll = self.query_one("#months", VerticalScroll)
        scroll.scroll_to_region(Region(0, row, 1, 1), animate=False)

    def _lines(self, name: str) -> Lines:
        return self.query_one(f"#{name}", Lines)

    def _of(self, run: Run, service: str) -> Months:
        """Adding up takes longest, and a cursor that moves changes no sum."""
        from tui.workbench.months import Months

        if self._made is None or self._made.run is not run or self._made.service != service:
            self._made = Months(run, service)
        return self._made

    def _months(self, months: Months) -> tuple[list[Row], list[Row]]:
        """What stands still above, and what scrolls."""
        room = self.size.width - 2  # a margin, and the column of the scroll bar
        has_chart = self.size.height >= CHART_FROM_ROWS
        table = months.table(room, bars=not has_chart)
        if table is None:
            return [], months.cards(room)
        if not has_chart:
            return table[:1], table[1:]
        from tui.workbench.months import Row

        return [], [*months.chart(room), Row(Content("")), *table]


def _assumed(found: Sequence[Assumption], columns: int) -> list[Content]:
    """What the text leaves open, with the words that would say it, in rows of so many columns."""
    lines = [Content.assemble(f"· {assumption_text(one)} ", (f"({printable(one.rule)})", "$foreground 60%")) for one in found]
    return [Content.styled(say("Assumed"), "bold"), *(row for line in lines for row in in_rows(line, columns))] if lines else []
