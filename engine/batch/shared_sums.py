"""What several sums have in common, so that it is added once: two terms at a time, those first that most sums have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

Terms = dict[int, int]  # how often each value counts; of ONE, how much is added
ONE = -1


@dataclass(frozen=True, slots=True)
class Shared:
    """The sums as they are left, and what they have in common, by numbers of its own."""

    sums: Sequence[Terms]
    made: dict[int, Terms]

    def uses(self) -> Counter[int]:
        """How often each value is read."""
        return Counter(value for terms in (*self.sums, *self.made.values()) for value in terms if value != ONE)


def share(sums: Sequence[Terms], first: int) -> Shared:
    """What is made new is numbered from `first` on."""
    table = _Table(sums)
    made: dict[int, Terms] = {}
    for one, other, times in table.pairs():
        sign = table.replace(one, other, times, first + len(made))
        made[first + len(made)] = _terms({table.names[one]: sign, table.names[other]: sign * times})
    return Shared([_terms(terms) for terms in table.sums()], made)


class _Table:
    """How often each value counts in each sum: a row a sum, a column a value. A constant is a value by the name of what is
    added below zero, so that it counts once."""

    def __init__(self, sums: Sequence[Terms]) -> None:
        counts = [{value: count for value, count in terms.items() if value != ONE} for terms in sums]
        for terms, own in zip(sums, counts, strict=True):
            if terms.get(ONE):
                own[-abs(terms[ONE])] = 1 if terms[ONE] > 0 else -1
        self.names = sorted({value for own in counts for value in own}, reverse=True)
        self._size = 2 * len(self.names) + 1  # columns there is room for
        places = {value: place for place, value in enumerate(self.names)}
        self._counts = numpy.zeros((len(sums), self._size), numpy.int64)
        for row, own in zip(self._counts, counts, strict=True):
            for value, count in own.items():
                row[places[value]] = count
        # How many sums have two values that count alike, and one that counts against the other; each pair stands once.
        self._common = numpy.zeros((2, self._size, self._size), numpy.int32)
        for place in range(len(self.names)):
            self._look(place)

    def pairs(self) -> Iterator[tuple[int, int, int]]:
        """Two columns that most sums have in common, and how often the second counts where the first counts once."""
        while self._common.size:
            against, one, other = numpy.unravel_index(self._common.argmax(), self._common.shape)
            if self._common[against, one, other] < 2:
                return
            yield int(one), int(other), -1 if against else 1

    def replace(self, one: int, other: int, times: int, name: int) -> int:
        """Puts a value of that name in place of the two wherever both are: the first of them, or what is as far below 0."""
        having = (self._counts[:, one] != 0) & (self._counts[:, other] == times * self._counts[:, one])
        sign = -1 if times < 0 and int((self._counts[having, one] > 0).sum()) * 2 < int(having.sum()) else 1
        if len(self.names) == self._size:
            self._counts = numpy.pad(self._counts, ((0, 0), (0, self._size)))
            self._common = numpy.pad(self._common, ((0, 0), (0, self._size), (0, self._size)))
            self._size *= 2
        new = len(self.names)
        self.names.append(name)
        self._counts[having, new] = sign * self._counts[having, one]
        self._counts[having, one] = self._counts[having, other] = 0
        for place in (one, other, new):
            self._look(place)
        return sign

    def sums(self) -> Iterator[dict[int, int]]:
        for row in self._counts:
            yield {self.names[place]: int(row[place]) for place in row.nonzero()[0]}

    def _look(self, place: int) -> None:
        column: Any = self._counts[:, place, None]
        having = (column != 0).ravel()
        counts, column = self._counts[having], column[having]
        for against, found in enumerate(((counts == column).sum(0), (counts == -column).sum(0))):
            self._common[against, place, :place] = found[:place]
            self._common[against, place + 1 :, place] = found[place + 1 :]


def _terms(counts: dict[int, int]) -> Terms:
    """With what is added as terms have it."""
    constant = sum(-value * count for value, count in counts.items() if value < 0)
    return {value: count for value, count in counts.items() if value >= 0} | ({ONE: constant} if constant else {})
