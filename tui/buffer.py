"""The file behind the editor: where it is, what it held when last read or written, and whether that still holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dsl.source import printable, split_lines
from tui import files
from tui.files import FileError

# A text area lays out a whole line to show a part of it: beyond this it would hang, and no rule is a tenth as long.
MAX_SHOWN_LINE = 20_000


@dataclass(slots=True)
class Buffer:
    """`path` None: never saved. `saved` is the text as last read or written."""

    path: Path | None
    saved: str

    @property
    def name(self) -> str:
        """The file's name, safe to show."""
        return printable(self.path.name) if self.path else "unnamed"

    def is_changed(self, text: str) -> bool:
        return text != self.saved

    def changed_on_disk(self, path: Path) -> bool:
        """Whether writing to `path` would overwrite something that was never shown here."""
        if not files.exists(path):
            return False
        if self.path is None or not files.is_same(path, self.path):
            return True
        try:
            return split_lines(files.read(path).text) != split_lines(self.saved)
        except FileError:
            return True

    def write(self, path: Path, text: str) -> None:
        """Writes the text and is named by `path` from now on. Raises FileError, and then nothing is changed."""
        files.write(path, text)
        self.path = path
        self.saved = text


def read(path: Path) -> str:
    """The text of a file to be shown. Raises FileError."""
    if files.is_folder(path):
        raise FileError(f"{path} is a folder")
    text = files.read(path).text
    if max(map(len, split_lines(text))) > MAX_SHOWN_LINE:
        raise FileError(f"{path} has a line of more than {MAX_SHOWN_LINE} characters, so it is not a plan")
    return text
