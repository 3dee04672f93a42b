"""The page that shows what happens in a history on a timeline, to be put, moved, changed and taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from dsl.source import NOWHERE, printable
from tui.saying import say
from tui.workbench.entry_list import EntryList
from tui.workbench.page import DraftChanged, MomentChosen, RuleAsked
from tui.workbench.step_dialog import AskStep
from tui.workbench.step_line import StepLine
from tui.workbench.timeline_page import TimelinePage

if TYPE_CHECKING:  # the engine is loaded after the first screen
    from dsl.check import Checked
    from dsl.scenario import Dated, Scenario
    from tui.steps import Place


class EventsPage(TimelinePage):
    TAB = "Events"
    HELP = (
        "What happens in the history that the plan is run on: on the line above its cycles, promotions (═) and steps (◆, "
        "several ❖, refused ✗), below all of it in order. Left and right go a day, comma and full stop a week, brackets a "
        "cycle; up and down go through what happens. `a` puts a step at the day of the cursor, with Shift and the arrows the "
        "chosen one moves by a day, < and > by a week, braces by a cycle; or drag it with the mouse. Enter shows the rule that "
        "speaks of it. What the plan refuses says why; what a loaded history expects is marked ✓ or ✗. All of it can be undone."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="events.add", tooltip="Put a step into the history, at the day of the cursor."),
        Binding("left", "go_days(-1)", "Day", key_display="←→", id="events.day_before", tooltip="Go a day."),
        Binding("right", "go_days(1)", "Day after", show=False, id="events.day_after", tooltip="Go a day on."),
        Binding("up", "choose(-1)", "Event", key_display="↑↓", id="events.before", tooltip="Go through what happens."),
        Binding("down", "choose(1)", "Event after", show=False, id="events.after", tooltip="Go to the next event."),
        Binding("shift+left", "move(-1, 0)", "Move", key_display="⇧←→", id="events.move_before", tooltip="A day earlier."),
        Binding("shift+right", "move(1, 0)", "Move later", show=False, id="events.move_after", tooltip="A day later."),
        Binding("e", "edit", "Edit", id="events.edit", tooltip="Change the chosen step, or its date."),
        Binding("d", "delete", "Delete", id="events.delete", tooltip="Take the chosen step out."),
        Binding("delete,backspace", "delete", "Delete too", show=False, id="events.delete_too", tooltip="Take the event out."),
        Binding("c", "copy", "Copy", id="events.copy", tooltip="The same step again, a cycle later."),
        Binding("enter", "rule", "Rule", id="events.rule", tooltip="Show the rule that speaks of it."),
        Binding("l", "ends", "Lots", id="events.ends", tooltip="Tell when lots end, or no more."),
        Binding("p", "app.presets", "Preset", id="events.presets", tooltip="Another usage: light, heavy, growing, by chance."),
        Binding("o", "app.open_history", "Open", id="events.open", tooltip="Look at an example, a scenario or records."),
        Binding("w", "app.keep_history", "Write", id="events.keep", tooltip="Write what happens as a scenario file."),
        Binding("t", "app.make_test", "Test", id="events.test", tooltip="Make a test of what is on screen."),
        Binding("comma", "go_days(-7)", "Week before", show=False, id="events.week_before", tooltip="Go a week back."),
        Binding("full_stop", "go_days(7)", "Week after", show=False, id="events.week_after", tooltip="Go a week on."),
        Binding(
            "left_square_bracket,pageup",
            "go_cycles(-1)",
            "Cycle before",
            show=False,
            id="events.cycle_before",
            tooltip="Go a cycle back.",
        ),
        Binding(
            "right_square_bracket,pagedown",
            "go_cycles(1)",
            "Cycle after",
            show=False,
            id="events.cycle_after",
            tooltip="Go a cycle on.",
        ),
        Binding(
            "less_than_sign",
            "move(-7, 0)",
            "A week earlier",
            show=False,
            id="events.move_week_before",
            tooltip="Move the event a week back.",
        ),
        Binding(
            "greater_than_sign",
            "move(7, 0)",
            "A week later",
            show=False,
            id="events.move_week_after",
            tooltip="Move the event a week on.",
        ),
        Binding(
            "left_curly_bracket",
            "move(0, -1)",
            "A cycle earlier",
            show=False,
            id="events.move_cycle_before",
            tooltip="Move the event a cycle back.",
        ),
        Binding(
            "right_curly_bracket",
            "move(0, 1)",
            "A cycle later",
            show=False,
            id="events.move_cycle_after",
            tooltip="Move the event a cycle on.",
        ),
        Binding("home", "choose(-9999)", "First event", show=False, id="events.first", tooltip="Go to the first event."),
        Binding("end", "choose(9999)", "Last event", show=False, id="events.last", tooltip="Go to the last event."),
    ]

    def _step(self) -> Place | None:
        """The place of the step at the cursor; says so, where there is none."""
        entry = self.chosen
        if entry and entry.place and entry.place.expectation < 0:
            return entry.place
        self.app.notify(say("There is no step here to change: a adds one."))
        return None

    def _put(self, scenario: Scenario, place: Place | None) -> None:
        """The history is another from now on, as a step that can be undone; `place` is that of the chosen step in it."""
        from tui.draft import Draft
        from tui.steps import step_at

        self._place = place
        self.post_message(DraftChanged(Draft(scenario)))
        if place and self._timeline and place.expectation < 0:
            self.post_message(
                MomentChosen(self._timeline.calendar.instant(step_at(scenario, place, self._timeline.calendar).at))
            )

    @work(exclusive=True, group="step")
    async def action_add(self) -> None:
        from tui import steps
        from tui.offers import offers

        checked, plan, scenario = self.view.checked, self._plan, self._scenario
        if checked is None or plan is None or scenario is None or self._timeline is None:
            self.app.notify(say("There is no plan to put a step into yet."))
            return
        at = max(scenario.start, steps.at_midnight(self._local(self._at).date()))
        title = say("What happens on {day}", day=f"{at:%Y-%m-%d}")
        found = await self.app.push_screen_wait(AskStep(title, offers(checked, plan, scenario), _reader(checked, at)))
        if found:
            self._put(*steps.put(scenario, *found))

    @work(exclusive=True, group="step")
    async def action_edit(self) -> None:
        from dsl.step_words import UnsayableError
        from tui import steps
        from tui.offers import offers

        checked, plan, scenario, place = self.view.checked, self._plan, self._scenario, self._step()
        if checked is None or plan is None or scenario is None or place is None or self._timeline is None:
            return
        step = steps.step_at(scenario, place, self._timeline.calendar)
        try:
            text = steps.as_text(step, plan.data_step)
        except UnsayableError as error:
            self.app.notify(printable(say(error.told)), severity="error")
            return
        asked = AskStep(say("Change what happens"), offers(checked, plan, scenario), _reader(checked, step.at), text)
        found = await self.app.push_screen_wait(asked)
        if found:
            self._put(*steps.put(steps.without(scenario, place), *found))

    @on(EntryList.RowChosen)
    def _row_chosen(self, event: EntryList.RowChosen) -> None:
        self._choose(event.index)
        if event.again:
            self.action_edit()

    def action_delete(self) -> None:
        from tui import steps

        entry, scenario = self.chosen, self._scenario
        if entry and entry.place and scenario:
            self._chosen = None
            self._put(steps.without(scenario, entry.place), None)
        else:
            self.app.notify(say("There is no step here to take out: what the plan does by itself stays."))

    def action_copy(self) -> None:
        from tui import steps

        place, scenario = self._step(), self._scenario
        if place and scenario and self._timeline:
            calendar = self._timeline.calendar
            step = steps.step_at(scenario, place, calendar)
            self._put(*steps.put(scenario, replace(step, at=steps.cycle_later(step.at, calendar), expectations=())))

    def action_move(self, days: int, cycles: int) -> None:
        from tui import steps

        place, scenario = self._step(), self._scenario
        if place and scenario and self._timeline:
            calendar = self._timeline.calendar
            at = steps.step_at(scenario, place, calendar).at + timedelta(days=days)
            to = steps.cycle_later(at, calendar, cycles) if cycles else at
            self._put(*steps.moved(scenario, place, to, calendar))

    @on(StepLine.Dragged)
    def _dragged(self, event: StepLine.Dragged) -> None:
        from tui import steps

        if self._scenario and self._timeline:
            calendar = self._timeline.calendar
            clock = steps.step_at(self._scenario, event.place, calendar).at.time()
            to = datetime.combine(event.day, clock)
            self._put(*steps.moved(self._scenario, event.place, to, calendar))

    def action_rule(self) -> None:
        entry = self.chosen
        if entry and entry.rule != NOWHERE:
            self.post_message(RuleAsked(entry.rule))
        else:
            self.app.notify(say("No rule of the text speaks of this."))


def _reader(checked: Checked, at: datetime) -> Callable[[str], tuple[Dated, ...]]:
    from tui import steps

    return lambda text: steps.read(checked, text, at)
