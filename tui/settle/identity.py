"""By what runs and files are told from others: a run that was killed goes on, and a folder is said to be there already, only
where all that decides the result is the same."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as arrow

from dsl.source import printable
from engine.batch.lines import Form
from tui.files import FileError

MADE_BY = "made_by"
_CODE = ("dsl", "engine", "tui/settle", "tui/settle_spark", "tui/settling.py")
_KINDS = (".py", ".lark")
Stamp = tuple[int, int, int]


def made_by(form: Form) -> dict[str, str]:
    """What computes and writes. Another version may mean something else by the same plan, and half of a result of each would
    be neither; that of pyarrow decides the bytes."""
    return {"rollover": _code(), "form": str(form), "pyarrow": arrow.__version__}


@functools.cache
def _code() -> str:
    """Changes with every change to the code that settles, in a checkout, too."""
    home, digest = Path(__file__).parent.parent.parent, hashlib.sha256()
    for name in _CODE:
        root = home / name
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.suffix in _KINDS:
                data = path.read_bytes()
                digest.update(f"{path.relative_to(home).as_posix()} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def difference(told: Any, mine: Mapping[str, object]) -> str:
    """In what another run differs from mine."""
    if isinstance(told, dict) and {**told, MADE_BY: None} == {**mine, MADE_BY: None}:
        return "of this input, but by another version of Rollover or pyarrow, or another --form"
    return "of other input or other options"


def of_file(path: Path) -> dict[str, object]:
    """All that it holds decides: two files may have one size, and a footer that says the same of both. Raises FileError."""
    stamp = _stamp(path)
    return {"name": path.name, "bytes": stamp[1], "sha256": _digest(path, stamp)}


@functools.lru_cache(maxsize=1 << 16)
def _digest(path: Path, _stamp: Stamp) -> str:
    """Read once by each process, as long as it is seen to be the same."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileError(f"{path} can't be read: {why(error)}") from None


def stamps(paths: Iterable[Path]) -> dict[Path, Stamp]:
    """By what it is seen, cheaply, whether files are still the ones that they were. Raises FileError."""
    return {path: _stamp(path) for path in paths}


def refuse_changes(seen: Mapping[Path, Stamp]) -> None:
    """Raises FileError where a file is not the one that was seen."""
    for path, stamp in seen.items():
        if _stamp(path) != stamp:
            raise FileError(f"{path} was changed while it was settled: nothing is written; give --restart to begin anew")


def _stamp(path: Path) -> Stamp:
    try:
        told = path.stat()
    except OSError as error:
        raise FileError(f"{path} can't be read: {why(error)}") from None
    return told.st_ino, told.st_size, told.st_mtime_ns


def why(error: Exception) -> str:
    number = getattr(error, "errno", None)  # what pyarrow says beside it is about its own work
    told = os.strerror(number) if number else next(iter(str(error).splitlines()), "")
    return printable(told or "it is damaged")[:300]
