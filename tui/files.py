"""Files at the edge: read with bounds, written beside and renamed, so that a text is never half there."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from dsl.source import MAX_BYTES, Source, decode, printable


class FileError(Exception):
    """A file that can't be read or written; the message is a sentence for people, with the path, safe to show."""

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(map(printable, message.split("\n"))))


def read(path: Path) -> Source:
    """The text of a file, named as it was asked for. Raises FileError."""
    try:
        with path.open("rb") as file:
            # A pipe or device may never end; a plan does.
            data = file.read(MAX_BYTES + 1)
        return Source(str(path), decode(data))
    except ValueError as error:
        raise FileError(f"{path} {error}") from None
    except OSError as error:
        raise FileError(f"{path} can't be read: {_why(error)}") from None


def write(path: Path, text: str) -> None:
    """Writes a text as UTF-8, into a new file beside `path` that is then renamed over it. Keeps the mode and follows links.

    Raises FileError, and then the old file is as it was.
    """
    import tempfile  # reading a file, which every command does, should not wait for it

    target = path.resolve()
    temporary = ""
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode if mode is not None else 0o666 & ~_umask())
        os.replace(temporary, target)
    except OSError as error:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise FileError(f"{path} can't be written: {_why(error)}") from None


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
