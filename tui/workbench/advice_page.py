"""The page that advises a subscriber: which plan wastes or costs least on this history, and what to do about the one shown."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region

from dsl.source import NOWHERE, Span, printable
from tui.language import message
from tui.saying import say, spoken
from tui.view import View
from tui.workbench.aside import aside
from tui.workbench.lines import Lines, hanging
from tui.workbench.page import Page, RuleAsked

if TYPE_CHECKING:  # loaded after the first screen
    from tui.shelf import Choice

PAUSE_SECONDS = 0.3  # advice is many runs: it waits until nobody types
CURSOR = "▸ "
HANGING = "  "  # how much further in a line is where it is wrapped
EDGES = 2  # columns of the page that are no text: on the left, and the scrollbar


class AdvicePage(Page):
    TAB = "Advice"
    HELP = (
        "What to do at the moment where the cursor over time stands: what will be lost unless it is used, when something runs "
        "out at the present pace, and what a gift, a conversion, a pack or a promotion would save; each line is a run of its "
        "own. Below, the plans of this file on the same history, cheapest first; `f` adds those of the folder. Up and down "
        "choose a line, Enter shows the rule that it is about."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "select(-1)", "Line", key_display="↑↓", id="advice.up", tooltip="The line before."),
        Binding("down,j", "select(1)", "Next line", show=False, id="advice.down", tooltip="Go to the next line."),
        Binding("pageup", "select(-10)", "Page up", show=False, id="advice.page_up", tooltip="Go ten lines up."),
        Binding("pagedown", "select(10)", "Page down", show=False, id="advice.page_down", tooltip="Go ten lines down."),
        Binding("enter", "rule", "Rule", id="advice.rule", tooltip="Show the rule that the line is about."),
        Binding("f", "folder", "Folder", id="advice.folder", tooltip="Rank the plans of the whole folder, too."),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._with_folder = False
        self._about: tuple[object, ...] = ()
        self._told: list[tuple[str, Span]] = []
        self._selected = 0
        self._note = ""

    def compose(self) -> ComposeResult:
        yield Lines(id="advice-title")
        with VerticalScroll(id="advice-scroll", can_focus=False):
            yield Lines(id="advice-rows")

    # ---- what is told

    def draw(self) -> None:
        view = self.view
        about = (view.run, view.moment, self._with_folder)
        if view.run is None:
            self._told = []
            self._note = printable(view.note)
        elif not self._about or about[0] is not self._about[0] or about[1:] != self._about[1:]:
            self._about = about
            self._note = say("looking ahead ...")
            self._advise(view)
        self._redraw()

    @work(exclusive=True, group="advice", description="advice")  # or Textual would write the whole run out as its description
    async def _advise(self, view: View) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        if self._with_folder and self.shelf is not None:
            for done, of in self.shelf.look():
                self._note = say("reading the folder: {done} of {of} files", done=str(done), of=str(of))
                self._redraw()
                await asyncio.sleep(0)
        choices = self._choices(view)
        told = await aside(_told, view, choices)
        if self._about and self._about[0] is view.run and self._about[1] == view.moment:
            self._told, self._note = told, ""
            self._selected = max(0, min(self._selected, len(told) - 1))
            self._redraw()

    def _choices(self, view: View) -> list[Choice]:
        if self.shelf is None or view.checked is None or view.run is None:
            return []
        from tui.shelf import AS_SAVED

        found = self.shelf.choices(view.checked, view.run.plan)
        return [one for one in found if one.origin != AS_SAVED and (self._with_folder or not one.origin)]

    # ---- keys

    def action_select(self, by: int) -> None:
        self._selected = max(0, min(len(self._told) - 1, self._selected + by))
        self._redraw()
        rows = self.query_one("#advice-scroll", VerticalScroll)
        rows.scroll_to_region(Region(0, self._row_of(self._selected), 1, 2), animate=False)

    def action_rule(self) -> None:
        span = self._told[self._selected][1] if self._told else NOWHERE
        if span == NOWHERE:
            self.app.notify(say("This line is about no rule of the text."))
        else:
            self.post_message(RuleAsked(span))

    def action_folder(self) -> None:
        self._with_folder = not self._with_folder
        self.draw()

    def on_click(self, event: events.Click) -> None:
        row = event.screen_y - self.query_one("#advice-rows").region.y
        at = next((index for index in range(len(self._told)) if row < self._row_of(index + 1)), -1)
        if at >= 0 and row >= 0:
            self.action_select(at - self._selected)
            if event.chain > 1:
                self.action_rule()

    # ---- drawing

    def _row_of(self, index: int) -> int:
        """Where a line begins, as lines are wrapped."""
        return sum(len(self._rows_of(number)) for number in range(index))

    def _rows_of(self, index: int) -> list[Content]:
        """A line as it is wrapped, below where its text begins."""
        text, span = self._told[index]
        is_chosen = index == self._selected and self.has_focus
        style = f"{'' if text.startswith(' ') else 'bold'}{' underline' if span != NOWHERE and is_chosen else ''}".strip()
        indent = " " * (len(CURSOR) + len(text) - len(text.lstrip()))
        first, *more = hanging(text.lstrip(), max(1, self.size.width - EDGES), indent, indent + HANGING)
        mark = CURSOR if is_chosen else " " * len(CURSOR)
        rows = [Content.assemble((mark, "bold $text-accent"), (first[len(CURSOR) :], style))]
        return [*rows, *(Content.assemble(indent + HANGING, (row[len(indent + HANGING) :], style)) for row in more)]

    def _redraw(self) -> None:
        note = Content.styled(self._note, "$text-warning" if self._told else "$foreground 60%")
        self.query_one("#advice-title", Lines).put_lines([note] if self._note else [])
        rows = [row for index in range(len(self._told)) for row in self._rows_of(index)]
        self.query_one("#advice-rows", Lines).put_lines(rows, wraps=True)

    def on_focus(self) -> None:
        self._redraw()

    def on_blur(self) -> None:
        self._redraw()


def _told(view: View, choices: list[Choice]) -> list[tuple[str, Span]]:
    """In a thread: many runs."""
    from engine.advice import Offer, advice, rankings
    from engine.history import HistoryError
    from engine.outlook import Case
    from tui.advice_text import AdviceWords, ranking_lines, ranking_title

    run, checked = view.run, view.checked
    assert run
    assert checked
    lines: list[tuple[str, Span]] = []
    at = run.calendar.local(view.moment)
    try:
        found = advice(Case(run.plan, run.scenario, checked.plans, at))
        lines += AdviceWords(found.outlook, checked.source).told(found.savings, found.refused)
    except HistoryError as error:
        lines.append((printable(say("{problem}; {instead}", problem=error.problem, instead=error.instead)), NOWHERE))
    offers = [Offer("", run)]
    for choice in choices:
        try:
            offers.append(Offer(choice.origin, choice.side.run(run.scenario)))
        except HistoryError as error:
            why = printable(say(error.problem))
            lines.append((say("{plan} can't live this history: {why}", plan=choice.label, why=why), NOWHERE))
    ranked, several = rankings(offers)
    for ranking in ranked:
        lines.append(("", NOWHERE))
        lines.append((say("On the whole history, {ranking}", ranking=ranking_title(ranking)), NOWHERE))
        lines += [(line, NOWHERE) for line in ranking_lines(ranking)]
    charges = message("{plan} charges in {currencies}")
    lines += [
        (say(charges, plan=printable(offer.plan.name), currencies=spoken().every([*paid])), NOWHERE) for offer, paid in several
    ]
    return lines
