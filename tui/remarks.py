"""What the lints say of a text while it is edited: said of the last text they read, and kept where its lines are the same."""

from __future__ import annotations

from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.source import Source
from tui import changes


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


def found(checked: Checked) -> tuple[Diagnostic, ...]:
    """What the lints find. A mistake of our own in one of them must not disturb somebody who types: it finds nothing then."""
    from dsl.lints import lint

    try:
        return lint(checked)
    except Exception:
        return ()
