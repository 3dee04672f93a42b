"""The plans and scenarios of a folder as rows: folders open and close, and each is read only when it is opened."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from dsl.source import printable
from tui import folders
from tui.files import why
from tui.saying import say, spoken

MAX_LISTED = 20_000


class Kind(Enum):
    FOLDER = "folder"
    PLAN = "plan"
    SCENARIO = "scenario"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Row:
    """`note` is what a NOTE says: why a folder can't be read, or how much more is in it."""

    path: Path
    kind: Kind
    depth: int = 0
    is_open: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What is in a folder; `stamp` changes whenever a name comes or goes."""

    stamp: int
    entries: tuple[tuple[Path, Kind], ...] = ()
    note: str = ""


def stamp_of(folder: Path) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except (OSError, ValueError):
        return 0


def listing(folder: Path) -> Listing:
    """Folders first, then plans each with its scenarios; hidden ones and other files are left out. Never raises."""
    stamp = stamp_of(folder)
    found: list[tuple[bool, str, Path, Kind]] = []
    more = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                kind = _kind(entry)
                if kind is None:
                    continue
                if len(found) < MAX_LISTED:
                    found.append((kind is not Kind.FOLDER, _order(entry.name), folder / entry.name, kind))
                else:
                    more += 1
    except (OSError, ValueError) as error:
        return Listing(stamp, note=printable(say("can't be read: {why}", why=why(error))))
    found.sort(key=lambda one: one[:2])
    return Listing(
        stamp,
        tuple((path, kind) for _, _, path, kind in found),
        say("and {number} more files", number=spoken().number(more)) if more else "",
    )


def _kind(entry: os.DirEntry[str]) -> Kind | None:
    if entry.name.startswith("."):
        return None
    try:
        if entry.is_dir():
            return Kind.FOLDER
    except OSError:
        return None
    if entry.name.endswith(folders.PLAN):
        return Kind.PLAN
    return Kind.SCENARIO if entry.name.endswith(folders.SCENARIOS) else None


def _order(name: str) -> str:
    """Case apart, with a plan before its scenarios: a blank comes before what goes on."""
    for ending in (folders.PLAN, *folders.SCENARIOS):
        if name.endswith(ending):
            return name.removesuffix(ending).casefold() + " " + ending
    return name.casefold()


class Tree:
    """Which folders below `root` are open, and what was last found in them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._listed: dict[Path, Listing] = {}
        self._open = {root}
        self.rows: list[Row] = []

    def unread(self) -> list[Path]:
        """The open folders of which nothing is known yet."""
        return [folder for folder in self._open if folder not in self._listed]

    def stale(self) -> list[Path]:
        """The open folders in which names came or went; looks at the disk, and may be called in a thread."""
        return [folder for folder, known in list(self._listed.items()) if stamp_of(folder) != known.stamp]

    def put(self, folder: Path, found: Listing) -> None:
        self._listed[folder] = found
        self._lay_out()

    def toggle(self, folder: Path) -> None:
        """Opens a folder, or closes it; what was in it is read again when it is opened."""
        if folder in self._open:
            self._open.discard(folder)
        else:
            self._open.add(folder)
            self._listed.pop(folder, None)
        self._lay_out()

    def is_open(self, folder: Path) -> bool:
        return folder in self._open

    def index(self, path: Path) -> int | None:
        return next((number for number, row in enumerate(self.rows) if row.path == path and row.kind is not Kind.NOTE), None)

    def _lay_out(self) -> None:
        rows: list[Row] = []
        self._add(self.root, 0, rows)
        self.rows = rows

    def _add(self, folder: Path, depth: int, rows: list[Row]) -> None:
        found = self._listed.get(folder)
        if found is None:
            return
        for path, kind in found.entries:
            is_open = kind is Kind.FOLDER and path in self._open
            rows.append(Row(path, kind, depth, is_open))
            if is_open:
                self._add(path, depth + 1, rows)
        note = found.note or ("" if found.entries else say("no plans here"))
        if note:
            rows.append(Row(folder, Kind.NOTE, depth, note=note))
