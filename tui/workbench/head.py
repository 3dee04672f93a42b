"""The row or two above the pages: which plan is shown, which page of it, and which of its services."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dsl.source import printable, width
from tui.glyphs import LIT
from tui.saying import say

SEPARATOR = " · "
QUIET = "$foreground 70%"
PLENTY_OF_ROWS = 30

# Text, its style, and what a click on it asks for: a message and the index it is about.
Piece = tuple[str, str, "tuple[type[Head.PageChosen | Head.ServiceAsked | Head.LineAsked], int] | None"]
TOLD_STYLE = "bold $text-warning"
TAB_STYLE = "bold reverse"
MAX_NAME = 14  # columns of the name of a line


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

    class LineAsked(Message):
        """`index` of the line of the account, from 0."""

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
        self._told: tuple[str, ...] = ()
        self._lines: tuple[str, ...] = ()
        self._line = ""

    def tell(self, said: Sequence[str]) -> None:
        """What the rules at the cursor did: the same, longer and longer; the longest that fits stands beside the name."""
        if tuple(said) != self._told:
            self._told = tuple(said)
            self.refresh()

    def show_lines(self, names: Sequence[str], name: str) -> None:
        """The lines of an account, "" the first, and which of them is shown."""
        lines = tuple(names) if len(names) > 1 else ()
        if (lines, name) != (self._lines, self._line):
            self._lines, self._line = lines, name
            self.styles.height = self._rows()
            self.refresh()

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
    def _marked(names: Sequence[str], chosen: int, *, tight: bool = False) -> list[str]:
        """`tight`: with one column between them, and not two."""
        left = "" if tight else " "
        return [f"[{name}]{' ' * tight}" if index == chosen else f"{left}{name} " for index, name in enumerate(names)]

    @property
    def _room(self) -> int:
        return self.size.width

    def _columns(self, names: Sequence[str]) -> int:
        return sum(width(name) + 2 for name in names)

    def _is_one_row(self) -> bool:
        """Whether all fits: the whole title, or, where rows are dear, its first part."""
        title = width(SEPARATOR.join(self._title[:1] if self.screen.size.height < PLENTY_OF_ROWS else self._title))
        if self._note and self._title:
            title = max(title, width(self._title[0]) + 2 + width(self._said_note))
        return title + 2 + self._columns(self._tabs) + 1 + self._columns(self._services) <= self._room

    def _rows(self) -> int:
        """One, where all fits; two with the tabs below; three where the services need a row, too; and one each for several
        lines and for a note that finds no room in these."""
        return self._rows_above_lines() + bool(self._note_apart) + bool(self._lines)

    def _rows_above_lines(self) -> int:
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
        """The rows, as text, style and what a click on it does: nothing, a page, a service or a line of the account."""
        apart = self._note_apart
        lines = [self._pieces_of_lines()] if self._lines else []
        return [*self._pieces_above_lines(), *([apart] if apart else []), *lines]

    def _pieces_of_lines(self) -> list[Piece]:
        names = [printable(name)[:MAX_NAME] or say("first line") for name in self._lines]
        at = self._lines.index(self._line) if self._line in self._lines else 0
        return self._in_room(names, at, self.LineAsked, "bold reverse")

    def _in_room(self, names: Sequence[str], at: int, asks: type[Head.PageChosen | Head.LineAsked], style: str) -> list[Piece]:
        """As many names as fit in a row, the one that is shown among them."""
        begin, room = 0, self._room - 2
        while begin < at and self._columns(names[begin : at + 1]) > room:
            begin += 1
        end = at + 1
        while end < len(names) and self._columns(names[begin : end + 1]) <= room:
            end += 1
        shown: list[Piece] = [
            (text, style if index == at else QUIET, (asks, index))
            for index, text in list(enumerate(self._marked(names, at)))[begin:end]
        ]
        return [*([("‹", QUIET, None)] if begin else []), *shown, ("›" if end < len(names) else "", QUIET, None)]

    def _pieces_above_lines(self) -> list[list[Piece]]:
        services: list[Piece] = [
            (text, "bold reverse" if text.startswith("[") else QUIET, (self.ServiceAsked, index))
            for index, text in enumerate(self._marked(self._services, self._index))
        ]
        tabs: list[Piece] = [
            (text, TAB_STYLE if index == self._page else QUIET, (self.PageChosen, index))
            for index, text in enumerate(self._marked(self._tabs, self._page, tight=self._columns(self._tabs) > self._room))
        ]
        if self._is_one_row():
            beside = self._columns(self._tabs) + 1 + self._columns(self._services)
            return [self._spread(self._named(self._room - beside - 2), [*tabs, (" ", "", None), *services])]
        is_too_wide = self._columns(self._tabs) - len(self._tabs) > self._room  # also where they stand tight
        below = self._in_room(self._tabs, self._page, self.PageChosen, TAB_STYLE) if is_too_wide else tabs
        if self._rows_above_lines() == 2:
            above = self._named(self._room - self._columns(self._services) - 1)
            told = self._told_beside_tabs() if (TOLD_STYLE not in {style for _, style, _ in above}) else ""
            return [self._spread(above, services), self._spread(below, [(told, TOLD_STYLE, None)])]
        return [self._spread(self._named(self._room), []), below, services]

    def _fitting_told(self, room: int) -> str:
        """What the rules at the cursor did, as long as there is room for it."""
        return next((f"{LIT} {text}" for text in reversed(self._told) if width(text) + 2 <= room), "")

    def _told_beside_tabs(self) -> str:
        return self._fitting_told(self._room - self._columns(self._tabs) - 1) if self._rows_above_lines() == 2 else ""

    @property
    def _index(self) -> int:
        return self._services.index(self._service) if self._service in self._services else -1

    @property
    def _said_note(self) -> str:
        return f"▲ {printable(self._note)}" if self._note else ""

    def _named(self, room: int) -> list[Piece]:
        note = self._said_note
        if note and self._title and width(self._title[0]) + 2 + width(note) <= room:
            return [(self._title[0], "bold", None), ("  ", "", None), (note, "$text-warning", None)]
        title = self._fitting(room)
        told = self._fitting_told(room - 2 - width(title)) if title == SEPARATOR.join(self._title) else ""
        if told and len(told) >= len(self._told_beside_tabs()):
            return [(title, "bold", None), ("  ", "", None), (told, TOLD_STYLE, None)]
        return [(title, "bold", None)]

    def _spread(self, left: list[Piece], right: list[Piece]) -> list[Piece]:
        taken = sum(width(text) for text, _, _ in [*left, *right])
        return [*left, (" " * max(0, self._room - taken), "", None), *right]

    @property
    def _note_apart(self) -> list[Piece]:
        """The note in a row of its own, where it stands in none: what is shown may not look sounder than it is."""
        held = any(text == self._said_note for row in self._pieces_above_lines() for text, _, _ in row)
        return [] if held or not self._note else [(self._said_note, "$text-warning", None)]

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
