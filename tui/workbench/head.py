"""The row or two above the pages: which plan is shown, which page of it, and which of its services."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dsl.source import printable, width

SEPARATOR = " · "
QUIET = "$foreground 70%"
PLENTY_OF_ROWS = 30

# Text, its style, and what a click on it asks for: a message and the index it is about.
Piece = tuple[str, str, "tuple[type[Head.PageChosen | Head.ServiceAsked], int] | None"]


class Head(Widget):
    """Title and services in one row; the tabs between them where that leaves room for the title, else in a row below."""

    class PageChosen(Message):
        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class ServiceAsked(Message):
        """`index` of the service, from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, tabs: Sequence[str], *, id: str) -> None:
        super().__init__(id=id)
        self._tabs = tabs
        self._page = 0
        self._title: tuple[str, ...] = ()
        self._note = ""
        self._services: tuple[str, ...] = ()
        self._service = ""

    def show(self, title: Sequence[str], note: str, services: Sequence[str], service: str, page: int) -> None:
        """`title` has the most telling part first; the others stand where there is room."""
        shown = (tuple(title), note, tuple(services) if len(services) > 1 else (), service, page)
        if shown != (self._title, self._note, self._services, self._service, self._page):
            self._title, self._note, self._services, self._service, self._page = shown
            self.styles.height = self._rows()
            self.refresh()

    def on_resize(self) -> None:
        self.styles.height = self._rows()

    # ---- what fits where

    @staticmethod
    def _marked(names: Sequence[str], chosen: int) -> list[str]:
        return [f"[{name}]" if index == chosen else f" {name} " for index, name in enumerate(names)]

    @property
    def _room(self) -> int:
        return self.size.width

    def _columns(self, names: Sequence[str]) -> int:
        return sum(width(name) + 2 for name in names)

    def _is_one_row(self) -> bool:
        """Whether all fits: the whole title, or, where rows are dear, its first part."""
        title = width(SEPARATOR.join(self._title[:1] if self.screen.size.height < PLENTY_OF_ROWS else self._title))
        if self._note and self._title:
            title = max(title, width(self._title[0]) + 2 + width(f"▲ {printable(self._note)}"))
        return title + 2 + self._columns(self._tabs) + 1 + self._columns(self._services) <= self._room

    def _rows(self) -> int:
        """One, where all fits; two with the tabs below; three where the services need a row, too."""
        if self._is_one_row():
            return 1
        return 2 if not self._services or self._columns(self._services) + 12 <= self._room else 3

    def _fitting(self, room: int) -> str:
        """As many parts of the title as fit whole."""
        parts = list(self._title)
        while len(parts) > 1 and width(SEPARATOR.join(parts)) > room:
            parts.pop()
        return SEPARATOR.join(parts)

    def _pieces(self) -> list[list[Piece]]:
        """The rows, as text, style and what a click on it does: nothing, a page or a service."""
        services: list[Piece] = [
            (text, "bold reverse" if text.startswith("[") else QUIET, (self.ServiceAsked, index))
            for index, text in enumerate(self._marked(self._services, self._index))
        ]
        tabs: list[Piece] = [
            (text, "bold $accent reverse" if index == self._page else QUIET, (self.PageChosen, index))
            for index, text in enumerate(self._marked(self._tabs, self._page))
        ]
        if self._is_one_row():
            beside = self._columns(self._tabs) + 1 + self._columns(self._services)
            return [self._spread(self._named(self._room - beside - 2), [*tabs, (" ", "", None), *services])]
        if self._rows() == 2:
            return [self._spread(self._named(self._room - self._columns(self._services) - 1), services), tabs]
        return [self._spread(self._named(self._room), []), tabs, services]

    @property
    def _index(self) -> int:
        return self._services.index(self._service) if self._service in self._services else -1

    def _named(self, room: int) -> list[Piece]:
        note = f"▲ {printable(self._note)}" if self._note else ""
        if note and self._title and width(self._title[0]) + 2 + width(note) <= room:
            return [(self._title[0], "bold", None), ("  ", "", None), (note, "$text-warning", None)]
        return [(self._fitting(room), "bold", None)]

    def _spread(self, left: list[Piece], right: list[Piece]) -> list[Piece]:
        taken = sum(width(text) for text, _, _ in [*left, *right])
        return [*left, (" " * max(0, self._room - taken), "", None), *right]

    @property
    def holds_note(self) -> bool:
        """Whether the note stands in its rows; else a page says it."""
        return any(text.startswith("▲") for row in self._pieces() for text, _, _ in row)

    # ---- drawing

    def render(self) -> Content:
        rows = [Content.assemble(*((text, style) if style else text for text, style, _ in row)) for row in self._pieces()]
        return Content("\n").join(rows)

    def on_click(self, event: events.Click) -> None:
        rows = self._pieces()
        at = 1
        for text, _, meaning in rows[event.y] if event.y < len(rows) else []:
            end = at + width(text)
            if meaning and at <= event.x < end:
                message, index = meaning
                self.post_message(message(index))
            at = end
