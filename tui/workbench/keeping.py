"""Keeps what is typed beside, in case Rollover ends before it is saved, and offers what an earlier run left.

Nothing of it is in the way of the keys: texts are written in a thread, a while after they changed.
"""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from dsl.source import printable, split_lines
from tui import buffer, files, places
from tui.buffer import Buffer
from tui.desk import OpenFile
from tui.files import FileError
from tui.language import message
from tui.saying import say, say_many
from tui.workbench.dialogs import Ask
from tui.workbench.file_app import FileApp

if TYPE_CHECKING:  # loaded with the first text that is kept, or after the first screen
    from tui.journal import Journal, Kept

KEEP_SECONDS = 0.5  # what is lost at most
LONG_LINES, KEEP_LONG_SECONDS = 20_000, 3.0
RECOVER, LOOK, DROP = message("Recover"), message("Look at the difference"), message("Discard")


class Keeper:
    """The journal of a run of the app, and what it does about texts that were left."""

    def __init__(self, app: FileApp) -> None:
        self._app = app
        self._journal: Journal | None = None
        self._opening = threading.Lock()
        self._due: set[OpenFile] = set()
        self._is_waiting = False
        self._writing = asyncio.Lock()
        self._is_told = False
        self._undecided: list[Kept] = []

    def _open(self) -> Journal:
        """Raises FileError."""
        from tui.journal import Journal

        with self._opening:
            if self._journal is None:
                state = places.state()
                if state is None:
                    raise FileError(say("there is no folder for it that only you can write to"))
                self._journal = Journal(state)
            return self._journal

    # ---- while somebody types

    def changed(self, file: OpenFile, lines: int) -> None:
        """The text of a file, of so many lines, is not what it was."""
        self._due.add(file)
        if not self._is_waiting:
            self._is_waiting = True
            self._app.set_timer(KEEP_SECONDS if lines < LONG_LINES else KEEP_LONG_SECONDS, self._start)

    def _start(self) -> None:
        self._is_waiting = False
        # Not what it gives, which nobody awaits where the app is left before the worker runs. mypy can't tell which of the two.
        self._app.run_worker(self.flush, group="journal")  # type: ignore[arg-type]

    async def flush(self) -> bool:
        """Writes what is due; whether all is kept."""
        async with self._writing:
            due, self._due = self._due, set()
            try:
                for file in due:
                    await self._keep(file)
            except FileError as error:
                self._due |= due & set(self._app.desk.files)  # tried again with the next change
                if not self._is_told:
                    self._is_told = True
                    self._app.say("What you type is not kept until you save it: {error}", is_error=True, error=str(error))
                return False
        return True

    async def _keep(self, file: OpenFile) -> None:
        is_open = file in self._app.desk.files
        text = self._app.text_of(file) if is_open else ""
        if is_open and file.buffer.is_changed(text) and text.strip():
            place = self._app.place_of(file)
            await asyncio.to_thread(self._write, file.key, file.buffer.path, file.buffer.saved, text, place)
        elif self._journal:
            await asyncio.to_thread(self._journal.forget, file.key)

    def _write(self, key: int, path: Path | None, saved: str, text: str, place: tuple[int, int]) -> None:
        from tui.journal import digest

        self._open().keep(key, path, digest(saved), text, place, datetime.now())

    async def end(self) -> None:
        """The app is left in order, and what is not saved is not wanted."""
        async with self._writing:
            if self._journal:
                for file in self._app.desk.files:
                    self._journal.forget(file.key)
                self._journal.end()
                self._journal = None
            self._due.clear()

    # ---- what was left

    async def offer(self, file: OpenFile) -> None:
        """Asks about each text that was left of a file, or of none where it has none."""
        path = file.buffer.path
        for kept in await self._left():
            is_of_it = files.is_same(kept.path, path) if kept.path and path else kept.path is path
            if is_of_it and (mine := await self._claimed(kept)):
                await self._ask(file, mine)

    async def tell_others(self) -> None:
        """Says how many there are, where some were left of files that are not open."""
        if count := len(await self._left()):
            told = say_many(
                "A text that was not saved before can be recovered: Ctrl+P, then Recover.",
                "{number} texts that were not saved before can be recovered: Ctrl+P, then Recover.",
                count,
            )
            self._app.say(told)

    async def recover(self) -> None:
        """Asks about all that was left, opening each file."""
        undecided, self._undecided = self._undecided, []
        claimed = [one for kept in await self._left() if (one := await self._claimed(kept))]
        if not undecided and not claimed:
            self._app.say("Nothing that was not saved is left.")
        for kept in [*undecided, *claimed]:
            try:
                file = await self._opened(kept.path)
            except FileError as error:
                self._app.say(str(error), is_error=True)
                self._undecided.append(kept)
            else:
                await self._ask(file, kept)

    async def _left(self) -> list[Kept]:
        try:
            return await asyncio.to_thread(lambda: self._open().left())
        except FileError:
            return []

    async def _claimed(self, kept: Kept) -> Kept | None:
        try:
            return await asyncio.to_thread(lambda: self._open().claim(kept))
        except FileError:
            return None

    async def _opened(self, path: Path | None) -> OpenFile:
        """The file that is open at a path, opened if need be, and new where it is not there; with no path an empty one."""
        desk = self._app.desk
        file = desk.find(path) if path else desk.shown if desk.shown.is_blank else None
        if file is None:
            text = ""
            if path and files.exists(path):
                text = await asyncio.to_thread(buffer.read, path)
            file = desk.add(Buffer(path, text))
        await self._app.show_file(file)
        return file

    async def _ask(self, file: OpenFile, kept: Kept) -> None:
        """Until it is recovered, discarded, or put off, as it is by Esc: then it is asked again at the next start."""
        from tui.journal import Journal, digest

        try:
            text = await asyncio.to_thread(Journal.text, kept)
        except FileError as error:
            self._app.say(str(error), is_error=True)
            return
        if split_lines(text) == split_lines(self._app.text_of(file)):
            Journal.drop(kept)
            return
        name, at = file.buffer.name, f"{kept.at:%Y-%m-%d %H:%M}"
        question = say("{file}: what was typed until {time} was not saved when Rollover ended.", file=name, time=at)
        if kept.base != digest(file.buffer.saved):
            question = say("{sentence} {more}", sentence=question, more=say("The file was changed since."))
        from tui.workbench.two_texts import TwoTexts

        answer = LOOK
        while answer == LOOK:
            answer = await self._app.push_screen_wait(Ask(question, (RECOVER, LOOK, DROP)))
            if answer == LOOK:
                title = say("{file}: - here, + not saved", file=printable(file.buffer.name))
                await self._app.push_screen_wait(TwoTexts(title, self._app.text_of(file), text))
        if answer == RECOVER:
            if not file.is_blank and kept.path is None:
                file = self._app.desk.add(Buffer(None, ""))  # two texts without a file are two texts
            await self._app.show_file(file)
            self._app.change_text(file, text, kept.place)
            self._due.add(file)
            if await self.flush():
                Journal.drop(kept)
            self._app.say("Recovered. It is not saved yet: Ctrl+S saves it, Ctrl+Z takes it back.")
        elif answer == DROP:
            Journal.drop(kept)
        else:
            self._undecided.append(kept)
