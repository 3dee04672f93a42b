"""Whether there is a solver, and which, without loading it."""

from __future__ import annotations

from importlib import metadata
from importlib.util import find_spec


def is_there() -> bool:
    return find_spec("z3") is not None


def version() -> str:
    try:
        return metadata.version("z3-solver")
    except metadata.PackageNotFoundError:  # it came otherwise than as a package
        import z3

        return str(z3.get_version_string())
