"""Rows of usage as columns, cycle by line: what the engine settles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.batch.lines import Records
from tui.settle.exact import run_sums
from tui.settle.rows import Array, Rows

MOST_CELLS = 1 << 17  # lines times the cycles of the longest of them: what a table of columns has room for


def side_by_side(line: Array, cycles: Array) -> Iterator[Array]:
    """Lines in pieces that have room side by side: one that has very many cycles does not make all others as long. Most often
    it is one piece, as they come."""
    if len(line) * int(cycles.max(initial=0)) <= MOST_CELLS:
        yield line
        return
    order = np.argsort(-cycles, kind="stable")
    line, cycles = line[order], cycles[order]
    begin = 0
    while begin < len(line):
        end = begin + max(1, MOST_CELLS // int(cycles[begin]))
        yield np.sort(line[begin:end])
        begin = end


def uses_of(rows: Rows, lines: Array, first: Array, cycles: Array) -> dict[str, Array]:
    """What `lines`, those with more cycles first, used in each of their `cycles` from the `first` on, by service: of dated
    records the sum, or, where it is more than 64 bits hold, the most that they do."""
    most, count = int(cycles[0]), len(lines)
    mine = lines < len(rows.plan)  # the others only open
    is_whole = count == len(rows.plan) and mine.all() and (cycles == most).all()
    if rows.at is None and is_whole and len(rows.line) == count * most:  # nothing missing, nothing bad
        return {service: np.ascontiguousarray(used.reshape(count, most).T) for service, used in rows.used.items()}
    position = np.full(len(rows.plan), -1, np.int64)
    position[lines[mine]] = np.flatnonzero(mine)
    there = np.flatnonzero(position[rows.line] >= 0)
    position = position[rows.line[there]]
    cycle = rows.cycle[there] - first[position]
    begins = _begins(position, cycle) if rows.at is not None else None
    found = {}
    for service, used in rows.used.items():
        found[service] = np.zeros((most, count), np.int64)
        if begins is None:
            found[service][cycle, position] = used[there]
        else:
            found[service][cycle[begins], position[begins]] = run_sums(used[there], begins)
    return found


def records_of(rows: Rows, lines: Array) -> Records | None:
    """The records of lines, where rows are such."""
    if rows.at is None:
        return None
    begin, end = (np.searchsorted(rows.line, lines, side=side) for side in ("left", "right"))
    return Records(rows.at, rows.used, begin, end)


def _begins(position: Array, cycle: Array) -> Array:
    """Where rows of another line or cycle begin."""
    if not len(position):
        return np.zeros(0, np.int64)
    return np.concatenate(([0], np.flatnonzero((np.diff(position) != 0) | (np.diff(cycle) != 0)) + 1))
