"""Sums of very many whole numbers that may pass 64 bits."""

from __future__ import annotations

from typing import Any

import numpy as np

_MOST = np.iinfo(np.int64).max
_HALF, _LOW = 32, 0xFFFFFFFF


def exact_sum(values: Any) -> int:
    """The sum of an array of int64, however large."""
    if not len(values):
        return 0
    largest = max(int(values.max()), -int(values.min()))
    if largest * len(values) < _MOST:
        return int(values.sum())
    return (int((values >> _HALF).sum()) << _HALF) + int((values & _LOW).sum())


def run_sums(values: Any, begins: Any) -> Any:
    """The sums of values, none below zero, from each begin to the next; the most that int64 holds where one is more."""
    if not len(begins) or int(values.max()) * len(values) < _MOST:
        return np.add.reduceat(values, begins) if len(begins) else np.zeros(0, np.int64)
    low, high = np.add.reduceat(values & _LOW, begins), np.add.reduceat(values >> _HALF, begins)
    high += low >> _HALF
    return np.where(high > _MOST >> _HALF, _MOST, ((high & (_MOST >> _HALF)) << _HALF) + (low & _LOW))
