"""Files at the edge: read with bounds, written beside and renamed, so that a text is never half there.

Nothing here raises but FileError, whatever a path is: too long, in a folder that may not be entered, a link to itself.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from dsl.source import MAX_BYTES, Source, decode, printable_lines
from tui.language import message
from tui.saying import say


class FileError(Exception):
    """A file that can't be read or written; the message is a sentence for people, with the path, safe to show."""

    def __init__(self, message: str) -> None:
        super().__init__(printable_lines(message))


class MissingError(FileError):
    """A file that is not there."""


# `os.path` says no of what can't be looked at, where a Path would raise: reading or writing it says why.


def exists(path: Path) -> bool:
    return os.path.exists(path)


def is_folder(path: Path) -> bool:
    return os.path.isdir(path)


def is_same(path: Path, other: Path) -> bool:
    """Whether two paths lead to one file, through links and whether or not it is there."""
    return os.path.realpath(path) == os.path.realpath(other)


def refuse_folder(path: Path) -> None:
    """Raises FileError where what is to be written is a folder."""
    if is_folder(path):
        raise FileError(say("{path} is a folder; add a name", path=str(path)))


def read(path: Path) -> Source:
    """The text of a file, named as it was asked for. Raises FileError."""
    try:
        with path.open("rb") as file:
            # A pipe or device may never end; a plan does.
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        kind = MissingError if isinstance(error, FileNotFoundError) else FileError
        raise kind(say("{path} can't be read: {why}", path=str(path), why=why(error))) from None
    try:
        return Source(str(path), decode(data))
    except ValueError as error:
        raise FileError(say("{path} {problem}", path=str(path), problem=error.args[0])) from None


def write(path: Path, text: str, mode: int | None = None) -> None:
    """Writes a text as UTF-8. Raises FileError, and then the old file is as it was."""
    with replacing(path, mode) as file:
        file.write(text.encode("utf-8"))


@contextlib.contextmanager
def replacing(path: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """A new file beside `path`, renamed over it when all is written and on the disk. Keeps the mode, where none is given, and
    follows links.

    Raises FileError; then, and whatever ends the writing, the old file is as it was and of the new one nothing is left.
    """
    import tempfile  # reading a file, which every command does, should not wait for it

    temporary = ""
    try:
        mode = _mode(path) if mode is None else mode
        target = os.path.realpath(path)
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=os.path.dirname(target))
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, target)
        temporary = ""
    except (OSError, ValueError) as error:
        raise FileError(say("{path} can't be written: {why}", path=str(path), why=why(error))) from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


_REASONS = (
    message("no such file or directory"), message("permission denied"), message("file exists"), message("is a directory"),
    message("not a directory"), message("directory not empty"), message("no space left on device"),
    message("read-only file system"), message("disk quota exceeded"), message("file name too long"),
    message("too many levels of symbolic links"), message("operation not permitted"), message("input/output error"),
    message("text file busy"), message("device or resource busy"), message("too many open files"),
)  # fmt: skip  # what systems say most often


def why(error: OSError | ValueError) -> str:
    """What the system says, safe to show once it stands in a FileError."""
    return say((getattr(error, "strerror", "") or str(error)).lower())


def _mode(path: Path) -> int:
    """The permissions of a file, or those of a new one. Raises OSError where neither can be."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        return 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
