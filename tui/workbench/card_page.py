"""The page that shows what the subscriber sees at a moment: used, remaining and accumulated, of each service."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.workbench.lines import Lines
from tui.workbench.page import MomentChosen, Page

DAY_SECONDS = 86_400


class CardPage(Page):
    TAB = "Card"
    HELP = (
        "What the subscriber sees at a moment: what was used in the cycle that runs, what remains, and what of it was kept "
        "from earlier cycles. Left and right go a day, up and down a cycle."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go_days(-1)", "Day", key_display="←→", id="card.day_before", tooltip="Go a day back, or with → on."),
        Binding("right", "go_days(1)", "Day after", show=False, id="card.day_after", tooltip="Go a day on."),
        Binding(
            "up", "go_cycles(-1)", "Cycle", key_display="↑↓", id="card.cycle_before", tooltip="Go a cycle back, or with ↓ on."
        ),
        Binding("down", "go_cycles(1)", "Cycle after", show=False, id="card.cycle_after", tooltip="Go a cycle on."),
    ]

    def compose(self) -> ComposeResult:
        yield Lines(id="card")

    def draw(self) -> None:
        from dsl.units import show
        from engine.balance import balance

        run = self.view.run
        if run is None:
            self.query_one("#card", Lines).put_lines([])
            return
        moment = run.calendar.local(self.view.moment)
        lines = [Content.styled(f"{moment:%Y-%m-%d %H:%M}", "bold")]
        for service in self.view.services:
            found = balance(run, service, self.view.moment)
            used, left, kept = (
                show(service, one, run.plan.data_step) for one in (found.used, found.remaining, found.accumulated)
            )
            lines.append(Content(f"{service:8}  used {used}  remaining {left}  accumulated {kept}"))
        self.query_one("#card", Lines).put_lines(lines)

    def action_go_days(self, days: int) -> None:
        self.post_message(MomentChosen(self.view.moment + days * DAY_SECONDS))

    def action_go_cycles(self, cycles: int) -> None:
        run = self.view.run
        if run is not None:
            number = run.calendar.cycle_at(self.view.moment) + cycles
            last = len(run.statement.cycles)
            self.post_message(MomentChosen(run.calendar.boundary(max(1, min(last, number))) - 1))
