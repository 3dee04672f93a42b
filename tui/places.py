"""Folders of this user's own: a cache, which costs only time to lose, and a state, which holds what nobody else has."""

from __future__ import annotations

import os
from pathlib import Path


def cache() -> Path | None:
    """Made if need be; None where there is none that only this user can write to."""
    return _own("ROLLOVER_CACHE", "XDG_CACHE_HOME", os.path.join("~", ".cache"))


def state() -> Path | None:
    """Made if need be; None where there is none that only this user can write to."""
    return _own("ROLLOVER_STATE", "XDG_STATE_HOME", os.path.join("~", ".local", "state"))


def _own(chosen: str, base: str, usual: str) -> Path | None:
    """The folder that the variable `chosen` names, else `rollover` in the one that `base` names, else in the usual one."""
    local = os.environ.get("LOCALAPPDATA") if os.name == "nt" else None
    try:
        path = Path(
            os.environ.get(chosen) or os.path.join(os.environ.get(base) or local or os.path.expanduser(usual), "rollover")
        )
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.stat()
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            return None
    except (OSError, RuntimeError, ValueError):
        return None
    return path
