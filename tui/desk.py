"""Which files are open, which of them is shown, and which were closed. Bookkeeping only: no file is read, nothing is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dsl.source import printable
from tui import files
from tui.buffer import Buffer

_KEPT_CLOSED = 50


@dataclass(slots=True, eq=False)
class OpenFile:
    """`key` is its own for as long as the app runs; `is_changed`: there is something in its text that is not in its file."""

    key: int
    buffer: Buffer
    is_changed: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether it has no file and nobody typed in it, so that it may make room for another."""
        return self.buffer.path is None and not self.is_changed


class Desk:
    """The open files in the order of their tabs, one of them shown; there is always one."""

    def __init__(self, buffer: Buffer) -> None:
        self._last_key = 0
        self.files: list[OpenFile] = []
        self.shown = self.add(buffer)
        self._closed: list[Path] = []

    def add(self, buffer: Buffer) -> OpenFile:
        """Opens a file behind that which is shown."""
        self._last_key += 1
        file = OpenFile(self._last_key, buffer)
        at = self.files.index(self.shown) + 1 if self.files else 0
        self.files.insert(at, file)
        return file

    def find(self, path: Path) -> OpenFile | None:
        """The open file that a path leads to."""
        return next((file for file in self.files if file.buffer.path and files.is_same(file.buffer.path, path)), None)

    def show(self, file: OpenFile) -> None:
        assert file in self.files
        self.shown = file

    def beside(self, by: int) -> OpenFile:
        """The file so many tabs on from that which is shown, round the ends."""
        return self.files[(self.files.index(self.shown) + by) % len(self.files)]

    def close(self, file: OpenFile) -> None:
        """Forgets a file; one beside it is shown then. The last one can't be closed before another is open."""
        assert len(self.files) > 1
        if file is self.shown:
            last = self.files[-1] is file
            self.shown = self.beside(-1 if last else 1)
        self.files.remove(file)
        if file.buffer.path:
            self._closed = [*self._closed[-_KEPT_CLOSED:], file.buffer.path]

    def last_closed(self) -> Path | None:
        """The file that was closed last and is not open again; each is told once."""
        while self._closed:
            path = self._closed.pop()
            if self.find(path) is None:
                return path
        return None

    @property
    def changed(self) -> list[OpenFile]:
        return [file for file in self.files if file.is_changed]

    def names(self) -> list[str]:
        """What the files are called, safe to show: by name, and with their folder where two are called alike."""
        plain = [file.buffer.name for file in self.files]
        return [
            printable(f"{file.buffer.path.parent.name}/{file.buffer.path.name}")
            if file.buffer.path and file.buffer.path.parent.name and plain.count(name) > 1
            else name
            for file, name in zip(self.files, plain, strict=True)
        ]
