"""The side of the screen that shows what a plan does: pages to look at it, and below them the usage that makes it so."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import ContentSwitcher

from dsl.phrase import Phrase, phrase
from tui.glyphs import LIT
from tui.saying import say, service_name
from tui.usage_cells import UsageCells
from tui.workbench.head import Head
from tui.workbench.page import DraftChanged, MomentChosen, MomentMoved, Page, PageAsked
from tui.workbench.usage_strip import UsageStrip

if TYPE_CHECKING:  # loaded after the first screen, see `RolloverApp._start`
    from dsl.check import Checked
    from dsl.plan import Plan
    from tui.draft import Draft
    from tui.forecast import Forecast
    from tui.shelf import Shelf

# The pages by their TABs, in their order. Each is a class of a file called so, loaded and made when somebody first turns to it:
# the first screen should not wait for those that it does not show.
TABS = ("Months", "Card", "Lots", "Events", "Compare", "Advice")


def page_class(tab: str) -> type[Page]:
    found: type[Page] = getattr(import_module(f"tui.workbench.{tab.lower()}_page"), f"{tab}Page")
    return found


class Outcome(Vertical):
    """Owns the forecast and the drafts, and which page and service are shown; hands a View to the page and Cells to the
    strip. What a page asks for comes as a message."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "next_service", "Service", id="outcome.service", tooltip="Show the next service."),
        Binding("l", "next_line", "Line", show=False, id="outcome.line", tooltip="Show the next line of the account."),
        Binding("ctrl+z", "undo", "Undo", show=False, id="outcome.undo", tooltip="Take back the last change of the history."),
        Binding("ctrl+y", "redo", "Redo", show=False, id="outcome.redo", tooltip="Make it again."),
        *(
            Binding(
                str(number),
                f"page({number - 1})",
                tab,
                show=False,
                id=f"outcome.{tab.lower()}",
                tooltip=phrase("Show the page {tab}.", tab=Phrase(tab)),
            )
            for number, tab in enumerate(TABS, 1)
        ),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.forecast: Forecast | None = None
        self._shelf: Shelf | None = None
        self._page = 0
        self._turning = asyncio.Lock()
        self._cells = UsageCells()
        self._service = ""
        self._line = 1

    def compose(self) -> ComposeResult:
        yield Head([say(tab) for tab in TABS], id="outcome-head")
        with ContentSwitcher(initial=_id(TABS[0])):
            yield page_class(TABS[0])(id=_id(TABS[0]))
        yield UsageStrip(id="usage")

    def start(self, forecast: Forecast | None = None) -> None:
        """With nothing known of any plan, or with what is known of a text that was shown before."""
        from tui.forecast import Forecast
        from tui.shelf import Shelf

        self.forecast = forecast or Forecast()
        self._shelf = self._shelf or Shelf()
        for page in self.query(Page):
            page.shelf = self._shelf

    def put_file(self, path: Path | None, saved: str) -> None:
        """Which file is edited, and how it was saved: what its plans can be compared with."""
        if self._shelf:
            self._shelf.put(path, saved)

    def show(self, checked: Checked, line: int) -> None:
        """What a text does, of which `line` (from 1) holds the cursor."""
        if self.forecast:
            self.forecast.checked = checked
            self.move(line)

    def move(self, line: int) -> None:
        """The cursor is on another line of the same text."""
        self._line = line
        if self.forecast:
            self.forecast.look(line)
            self._draw()

    def _draw(self) -> None:
        assert self.forecast
        services = self.forecast.services()
        if self._service not in services:
            self._service = next(iter(services), "")
        view = self.forecast.view(self._service)
        head = self.query_one(Head)
        note = self.forecast.note if view.run else ""
        head.show(self._title(), note, [*map(service_name, services)], service_name(self._service), self._page)
        head.tell(view.moved.said(self._services_in_turn()) if view.moved else [])
        head.show_lines(view.line_names, view.line_name)
        self.page.show(view)
        self.query_one(UsageStrip).show(self._cells.of(self.forecast, self._service))

    def _title(self) -> list[str]:
        from tui.table import title

        run = self.forecast.shown if self.forecast else None
        return title(run.plan) if run else [say("Nothing to show yet")]

    # ---- pages and services

    @property
    def page(self) -> Page:
        """The one that is seen."""
        return self.query_one(f"#{_id(TABS[self._page])}", Page)

    async def action_page(self, index: int) -> None:
        """Shows a page, counted from 0, and focuses it where the page before had the focus."""
        index %= len(TABS)
        async with self._turning:  # keys and clicks may ask at once for a page that is being made
            await self._make(TABS[index])
        before = self.page
        had_focus = before.has_focus_within
        self._page = index
        self.query_one(ContentSwitcher).current = _id(TABS[index])
        if had_focus:
            self.screen.set_focus(self.page)  # now, so that the next key goes there; `focus` would do it later
        if self.forecast:
            self._draw()

    async def _make(self, tab: str) -> None:
        if not self.query(f"#{_id(tab)}"):
            page = page_class(tab)(id=_id(tab))
            page.shelf = self._shelf
            await self.query_one(ContentSwitcher).add_content(page)

    async def next_page(self, by: int = 1) -> None:
        await self.action_page(self._page + by)

    @on(Head.PageChosen)
    async def _page_chosen(self, event: Head.PageChosen) -> None:
        await self.action_page(event.index)
        self.page.focus()

    @on(PageAsked)
    async def _page_asked(self, event: PageAsked) -> None:
        await self.action_page(TABS.index(event.tab))
        self.page.focus()

    @property
    def told(self) -> str:
        """What the rules at the cursor of the text did, as a sentence; empty where there is no rule."""
        told = self.forecast.told(self._service) if self.forecast else ""
        return f"{LIT} {told}" if told else ""

    def _services_in_turn(self) -> list[str]:
        """The one that is shown first."""
        services = self.forecast.services() if self.forecast else ()
        return sorted(services, key=lambda name: name != self._service)

    def action_next_line(self) -> None:
        names = self.forecast.line_names if self.forecast else ("",)
        if self.forecast and len(names) > 1:
            at = names.index(self.forecast.line_name) if self.forecast.line_name in names else 0
            self._show_line((at + 1) % len(names))
        else:
            self.app.notify(say("There is one line in this history."))

    def _show_line(self, index: int) -> None:
        assert self.forecast
        self.forecast.line_name = self.forecast.line_names[index]
        self._draw()

    @on(Head.LineAsked)
    def _line_asked(self, event: Head.LineAsked) -> None:
        self._show_line(event.index)

    def action_next_service(self) -> None:
        services = self.forecast.services() if self.forecast else ()
        if services:
            self._show_service((services.index(self._service) + 1) % len(services))

    def _show_service(self, index: int) -> None:
        assert self.forecast
        self._service = self.forecast.services()[index]
        self._draw()

    @on(UsageStrip.ServiceAsked)
    def _next_service_asked(self) -> None:
        self.action_next_service()

    @on(Head.ServiceAsked)
    def _service_asked(self, event: Head.ServiceAsked) -> None:
        self._show_service(event.index)

    # ---- the moment

    @on(MomentChosen)
    def _moment_chosen(self, event: MomentChosen) -> None:
        if self.forecast:
            self.forecast.go_to(event.at)
            self._draw()

    @on(MomentMoved)
    def _moment_moved(self, event: MomentMoved) -> None:
        past = self.forecast.view(self._service).past if self.forecast else None
        if self.forecast and past:
            self.forecast.go_to(event.go(past, self.forecast.moment, event.by))
            self._draw()

    # ---- the history

    @property
    def _plan(self) -> Plan | None:
        return self.forecast.plan if self.forecast else None

    @property
    def draft(self) -> Draft | None:
        """What the plan that is shown is run on."""
        return self.forecast.drafts.of(self.forecast.plan) if self.forecast and self.forecast.plan else None

    @on(DraftChanged)
    def _draft_changed(self, event: DraftChanged) -> None:
        self.put(event.draft)

    def put(self, draft: Draft) -> None:
        """Runs the plan that is shown on another history, as a step that can be undone."""
        if self.forecast and self._plan:
            self.forecast.drafts.put(self._plan, draft)
            self.move(self._line)

    def action_undo(self) -> None:
        self._step_back_or_on(is_back=True)

    def action_redo(self) -> None:
        self._step_back_or_on(is_back=False)

    def _step_back_or_on(self, *, is_back: bool) -> None:
        if self.forecast and self._plan:
            drafts = self.forecast.drafts
            if not (drafts.undo if is_back else drafts.redo)(self._plan):
                if is_back:
                    self.app.notify(say("There is no change of the history to take back."))
                else:
                    self.app.notify(say("There is no change of the history to make again."))
            self.move(self._line)

    @on(UsageStrip.Changed)
    def _stepped(self, event: UsageStrip.Changed) -> None:
        from tui.usage import step

        if self.draft and self.forecast and self.forecast.shown:
            usage = self.draft.usage_of(self.forecast.line_shown)
            now = usage[event.cycle].get(self._service, 0) if event.cycle < len(usage) else 0
            self._set(event.cycle, now + event.steps * step(self.forecast.shown.plan, self._service))

    @on(UsageStrip.Typed)
    def _typed(self, event: UsageStrip.Typed) -> None:
        from tui.usage import read_amount

        if self._plan:
            amount = read_amount(self._plan, self._service, event.text)
            if isinstance(amount, str):
                self.query_one(UsageStrip).refuse(amount, event.cycle)
            else:
                self.query_one(UsageStrip).accept()
                self._set(event.cycle, amount)

    def _set(self, cycle: int, amount: int) -> None:
        assert self.draft
        assert self.forecast
        self.put(self.draft.using(cycle, self._service, amount, self.forecast.line_shown))

    @on(UsageStrip.LineAsked)
    def _next_line_asked(self) -> None:
        self.action_next_line()

    @on(UsageStrip.DaysAsked)
    def _days_asked(self, event: UsageStrip.DaysAsked) -> None:
        """Leads to what is used on single days of a cycle, on the page that has them in order."""
        if self.forecast and self.forecast.run:
            self.forecast.go_to(self.forecast.run.statement.cycles[event.cycle].start)
            self.post_message(PageAsked("Events"))

    @on(UsageStrip.CyclesAsked)
    def _cycles_asked(self, event: UsageStrip.CyclesAsked) -> None:
        if self.draft:
            self.put(self.draft.longer() if event.by > 0 else self.draft.shorter())

    @on(UsageStrip.SampleAsked)
    def _sample_asked(self) -> None:
        if self.forecast and self._plan:
            self.put(self.forecast.drafts.sample(self._plan))


def _id(tab: str) -> str:
    return f"page-{tab.lower()}"
