"""Blocks of subscribers, each made alone, by the seed and its number: the same whichever others are made, and in what order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tui.simulate import habits
from tui.simulate.draws import OCTAVE, Draws, Ints, times
from tui.simulate.population import Population

MOST_ROWS = 1 << 17  # of a block; it becomes one row group of a file


@dataclass(frozen=True, slots=True)
class Rows:
    """Cycles of lines: whose, which kind of line, which of the population's cycles, and what is used, by service."""

    subscriber: Ints  # from 1
    kind: Ints
    cycle: Ints  # from 1, of the line
    place: Ints  # among the cycles of the population
    used: dict[str, Ints]


@dataclass(frozen=True, slots=True)
class Base:
    """So many subscribers of a population, by a seed, in blocks."""

    population: Population
    subscribers: int
    seed: int

    @property
    def block_size(self) -> int:
        """Subscribers in a block: a power of two, so that a block has at most MOST_ROWS."""
        return 1 << max(0, (MOST_ROWS // self.population.most_cycles).bit_length() - 1)

    @property
    def blocks(self) -> int:
        return -(-self.subscribers // self.block_size)

    def part(self, number: int, of: int) -> range:
        """The blocks of part `number`, from 1, `of` so many."""
        return range(self.blocks * (number - 1) // of, self.blocks * number // of)

    def in_block(self, block: int) -> int:
        """How many subscribers are in a block: the last one may be smaller."""
        return min(self.block_size, self.subscribers - block * self.block_size)

    def made(self, blocks: range) -> Iterator[Rows]:
        return (rows_of(self, block) for block in blocks)


def rows_of(base: Base, block: int) -> Rows:
    # Of a last block that is smaller all is drawn, so that fewer subscribers are the first of more.
    people, size = base.population, base.block_size
    draws = Draws(base.seed, block)
    kind, leaves = _lines(people, draws, size)
    level = _levels(draws, size)
    growth = draws.bell(habits.GROWTH_DEVIATION, size)
    silent = _silent(draws, size, people.months)

    owner, cycle, place = _cycles(people, kind, leaves)
    month = people.months_on[place]
    busy = draws.bell(habits.BUSY_DEVIATION, len(place))
    is_silent = silent[owner, month]
    kept = slice(0, int(np.searchsorted(owner, base.in_block(block))))
    used = {}
    for service in people.services:
        habit = habits.HABITS.get(service, habits.OTHER)
        mine = level + draws.bell(habit.deviation, size)
        grows = growth + habit.growth
        never = draws.below(100, size) < habit.never
        varies, rest = draws.bell_with_rest(habits.CYCLE_DEVIATION, len(place))
        found = times(people.typical[service][place], mine[owner] + grows[owner] * month // 12 + busy + varies, rest)
        found[is_silent | never[owner]] = 0
        used[service] = found[kept]
    subscriber = owner[kept] + (block * size + 1)
    return Rows(subscriber, kind[owner[kept]], cycle[kept], place[kept], used)


def _lines(people: Population, draws: Draws, size: int) -> tuple[Ints, Ints]:
    """The kind of each line, and the month, from 0, from which on it has no cycle any more."""
    plan = draws.below(max(1, len(people.plans)), size)
    # The base that is there at the start, and of it so many in each month after the first.
    drawn = draws.below(1_000 + habits.JOINING * (people.months - 1), size)
    joins = np.where(drawn < 1_000, 0, (drawn - 1_000) // habits.JOINING + 1)
    day = draws.chosen(people.start_shares, size)
    kind = (plan * people.months + joins) * len(people.start_shares) + day
    leaves = np.full(size, people.months, dtype=np.int64)
    for month in range(people.months - 1, 0, -1):
        leaves[draws.below(1_000, size) < habits.LEAVING] = month
    return kind, np.maximum(leaves, joins + 1)


def _levels(draws: Draws, size: int) -> Ints:
    """How much more than a typical line each uses, of all services."""
    segment = draws.chosen(tuple(one.share for one in habits.SEGMENTS), size)
    around, tail = draws.bell(OCTAVE, size), draws.tail(size) * 2 // 3
    found = np.zeros(size, dtype=np.int64)
    for number, one in enumerate(habits.SEGMENTS):
        mine = one.level + (around * one.deviation // OCTAVE) + (tail if one.tail else 0)
        found = np.where(segment == number, mine, found)
    return found


def _silent(draws: Draws, size: int, months: int) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """By subscriber and month: silent months often come together."""
    found = np.zeros((size, months), dtype=np.bool_)
    now = np.zeros(size, dtype=np.bool_)
    for month in range(months):
        now = draws.below(1_000, size) < np.where(now, habits.STAYING_SILENT, habits.FALLING_SILENT)
        found[:, month] = now
    return found


def _cycles(people: Population, kind: Ints, leaves: Ints) -> tuple[Ints, Ints, Ints]:
    """Row by row: the subscriber in the block, the number of the cycle, and its place in the population."""
    first = people.first[kind]
    every = people.first[kind + 1] - first
    owner = np.repeat(np.arange(len(kind)), every)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(every) - every, every)
    place = first[owner] + number
    stays = (people.months_on[place] < leaves[owner]) | (number == 0)
    return owner[stays], number[stays] + 1, place[stays]
