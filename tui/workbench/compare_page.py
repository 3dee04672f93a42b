"""The page that shows two plans on one history, or a plan and how it was saved: what differs, cycle by cycle and in all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from dsl.source import printable, width
from tui.language import message
from tui.saying import say
from tui.workbench.aside import aside
from tui.workbench.lines import Lines, hanging
from tui.workbench.page import DraftChanged, Page
from tui.workbench.pick import Pick

if TYPE_CHECKING:  # loaded after the first screen
    from engine.contrast import Contrast, Measure, Widest
    from tui.chart import Chart
    from tui.shelf import Choice

FIRST, SECOND = "$text-primary", "$text-accent"
QUIET = "$foreground 60%"
EDGES = 2  # columns of the page that are no text: on the left, and the scrollbar
WIDEST_CYCLES = 4  # few, so that the search tries much of each


class _StoppedError(Exception):
    """Somebody has seen enough of a search."""


class ComparePage(Page):
    TAB = "Compare"
    HELP = (
        "The plan in which the cursor stands beside another one, on the same history. Two bars a cycle, one of each plan; "
        "where they differ stands ≠, and below it what differs. `c` chooses the other plan: this one as it was saved, one of "
        "this file, or one of the folder. `w` looks for the usage on which the two differ most, and makes it the history; "
        "Ctrl+Z takes that back, and Ctrl+T keeps it as a test."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "choose", "Compare with", id="compare.choose", tooltip="Choose the plan to compare with."),
        Binding("w", "widest", "Differ most", id="compare.widest", tooltip="Find the usage on which the two differ most."),
        Binding("escape", "stop", "Stop the search", show=False, id="compare.stop", tooltip="Stop looking for that usage."),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="compare.up", tooltip="Scroll up a row."),
        Binding("down,j", "scroll(1)", "Down", show=False, id="compare.down", tooltip="Scroll down a row."),
        Binding("pageup", "scroll(-10)", "Page up", show=False, id="compare.page_up", tooltip="Scroll up a page."),
        Binding("pagedown", "scroll(10)", "Page down", show=False, id="compare.page_down", tooltip="Scroll down a page."),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._chosen: tuple[str, str] | None = None  # the key of a choice
        self._made: tuple[object, ...] = ()
        self._found: Contrast | str = ""
        self._search = ""
        self._is_stopped = False

    def compose(self) -> ComposeResult:
        yield Lines(id="compare-title")
        with VerticalScroll(id="compare-scroll", can_focus=False):
            yield Lines(id="compare-rows")

    def action_scroll(self, rows: int) -> None:
        self.query_one("#compare-scroll", VerticalScroll).scroll_relative(y=rows, animate=False)

    # ---- which plan

    def choices(self) -> list[Choice]:
        view = self.view
        if view.run is None or view.checked is None or self.shelf is None:
            return []
        return self.shelf.choices(view.checked, view.run.plan)

    @property
    def choice(self) -> Choice | None:
        """The plan to compare with: the one chosen, as long as it is there, else the nearest."""
        found = self.choices()
        return next((one for one in found if one.key == self._chosen), found[0] if found else None)

    @work(exclusive=True, group="compare")
    async def action_choose(self) -> None:
        await self._look()
        found = self.choices()
        if not found:
            self.app.notify(say("There is no other plan in this file, nor in its folder."))
            return
        index = await self.app.push_screen_wait(Pick(say("Compare with"), [one.label for one in found]))
        if index is not None:
            self._chosen = found[index].key
            self.draw()

    async def _look(self) -> None:
        """Reads the folder's files."""
        if self.shelf is not None:
            for done, of in self.shelf.look():
                self._say(say("reading the folder: {done} of {of} files", done=str(done), of=str(of)))
                await asyncio.sleep(0)
            self._say("")

    # ---- the usage on which they differ most

    @work(exclusive=True, group="compare")
    async def action_widest(self) -> None:
        from engine.contrast import Measure
        from tui.contrasting import MEASURES

        choice, view = self.choice, self.view
        if choice is None or view.run is None or view.checked is None:
            self.app.notify(say("There is nothing to compare with: c chooses a plan."))
            return
        measures = list(Measure)
        index = await self.app.push_screen_wait(Pick(say("Differ most in"), [say(MEASURES[one]) for one in measures]))
        if index is None:
            return
        self._is_stopped = False
        try:
            found = await aside(self._widest, choice, measures[index])
        except _StoppedError:
            self._say("")
            return
        self._say("")
        if isinstance(found, str):
            self.app.notify(found)
        else:
            self._take(found)

    def _widest(self, choice: Choice, measure: Measure) -> Widest | str:
        from engine.contrast import Measure, Side, widest
        from tui.contrasting import common_currency
        from tui.running import UnusableError

        run, checked = self.view.run, self.view.checked
        assert run
        assert checked
        about = self.view.service
        if measure is Measure.COST:
            try:
                about = common_currency(run.plan, choice.plan)
            except UnusableError as error:
                return printable(str(error))
        first = Side(run.plan, checked.plans)
        return widest(first, choice.side, WIDEST_CYCLES, measure, about, run.scenario.start, tried=self._tried)

    def _tried(self, count: int) -> None:
        """In the thread of the search."""
        if self._is_stopped:
            raise _StoppedError
        if count % 20 == 0:
            self.app.call_from_thread(self._say, say("{count} histories tried; Esc stops", count=str(count)))

    def action_stop(self) -> None:
        self._is_stopped = True

    def _take(self, found: Widest) -> None:
        from tui.contrasting import MEASURES
        from tui.draft import Draft
        from tui.session import usage_scenario

        run = self.view.run
        if run is None or not found.apart:
            text = message("None of the {count} histories tried makes them differ in {measure}.")
            self.app.notify(say(text, count=str(found.tried), measure=say(MEASURES[found.measure])))
            return
        scenario = usage_scenario(run.plan, found.usage, run.scenario.start)
        self.post_message(
            DraftChanged(Draft(scenario, say("they differ most in {measure}", measure=say(MEASURES[found.measure]))))
        )
        how = message("all of {count} histories tried; not a proof")
        if not found.complete:
            how = message("a search among {count} histories tried; not a proof")
        self._say(say(how, count=str(found.tried)))

    # ---- drawing

    def _say(self, text: str) -> None:
        self._search = text
        self.draw()

    def draw(self) -> None:
        title, rows = self._drawn()
        said = [Content.styled(self._search, "$text-warning")] if self._search else []
        self.query_one("#compare-title", Lines).put_lines([title, *said])
        self.query_one("#compare-rows", Lines).put_lines(rows, wraps=True)

    def _drawn(self) -> tuple[Content, list[Content]]:
        choice = self.choice
        if self.view.run is None:
            return Content(printable(self.view.note)), []
        if choice is None:
            return Content(say("Nothing to compare with yet")), [
                Content(say("Change a number: the plan as it was saved is then beside it.")),
                Content(say("Or write another plan in this file, or press c to look in its folder.")),
            ]
        first = printable(self.view.run.plan.name)
        title = Content.assemble((f"A {first}", FIRST), f"  {say('beside')}  ", (f"B {choice.label}", SECOND))
        found = self._contrast(choice)
        if isinstance(found, str):
            return title, [Content.styled(f"▲ {found}", "$text-warning")]
        return title, self._rows(found)

    def _contrast(self, choice: Choice) -> Contrast | str:
        """Kept until the run or the other plan is another: a cursor that moves changes nothing here."""
        from engine.contrast import beside
        from engine.history import HistoryError

        run = self.view.run
        assert run
        key = (run, choice.plan)
        if not self._made or self._made[0] is not run or self._made[1] != choice.plan:
            self._made = key
            try:
                self._found = beside(run, choice.side.run(run.scenario))
            except HistoryError as error:
                self._found = printable(
                    say("B can't live this history: {problem}; {instead}", problem=error.problem, instead=error.instead)
                )
        return self._found

    def _rows(self, found: Contrast) -> list[Content]:
        from tui.beside import charts, cycles, totals
        from tui.naming import Names

        if not found.differs:
            return [Content(say("The two come to the same on this history. w looks for one on which they differ."))]
        rows: list[Content] = []
        told = cycles(found, self.view.service)
        if told:
            both = charts(found, self.view.service)
            for index, one in enumerate(told):
                rows += self._of_cycle(both, index, Names(found.first).day(one.start), one.said)
        elif not found.same_cycles:
            rows.append(
                Content(say("Their cycles begin and end at other times, so only what they come to in all is compared."))
            )
        return [*rows, Content(""), *self._totals([(one.what, one.first, one.second, one.more) for one in totals(found)])]

    def _of_cycle(self, both: tuple[Chart, Chart], index: int, day: str, said: tuple[str, ...]) -> list[Content]:
        from tui.workbench.months import style_of

        label = " " * (6 - width(day)) + day
        mark = ("≠ ", "bold $text-warning") if said else ("  ", "")
        columns = self.size.width - EDGES
        room = max(8, min(60, columns - width(label) - 5))
        bars = [Content.assemble(*((one.text, style_of(one)) for one in chart.bar(index, room))) for chart in both]
        blank = " " * width(label)
        rows = [
            Content.assemble((f"{label} ", QUIET), mark, ("A ", FIRST)) + bars[0],
            Content.assemble(f"{blank}   ", ("B ", SECOND)) + bars[1],
        ]
        if said:
            rows += map(Content, hanging(say("; ").join(said), columns, f"{blank}     ", f"{blank}     "))
        return rows

    @staticmethod
    def _totals(totals: list[tuple[str, ...]]) -> list[Content]:
        table = [(say("in all"), "A", "B", "B - A"), *totals]
        widths = [max(width(row[index]) for row in table) for index in range(4)]
        lines = []
        for number, row in enumerate(table):
            cells = [row[0] + " " * (widths[0] - width(row[0]))]
            cells += [" " * (wide - width(cell)) + cell for wide, cell in zip(widths[1:], row[1:], strict=True)]
            styles = ("bold", f"bold {FIRST}", f"bold {SECOND}", "bold") if number == 0 else ("", "", "", "$text-warning")
            lines.append(Content("  ").join(Content.styled(*cell) for cell in zip(cells, styles, strict=True)))
        return lines
