"""What several sums have in common, so that it is added once: two terms at a time, those first that most sums have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

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
    often = Counter(pair for terms in sums for value in terms for pair in _pairs(terms, value) if pair[0] == value)
    queue = [(-count, pair) for pair, count in often.items() if count > 1]
    heapify(queue)
    while queue:
        count, pair = heappop(queue)
        if often[pair] != -count:  # it has changed since
            if often[pair] > 1:
                heappush(queue, (-often[pair], pair))
            continue
        one, other, times = pair
        having = [terms for terms in sums if _has(terms, pair)]
        sign = -1 if times < 0 and sum(terms[one] > 0 for terms in having) * 2 < len(having) else 1
        number = first + len(made)
        made[number] = {one: sign, other: sign * times}
        for terms in having:
            often.subtract({*_pairs(terms, one), *_pairs(terms, other)})
            terms[number] = sign * terms.pop(one)
            del terms[other]
            for new in _pairs(terms, number):
                often[new] += 1
                if often[new] > 1:
                    heappush(queue, (-often[new], new))
    return Shared(sums, made)


def _pairs(terms: Terms, value: int) -> Iterator[_Pair]:
    """Those of a value in a sum: terms that count equally often, and each with the constant where that can be divided."""
    for other in terms:
        one, second = max(value, other), min(value, other)
        if other != value and (abs(terms[one]) == abs(terms[second]) or (second == ONE and terms[ONE] % terms[one] == 0)):
            yield one, second, terms[second] // terms[one]


def _has(terms: Terms, pair: _Pair) -> bool:
    one, other, times = pair
    return one in terms and other in terms and terms[other] == times * terms[one]
