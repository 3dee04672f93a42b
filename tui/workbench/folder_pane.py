"""The pane of a folder: its plans and scenarios as a tree, each with how it stands, and what can be done to them.

States are found in a thread, for the rows that are seen, while nobody types: a folder may hold ten thousand files.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import ClassVar

from textual import events, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from dsl.source import printable, width
from tui import file_state, folders, tree
from tui.file_actions import FileActions
from tui.file_state import FileState, Stamps
from tui.files import FileError
from tui.progress import Progress
from tui.tree import Kind, Row, Tree
from tui.workbench.ask_name import AskName
from tui.workbench.dialogs import Ask
from tui.workbench.file_tabs import UNSAVED, cut

LOOK_SECONDS = 2.0
QUIET_SECONDS = 0.4  # so long nobody typed before files are checked: both want the same processor
DELETE, CANCEL = "Delete", "Cancel"


Aside = Callable[[Progress, Callable[[Progress], list[FileState]]], Awaitable[list[FileState] | None]]


class FolderPane(Widget):
    """Asks by messages to open files and tells of files that moved; the app hands in which are open and which not saved."""

    HELP = (
        "The plans and scenarios of a folder. Each row says how its file stands: ✓ nothing is wrong, ▲ so many warnings, "
        "● so many errors; then how many of its tests passed, as 5/5, or ✗4/5 where one failed; • is not saved. Enter opens a "
        "file, and opens or closes a folder. n makes a plan, r renames, d deletes after a question, u takes the last of these "
        "back. c checks and tests every file of the folder."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,right,l", "open", "Open", key_display="enter", id="folder.open", tooltip="Open the file or the folder."),
        Binding("n", "new_plan", "New", id="folder.new", tooltip="Make a plan in this folder."),
        Binding("r", "rename", "Rename", id="folder.rename", tooltip="Give the file another name."),
        Binding(
            "d,delete",
            "delete",
            "Delete",
            key_display="d",
            id="folder.delete",
            tooltip="Put the file out of the way, after a question.",
        ),
        Binding(
            "u,ctrl+z",
            "undo",
            "Undo",
            key_display="u",
            id="folder.undo",
            tooltip="Take back the last file made, renamed or deleted.",
        ),
        Binding("c", "check_all", "Check all", id="folder.check_all", tooltip="Check and test every file of the folder."),
        Binding("N", "new_folder", "New folder", show=False, id="folder.new_folder", tooltip="Make a folder in this one."),
        Binding("up,k", "move(-1)", "Up", show=False, id="folder.up", tooltip="Go up a row."),
        Binding("down,j", "move(1)", "Down", show=False, id="folder.down", tooltip="Go down a row."),
        Binding("pageup", "page(-1)", "Page up", show=False, id="folder.page_up", tooltip="Go up a page."),
        Binding("pagedown", "page(1)", "Page down", show=False, id="folder.page_down", tooltip="Go down a page."),
        Binding("home,g", "move(-1000000)", "First", show=False, id="folder.first", tooltip="Go to the first row."),
        Binding("end,G", "move(1000000)", "Last", show=False, id="folder.last", tooltip="Go to the last row."),
        Binding("left,h", "up", "Folder above", show=False, id="folder.above", tooltip="Close the folder, or go to it."),
        Binding("escape", "leave", "Back to the text", show=False, id="folder.leave", tooltip="Go back to the text."),
    ]
    can_focus = True

    class Opened(Message):
        def __init__(self, path: Path) -> None:
            super().__init__()
            self.path = path

    class Moved(Message):
        """Files that have other names now."""

        def __init__(self, moves: list[tuple[Path, Path]]) -> None:
            super().__init__()
            self.moves = moves

    class Left(Message):
        """The text is wanted again."""

    def __init__(self, root: Path, *, id: str, aside: Aside) -> None:
        """`aside` runs long work where its progress is seen."""
        super().__init__(id=id)
        self.root = root
        self._tree = Tree(Path(os.path.abspath(root)))
        self._actions = FileActions()
        self._aside = aside
        self._states: dict[Path, tuple[Stamps, FileState]] = {}
        self._changed: Collection[str] = ()
        self._shown: Path | None = None
        self._at = 0
        self._top = 0
        self._is_looking = False
        self._again = False
        self.last_key = 0.0  # when somebody typed in the text, as time.monotonic has it

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

    def action_open(self) -> None:
        row = self._row
        if row and row.kind is Kind.FOLDER:
            self._tree.toggle(row.path)
            self._move_to(self._at)
            self.look()
        elif row and row.kind is not Kind.NOTE:
            self.post_message(self.Opened(self._named(row.path)))

    def _named(self, path: Path) -> Path:
        """A path from where the folder was named, as people wrote it."""
        return self.root / path.relative_to(self._tree.root)

    def action_up(self) -> None:
        row = self._row
        if row and row.is_open:
            self.action_open()
        elif row and (index := self._tree.index(row.path.parent)) is not None:
            self._move_to(index)

    def action_leave(self) -> None:
        self.post_message(self.Left())

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

    # ---- what is done to files

    @property
    def _folder(self) -> Path:
        """That of the row with the cursor, or the one it stands in."""
        row = self._row
        if row is None:
            return self._tree.root
        return row.path if row.is_open or row.kind is Kind.NOTE else row.path.parent

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self.notify(printable(text), severity="error" if is_error else "information", markup=False)

    @work(exclusive=True, group="files")
    async def action_new_plan(self) -> None:
        folder = self._folder
        made = await self.app.push_screen_wait(
            AskName("New plan", "", "Enter makes it, Esc goes back", lambda name: self._actions.new_plan(folder, name))
        )
        if made is not None:
            await self._read_folders()
            self.post_message(self.Opened(self._named(made)))

    @work(exclusive=True, group="files")
    async def action_new_folder(self) -> None:
        folder = self._folder
        await self.app.push_screen_wait(
            AskName("New folder", "", "Enter makes it, Esc goes back", lambda name: self._actions.new_folder(folder, name))
        )
        self.look()

    @work(exclusive=True, group="files")
    async def action_rename(self) -> None:
        row = self._row
        if row is None or row.kind is Kind.NOTE:
            return
        name = row.path.name if printable(row.path.name) == row.path.name else ""
        note = "Enter renames it, and the scenarios beside a plan; Esc goes back"
        moves = await self.app.push_screen_wait(
            AskName("Rename", name, note, lambda name: self._actions.rename(row.path, name))
        )
        if moves is not None:
            self._moved(moves)

    @work(exclusive=True, group="files")
    async def action_delete(self) -> None:
        row = self._row
        if row is None or row.kind not in (Kind.PLAN, Kind.SCENARIO):
            self._say("Only plans and scenarios are deleted here.")
            return
        beside = folders.scenarios_beside(row.path) if row.kind is Kind.PLAN else []
        names = " and ".join(printable(path.name) for path in (row.path, *beside))
        if await self.app.push_screen_wait(Ask(f"Delete {names}? u takes it back.", (DELETE, CANCEL))) != DELETE:
            return
        try:
            moves = self._actions.delete(row.path)
        except FileError as error:
            self._say(str(error), is_error=True)
            return
        self._say(f"{row.path.name} is deleted: u takes it back, and it is kept as {moves[0][1].name}.")
        self.look()

    def action_undo(self) -> None:
        try:
            done = self._actions.undo()
        except FileError as error:
            self._say(str(error), is_error=True)
            return
        if done is None:
            self._say("There is nothing done to files to take back.")
            return
        said, moves = done
        self._say(f"Taken back: {said}.")
        self._moved(moves)

    def _moved(self, moves: list[tuple[Path, Path]]) -> None:
        self.post_message(self.Moved([(before, self._named(after)) for before, after in moves]))
        self.look()

    @work(exclusive=True, group="check-all")
    async def action_check_all(self) -> None:
        found = await asyncio.to_thread(folders.found, [self._tree.root], folders.PLAN, *folders.SCENARIOS)
        progress = Progress("Checking and testing the folder")

        def check(progress: Progress) -> list[FileState]:
            states = []
            for path in progress.each(found):
                stamps = file_state.stamps(path)
                state = file_state.state_of(path)
                self._states[path] = (stamps, state)
                states.append(state)
            return states

        self._told(await self._aside(progress, check))

    def _told(self, states: list[FileState] | None) -> None:
        self.refresh()
        if states is None:
            self._say("Stopped. What was checked so far is shown.")
            return
        wrong = sum(bool(state.errors or state.unread) for state in states)
        failed, tests = sum(state.failed for state in states), sum(state.tests for state in states)
        self._say(f"{len(states)} files checked: {wrong} with errors. {tests} tests: {failed} failed.")

    # ---- drawing

    def render(self) -> Content:
        columns = self.size.width
        rows = self._tree.rows
        position = f"{self._at + 1}/{len(rows)}" if len(rows) > self._room else ""
        name = cut(printable(self._tree.root.name or str(self._tree.root)), columns - len(position) - 3)
        head = f" {name}{' ' * (columns - width(name) - len(position) - 2)}{position} "
        lines = [Content.styled(head, "bold" if not self.has_focus else "bold $text-primary")]
        if not rows:
            lines.append(Content.styled(" reading ..." if self._tree.unread() else "", "$foreground 60%"))
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
        return [("unreadable", "$text-error")]
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
