"""What stands dim behind the lines of a text while somebody writes: the largest balance that each allowance comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dsl.check import Checked
from dsl.plan import Plan
from dsl.source import Source, Span
from engine.largest import Largest
from tui import changes
from tui.largest import largest_of, words
from tui.saying import say

MARK = "↑"


class Inlays:
    """`put` what was found for the plans of a text; `of` gives it for that text, or for the lines that a later one shares
    with it. Rows count from 0."""

    def __init__(self) -> None:
        self._lines: Sequence[str] = ()
        self._found: dict[int, str] = {}

    def put(self, source: Source, found: Mapping[int, str]) -> None:
        self._lines, self._found = source.lines, dict(found)

    def of(self, checked: Checked) -> dict[int, str]:
        """Nothing where the text is in error: then a plan may be read without the rule that matters."""
        if checked.has_errors:
            return {}
        change = changes.change(self._lines, checked.source.lines) if self._found else None
        if change is None:
            return dict(self._found)
        moved = ((change.moved((row, 0))[0], said) for row, said in self._found.items())
        return {row: said for row, said in moved if row < len(checked.source.lines)}


def inlays(checked: Checked, first: int, last: int) -> Iterator[dict[int, str]]:
    """What stands behind the lines from `first` to `last`, counted from 1, a plan at a time, since each takes its time."""
    for plan in () if checked.has_errors else checked.plans:
        said: dict[int, list[str]] = defaultdict(list)
        for span, one in _largest_of(checked, plan, first, last):
            said[span.line - 1].append(say(words(plan, one)))
        if said:
            yield {row: f"{MARK} {say('; ').join(texts)}" for row, texts in said.items()}


def _largest_of(checked: Checked, plan: Plan, first: int, last: int) -> list[tuple[Span, Largest]]:
    """A mistake of our own in it must not disturb somebody who types: nothing is told then."""
    try:
        return largest_of(checked, plan, first, last)
    except Exception:
        return []
