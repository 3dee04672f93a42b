"""`--column OURS=THEIRS`, given several times: which column of a file is which of ours."""

from __future__ import annotations

import re

from tui.exits import fail


def mapping(columns: tuple[str, ...]) -> dict[str, str]:
    """Ours to the file's."""
    found = {}
    for column in columns:
        ours, sign, theirs = column.partition("=")
        if not sign or not re.fullmatch(r"[\w-]+", ours) or not theirs:
            fail(f"--column {column!r} should say OURS=THEIRS, as data=used_bytes")
        if ours in found:
            fail(f"--column says {ours} twice; give it once")
        found[ours] = theirs
    return found
