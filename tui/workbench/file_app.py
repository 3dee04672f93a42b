"""An app around one text file: open, save, save as, and a quit that asks. Nothing that was typed is lost without a question."""

from __future__ import annotations

from pathlib import Path

from textual import work
from textual.app import App

from dsl.source import printable_lines
from tui import buffer
from tui.buffer import Buffer
from tui.files import FileError
from tui.workbench.dialogs import Ask, AskPath, OpenFile, shown

SAVE, DISCARD, CANCEL, OVERWRITE, OTHER = "Save", "Discard changes", "Cancel", "Overwrite", "Save under another name"


class FileApp(App[int]):
    """Knows the file; a subclass holds the text."""

    def __init__(self, path: Path | None, text: str) -> None:
        super().__init__()
        self.buffer = Buffer(path, text)

    @property
    def text(self) -> str:
        raise NotImplementedError

    def show_text(self, text: str) -> None:
        """Shows the text of another file."""
        raise NotImplementedError

    def file_changed(self) -> None:
        """The name of the file, or whether it is saved, is not what it was."""
        raise NotImplementedError

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self.notify(printable_lines(text), severity="error" if is_error else "information", markup=False)

    # ---- actions

    @work(exclusive=True, group="file")
    async def action_save(self) -> None:
        await self._save()

    @work(exclusive=True, group="file")
    async def action_save_and_quit(self) -> None:
        if await self._save():
            self.exit(0)

    @work(exclusive=True, group="file")
    async def action_save_as(self) -> None:
        await self._save_as()

    @work(exclusive=True, group="file")
    async def action_open(self) -> None:
        if not await self._may_leave():
            return
        folder = self.buffer.path.parent if self.buffer.path else Path()
        path = await self.push_screen_wait(OpenFile(folder))
        if path is None:
            return
        try:
            text = buffer.read(path)
        except FileError as error:
            self._say(str(error), is_error=True)
            return
        self.show_text(text)
        self.buffer = Buffer(path, self.text)
        self.file_changed()

    @work(exclusive=True, group="file")
    async def action_quit_asking(self) -> None:
        if await self._may_leave():
            self.exit(0)

    # ---- steps of them

    async def _may_leave(self) -> bool:
        """Whether the text may go: it is saved, or nobody wants it."""
        if not self.buffer.is_changed(self.text):
            return True
        question = f"{self.buffer.name} has changes that are not saved."
        answer = await self.push_screen_wait(Ask(question, (SAVE, DISCARD, CANCEL)))
        return answer == DISCARD or (answer == SAVE and await self._save())

    async def _save(self) -> bool:
        if self.buffer.path is None:
            return await self._save_as()
        return await self._write(self.buffer.path, "changed on disk since it was opened")

    async def _save_as(self) -> bool:
        path = await self.push_screen_wait(AskPath(self.buffer.path))
        return path is not None and await self._write(path, "is there already")

    async def _write(self, path: Path, doubt: str) -> bool:
        """Writes to a path, but asks first where that would overwrite what was never shown here."""
        if self.buffer.changed_on_disk(path):
            answer = await self.push_screen_wait(Ask(f"{shown(path)} {doubt}.", (OVERWRITE, OTHER, CANCEL)))
            if answer == OTHER:
                return await self._save_as()
            if answer != OVERWRITE:
                return False
        try:
            self.buffer.write(path, self.text)
        except FileError as error:
            self._say(f"Not saved: {error}", is_error=True)
            return False
        self._say(f"Saved {path}")
        self.file_changed()
        return True
