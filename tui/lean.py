"""Less memory where pyarrow reads and writes very many rows in one process."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

_POOL = "ARROW_DEFAULT_MEMORY_POOL"  # which pyarrow reads when it is loaded


@contextlib.contextmanager
def lean() -> Iterator[None]:
    """Around a command that loads pyarrow: memory that is free goes back to the system, and pandas, which pyarrow loads
    where it is there, though nothing here is of it, is not found."""
    os.environ.setdefault(_POOL, "system")
    absent = _Absent()
    sys.meta_path.insert(0, absent)
    try:
        yield
    finally:
        sys.meta_path.remove(absent)


class _Absent:
    """As if pandas were not installed; where it is loaded already, nothing changes."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError("not wanted here", name=name)
