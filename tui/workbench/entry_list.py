"""What happens, a row each, with the one that is chosen in sight; what went wrong with it stands behind or below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dsl.source import width

if TYPE_CHECKING:  # the engine is loaded after the first screen
    from tui.timeline import Entry, State

QUIET = "$foreground 60%"


class EntryList(Widget):
    """Shows rows: each a date, as text, and an entry, or None and what is said there. `chosen` is the index of one of them."""

    class RowChosen(Message):
        """`again`: it was pressed twice."""

        def __init__(self, index: int, *, again: bool) -> None:
            super().__init__()
            self.index = index
            self.again = again

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._rows: Sequence[tuple[str, Entry | None, str]] = ()
        self._chosen = 0
        self._first = 0

    def show(self, rows: Sequence[tuple[str, Entry | None, str]], chosen: int) -> None:
        self._rows, self._chosen = rows, chosen
        self.refresh()

    # ---- what is in sight

    def _room(self) -> int:
        """Rows for entries: those below the chosen one are for what is said of it, where that has no room behind it."""
        return max(1, self.size.height - len(self._below()))

    def _below(self) -> list[Content]:
        entry = self._rows[self._chosen][1] if self._chosen < len(self._rows) else None
        if entry is None or not entry.why or self.size.height < 2:
            return []
        if self._columns(self._rows[self._chosen]) + 3 + width(entry.why) <= self.size.width:
            return []
        lines = Content.styled(entry.why, _style(entry.state)).wrap(max(8, self.size.width - 4))
        return [Content("  → ") + line if number == 0 else Content("    ") + line for number, line in enumerate(lines)][
            : max(1, self.size.height - 2)
        ]

    def _columns(self, row: tuple[str, Entry | None, str]) -> int:
        date, entry, said = row
        return 4 + width(date) + width(entry.words if entry else said)

    def _scrolled(self) -> int:
        """The first row in sight: the chosen one is, with one before it and one after it where there is room."""
        room = self._room()
        margin = 1 if room >= 3 else 0
        first = min(self._first, max(0, self._chosen - margin))
        first = max(first, min(self._chosen + margin, len(self._rows) - 1) - room + 1)
        self._first = max(0, min(first, len(self._rows) - room))
        return self._first

    # ---- drawing

    def render(self) -> Content:
        first, room = self._scrolled(), self._room()
        lines: list[Content] = []
        for index in range(first, min(first + room, len(self._rows))):
            lines.append(self._row(index))
            if index == self._chosen:
                lines += self._below()
        return Content("\n").join(lines)

    def _row(self, index: int) -> Content:
        date, entry, said = self._rows[index]
        glyph, style = _glyph(entry) if entry else ("▸", QUIET)
        words = entry.words if entry else said
        has_room = entry is not None and self._columns(self._rows[index]) + 3 + width(entry.why) <= self.size.width
        line = Content.assemble(
            (f"{glyph} ", style), (f"{date}  ", QUIET), (words, "" if _is_done(entry) else QUIET),
            (f"  {entry.why}" if entry and entry.why and has_room else "", _style(entry.state) if entry else ""),
        )  # fmt: skip
        if width(line.plain) > self.size.width:
            line = line.truncate(self.size.width - 1, ellipsis=True)
        if index == self._chosen:
            parent = self.parent
            is_active = isinstance(parent, Widget) and parent.has_focus
            line = line.pad_right(max(0, self.size.width - 1 - width(line.plain))).stylize(
                "bold reverse" if is_active else "bold"
            )
        return line

    async def on_click(self, event: events.Click) -> None:
        first, below = self._scrolled(), len(self._below())
        index = first + event.y
        if index > self._chosen:
            index = max(self._chosen, index - below)
        if index < len(self._rows):
            self.post_message(self.RowChosen(index, again=event.chain > 1))

    def on_mouse_scroll_down(self) -> None:
        self._choose(1)

    def on_mouse_scroll_up(self) -> None:
        self._choose(-1)

    def _choose(self, by: int) -> None:
        if 0 <= self._chosen + by < len(self._rows):
            self.post_message(self.RowChosen(self._chosen + by, again=False))


def _is_done(entry: Entry | None) -> bool:
    """Whether somebody does it: what the plan does by itself stands back."""
    return entry is not None and entry.place is not None


def _glyph(entry: Entry) -> tuple[str, str]:
    from tui.timeline import Kind, State

    glyphs = {
        Kind.CYCLE: "│", Kind.PROMOTION: "═", Kind.ENDS: "░", Kind.STEP: "◆", Kind.USES: "·", Kind.EXPECTED: "?",
    }  # fmt: skip
    marks = {State.REFUSED: "✗", State.MET: "✓", State.MISSED: "✗"}
    return marks.get(entry.state, glyphs[entry.kind]), _style(entry.state) or ("$text-accent" if entry.place else QUIET)


def _style(state: State) -> str:
    from tui.timeline import State

    match state:
        case State.REFUSED | State.MISSED:
            return "$text-error"
        case State.MET:
            return "$text-success"
        case _:
            return ""
