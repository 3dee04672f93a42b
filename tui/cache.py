"""What was found about a text before, kept by content in the user's cache folder. Losing it costs only time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from tui import places

MAX_ENTRIES = 2_000  # of a kind
_HOME = Path(__file__).parent.parent

folder = places.cache


def key(*parts: bytes, packages: Sequence[str] = ("dsl",)) -> str:
    """A name for a result that depends on `parts`, on this version of these packages of Rollover, and on Python."""
    digest = hashlib.sha256(f"{sys.version_info[:3]}{[stamp(_HOME / package) for package in packages]}".encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


@lru_cache
def stamp(home: Path) -> str:
    """Changes with every change to the code of a package, in a checkout, too."""
    found = [os.path.join(folder, name) for folder, _, names in os.walk(home) for name in names if not name.endswith(".pyc")]
    return str(sorted((name, os.stat(name).st_mtime_ns, os.stat(name).st_size) for name in found))


def load(name: str, kind: str = "check") -> list[str] | None:
    """The lines stored under a name."""
    if (home := folder()) is None:
        return None
    try:
        stored = json.loads((home / f"{kind}-{name}.json").read_bytes())
    except (OSError, ValueError):
        return None
    return stored if isinstance(stored, list) and all(isinstance(line, str) for line in stored) else None


def store(name: str, lines: list[str], kind: str = "check") -> None:
    """Keeps lines under a name; whatever goes wrong with that is no concern of the caller's."""
    if (home := folder()) is None:
        return
    import tempfile  # only a new result waits for it

    with contextlib.suppress(OSError):
        entries = sorted(home.glob(f"{kind}-*.json"), key=lambda path: path.stat().st_mtime)
        for old in entries[: max(0, len(entries) - MAX_ENTRIES + 1)]:
            old.unlink(missing_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=home)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(lines, file)
        os.replace(temporary, home / f"{kind}-{name}.json")
