"""The file behind the editor: where it is, what it held when last read or written, and whether that still holds."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from dsl.source import printable, split_lines
from tui import files
from tui.files import FileError, MissingError
from tui.language import message
from tui.saying import say

# A text area lays out a whole line to show a part of it: beyond this it would hang, and no rule is a tenth as long.
MAX_SHOWN_LINE = 20_000

# When a file was changed, its bytes, and which file it is: where these are the same, so is its text.
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """What the file was found to hold. `text` is given where it is not what was seen before; `stamp` None: it is not there."""

    stamp: Stamp | None
    text: str | None = None


@dataclass(slots=True)
class Buffer:
    """`path` None: never saved. `saved` is the text as last read or written; `seen` that of the file where somebody saw
    that another wrote it and kept their own; `is_gone` that the file was there and is no more."""

    path: Path | None
    saved: str
    seen: str | None = field(default=None, init=False)
    is_gone: bool = field(default=False, init=False)
    stamp: Stamp | None = field(default=None, init=False)

    @property
    def name(self) -> str:
        """The file's name, safe to show."""
        return printable(self.path.name) if self.path else say("unnamed")

    def is_changed(self, text: str) -> bool:
        return text != self.saved or self.is_gone

    def changed_on_disk(self, path: Path) -> bool:
        """Whether writing to `path` would overwrite something that was never shown here."""
        if not files.exists(path):
            return False
        if self.path is None or not files.is_same(path, self.path):
            return True
        try:
            return self._is_news(files.read(path).text)
        except FileError:
            return True

    def _is_news(self, text: str) -> bool:
        return split_lines(text) != split_lines(self.saved if self.seen is None else self.seen)

    def write(self, path: Path, text: str) -> None:
        """Writes the text and is named by `path` from now on. Raises FileError, and then nothing is changed."""
        files.write(path, text)
        self.path = path
        self.took(text)
        self.stamp = _stamp(path)

    def took(self, text: str) -> None:
        """`text` is what stands in the file, and here."""
        self.saved = text
        self.seen = None
        self.is_gone = False

    # ---- what others do to the file

    def look(self) -> Look:
        """Looks at the file, without changing anything here. Raises FileError where it is there and can't be read."""
        stamp = _stamp(self.path) if self.path else None
        if self.path is None or stamp is None or stamp == self.stamp:
            return Look(stamp)
        try:
            text = read(self.path)
        except MissingError:
            return Look(None)
        return Look(stamp, text if self._is_news(text) else None)

    def went(self, look: Look) -> bool:
        """Remembers what was found; whether the file went since it was looked at before."""
        is_gone = look.stamp is None and (self.stamp is not None or self.is_gone)
        went = is_gone and not self.is_gone
        self.is_gone = is_gone
        self.stamp = look.stamp
        return went


def _stamp(path: Path) -> Stamp | None:
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def read(path: Path) -> str:
    """The text of a file to be shown. Raises FileError."""
    if files.is_folder(path):
        raise FileError(say("{path} is a folder", path=str(path)))
    text = files.read(path).text
    if max(map(len, split_lines(text))) > MAX_SHOWN_LINE:
        told = message("{path} has a line of more than {most} characters, so it is not a plan")
        raise FileError(say(told, path=str(path), most=str(MAX_SHOWN_LINE)))
    return text
