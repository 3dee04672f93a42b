"""A page with a history on a timeline: what happens above its cycles, below all of it in order, and a cursor in both."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from dsl.source import printable, width
from tui.saying import say
from tui.workbench.entry_list import EntryList
from tui.workbench.page import MomentChosen, Page
from tui.workbench.step_line import StepLine

if TYPE_CHECKING:  # the engine is loaded after the first screen
    from dsl.plan import Plan
    from dsl.scenario import Scenario
    from tui.steps import Place
    from tui.timeline import Entry, Timeline


class TimelinePage(Page):
    """Shows the history that is run; a subclass binds the keys and changes it."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._timeline: Timeline | None = None
        self._told_of: tuple[object, ...] = ()
        self._with_ends = False
        self._chosen: Entry | None = None
        self._place: Place | None = None  # of the step that is to be chosen when the changed history is shown

    def compose(self) -> ComposeResult:
        yield StepLine(id="steps")
        yield EntryList(id="entries")

    # ---- drawing

    def draw(self) -> None:
        timeline = self._told()
        self._timeline = timeline
        self.query_one(StepLine).show(timeline, self._at)
        rows, chosen = self._rows()
        self.query_one(EntryList).show(rows, chosen)

    def on_focus(self) -> None:
        self.query_one(EntryList).refresh()

    def on_blur(self) -> None:
        self.query_one(EntryList).refresh()

    def _told(self) -> Timeline | None:
        """The timeline of the view, made anew only where that changed."""
        from tui.timeline import timeline

        view, plan = self.view, self._plan
        if plan is None or view.draft is None or view.checked is None:
            return None
        of = (view.run, view.checked, plan, view.draft.scenario, self._with_ends)
        if not (self._timeline and len(self._told_of) == len(of) and all(map(_is, of, self._told_of))):
            checked = view.checked
            self._told_of = of
            self._timeline = timeline(
                plan, view.draft.scenario, view.run, checked.plans, checked.source, with_ends=self._with_ends
            )
            self._find()
        return self._timeline

    def _find(self) -> None:
        """The chosen step, as it is in the history that is shown now."""
        if self._timeline is None:
            return
        if self._place:
            self._chosen = next((one for one in self._timeline.entries if one.place == self._place), None)
            self._place = None
        elif self._chosen:
            before = self._chosen
            alike = [one for one in self._timeline.entries if (one.at, one.words) == (before.at, before.words)]
            self._chosen = next(iter(alike), None)

    @property
    def _at(self) -> int:
        """Where the cursor stands: at the chosen, or at the moment that is looked at."""
        timeline = self._timeline
        if timeline is None:
            return 0
        if self._chosen and self.view.moment in (self._chosen.at, min(self._chosen.at, timeline.end)):
            return self._chosen.at
        return max(timeline.start, min(timeline.end, self.view.moment))

    def _rows(self) -> tuple[list[tuple[str, Entry | None, str]], int]:
        """What the list shows, and which of it is chosen: an entry, or the moment itself where nothing happens on its day."""
        timeline = self._timeline
        if timeline is None:
            return [("", None, printable(self.view.note))], 0
        entries = timeline.entries
        rows: list[tuple[str, Entry | None, str]] = [(self._date(one.at), one, "") for one in entries]
        chosen = self._index()
        if chosen is None:
            chosen = sum(one.at <= self._at for one in entries)
            rows.insert(
                chosen, (self._date(self._at, with_time=False), None, say("nothing happens on this day; a adds a step"))
            )
        if timeline.problem:
            rows.insert(0, ("", None, f"▲ {printable(timeline.problem)}"))
            chosen += 1
        return rows, chosen

    def _index(self) -> int | None:
        """Of the chosen entry, or else of the first on the day of the cursor, steps before what the plan does by itself."""
        assert self._timeline
        entries = self._timeline.entries
        if self._chosen in entries and self._at == self._chosen.at:
            return next(index for index, one in enumerate(entries) if one is self._chosen or one == self._chosen)
        day = self._local(self._at).date()
        same = [index for index, one in enumerate(entries) if self._local(one.at).date() == day]
        return min(same, key=lambda index: entries[index].place is None, default=None)

    def _local(self, at: int) -> datetime:
        assert self._timeline
        return self._timeline.calendar.local(at)

    def _date(self, at: int, *, with_time: bool = True) -> str:
        from tui.naming import day_labels

        assert self._timeline
        local = self._local(at)
        first, last = (self._local(edge) for edge in (self._timeline.start, self._timeline.end))
        label = day_labels([local, first, last])[0]
        label = " " * ((9 if first.year != last.year else 6) - width(label)) + label
        clock = f" {local:%H:%M}" if with_time and (local.hour or local.minute) and local.second != 59 else ""
        return label + clock

    # ---- where the cursor stands

    def _go(self, day: date) -> None:
        assert self._timeline
        self._chosen = None
        self.post_message(MomentChosen(self._timeline.calendar.midnight(day)))

    def action_go_days(self, days: int) -> None:
        if self._timeline:
            self._go(self._local(self._at).date() + timedelta(days=days))

    def action_go_cycles(self, cycles: int) -> None:
        if self._timeline:
            boundaries = self._timeline.boundaries
            number = self._timeline.calendar.cycle_at(self._at) - 1 + cycles
            self._chosen = None
            self.post_message(MomentChosen(boundaries[max(0, min(len(boundaries) - 1, number))]))

    def action_choose(self, by: int) -> None:
        if self._timeline and self._timeline.entries:
            rows, chosen = self._rows()
            self._choose(max(0, min(len(rows) - 1, chosen + by)))

    def _choose(self, row: int) -> None:
        rows, _ = self._rows()
        entry = rows[row][1]
        if entry:
            self._chosen = entry
            self.post_message(MomentChosen(entry.at))
            self.draw()

    @on(StepLine.DayChosen)
    def _day_chosen(self, event: StepLine.DayChosen) -> None:
        self._go(event.day)

    @property
    def chosen(self) -> Entry | None:
        """The entry at the cursor."""
        if self._timeline is None:
            return None
        index = self._index()
        return None if index is None else self._timeline.entries[index]

    @property
    def _plan(self) -> Plan | None:
        draft, checked = self.view.draft, self.view.checked
        return checked.plan(draft.scenario.plan) if draft and checked else None

    @property
    def _scenario(self) -> Scenario | None:
        return self.view.draft.scenario if self.view.draft else None

    def action_ends(self) -> None:
        """Tells when lots end, or no more."""
        self._with_ends = not self._with_ends
        self.draw()


def _is(one: object, other: object) -> bool:
    return one is other or one == other if isinstance(one, bool) else one is other
