"""One text made another: which lines change, and where a place of the old text is in the new one. Places count from 0."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

Place = tuple[int, int]


class Change(NamedTuple):
    """The lines from row `first` up to `last` become `lines`."""

    first: int
    last: int
    lines: tuple[str, ...]

    def moved(self, place: Place) -> Place:
        """Where a place is afterwards; in the lines that changed, at most at the end of the same one."""
        row, column = place
        if row >= self.last:
            return row + len(self.lines) - (self.last - self.first), column
        if row < self.first or not self.lines:
            return row, column
        row = min(row, self.first + len(self.lines) - 1)
        return row, min(column, len(self.lines[row - self.first]))


def change(old: Sequence[str], new: Sequence[str]) -> Change | None:
    """What makes one text of another, both of a line or more; None where they are the same."""
    shorter = min(len(old), len(new))
    first = next((row for row in range(shorter) if old[row] != new[row]), shorter)
    if first == len(old) == len(new):
        return None
    end = next((end for end in range(shorter - first) if old[-1 - end] != new[-1 - end]), shorter - first)
    return Change(first, len(old) - end, tuple(new[first : len(new) - end]))


def same_character(old: Sequence[str], new: Sequence[str], place: Place) -> Place:
    """The place before the same character of a text in which only layout was changed."""
    row, column = place
    before = _solid(old[row][:column])
    total = sum(map(_solid, old[:row])) + before
    # Behind the last character of a line one stays there, and does not go to the next line with something on it.
    at_end = before and not _solid(old[row][column:])
    counts = list(accumulate(map(_solid, new)))
    found = min(bisect.bisect_left(counts, total) if at_end else bisect.bisect_right(counts, total), len(new) - 1)
    left = total - (counts[found - 1] if found else 0)
    for index, character in enumerate(new[found]):
        if not left and not character.isspace():
            return found, index
        left -= not character.isspace()
        if not left and at_end:
            return found, index + 1
    return found, len(new[found])


def _solid(text: str) -> int:
    """How many characters are no space."""
    return len(text) - sum(map(str.isspace, text))
