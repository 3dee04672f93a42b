"""The page that shows what the subscriber sees at a moment: used, remaining and accumulated, and a cursor over the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from dsl.source import printable
from dsl.source import width as columns_of
from tui.saying import say, service_name
from tui.workbench.lines import Lines
from tui.workbench.moment_page import MomentPage
from tui.workbench.page import PageAsked
from tui.workbench.year_line import FEW_ROWS, YearLine

if TYPE_CHECKING:  # loaded after the first screen
    from tui.card import Card, Meter

QUIET = "$foreground 60%"
STYLES = ("$text-success", "$text-primary", "$foreground 40%")  # kept, else remaining, used
MAX_METER = 60
MAX_AXIS_ROWS = 13
AMPLE_ROWS = 18  # beside the services: a row between each two of them
_BLOCK_ROWS = 3


class CardPage(MomentPage):
    TAB = "Card"
    HELP = (
        "What the subscriber sees at a moment: what was used in the cycle that runs, what remains, and what of it was "
        "accumulated, that is, kept from earlier cycles. Below: what ends next, what expires, when it runs out at this pace. "
        "The axis is the whole history: move its cursor with the keys, or click or drag. Above it stands what remains of the "
        "service over time; below it + something came, × something expired, ! it ran out. Enter shows the lots."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go_days(-1)", "Day", key_display="←→", id="card.day_before", tooltip="A day back."),
        Binding("right", "go_days(1)", "Day after", show=False, id="card.day_after", tooltip="A day on."),
        Binding("up", "go_cycles(-1)", "Cycle", key_display="↑↓", id="card.cycle_before", tooltip="The cycle before."),
        Binding("down", "go_cycles(1)", "Cycle after", show=False, id="card.cycle_after", tooltip="The next cycle."),
        Binding(
            "e",
            "go_events(1)",
            "Event",
            key_display="e E",
            id="card.event",
            tooltip="To the next time at which something comes, ends or is done.",
        ),
        Binding("home", "go_to_end(-1)", "Start", show=False, id="card.start", tooltip="To the start of the history."),
        Binding("end", "go_to_end(1)", "End", show=False, id="card.end", tooltip="To the end of the history."),
        Binding("enter", "open_lots", "Lots", id="card.lots", tooltip="The lots of the cycle, and what moved them."),
        Binding("pageup", "scroll(-5)", "Page up", show=False, id="card.page_up", tooltip="Scroll up."),
        Binding("pagedown", "scroll(5)", "Page down", show=False, id="card.page_down", tooltip="Scroll down."),
    ]

    def compose(self) -> ComposeResult:
        yield Lines(id="card-title")
        with VerticalScroll(id="card-body", can_focus=False):
            yield Lines(id="card")
        yield YearLine(id="year")

    def action_open_lots(self) -> None:
        self.post_message(PageAsked("Lots"))

    def action_scroll(self, rows: int) -> None:
        self.query_one("#card-body", VerticalScroll).scroll_relative(y=rows, animate=False)

    # ---- drawing

    def draw(self) -> None:
        view = self.view
        year = self.query_one(YearLine)
        year.display = view.run is not None
        if view.run is None or view.past is None:
            self._put("card-title", [])
            self._put("card", [Content(printable(view.note))])
            return
        from tui.card import Card
        from tui.naming import Names

        card = Card(view.past, Names(view.run), view.moment)
        # The chosen service first where the others may not be seen.
        is_roomy = self.size.height >= 2 + FEW_ROWS + _BLOCK_ROWS * len(view.services) + 3
        services = list(view.services) if is_roomy else sorted(view.services, key=lambda name: name != view.service)
        meters = [card.meter(name) for name in services]
        lines = [line for one in meters for line in (self._block(one) if is_roomy else self._row(one, meters))]
        if is_roomy and self.size.height >= len(lines) + len(meters) + AMPLE_ROWS:
            lines = [line for one in meters for line in (Content(""), *self._block(one))] + [Content("")]
        ahead = [Content(text) for text in card.ahead(view.service)] if view.service else []
        first = len(self._row(meters[0], meters)) if meters else 0
        body = [*lines, *ahead] if is_roomy else [*lines[:first], *ahead, *lines[first:]]
        year.styles.height = max(FEW_ROWS, min(MAX_AXIS_ROWS, self.size.height - 1 - len(body))) if is_roomy else FEW_ROWS
        year.show(view)
        self._put("card-title", [self._title(card)])
        self._put("card", body)

    def _put(self, name: str, lines: list[Content]) -> None:
        self.query_one(f"#{name}", Lines).put_lines(lines, wraps=True)

    def _title(self, card: Card) -> Content:
        first, *rest = card.title()
        return Content.assemble((first, "bold"), *[(f" · {text}", QUIET) for text in rest])

    def _block(self, meter: Meter) -> list[Content]:
        """A service on rows of its own: its name and what remains, its meter, the three figures."""
        width = min(MAX_METER, self.size.width - 2)
        used, remaining, accumulated = meter.texts
        name = service_name(meter.service)
        chosen = "bold underline" if meter.service == self.view.service else "bold"
        there = say("without limit") if meter.is_unlimited else remaining
        gap = " " * max(1, width - columns_of(name) - columns_of(there))
        return [
            Content.assemble((name, chosen), gap, (there, "bold")),
            self._bar(meter, width),
            Content.assemble(
                (f"{say('used')} ", QUIET),
                used,
                (f" · {say('remaining')} ", QUIET),
                remaining,
                (f" · {say('accumulated')} ", QUIET),
                accumulated,
            ),
        ]

    def _row(self, meter: Meter, meters: list[Meter]) -> list[Content]:
        """A service on one row, or two where it is narrow."""
        name = service_name(meter.service)
        wide = max(columns_of(service_name(one.service)) for one in meters)
        words = [say("used"), say("remaining"), say("accumulated")]
        chosen = "bold underline" if meter.service == self.view.service else "bold"
        figures = [Content.assemble((f"{word} ", QUIET), text) for word, text in zip(words, meter.texts, strict=True)]
        said = Content("  ").join(figures)
        label = Content.assemble((name, chosen), " " * (wide - columns_of(name) + 1))
        said_room = max(sum(map(len, one.texts)) for one in meters) + sum(columns_of(word) + 1 for word in words) + 2 * 2
        room = self.size.width - 5 - label.cell_length - said_room
        if room >= 8:
            return [label + self._bar(meter, min(room, MAX_METER)) + "  " + said]
        lines = [figures[0] + "  " + figures[1], figures[2]] if said.cell_length > self.size.width - 5 else [said]
        return [label + self._bar(meter, self.size.width - 3 - label.cell_length), *("  " + line for line in lines)]

    @staticmethod
    def _bar(meter: Meter, width: int) -> Content:
        stretches = meter.bar(width)
        bar = Content.assemble(*((text, style) for text, style in zip(stretches, STYLES, strict=True) if text))
        return bar + " " * (width - len(bar))
