"""An app around open text files: open, save, save as, close, and a quit that asks. Nothing that was typed is lost without a
question."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from textual import work
from textual.app import App
from textual.content import Content
from textual.notifications import SeverityLevel

from dsl.source import printable_lines, width
from tui import buffer, files
from tui.buffer import Buffer
from tui.desk import Desk, OpenFile
from tui.files import FileError
from tui.language import message
from tui.saying import say
from tui.workbench.dialogs import Ask, AskPath, shown
from tui.workbench.dialogs import OpenFile as AskFile
from tui.workbench.lines import in_rows

SAVE, DISCARD, CANCEL = message("Save"), message("Discard changes"), message("Cancel")
OVERWRITE, OTHER, SAVE_ALL = message("Overwrite"), message("Save under another name"), message("Save all")


# Columns of a notice at the most, of its frame, and of the bar beside notices, as Textual has them.
NOTICE, NOTICE_FRAME, NOTICE_BAR = 60, 3, 2


class FileApp(App[int]):
    """Knows the files; a subclass holds their texts."""

    def __init__(self, path: Path | None, text: str, more: Sequence[tuple[Path, str]] = ()) -> None:
        """`more` are the other files that are open, behind the first."""
        super().__init__()
        self.desk = Desk(Buffer(path, text))
        for other, content in reversed(more):
            self.desk.add(Buffer(other, content))

    @property
    def buffer(self) -> Buffer:
        """Of the file that is shown."""
        return self.desk.shown.buffer

    @property
    def is_seen(self) -> bool:
        """Whether there is a screen: messages, and what comes back from a thread, may find the app left."""
        return self.is_running and bool(self._screen_stack)

    # ---- what a subclass does

    def text_of(self, file: OpenFile) -> str:
        raise NotImplementedError

    def place_of(self, file: OpenFile) -> tuple[int, int]:
        """Where the cursor of a file stands: row and column, from 0."""
        raise NotImplementedError

    def change_text(self, file: OpenFile, text: str, place: tuple[int, int] | None = None) -> None:
        """Puts another text in place of a file's, as a step that can be undone, with the cursor at `place` or where it was."""
        raise NotImplementedError

    async def show_file(self, file: OpenFile) -> None:
        """Shows a file that is open."""
        raise NotImplementedError

    async def drop_file(self, file: OpenFile) -> None:
        """The file was closed: what was kept to show it can go."""
        raise NotImplementedError

    def show_folder(self, folder: Path) -> None:
        """Shows what is in a folder."""
        raise NotImplementedError

    def file_changed(self) -> None:
        """Names of files, or whether they are saved, are not what they were."""
        raise NotImplementedError

    async def file_opened(self, file: OpenFile) -> None:
        """A file is shown for the first time."""

    async def file_settled(self, file: OpenFile) -> None:
        """What was typed in a file is saved, or nobody wants it."""

    async def before_exit(self) -> None:
        """The app is about to be left, and nobody wants what is not saved."""

    def say(self, text: str, *, is_error: bool = False, **fields: str) -> None:
        """A line that is told and goes, in the language that is spoken."""
        self.notify(printable_lines(say(text, **fields)), severity="error" if is_error else "information")

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """As Textual does, but without markup; and Chinese, which Textual breaks at spaces alone, in rows of its own."""
        if not markup and width(message) > len(message):
            columns = max(1, min(NOTICE, (self.size.width - NOTICE_BAR) // 2) - NOTICE_FRAME)
            message = "\n".join(row.plain for line in message.split("\n") for row in in_rows(Content(line), columns))
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    # ---- actions

    @work(exclusive=True, group="file")
    async def action_save(self) -> None:
        await self._save(self.desk.shown)

    @work(exclusive=True, group="file")
    async def action_save_and_quit(self) -> None:
        if await self._save(self.desk.shown) and await self._may_leave():
            await self.before_exit()
            self.exit(0)

    @work(exclusive=True, group="file")
    async def action_save_as(self) -> None:
        await self._save_as(self.desk.shown)

    @work(exclusive=True, group="file")
    async def action_open(self) -> None:
        folder = self.buffer.path.parent if self.buffer.path else Path()
        path = await self.push_screen_wait(AskFile(folder))
        if path is not None:
            await self.open_file(path)

    async def action_next_file(self, by: int = 1) -> None:  # no worker: of two presses at once none may be lost
        if len(self.desk.files) == 1:
            self.say("No other file is open. Ctrl+O opens one.")
        await self.show_file(self.desk.beside(by))

    @work(exclusive=True, group="file")
    async def action_close_file(self) -> None:
        await self.close_file(self.desk.shown)

    @work(exclusive=True, group="file")
    async def action_reopen_file(self) -> None:
        path = self.desk.last_closed()
        if path is None:
            self.say("No file was closed that could be opened again.")
        else:
            await self.open_file(path)

    @work(exclusive=True, group="file")
    async def action_quit_asking(self) -> None:
        if await self._may_leave():
            await self.before_exit()
            self.exit(0)

    # ---- steps of them

    async def open_file(self, path: Path) -> OpenFile | None:
        """Shows a file, opened where it is not yet, beside those that are; None, and it is told, where it can't be."""
        if files.is_folder(path):
            self.show_folder(path)
            return None
        file = self.desk.find(path)
        if file:
            await self.show_file(file)
            return file
        try:
            text = await asyncio.to_thread(buffer.read, path)
        except FileError as error:
            self.say(str(error), is_error=True)
            return None
        before = self.desk.shown
        file = self.desk.add(Buffer(path, text))
        await self.show_file(file)
        if before.is_blank:
            self.desk.close(before)
            await self.drop_file(before)
            self.file_changed()
        await self.file_opened(file)
        return file

    async def close_file(self, file: OpenFile) -> None:
        """Closes a file, after a question where it is not saved; with the last one gone there is an empty text."""
        if file.is_changed:
            await self.show_file(file)
        if not await self._may_go(file):
            return
        await self.file_settled(file)
        if len(self.desk.files) == 1:
            self.desk.add(Buffer(None, ""))
        self.desk.close(file)
        await self.show_file(self.desk.shown)
        await self.drop_file(file)
        self.file_changed()

    async def _may_leave(self) -> bool:
        """Whether all texts may go."""
        changed = self.desk.changed
        if len(changed) < 2:
            for file in changed:
                await self.show_file(file)
            return all([await self._may_go(file) for file in changed])
        names = ", ".join(file.buffer.name for file in changed)
        question = say("{count} files have changes that are not saved: {names}.", count=str(len(changed)), names=names)
        answer = await self.push_screen_wait(Ask(question, (SAVE_ALL, DISCARD, CANCEL)))
        if answer == SAVE_ALL:
            for file in changed:
                await self.show_file(file)
                if not await self._save(file):
                    return False
        return answer in (SAVE_ALL, DISCARD)

    async def _may_go(self, file: OpenFile) -> bool:
        """Whether a text may go: it is saved, or nobody wants it."""
        if not file.buffer.is_changed(self.text_of(file)):
            return True
        question = say("{file} has changes that are not saved.", file=file.buffer.name)
        answer = await self.push_screen_wait(Ask(question, (SAVE, DISCARD, CANCEL)))
        return answer == DISCARD or (answer == SAVE and await self._save(file))

    async def _save(self, file: OpenFile) -> bool:
        if file.buffer.path is None:
            return await self._save_as(file)
        return await self._write(file, file.buffer.path, message("{path} changed on disk since it was opened."))

    async def _save_as(self, file: OpenFile) -> bool:
        path = await self.push_screen_wait(AskPath(file.buffer.path))
        if path is None:
            return False
        other = self.desk.find(path)
        if other and other is not file:
            self.say("{path} is open, too: close it first, or choose another name.", is_error=True, path=str(path))
            return False
        return await self._write(file, path, message("{path} is there already."))

    async def _write(self, file: OpenFile, path: Path, doubt: str) -> bool:
        """Writes to a path, but asks first where that would overwrite what was never shown here."""
        if file.buffer.changed_on_disk(path):
            answer = await self.push_screen_wait(Ask(say(doubt, path=shown(path)), (OVERWRITE, OTHER, CANCEL)))
            if answer == OTHER:
                return await self._save_as(file)
            if answer != OVERWRITE:
                return False
        try:
            file.buffer.write(path, self.text_of(file))
        except FileError as error:
            self.say("Not saved: {error}", is_error=True, error=str(error))
            return False
        self.say("Saved {path}", path=str(path))
        file.is_changed = False
        await self.file_settled(file)
        self.file_changed()
        return True
