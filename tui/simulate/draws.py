"""Chance in whole numbers: the raw words of a counter-based generator (Philox), and the few distributions made of them.

A level is a logarithm to the base 2 in OCTAVE-ths: OCTAVE is twice, -OCTAVE half. A sum of levels is a product of amounts.
"""

from __future__ import annotations

from math import isqrt

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

OCTAVE = 4096
LEAST, MOST = -40 * OCTAVE, 8 * OCTAVE  # of a level: nothing, and 256 times
MOST_TYPICAL = 1 << 46  # what a level may multiply: then 64 bits hold the product
_BITS = 16


class Draws:
    """What chance decides of one block of subscribers. `stream` keeps uses apart that may not move each other."""

    def __init__(self, seed: int, block: int, stream: int = 0) -> None:
        key = np.array([seed, block], dtype=np.uint64)
        counter = np.array([0, 0, 0, stream], dtype=np.uint64)
        self._philox = np.random.Philox(counter=counter, key=key)

    def words(self, count: int) -> Words:
        """64 bits each. Raw words are what numpy promises never to change."""
        found: Words = self._philox.random_raw(count)
        return found

    def below(self, limit: int, count: int) -> Ints:
        """From 0 to below `limit`, which is at most 2**31, all alike."""
        return ((self.words(count) >> np.uint64(32)) * np.uint64(limit) >> np.uint64(32)).astype(np.int64)

    def chosen(self, shares: tuple[int, ...], count: int) -> Ints:
        """An index of `shares`, each so often as it is large."""
        return np.searchsorted(np.cumsum(shares), self.below(sum(shares), count), side="right").astype(np.int64)

    def bell(self, deviation: int, count: int) -> Ints:
        """Levels around zero with that standard deviation, nearly normal: the sum of the four quarters of a word."""
        return _scaled(_quarters(self.words(count)), deviation)

    def bell_with_rest(self, deviation: int, count: int) -> tuple[Ints, Ints]:
        """The same, and with each a number below OCTAVE from the same word."""
        words = self.words(count)
        return _scaled(_quarters(words), deviation), (words & np.uint64(OCTAVE - 1)).astype(np.int64)

    def tail(self, count: int) -> Ints:
        """Levels from zero up, each octave half as often as the one below it: a Pareto tail of index 1."""
        return _TAIL[self.below(len(_TAIL), count)]


def _quarters(words: Words) -> Ints:
    """The sum of the four 16-bit numbers in a word, less its mean."""
    mask, half = np.uint64(0x0000FFFF0000FFFF), np.uint64(16)
    pairs = (words & mask) + (words >> half & mask)
    found: Ints = ((pairs & np.uint64(0xFFFFFFFF)) + (pairs >> np.uint64(32))).astype(np.int64) - 2 * (2**_BITS - 1)
    return found


def _scaled(sums: Ints, deviation: int) -> Ints:
    # The deviation of four uniform numbers of 16 bits is 2**16 / sqrt(3).
    found: Ints = sums * ((deviation * isqrt(3 << 40)) >> 16) >> 20
    return found


def times(typical: Ints, level: Ints, rest: Ints | None = None) -> Ints:
    """`typical`, at most MOST_TYPICAL, times a level, rounded down. `rest`, numbers below OCTAVE, fills the steps between
    levels: without it there would be few different amounts."""
    level = np.clip(level, LEAST, MOST)
    found: Ints = typical * _POWERS[level & (OCTAVE - 1)] >> _BITS - 1 - (level >> 12)
    if rest is not None:
        found += (found >> 12) * rest >> 12
    return found


def _powers() -> list[int]:
    """2**(k / OCTAVE), in 2**-15ths, rounded down: whole numbers, so that no library's rounding is in them."""
    digits = 200
    step = 2 << digits
    for _ in range(12):  # the root of the root ...: OCTAVE is 2**12
        step = isqrt(step << digits)
    found, power = [], 1 << digits
    for _ in range(OCTAVE):
        found.append(power >> digits - _BITS + 1)
        power = power * step >> digits
    return found


def _tail() -> list[int]:
    """The level of 1 / u, for u in the middle of each of OCTAVE equal parts of (0, 1]."""
    found, level = [], 0
    for part in range(OCTAVE, 0, -1):
        # 1 / u = 2 OCTAVE / (2 part - 1)
        while level < 13 * OCTAVE and _power(level + 1) * (2 * part - 1) <= 2 * OCTAVE << _BITS - 1:
            level += 1
        found.append(level)
    return found


_POWER_LIST = _powers()


def _power(level: int) -> int:
    return _POWER_LIST[level & (OCTAVE - 1)] << (level >> 12)


_POWERS: Ints = np.array(_POWER_LIST, dtype=np.int64)
_TAIL: Ints = np.array(_tail(), dtype=np.int64)
