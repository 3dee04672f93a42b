"""A page with the cursor over time: the keys that move it, the same on each of them."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.workbench.page import MomentMoved, Page


class MomentPage(Page):
    """Its moment is the view's, and so that of every other page, too."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left_square_bracket", "go_days(-1)", "Day before", show=False, id="moment.day_before", tooltip="A day back."),
        Binding("right_square_bracket", "go_days(1)", "Day after", show=False, id="moment.day_after", tooltip="A day on."),
        Binding("left_curly_bracket,shift+left", "go_cycles(-1)", "Cycle before", show=False, id="moment.cycle_before",
                tooltip="To the end of the cycle before."),
        Binding("right_curly_bracket,shift+right", "go_cycles(1)", "Cycle after", show=False, id="moment.cycle_after",
                tooltip="To the end of the next cycle."),
        Binding("e", "go_events(1)", "Event", show=False, key_display="e E", id="moment.event_after",
                tooltip="To the next time at which something comes, ends or is done."),
        Binding("E", "go_events(-1)", "Event before", show=False, id="moment.event_before", tooltip="To the event before."),
    ]  # fmt: skip

    @property
    def cycle(self) -> int:
        """The number of the cycle that holds the moment; the last one for the instant at which it ends."""
        from tui.moment import cycle_of

        return cycle_of(self.view.past, self.view.moment) if self.view.past else 0

    def action_go_days(self, days: int) -> None:
        from tui.moment import days_on

        self.post_message(MomentMoved(days_on, days))

    def action_go_cycles(self, cycles: int) -> None:
        from tui.moment import cycles_on

        self.post_message(MomentMoved(cycles_on, cycles))

    def go_to_cycle(self, number: int) -> None:
        from tui.moment import end_of_cycle

        self.post_message(MomentMoved(end_of_cycle, number))

    def action_go_events(self, by: int) -> None:
        from tui.moment import event_on

        self.post_message(MomentMoved(event_on, by))

    def action_go_to_end(self, end: int) -> None:
        """To the start (-1) or the end (1) of the history."""
        from tui.moment import far_end

        self.post_message(MomentMoved(far_end, end))
