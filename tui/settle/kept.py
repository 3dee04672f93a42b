"""What numba compiled, kept in the user's cache: the text it was made of, by its digest, and beside it the machine's code.

Code that is loaded is run, so the folder must be one that only this user can write to. A compiler takes memory that it does not
give back, so it runs in a process of its own.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tui import files, places
from tui.files import FileError

_MAKE = "import sys; from tui.settle.kept import make; make(sys.argv[1])"
_OTHERS = 7  # arguments of a text that are no columns of use


def file_of(text: str) -> str:
    """The file that holds a text, written if need be, and compiled; "" where there is no folder for it."""
    home = places.cache()
    if home is None or os.environ.get("NUMBA_CACHE_DIR"):
        return ""
    path = home / "compiled" / f"{hashlib.sha256(text.encode()).hexdigest()}.py"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not _holds(path, text):
            files.write(path, text)
        if not any((path.parent / "__pycache__").glob(f"{path.stem}.*.nbi")):
            _make_apart(path)
    except (OSError, FileError):
        return ""
    return str(path)


def make(path: str) -> None:
    """Compiles the text of a file for such arrays as a batch gives it; what is made is kept beside it."""
    import numpy

    from engine.batch.numba_form import compiled

    text = Path(path).read_text(encoding="utf-8")
    held, used = numpy.zeros((1, 1), numpy.int64), numpy.zeros((1, 1), numpy.int64)
    used.flags.writeable = False
    columns = text.partition(")")[0].count(",") + 1 - _OTHERS
    compiled(text, path)(0, 0, 0, held, held, held, *[used] * columns, held.reshape(1, 1, 1))


def _make_apart(path: Path) -> None:
    """Where that fails, whoever wants to run it compiles it."""
    found = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(
        [sys.executable, "-P", "-c", _MAKE, str(path)], env={**os.environ, "PYTHONPATH": found},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ):  # fmt: skip
        import numba  # noqa: F401 - meanwhile, since it takes a while


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
