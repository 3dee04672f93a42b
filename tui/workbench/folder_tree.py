"""A folder as rows with a cursor, each file with how it stands.

States are found in a thread, for the rows that are seen, while nobody types: a folder may hold ten thousand files.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Collection
from pathlib import Path

from textual import events
from textual.content import Content
from textual.widget import Widget

from dsl.source import printable, width
from tui import file_state, tree
from tui.file_state import FileState, Stamps
from tui.saying import say
from tui.tree import Kind, Row, Tree
from tui.workbench.file_tabs import UNSAVED
from tui.wrap import cut

LOOK_SECONDS = 2.0
QUIET_SECONDS = 0.4  # so long nobody typed before files are checked: both want the same processor


class FolderTree(Widget):
    """A subclass opens what the cursor is on; the app hands in which files are open and which not saved."""

    can_focus = True

    def __init__(self, root: Path, *, id: str) -> None:
        super().__init__(id=id)
        self.root = root
        self._tree = Tree(Path(os.path.abspath(root)))
        self._states: dict[Path, tuple[Stamps, FileState]] = {}
        self._changed: Collection[str] = ()
        self._shown: Path | None = None
        self._at = 0
        self._top = 0
        self._is_looking = False
        self._again = False
        self.last_key = 0.0  # when somebody typed in the text, as time.monotonic has it

    def action_open(self) -> None:
        """Opens the file or the folder that the cursor is on."""
        raise NotImplementedError

    # ---- what the app hands in

    def on_mount(self) -> None:
        self.look()
        self.set_interval(LOOK_SECONDS, self.look)

    def show_files(self, changed: Collection[str], path: Path | None) -> None:
        """The absolute paths of the files that are not saved, and which file is shown."""
        shown = Path(os.path.abspath(path)) if path else None
        if shown != self._shown and shown is not None and (index := self._tree.index(shown)) is not None:
            self._at = index
        self._changed, self._shown = changed, shown
        self.refresh()
        self.look()

    def look(self) -> None:
        """Reads what came or went, and finds how the files that are seen stand, unless that is being done."""
        self._again = self._is_looking
        if not self._is_looking and self.display:
            self._is_looking = True
            self.run_worker(self._look(), group="folder")

    # ---- reading, in a thread

    async def _look(self) -> None:
        try:
            while True:
                self._again = False
                await self._read_folders()
                await self._read_states()
                if not self._again:
                    break
        finally:
            self._is_looking = False

    async def _read_folders(self) -> None:
        for folder in [*self._tree.unread(), *await asyncio.to_thread(self._tree.stale)]:
            at = self._row.path if self._row else None
            self._tree.put(folder, await asyncio.to_thread(tree.listing, folder))
            if at and (index := self._tree.index(at)) is not None:
                self._at = index
            self._move_to(self._at)

    async def _read_states(self) -> None:
        """Of the rows that are seen, from above, until others are."""
        for row in self._tree.rows[self._top : self._top + self._room]:
            if row.kind in (Kind.PLAN, Kind.SCENARIO):
                stamps = await asyncio.to_thread(file_state.stamps, row.path)
                known = self._states.get(row.path)
                if known is None or known[0] != stamps:
                    while time.monotonic() - self.last_key < QUIET_SECONDS:
                        await asyncio.sleep(QUIET_SECONDS / 4)
                    state = await asyncio.to_thread(file_state.state_of, row.path)
                    self._states[row.path] = (stamps, state)
                    self.refresh()
                if self._again:
                    return

    # ---- moving about

    @property
    def _row(self) -> Row | None:
        return self._tree.rows[self._at] if self._at < len(self._tree.rows) else None

    @property
    def _room(self) -> int:
        return max(1, self.size.height - 1)

    def _move_to(self, at: int) -> None:
        self._at = max(0, min(len(self._tree.rows) - 1, at))
        self._top = max(0, min(max(self._top, self._at - self._room + 1), self._at))
        self.refresh()

    def action_move(self, rows: int) -> None:
        self._move_to(self._at + rows)
        self.look()

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self._room - 1))

    def on_click(self, event: events.Click) -> None:
        index = self._top + event.y - 1
        if event.y >= 1 and index < len(self._tree.rows):
            self._move_to(index)
            self.action_open()

    def on_mouse_scroll_down(self) -> None:
        self.action_move(3)

    def on_mouse_scroll_up(self) -> None:
        self.action_move(-3)

    def on_resize(self) -> None:
        self._move_to(self._at)
        self.look()

    # ---- drawing

    def render(self) -> Content:
        columns = self.size.width
        rows = self._tree.rows
        position = f"{self._at + 1}/{len(rows)}" if len(rows) > self._room else ""
        name = cut(printable(self._tree.root.name or str(self._tree.root)), columns - len(position) - 3)
        head = f" {name}{' ' * (columns - width(name) - len(position) - 2)}{position} "
        lines = [Content.styled(head, "bold" if not self.has_focus else "bold $text-primary")]
        if not rows:
            lines.append(Content.styled(" " + say("reading ...") if self._tree.unread() else "", "$foreground 60%"))
        for index, row in enumerate(rows[self._top : self._top + self._room], self._top):
            lines.append(self._line(row, columns, is_at=index == self._at))
        return Content("\n").join(lines)

    def _line(self, row: Row, columns: int, *, is_at: bool) -> Content:
        indent = " " * (1 + 2 * min(row.depth, 8))
        marks = self._marks(row)
        room = columns - len(indent) - sum(width(text) for text, _ in marks) - 1
        lead = {Kind.FOLDER: "▾ " if row.is_open else "▸ ", Kind.NOTE: ""}.get(row.kind, "  ")
        name = cut(row.note if row.kind is Kind.NOTE else printable(row.path.name), max(1, room - len(lead) - 1))
        style = "$foreground 60%" if row.kind is Kind.NOTE else "bold" if row.path == self._shown else ""
        gap = " " * max(0, room - len(lead) - width(name))
        line = Content.assemble(indent + lead, (name, style), gap, *marks, " ")
        if not is_at:
            return line
        return line.stylize("reverse" if self.has_focus else "on $primary 20%")

    def _marks(self, row: Row) -> list[tuple[str, str]]:
        if row.kind not in (Kind.PLAN, Kind.SCENARIO):
            return []
        marks = [(f"{UNSAVED} ", "$text-warning")] if str(row.path) in self._changed else []
        known = self._states.get(row.path)
        return [*marks, *state_marks(known[1] if known else None)]

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()


def state_marks(state: FileState | None) -> list[tuple[str, str]]:
    """What a row says of a file, as text and style; dots, where it is not known yet. A glyph says what a colour does."""
    if state is None:
        return [("…", "$foreground 50%")]
    if state.unread:
        return [(say("unreadable"), "$text-error")]
    marks = []
    if state.tests:
        told = f"{state.passed}/{state.tests} "
        marks.append((told, "$foreground 60%") if not state.failed else ("✗" + told, "$text-error"))
    if state.errors:
        marks.append((f"●{state.errors}", "$text-error"))
    elif state.warnings:
        marks.append((f"▲{state.warnings}", "$text-warning"))
    else:
        marks.append(("✓", "$text-success"))
    return marks
