"""The pane of a folder: its plans and scenarios as a tree, and what can be done to them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.message import Message

from dsl.source import printable
from tui import file_state, folders
from tui.file_actions import FileActions
from tui.file_state import FileState
from tui.files import FileError
from tui.language import message
from tui.progress import Progress
from tui.saying import say, spoken
from tui.tree import Kind
from tui.workbench.ask_name import AskName
from tui.workbench.dialogs import Ask
from tui.workbench.folder_tree import FolderTree

DELETE, CANCEL = "Delete", "Cancel"


Aside = Callable[[Progress, Callable[[Progress], list[FileState]]], Awaitable[list[FileState] | None]]


class FolderPane(FolderTree):
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
        super().__init__(root, id=id)
        self._actions = FileActions()
        self._aside = aside

    # ---- opening

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

    # ---- what is done to files

    @property
    def _folder(self) -> Path:
        """That of the row with the cursor, or the one it stands in."""
        row = self._row
        if row is None:
            return self._tree.root
        return row.path if row.is_open or row.kind is Kind.NOTE else row.path.parent

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self.app.notify(printable(text), severity="error" if is_error else "information")

    @work(exclusive=True, group="files")
    async def action_new_plan(self) -> None:
        folder = self._folder
        made = await self.app.push_screen_wait(
            AskName(
                say("New plan"), "", say("Enter makes it, Esc goes back"), lambda name: self._actions.new_plan(folder, name)
            )
        )
        if made is not None:
            await self._read_folders()
            self.post_message(self.Opened(self._named(made)))

    @work(exclusive=True, group="files")
    async def action_new_folder(self) -> None:
        folder = self._folder
        await self.app.push_screen_wait(
            AskName(
                say("New folder"), "", say("Enter makes it, Esc goes back"), lambda name: self._actions.new_folder(folder, name)
            )
        )
        self.look()

    @work(exclusive=True, group="files")
    async def action_rename(self) -> None:
        row = self._row
        if row is None or row.kind is Kind.NOTE:
            return
        name = row.path.name if printable(row.path.name) == row.path.name else ""
        note = say("Enter renames it, and the scenarios beside a plan; Esc goes back")
        moves = await self.app.push_screen_wait(
            AskName(say("Rename"), name, note, lambda name: self._actions.rename(row.path, name))
        )
        if moves is not None:
            self._moved(moves)

    @work(exclusive=True, group="files")
    async def action_delete(self) -> None:
        row = self._row
        if row is None or row.kind not in (Kind.PLAN, Kind.SCENARIO):
            self._say(say("Only plans and scenarios are deleted here."))
            return
        beside = folders.scenarios_beside(row.path) if row.kind is Kind.PLAN else []
        names = spoken().every([printable(path.name) for path in (row.path, *beside)])
        if (
            await self.app.push_screen_wait(Ask(say("Delete {names}? u takes it back.", names=names), (DELETE, CANCEL)))
            != DELETE
        ):
            return
        try:
            moves = self._actions.delete(row.path)
        except FileError as error:
            self._say(str(error), is_error=True)
            return
        told = message("{name} is deleted: u takes it back, and it is kept as {other}.")
        self._say(say(told, name=row.path.name, other=moves[0][1].name))
        self.look()

    def action_undo(self) -> None:
        try:
            done = self._actions.undo()
        except FileError as error:
            self._say(str(error), is_error=True)
            return
        if done is None:
            self._say(say("There is nothing done to files to take back."))
            return
        said, moves = done
        self._say(say("Taken back: {what}.", what=said))
        self._moved(moves)

    def _moved(self, moves: list[tuple[Path, Path]]) -> None:
        self.post_message(self.Moved([(before, self._named(after)) for before, after in moves]))
        self.look()

    @work(exclusive=True, group="check-all")
    async def action_check_all(self) -> None:
        found = await asyncio.to_thread(folders.found, [self._tree.root], folders.PLAN, *folders.SCENARIOS)
        progress = Progress(say("Checking and testing the folder"))

        def check(progress: Progress) -> list[FileState]:
            states = []
            for path in progress.each(found):
                stamps = file_state.stamps(path)
                state = file_state.state_of(path, partial(progress.step, 0))
                self._states[path] = (stamps, state)
                states.append(state)
            return states

        self._told(await self._aside(progress, check))

    def _told(self, states: list[FileState] | None) -> None:
        self.refresh()
        if states is None:
            self._say(say("Stopped. What was checked so far is shown."))
            return
        wrong = sum(bool(state.errors or state.unread) for state in states)
        failed, tests = sum(state.failed for state in states), sum(state.tests for state in states)
        told = message("{files} files checked: {wrong} with errors. {tests} tests: {failed} failed.")
        self._say(say(told, files=str(len(states)), wrong=str(wrong), tests=str(tests), failed=str(failed)))
