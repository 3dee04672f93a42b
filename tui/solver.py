"""Whether there is a solver, and which, without loading it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from tui import cache


def is_there() -> bool:
    return find_spec("z3") is not None


def version() -> str:
    from importlib import metadata  # which loads much

    try:
        return metadata.version("z3-solver")
    except metadata.PackageNotFoundError:  # it came otherwise than as a package
        import z3

        return str(z3.get_version_string())


def stamp() -> bytes:
    """Changes with the solver; found sooner than its version."""
    found = find_spec("z3")
    return cache.stamp(Path(found.origin).parent).encode() if found and found.origin else b""
