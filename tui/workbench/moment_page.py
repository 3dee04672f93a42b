"""A page with the cursor over time: the keys that move it, the same on each of them."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.workbench.page import MomentChosen, Page


class MomentPage(Page):
    """Its moment is the view's, and so that of every other page, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "go_days(-1)", "Day", key_display="[ ]", id="moment.day_before", tooltip="A day back."),
        Binding("right_square_bracket", "go_days(1)", "Day after", show=False, id="moment.day_after", tooltip="A day on."),
        Binding("left_curly_bracket,shift+left", "go_cycles(-1)", "Cycle before", show=False, id="moment.cycle_before",
                tooltip="To the end of the cycle before."),
        Binding("right_curly_bracket,shift+right", "go_cycles(1)", "Cycle after", show=False, id="moment.cycle_after",
                tooltip="To the end of the next cycle."),
        Binding("e", "go_events(1)", "Event", key_display="e E", id="moment.event_after",
                tooltip="To the next time at which something comes, ends or is done."),
        Binding("E", "go_events(-1)", "Event before", show=False, id="moment.event_before", tooltip="To the event before."),
    ]  # fmt: skip

    @property
    def cycle(self) -> int:
        """The number of the cycle that holds the moment; the last one for the instant at which it ends."""
        run = self.view.run
        if run is None or not run.statement.cycles:
            return 0
        cycles = run.statement.cycles
        return max(cycles[0].number, min(cycles[-1].number, run.calendar.cycle_at(self.view.moment)))

    def action_go_days(self, days: int) -> None:
        """To the same time of day, whatever the clock was set to in between."""
        run = self.view.run
        if run is not None:
            from datetime import timedelta

            local = run.calendar.local(self.view.moment)
            self.post_message(MomentChosen(run.calendar.instant(local + timedelta(days=days))))

    def action_go_cycles(self, cycles: int) -> None:
        run = self.view.run
        if run is not None and run.statement.cycles:
            self.go_to_cycle(self.cycle + cycles)

    def go_to_cycle(self, number: int) -> None:
        """To the last second of a cycle: what is there before it closes."""
        run = self.view.run
        if run is not None and run.statement.cycles:
            cycles = run.statement.cycles
            wanted = max(cycles[0].number, min(cycles[-1].number, number))
            self.post_message(MomentChosen(run.statement.cycle(wanted).end - 1))

    def action_go_events(self, by: int) -> None:
        past = self.view.past
        if past is not None:
            at = past.next_event(self.view.moment) if by > 0 else past.event_before(self.view.moment)
            if at is not None:
                self.post_message(MomentChosen(at))

    def action_go_to_end(self, end: int) -> None:
        """To the start (-1) or the end (1) of the history."""
        run = self.view.run
        if run is not None and run.statement.cycles:
            cycles = run.statement.cycles
            self.post_message(MomentChosen(cycles[0].start if end < 0 else cycles[-1].end))
