"""What `rollover FILE...` opens: the texts of the files, the folder that was named, and what is said about them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dsl.phrase import phrase
from tui import buffer, files, folders
from tui.files import MissingError
from tui.language import message

EXAMPLE = message("This is an example: change a number and watch the months. Ctrl+S saves it as a file of yours, F1 helps.")
FOLDER = message("Enter opens a file of the folder, n makes a plan in it, F1 helps.")


@dataclass(frozen=True, slots=True)
class Opening:
    """The first file, with `path` None for a text without one; `more` are others; `has_tour`: the first start is now."""

    path: Path | None
    text: str
    hint: str = ""
    more: tuple[tuple[Path, str], ...] = ()
    folder: Path | None = None
    has_tour: bool = False


def opening(paths: Sequence[Path]) -> Opening:
    """Reads what was named; with nothing named, an example. Raises FileError where one of them can't be read."""
    if not paths:
        from tui import tour

        return Opening(None, buffer.read(folders.shipped() / "flex.plan"), EXAMPLE, has_tour=tour.is_due())
    folder = next((path for path in paths if files.is_folder(path)), None)
    named: dict[str, Path] = {}
    for path in paths:
        if not files.is_folder(path):
            named.setdefault(os.path.realpath(path), path)
    found: list[tuple[Path, str]] = []
    hint = "" if named else FOLDER
    for path in named.values():
        try:
            found.append((path, buffer.read(path)))
        except MissingError:
            found.append((path, ""))
            hint = hint or phrase("{path} is new: it will be written when you save.", path=str(path))
    first, text = found[0] if found else (None, "")
    return Opening(first, text, hint, tuple(found[1:]), folder)
