"""What the lints say of a text while it is edited: said of the last text they read, and kept where its lines are the same."""

from __future__ import annotations

import time
from collections.abc import Callable

from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.source import Source
from tui import changes

BREATH_SECONDS = 0.001  # a thread that never waits has the interpreter for itself


class Remarks:
    """`of` gives what is known of a text without reading it; `put` says what the lints found in one."""

    def __init__(self) -> None:
        self._source = Source("", "")
        self._found: tuple[Diagnostic, ...] = ()

    def put(self, source: Source, found: tuple[Diagnostic, ...]) -> None:
        self._source, self._found = source, found

    def of(self, source: Source) -> tuple[Diagnostic, ...]:
        """Those about lines above and below what was changed since, where they are now."""
        if not self._found or source.text == self._source.text:
            return self._found
        change = changes.change(self._source.lines, source.lines)
        if change is None:
            return self._found
        shift = len(change.lines) - (change.last - change.first)
        above = [one for one in self._found if one.span.line <= change.first]
        below = [one.on_line(one.span.line + shift) for one in self._found if one.span.line > change.last]
        return (*above, *below)


def found(checked: Checked, is_wanted: Callable[[], bool]) -> tuple[Diagnostic, ...] | None:
    """What the lints find; None, where in the meantime nobody wants to know any more. Runs in a thread, and makes way for
    others between two lints. A mistake of our own in one of them must not disturb somebody who types: it finds nothing then."""
    from dsl.lints import one_by_one

    found: set[Diagnostic] = set()
    try:
        for some in one_by_one(checked):
            if not is_wanted():
                return None
            found.update(some)
            time.sleep(BREATH_SECONDS)
    except Exception:
        return ()
    return tuple(found)
