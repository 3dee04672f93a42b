"""The pane that shows what every month of a plan will look like: title, services, chart, table, and what was assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message

from dsl.source import printable, width
from tui.lines import Lines

if TYPE_CHECKING:  # the engine is loaded after the first screen: it is no use before there is a text to see
    from engine.run import Run
    from tui.months import Months

SEPARATOR = " · "
TITLE_HOLDS_NOTE = 58  # columns; in a narrower pane a note is a row of its own
CHART_FROM_ROWS = 20  # with fewer rows than this the bars stand in the table


@dataclass(frozen=True, slots=True)
class View:
    """What to show. `run` None: nothing ran yet, and `note` says why; else `note` is a warning about the run, or empty."""

    run: Run | None
    service: str
    services: tuple[str, ...]
    note: str = ""

    def is_same(self, other: View) -> bool:
        """As good as equal; a run is compared by what it is, not by all that it holds."""
        rest = (self.service, self.services, self.note) == (other.service, other.services, other.note)
        return self.run is other.run and rest


class ServiceSwitch(Lines):
    """The services of a plan, the shown one marked; a click on it shows the next."""

    class Next(Message):
        pass

    def on_click(self) -> None:
        self.post_message(self.Next())

    def show(self, services: tuple[str, ...], service: str) -> None:
        parts: list[Content | str | tuple[str, str]] = []
        for name in services if len(services) > 1 else ():
            parts.append((f"[{name}]", "bold reverse") if name == service else (f" {name} ", "$foreground 70%"))
        self.put(Content.assemble(*parts), wraps=True)


class PreviewPane(Vertical):
    """Shows a View. Posts ServiceSwitch.Next where another service is asked for."""

    HELP = (
        "What the plan in which the cursor stands does with the usage of the strip below: a row a cycle. `available` is "
        "what the cycle starts with; what is not used is carried, converted or expires when it ends; `overage` is use that "
        "nothing covered. The bar shows the same: all that was there, by what became of it. `assumed` are choices that the "
        "text leaves open, with the words that would make them."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "next_service", "Service", id="preview.service"),
        Binding("up,k", "scroll(-1)", "Up", show=False, id="preview.up"),
        Binding("down,j", "scroll(1)", "Down", show=False, id="preview.down"),
        Binding("pageup", "scroll(-10)", "Page up", show=False, id="preview.page_up"),
        Binding("pagedown", "scroll(10)", "Page down", show=False, id="preview.page_down"),
    ]
    can_focus = True

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._view = View(None, "", ())

    def compose(self) -> ComposeResult:
        with Vertical(id="preview-title"):
            yield Lines(id="title")
            yield ServiceSwitch(id="services")
        yield Lines(id="head")
        with VerticalScroll(id="months", can_focus=False):
            yield Lines(id="rows")
            yield Lines(id="assumed")

    def show(self, view: View) -> None:
        if not view.is_same(self._view):
            self._view = view
            self._draw()

    def on_resize(self, _event: events.Resize) -> None:
        self._draw()

    def action_next_service(self) -> None:
        self.post_message(ServiceSwitch.Next())

    def action_scroll(self, rows: int) -> None:
        self.query_one("#months", VerticalScroll).scroll_relative(y=rows, animate=False)

    # ---- drawing

    def _draw(self) -> None:
        view = self._view
        self.query_one(ServiceSwitch).show(view.services, view.service)
        if view.run is None:
            self._draw_nothing(view.note)
            return
        from tui.months import Months
        from tui.table import title

        head, rows = self._months(Months(view.run, view.service))
        parts = title(view.run.plan)
        warning = Content.styled(f"▲ {printable(view.note)}", "$text-warning")
        if view.note and self.size.width >= TITLE_HOLDS_NOTE:
            self._lines("title").put(Content(parts[0]) + "  " + warning)
        else:
            self._lines("title").put(self._fitting(parts, view.services))
            rows = [warning, *rows] if view.note else rows
        self._lines("head").put_lines(head)
        self._lines("rows").put_lines(rows)
        self._lines("assumed").put_lines(_assumed(view.run), wraps=True)

    def _draw_nothing(self, why: str) -> None:
        self._lines("title").put(Content("Nothing to show yet"))
        self._lines("head").put_lines([])
        self._lines("rows").put_lines([])
        self._lines("assumed").put_lines([Content(printable(why))], wraps=True)

    def _lines(self, name: str) -> Lines:
        return self.query_one(f"#{name}", Lines)

    def _fitting(self, parts: list[str], services: tuple[str, ...]) -> Content:
        """As many parts of the title as fit whole beside the services."""
        room = self.size.width - 3 - (sum(len(name) + 2 for name in services) if len(services) > 1 else 0)
        while len(parts) > 1 and width(SEPARATOR.join(parts)) > room:
            parts.pop()
        return Content(SEPARATOR.join(parts))

    def _months(self, months: Months) -> tuple[list[Content], list[Content]]:
        """What stands still above, and what scrolls."""
        room = self.size.width - 3  # margins, and the column of the scroll bar
        has_chart = self.size.height >= CHART_FROM_ROWS
        table = months.table(room, bars=not has_chart)
        if table is None:
            return [], months.cards(room)
        if not has_chart:
            return table[:1], table[1:]
        return [], [*months.chart(room), Content(""), *table]


def _assumed(run: Run) -> list[Content]:
    """What the text leaves open, with the words that would say it."""
    found = run.statement.assumptions
    lines = [Content.assemble(f"· {printable(one.text)} ", (f"({printable(one.rule)})", "$foreground 60%")) for one in found]
    return [Content.styled("Assumed", "bold"), *lines] if lines else []
