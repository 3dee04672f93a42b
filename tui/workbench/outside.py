"""Notices what other programs do to the files that are open, and asks where that and what was typed can't both stand."""

from __future__ import annotations

import asyncio

from textual.screen import ModalScreen

from tui.buffer import Look, Stamp
from tui.desk import OpenFile
from tui.files import FileError
from tui.language import message
from tui.saying import say
from tui.workbench.dialogs import Ask
from tui.workbench.file_app import FileApp

LOOK_SECONDS = 2.0
KEEP, LOAD, DIFFER = message("Keep mine"), message("Load theirs"), message("Show the difference")

_Looked = tuple[OpenFile, "Look | None", "tuple[Stamp | None, str]"]


class Outside:
    """Looks at the files now and then, in a thread, since a disk may be slow."""

    def __init__(self, app: FileApp) -> None:
        self._app = app
        self._is_busy = False

    def look(self) -> None:
        if not self._is_busy:
            self._is_busy = True
            self._app.run_worker(self._look(), group="outside")

    async def _look(self) -> None:
        try:
            for file, look, before in await asyncio.to_thread(_looks, list(self._app.desk.files)):
                if not self._app.is_seen:
                    break
                if look and file in self._app.desk.files and before == _known(file):
                    await self._settle(file, look)
        finally:
            self._is_busy = False

    async def _settle(self, file: OpenFile, look: Look) -> None:
        can_ask = file is self._app.desk.shown and not isinstance(self._app.screen, ModalScreen)
        if look.text is not None and file.is_changed and not can_ask:
            return  # it is found again, and asked then
        name, was_gone = file.buffer.name, file.buffer.is_gone
        if file.buffer.went(look):
            file.is_changed = True
            told = message("{name} is not there any more: its text is only here. Ctrl+S writes it again.")
            self._app.say(told, is_error=True, name=name)
        elif look.text is not None and not file.is_changed:
            self._load(file, look.text)
            self._app.say("{name} was changed by another program and is read again.", name=name)
        elif look.text is not None:
            await self._ask(file, look.text)
        elif was_gone and not file.buffer.is_gone:
            file.is_changed = file.buffer.is_changed(self._app.text_of(file))
        else:
            return
        self._app.file_changed()

    async def _ask(self, file: OpenFile, theirs: str) -> None:
        """Esc keeps what is here, too, but saving asks again then."""
        from tui.workbench.two_texts import TwoTexts

        question = say("{name} was changed by another program, and here, too.", name=file.buffer.name)
        answer = DIFFER
        while answer == DIFFER:
            answer = await self._app.push_screen_wait(Ask(question, (KEEP, LOAD, DIFFER)))
            if answer == DIFFER:
                title = say("{name}: - mine, + theirs", name=file.buffer.name)
                await self._app.push_screen_wait(TwoTexts(title, self._app.text_of(file), theirs))
        if answer == LOAD:
            self._load(file, theirs)
        elif answer == KEEP:
            file.buffer.seen = theirs

    def _load(self, file: OpenFile, text: str) -> None:
        self._app.change_text(file, text)
        file.buffer.took(self._app.text_of(file))
        file.is_changed = False


def _known(file: OpenFile) -> tuple[Stamp | None, str]:
    """What a look is compared with: where it changed in the meantime, as by saving, the look is worth nothing."""
    return file.buffer.stamp, file.buffer.saved


def _looks(found: list[OpenFile]) -> list[_Looked]:
    looked: list[_Looked] = []
    for file in found:
        before = _known(file)
        try:
            looked.append((file, file.buffer.look(), before))
        except FileError:
            looked.append((file, None, before))  # saving will say why
    return looked
