"""The timeline as two rows: cycles with their first days, and on the line what happens. Steps are dragged along it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dsl.source import width

if TYPE_CHECKING:  # the engine is loaded after the first screen
    from tui.axis import Axis
    from tui.steps import Place
    from tui.timeline import Entry, Timeline

QUIET = "$foreground 60%"
STEP, SEVERAL, REFUSED = "◆", "❖", "✗"


class StepLine(Widget):
    """Shows a Timeline around a moment. What is pressed on it is a day to go to, or a step to be dragged to one."""

    class DayChosen(Message):
        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    class Dragged(Message):
        """A step was let go on another day."""

        def __init__(self, place: Place, day: date) -> None:
            super().__init__()
            self.place = place
            self.day = day

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._timeline: Timeline | None = None
        self._moment = 0
        self._grabbed: Entry | None = None
        self._pressed_at = -1
        self._dragged_to: int | None = None

    def show(self, timeline: Timeline | None, moment: int) -> None:
        self._timeline, self._moment = timeline, moment
        self.refresh()

    @property
    def axis(self) -> Axis | None:
        """What is shown of the time, in columns."""
        from tui.axis import axis

        if self._timeline is None:
            return None
        return axis(self._timeline.calendar, self._timeline.boundaries, self._moment, self.size.width)

    # ---- drawing

    def render(self) -> Content:
        shown = self.axis
        if shown is None or self._timeline is None:
            return Content("")
        return Content("\n").join([self._labels(shown), self._line(shown, self._timeline)])

    def _labels(self, shown: Axis) -> Content:
        from tui.naming import day_labels

        days = [shown.calendar.local(at) for at in shown.boundaries[:-1]]
        line = ""
        for at, label in zip(shown.boundaries, day_labels(days), strict=False):
            column = shown.column(at)
            if column >= width(line) and column + width(label) <= shown.columns:
                line += " " * (column - width(line)) + label + " "
        return Content.styled(line.rstrip(), QUIET)

    def _line(self, shown: Axis, timeline: Timeline) -> Content:
        cells = [("─", QUIET)] * shown.columns
        for window in timeline.windows:
            if window.end > shown.start and window.start < shown.end:
                for column in range(shown.column(window.start), shown.column(window.end - 1) + 1):
                    cells[column] = ("═", "$text-success")
        for number, at in enumerate(shown.boundaries[:-1]):
            cells[shown.column(at)] = ("├" if number == 0 else "┼", QUIET)
        for column, entries in self._marks(shown, timeline).items():
            cells[column] = _mark(entries)
        if self._grabbed and self._dragged_to is not None:
            cells[self._dragged_to] = (STEP, "bold $text-warning")
        here = shown.column(self._moment)
        cells[here] = (cells[here][0], f"{cells[here][1]} reverse")
        return Content.assemble(*cells)

    def _marks(self, shown: Axis, timeline: Timeline) -> dict[int, list[Entry]]:
        from tui.timeline import Kind

        found: dict[int, list[Entry]] = {}
        for entry in timeline.entries:
            is_grabbed = self._dragged_to is not None and entry is self._grabbed
            if entry.kind in (Kind.STEP, Kind.USES) and shown.shows(entry.at) and not is_grabbed:
                found.setdefault(shown.column(entry.at), []).append(entry)
        return found

    # ---- the mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        shown = self.axis
        if shown is None or self._timeline is None:
            return
        self.capture_mouse()
        self._pressed_at = event.x
        steps = [entry for entry in self._marks(shown, self._timeline).get(event.x, []) if entry.place]
        self._grabbed = steps[-1] if steps else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        shown = self.axis
        if self._grabbed and shown and (event.x != self._pressed_at or self._dragged_to is not None):
            self._dragged_to = max(0, min(event.x, shown.columns - 1))
            self.refresh()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()
        shown, grabbed, column = self.axis, self._grabbed, self._dragged_to
        pressed, self._pressed_at, self._grabbed, self._dragged_to = self._pressed_at, -1, None, None
        if shown is None or pressed < 0:
            return
        self.refresh()
        if grabbed and grabbed.place and column is not None:
            self.post_message(self.Dragged(grabbed.place, shown.day(column)))
        elif grabbed:
            self.post_message(self.DayChosen(shown.calendar.local(grabbed.at).date()))
        else:
            self.post_message(self.DayChosen(shown.day(event.x)))


def _mark(entries: Sequence[Entry]) -> tuple[str, str]:
    from tui.timeline import State

    if any(entry.state is State.REFUSED for entry in entries):
        return REFUSED, "bold $text-error"
    return (STEP, "bold $text-accent") if len(entries) == 1 else (SEVERAL, "bold $text-accent")
