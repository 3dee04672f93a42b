"""A list that may be long: only the rows that are seen are made. The page that owns it knows what is selected."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui.glyphs import CURSOR

_WHEEL_ROWS = 3


class Rows(Widget):
    """Shows rows `0` to `count - 1` of a list, made one by one; the selected one is in view until the wheel is turned."""

    class Chosen(Message):
        """A row was clicked; twice, `is_opened`."""

        def __init__(self, index: int, *, is_opened: bool) -> None:
            super().__init__()
            self.index = index
            self.is_opened = is_opened

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._count = 0
        self._row: Callable[[int], Content] = lambda _: Content("")
        self.selected = 0
        self.top = 0

    def put(self, count: int, row: Callable[[int], Content], selected: int) -> None:
        self._count, self._row, self.selected = count, row, selected
        rows = max(1, self.size.height)
        self.top = max(selected - rows + 1, min(self.top, selected))
        self._keep_full()

    def _keep_full(self) -> None:
        self.top = max(0, min(self.top, self._count - self.size.height))
        self.refresh()

    @property
    def seen(self) -> range:
        return range(self.top, min(self._count, self.top + self.size.height))

    def render(self) -> Content:
        width = self.size.width
        lines = []
        for index in self.seen:
            is_selected = index == self.selected
            line = Content.styled(CURSOR, "bold $text-accent") if is_selected else Content(" ")
            line = (line + self._row(index)).truncate(width, ellipsis=True)
            lines.append(line.stylize("reverse") if is_selected and self.has_focus_within_page else line)
        return Content("\n").join(lines)

    @property
    def has_focus_within_page(self) -> bool:
        return self.parent is not None and self.screen.focused is self.parent

    def on_resize(self) -> None:
        self.put(self._count, self._row, self.selected)

    def on_mouse_scroll_down(self) -> None:
        self.top += _WHEEL_ROWS
        self._keep_full()

    def on_mouse_scroll_up(self) -> None:
        self.top -= _WHEEL_ROWS
        self._keep_full()

    def on_click(self, event: events.Click) -> None:
        index = self.top + event.y
        if index < self._count:
            self.post_message(self.Chosen(index, is_opened=event.chain > 1))
