"""Texts that were typed and not saved, kept in the user's state folder in case Rollover ends before they are.

Each run of the app has a name of its own and a lock that it holds while it lives. A text is a file `NAME-KEY.text`: a line of
JSON that says whose it is, then the text as it stands, so that it can be had with any editor. Of a run that is gone, whoever
opens the file next claims its text by renaming it, which only one can do.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dsl.source import split_lines
from tui import files
from tui.files import FileError, why
from tui.locks import Lock, is_held
from tui.saying import say

FOLDER, TEXT, LOCK = "unsaved", ".text", ".lock"
MAX_HEAD_BYTES = 20_000
MAX_TEXT_BYTES = 50_000_000
MAX_FOUND = 1_000
PRIVATE = 0o600


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that was left: of the file `path`, or of none; `base` is the digest of what the file held; `place` where the
    cursor stood, row and column from 0."""

    entry: Path
    path: Path | None
    base: str
    at: datetime
    place: tuple[int, int]


def digest(text: str) -> str:
    """Of its lines, whatever ends them."""
    return hashlib.sha256("\n".join(split_lines(text)).encode("utf-8", "surrogatepass")).hexdigest()


class Journal:
    """What one run of the app keeps. Makes its folder and its lock with the first text. Methods raise FileError."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER
        self._name = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._lock: Lock | None = None
        self._beginning = threading.Lock()
        self._claims = 0

    # ---- texts of this run

    def keep(self, key: int, path: Path | None, base: str, text: str, place: tuple[int, int], at: datetime) -> None:
        """Keeps the text of an open file; one that was kept under the same key is replaced."""
        self._begin()
        head = {
            "path": os.path.abspath(path) if path else None,
            "base": base,
            "at": at.isoformat(timespec="seconds"),
            "place": place,
            "pid": os.getpid(),
            "host": socket.gethostname(),
        }
        files.write(self._entry(key), json.dumps(head) + "\n" + text, PRIVATE)

    def forget(self, key: int) -> None:
        """There is nothing that needs to be kept of it."""
        if self._lock:
            _remove(self._entry(key))

    def end(self) -> None:
        """The run ends as it should. What was claimed and not decided about stays, for the next."""
        if self._lock:
            self._lock.release()
            if not any(self._folder.glob(f"{self._name}-*{TEXT}")):
                _remove(self._folder / (self._name + LOCK))
            self._lock = None

    def _entry(self, key: int) -> Path:
        return self._folder / f"{self._name}-{key}{TEXT}"

    def _begin(self) -> None:
        with self._beginning:  # one thread may keep while another claims
            if self._lock is None:
                try:
                    self._folder.mkdir(mode=0o700, exist_ok=True)
                    self._lock = Lock(self._folder / (self._name + LOCK))
                except OSError as error:
                    raise FileError(say("{path} can't be written: {why}", path=str(self._folder), why=why(error))) from None

    # ---- texts of runs that are gone

    def left(self) -> list[Kept]:
        """What runs that are gone have left, the newest first."""
        found = [kept for entry in self._others() if (kept := _read_head(entry))]
        return sorted(found, key=lambda kept: kept.at, reverse=True)

    def _others(self) -> Iterator[Path]:
        alive: dict[str, bool] = {self._name: True}
        with contextlib.suppress(OSError):
            for entry in sorted(self._folder.glob(f"*{TEXT}"))[:MAX_FOUND]:
                name = entry.name.rpartition("-")[0]
                if name not in alive:
                    alive[name] = is_held(self._folder / (name + LOCK), _process(entry))
                if not alive[name]:
                    yield entry

    def claim(self, kept: Kept) -> Kept | None:
        """Takes over what is left, or None where another was quicker; from then on it is this run's until it decides."""
        self._begin()
        self._claims += 1
        entry = self._folder / f"{self._name}-left{self._claims}{TEXT}"
        try:
            os.rename(kept.entry, entry)
        except OSError:
            return None
        before = kept.entry.name.rpartition("-")[0]
        if not any(self._folder.glob(f"{before}-*{TEXT}")):
            _remove(self._folder / (before + LOCK))
        return Kept(entry, kept.path, kept.base, kept.at, kept.place)

    @staticmethod
    def text(kept: Kept) -> str:
        try:
            with kept.entry.open("rb") as file:
                file.readline(MAX_HEAD_BYTES)
                return file.read(MAX_TEXT_BYTES).decode("utf-8")
        except (OSError, ValueError) as error:
            raise FileError(say("{path} can't be read: {why}", path=str(kept.entry), why=why(error))) from None

    @staticmethod
    def drop(kept: Kept) -> None:
        """It was recovered, or nobody wants it."""
        _remove(kept.entry)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _head(entry: Path) -> dict[str, object]:
    """Whatever the first line says; nothing where it can't be read: these are files like others, and may hold anything."""
    try:
        with entry.open("rb") as file:
            head = json.loads(file.readline(MAX_HEAD_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return head if isinstance(head, dict) else {}


def _read_head(entry: Path) -> Kept | None:
    match _head(entry):
        case {"path": str() | None as path, "base": str(base), "at": str(at), "place": [int(row), int(column)]}:
            with contextlib.suppress(ValueError):
                return Kept(entry, Path(path) if path else None, base, datetime.fromisoformat(at), (row, column))
    return None


def _process(entry: Path) -> int | None:
    """The process that wrote it, where it may still be one of this machine."""
    match _head(entry):
        case {"pid": int(pid), "host": str(host)} if host == socket.gethostname():
            return pid
    return None
