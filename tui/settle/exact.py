"""Sums of very many whole numbers that may pass 64 bits."""

from __future__ import annotations

from typing import Any

import numpy as np


def exact_sum(values: Any) -> int:
    """The sum of an array of int64, however large."""
    if not len(values):
        return 0
    largest = max(int(values.max()), -int(values.min()))
    if largest * len(values) < np.iinfo(np.int64).max:
        return int(values.sum())
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())
