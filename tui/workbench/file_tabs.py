"""The row above the text where several files are open: a tab each, as many as fit, the one that is shown among them."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dsl.source import width
from tui.wrap import cut

UNSAVED, CLOSE = "•", "×"
MAX_NAME = 24


class FileTabs(Widget):
    """A click shows a file, one on its cross, or with the middle button, closes it. Hidden where one file is open."""

    class Chosen(Message):
        """`index` of the file, from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class CloseAsked(Message):
        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._names: tuple[str, ...] = ()
        self._changed: tuple[bool, ...] = ()
        self._shown = 0

    def show(self, names: Sequence[str], changed: Sequence[bool], shown: int) -> None:
        """`names` are safe to show."""
        state = (tuple(names), tuple(changed), shown)
        if state != (self._names, self._changed, self._shown):
            self._names, self._changed, self._shown = state
            self.display = len(names) > 1
            self.refresh()

    # ---- what fits

    def _tab(self, index: int) -> str:
        mark = UNSAVED if self._changed[index] else " "
        return f" {cut(self._names[index], MAX_NAME)}{mark}{CLOSE} "

    def _places(self) -> list[tuple[int, int, int]]:
        """Index, start and end of each tab that fits: as many after the first as leave room for the one that is shown."""
        room = self.size.width - 2
        first = last = self._shown
        taken = width(self._tab(self._shown))
        while True:
            if last + 1 < len(self._names) and taken + width(self._tab(last + 1)) <= room:
                last += 1
                taken += width(self._tab(last))
            elif first > 0 and taken + width(self._tab(first - 1)) <= room:
                first -= 1
                taken += width(self._tab(first))
            else:
                break
        places, at = [], 1
        for index in range(first, last + 1):
            end = at + width(self._tab(index))
            places.append((index, at, end))
            at = end
        return places

    def render(self) -> Content:
        if not self._names:
            return Content("")
        places = self._places()
        parts: list[str | tuple[str, str]] = ["‹" if places[0][0] else " "]
        for index, _, _ in places:
            parts.append((self._tab(index), "bold reverse" if index == self._shown else "$foreground 70%"))
        if places[-1][0] < len(self._names) - 1:
            parts.append("›")
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        for index, start, end in self._places():
            if start <= event.x < end:
                closes = event.button == 2 or event.x >= end - 2
                self.post_message(self.CloseAsked(index) if closes else self.Chosen(index))
