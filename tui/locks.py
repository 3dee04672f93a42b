"""A lock that a process holds as long as it lives, however it ends; and whether another holds it."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

_BUSY = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class Lock:
    """Held from when it is made. Raises OSError where its file can't be; a system without locks has the file alone."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        with contextlib.suppress(OSError):
            _lock(self._file, shared=False)

    def release(self) -> None:
        os.close(self._file)


def is_held(path: Path, process: int | None) -> bool:
    """Whether another process holds the lock; where that can't be told, whether `process` is alive."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True  # it is somebody else's
    try:
        _lock(file, shared=True)
    except OSError as error:
        return error.errno in _BUSY or (process is not None and _is_alive(process))
    finally:
        os.close(file)
    return False


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return False  # there locks always work, and asking would end the process
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int, *, shared: bool) -> None:  # noqa: ARG001  (there is but one kind)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: int, *, shared: bool) -> None:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
