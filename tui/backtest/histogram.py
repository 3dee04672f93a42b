"""Quantiles of very many whole numbers: a histogram of fixed size that adds up, whatever the parts it was made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_BITS = 10
EXACT = 1 << _BITS  # below it, above or below zero, each number has a place of its own
STEPS = EXACT // 2  # of each power of two above
_SIZE = EXACT + (63 - _BITS) * STEPS
_POWERS = 1 << np.arange(63, dtype=np.int64)
_NONE = np.iinfo(np.int64).max


class _Half:
    """Numbers from zero up: how many fell into each place, and the least that did."""

    def __init__(self) -> None:
        self.counts = np.zeros(_SIZE, np.int64)
        self.least = np.full(_SIZE, _NONE, np.int64)

    def add(self, values: Ints) -> None:
        values = np.sort(values)
        places, first, counts = np.unique(_places(values), return_index=True, return_counts=True)
        self.counts[places] += counts
        self.least[places] = np.minimum(self.least[places], values[first])

    def merge(self, other: _Half) -> None:
        self.counts += other.counts
        np.minimum(self.least, other.least, out=self.least)


class Histogram:
    """A quantile is exact where the numbers of its place are all alike, as they are up to EXACT; else it is by less than a
    part in STEPS too near to zero. The least and the most are exact."""

    def __init__(self) -> None:
        self.count = 0
        self.least = self.most = 0
        self._above = _Half()  # zero and more
        self._below = _Half()

    def add(self, values: Ints) -> None:
        """Values of 64 bits, the lowest of them not among them."""
        if not len(values):
            return
        self._widen(int(values.min()), int(values.max()), len(values))
        is_below = values < 0
        self._above.add(values[~is_below])
        self._below.add(-values[is_below])

    def merge(self, other: Histogram) -> None:
        if other.count:
            self._widen(other.least, other.most, other.count)
            self._above.merge(other._above)
            self._below.merge(other._below)

    def _widen(self, least: int, most: int, count: int) -> None:
        self.least = min(self.least, least) if self.count else least
        self.most = max(self.most, most) if self.count else most
        self.count += count

    def quantile(self, percent: int) -> int:
        """The least value that so many percent of all do not pass (nearest rank); 0 where there is none."""
        if not self.count:
            return 0
        rank = max(1, -(-self.count * percent // 100))
        below = int(self._below.counts.sum())
        if rank <= below:
            place = _SIZE - 1 - int(np.searchsorted(np.cumsum(self._below.counts[::-1]), rank))
            return -int(self._below.least[place])
        return int(self._above.least[int(np.searchsorted(np.cumsum(self._above.counts), rank - below))])


def _places(values: Ints) -> Any:
    """Of values from zero up: all below EXACT, then STEPS of each power of two."""
    more = np.maximum(0, np.searchsorted(_POWERS, values, side="right") - _BITS)  # bits beyond the first
    return np.where(more > 0, EXACT + (more - 1) * STEPS + (values >> more) - STEPS, values)
