"""What numba compiled, kept in the user's cache: the text it was made of, by its digest, and beside it the machine's code.

Code that is loaded is run, so the folder must be one that only this user can write to.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tui import files, places
from tui.files import FileError


def file_of(text: str) -> str:
    """The file that holds a text, written if need be; "" where there is no folder for it."""
    home = places.cache()
    if home is None or os.environ.get("NUMBA_CACHE_DIR"):
        return ""
    path = home / "compiled" / f"{hashlib.sha256(text.encode()).hexdigest()}.py"
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        if not _holds(path, text):
            files.write(path, text)
    except (OSError, FileError):
        return ""
    return str(path)


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
