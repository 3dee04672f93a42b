"""Which two sums an atom is the lower of.

A trace has the lower of a sum and zero: of `used - held` and 0. What is made of it is mostly the lower of two, of `used` and
`held`, which differs from it by what is added. Who computes that need not take the one from the other and add it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.batch.shared_sums import Terms


@dataclass(slots=True)
class Lower:
    """The lower of two sums; of one and zero, where there is no `other`."""

    one: Terms
    other: Terms


def lower_of(
    sums: Mapping[int, Terms], others: Sequence[Terms], fits: Callable[[Terms], bool]
) -> tuple[dict[int, Lower], list[Terms]]:  # fmt: skip
    """Of atoms that are the lower of these sums and zero, and of other sums of them: the same with as few terms as is found,
    each atom being the lower of two sums from now on. Nothing is compared that does not fit, as a sum of what atoms were."""
    found = _Sums(sums, others, fits)
    while sum(map(found.improve, sums)):
        pass
    return found.lower, found.others


class _Sums:
    def __init__(self, sums: Mapping[int, Terms], others: Sequence[Terms], fits: Callable[[Terms], bool]) -> None:
        self.lower = {atom: Lower(dict(terms), {}) for atom, terms in sums.items()}
        self.others = [dict(terms) for terms in others]
        self._fits = fits
        self._added: dict[int, Terms] = {}  # of what atoms were, by how much each is more now
        self._having: dict[int, dict[int, Terms]] = defaultdict(dict)  # by atom, each sum that has or had it, by its id
        for terms in (*(lower.one for lower in self.lower.values()), *self.others):
            self._note(terms, terms)

    def improve(self, atom: int) -> bool:
        """Moves to the other side what saves most terms; whether anything does. Each of them is for itself: where nothing saves
        any elsewhere, one that costs none does since it need not be taken off here."""
        lower = self.lower[atom]
        if lower.other:
            return False
        against = {term: -count for term, count in lower.one.items() if count < 0}
        costs = {term: self._costs(atom, term, count) for term, count in against.items()}
        best = [term for term in against if costs[term] < 0] or [term for term in against if not costs[term]][:1]
        moved = {term: against[term] for term in best}
        if not moved or not (self._fits(self._was(moved)) and self._fits(self._was(_sum(lower.one, moved)))):
            return False
        self._move(atom, moved)
        return True

    def _costs(self, atom: int, moved: int, count: int) -> int:
        """How many terms more all other sums of an atom have if so much of another one is moved."""
        more = 0
        for terms in self._having[atom].values():
            if atom in terms:
                more += moved not in terms
                more -= terms.get(moved, 0) == count * terms[atom]
        return more

    def _move(self, atom: int, moved: Terms) -> None:
        self._added[atom] = self._was(moved)
        lower = self.lower[atom]
        for terms in self._having[atom].values():
            if atom in terms:
                _add(terms, moved, -terms[atom])
                self._note(terms, moved)
        _add(lower.one, moved, 1)
        lower.other = dict(moved)
        self._note(lower.other, moved)

    def _was(self, terms: Terms) -> Terms:
        """The same sum, of what atoms were."""
        found = dict(terms)
        for atom, count in terms.items():
            _add(found, self._added.get(atom, {}), count)
        return found

    def _note(self, having: Terms, atoms: Terms) -> None:
        for atom in atoms:
            if atom in self.lower:
                self._having[atom][id(having)] = having


def _sum(terms: Terms, more: Terms) -> Terms:
    found = dict(terms)
    _add(found, more, 1)
    return found


def _add(terms: Terms, more: Terms, times: int) -> None:
    for term, count in more.items():
        terms[term] = terms.get(term, 0) + count * times
        if not terms[term]:
            del terms[term]
