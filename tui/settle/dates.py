"""Dated records: when each was, in local time of its line's plan, and to which cycle of the line it belongs.

A record at the instant at which a cycle begins belongs to that cycle. Local times are seconds, as a file has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as arrow
import pyarrow.compute as compute

from dsl.scenario_file import FIRST_YEAR, LAST_YEAR, Reader
from tui.settle.boundaries import Boundaries

Array = Any  # of numpy
NO_TIME = 1 << 60  # behind all times
EARLIEST, LATEST = (int(np.datetime64(f"{year}-01-01", "s").astype(np.int64)) for year in (FIRST_YEAR, LAST_YEAR))
DAY = 86_400
_PLAIN = r"^\d{4}-\d\d-\d\d([ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$"


def moments(column: Any) -> Array:
    """Seconds of local time, of times or of texts that say such; NO_TIME where there is none."""
    if isinstance(column, arrow.ChunkedArray):
        column = column.combine_chunks()
    if not arrow.types.is_timestamp(column.type):
        column = _read(column.cast(arrow.string()))
    return column.cast(arrow.int64()).fill_null(NO_TIME).to_numpy(zero_copy_only=False)


def _read(texts: Any) -> Any:
    """Times as records write them. What is written as nearly all are is read by columns, all else one by one."""
    if compute.all(compute.match_substring_regex(texts, _PLAIN), min_count=0).as_py() is not False:
        try:
            return texts.cast(arrow.timestamp("s"))
        except arrow.ArrowInvalid:  # there is no 30th of February
            pass
    coded = texts.dictionary_encode()
    known = arrow.array([Reader.local_time_of(text.strip()) for text in coded.dictionary.to_pylist()], arrow.timestamp("s"))
    return known.take(coded.indices)


@dataclass(frozen=True, slots=True)
class Dates:
    """`boundaries` are those of each plan. `known` are subscribers who were settled before, and `starts` when they began."""

    boundaries: Sequence[Boundaries]
    known: Any = None
    starts: Array = None

    def starts_of(self, subscribers: Any, first: Array) -> Array:
        """When lines began of which no row says it: as it was before, else on the day of the first record."""
        found = np.where(first == NO_TIME, -NO_TIME, first - first % DAY)
        if self.known is None:
            return found
        at = compute.index_in(subscribers, value_set=self.known)
        known = at.is_valid().to_numpy(zero_copy_only=False)
        return np.where(known, self.starts[at.fill_null(0).to_numpy()], found) if len(self.starts) else found

    def cycles(self, line: Array, at: Array, plan: Array, start: Array) -> Array:
        """The cycle of each row's line in which it was; 0 where it was before the line began, -1 where that can't be said.
        `plan` and `start` are of lines, and -1 or no time where they are none."""
        found = np.full(len(line), -1, np.int64)
        for number, begun, rows in _alike(line, plan, start):
            boundaries = self.boundaries[number]
            told = rows[(at[rows] >= EARLIEST) & (at[rows] < LATEST)]
            if len(told) and not boundaries.plan.cycle.from_first_use:
                begins = boundaries.begins(begun, int(at[told].max()))
                found[told] = np.searchsorted(begins, at[told], side="right")
        return found


def _alike(line: Array, plan: Array, start: Array) -> Iterator[tuple[int, int, Array]]:
    """A plan, a start, and the rows of lines that have both."""
    if not len(line):
        return  # as where lines only open
    alike, which = np.unique(np.stack((plan, start)), axis=1, return_inverse=True)
    which = which.reshape(-1)[line]
    order = np.argsort(which, kind="stable")
    ends = np.searchsorted(which[order], np.arange(alike.shape[1]), side="right")
    for (number, begun), rows in zip(alike.T.tolist(), np.split(order, ends[:-1]), strict=True):
        if number >= 0 and EARLIEST <= begun < LATEST:
            yield number, begun, rows
