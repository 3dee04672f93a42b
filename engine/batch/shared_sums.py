"""What several sums have in common, so that it is added once: two terms at a time, those first that most sums have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Terms = dict[int, int]  # how often each value counts; of ONE, how much is added
ONE = -1
_Pair = tuple[int, int, int]  # two values, and how often the second counts where the first counts once


@dataclass(frozen=True, slots=True)
class Shared:
    """The sums as they are left, and what they have in common, by numbers of its own."""

    sums: Sequence[Terms]
    made: dict[int, Terms]

    def uses(self) -> Counter[int]:
        """How often each value is read."""
        return Counter(value for terms in (*self.sums, *self.made.values()) for value in terms if value != ONE)


def share(sums: Sequence[Terms], first: int) -> Shared:
    """Changes the sums; what is made new is numbered from `first` on."""
    made: dict[int, Terms] = {}
    pairs = Counter(pair for terms in sums for pair in _pairs(terms))
    while pairs:
        pair, often = max(pairs.items(), key=lambda item: (item[1], item[0]))
        if often < 2:
            break
        one, other, times = pair
        number = first + len(made)
        having = [terms for terms in sums if pair in _pairs(terms)]
        sign = -1 if times < 0 and sum(terms[one] > 0 for terms in having) * 2 < len(having) else 1
        made[number] = {one: sign, other: sign * times}
        for terms in having:
            if pair in _pairs(terms):  # the same sum may be there twice
                pairs.subtract(_pairs(terms))
                terms[number] = sign * terms.pop(one)
                del terms[other]
                pairs.update(_pairs(terms))
    return Shared(sums, made)


def _pairs(terms: Terms) -> Iterator[_Pair]:
    """Terms that count equally often, and each with the constant where that can be divided."""
    found = sorted(terms.items(), reverse=True)  # the constant comes last
    for index, (one, count) in enumerate(found):
        for other, more in found[index + 1 :]:
            if abs(more) == abs(count) or (other == ONE and more % count == 0):
                yield one, other, more // count
