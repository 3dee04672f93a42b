"""What is used in cycles, as dated records: one a day and line, most of them by day, more of them when a month begins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tui.simulate import habits
from tui.simulate.blocks import Base, Rows
from tui.simulate.draws import Draws, Ints
from tui.simulate.population import DAY

_STREAM = 1  # what chance decides here moves no cycle's figures
_MOST_CELLS = 1 << 20  # days of cycles, at once
_EVEN = 256  # a day is from this busy to twice as busy as chance has it


@dataclass(frozen=True, slots=True)
class Records:
    """Records in the order of their lines and times: of which of the rows, when (local seconds), how much, by service."""

    row: Ints
    at: Ints
    used: dict[str, Ints]


def records_of(base: Base, block: int, rows: Rows) -> Iterator[Records]:
    """The records of a block's rows, some rows at a time. In each cycle they add up to what is used in it."""
    draws = Draws(base.seed, block, _STREAM)
    days = np.maximum(1, (base.population.end - base.population.begin)[rows.place] // DAY)
    ends = np.cumsum(days)
    since = 0
    while since < len(days):
        done = int(ends[since - 1]) if since else 0
        until = max(since + 1, int(np.searchsorted(ends, done + _MOST_CELLS, side="right")))
        yield _some(base, rows, slice(since, until), days[since:until], draws)
        since = until


def _some(base: Base, rows: Rows, which: slice, days: Ints, draws: Draws) -> Records:
    """Cells are days of cycles, one after the other."""
    people, cells = base.population, int(days.sum())
    row = np.repeat(np.arange(len(days)), days)
    first = np.cumsum(days) - days
    day = np.arange(cells) - first[row]
    begin = people.begin[rows.place[which]][row] + day * DAY
    hour = draws.chosen(habits.HOURS, cells)
    at = begin + hour * 3600 + draws.below(3600, cells)
    used = {}
    for service, amounts in rows.used.items():
        weight = people.busy[service][begin // DAY - people.first_day] * (draws.below(_EVEN, cells) + _EVEN) // _EVEN
        weight[(draws.below(100, cells) < habits.QUIET_DAY) & (day > 0)] = 0  # the first day has something in any case
        used[service] = _shared(amounts[which], weight, row, first)
    kept = np.logical_or.reduce([amounts > 0 for amounts in used.values()])
    kept[first[~np.logical_or.reduceat(kept, first)]] = True  # a silent month has one of 0, so that it is there
    return Records(row[kept] + which.start, at[kept], {service: amounts[kept] for service, amounts in used.items()})


def _shared(amounts: Ints, weight: Ints, row: Ints, first: Ints) -> Ints:
    """Each amount shared among the cells of its row by their weights, exactly: the sum up to each cell is rounded down."""
    sums = np.cumsum(weight)
    before = (sums - weight)[first]
    mine = sums - before[row]
    total = np.append(before[1:], sums[-1:]) - before
    whole, rest = np.divmod(amounts, total)
    # amount * mine // total, without a product that 64 bits would not hold
    up_to = whole[row] * mine + rest[row] * mine // total[row]
    shares: Ints = np.diff(up_to, prepend=0)
    shares[first] = up_to[first]
    return shares
