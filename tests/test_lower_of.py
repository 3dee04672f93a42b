"""What numpy computes: an atom is the lower of two sums rather than of a difference and zero, and all comes to the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

pytest.importorskip("numpy")

from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from engine.batch.lower_of import lower_of
from engine.batch.shared_sums import ONE, Terms

USED, HELD, TAKEN = 0, 1, 10


def test_what_is_used_of_a_lot_is_the_lower_of_use_and_lot() -> None:
    """Below zero is `used - held`; taken is held and that; what is left is that, turned round."""
    taken, left = {HELD: 1, TAKEN: 1}, {TAKEN: -1}
    found, others = lower_of({TAKEN: {USED: 1, HELD: -1}}, [taken, left], lambda _: True)
    assert (found[TAKEN].one, found[TAKEN].other) == ({USED: 1}, {HELD: 1})
    assert others == [{TAKEN: 1}, {HELD: 1, TAKEN: -1}]


def test_a_constant_is_a_side_of_its_own() -> None:
    found, [capped] = lower_of({TAKEN: {HELD: 1, ONE: -5}}, [{TAKEN: 1, ONE: 5}], lambda _: True)
    assert (found[TAKEN].one, found[TAKEN].other) == ({HELD: 1}, {ONE: 5})
    assert capped == {TAKEN: 1}


def test_what_might_not_fit_is_left_as_it_is() -> None:
    found, others = lower_of({TAKEN: {USED: 1, HELD: -1}}, [{HELD: 1, TAKEN: 1}], lambda terms: HELD not in terms)
    assert (found[TAKEN].one, found[TAKEN].other) == ({USED: 1, HELD: -1}, {})
    assert others == [{HELD: 1, TAKEN: 1}]


COUNTS = st.integers(-2, 2)
SUMS = st.lists(st.lists(COUNTS, min_size=9, max_size=9), min_size=1, max_size=5)  # inputs 0 to 2, then atoms, then a constant


@examples(300)
@given(SUMS, SUMS, st.lists(st.integers(0, 30), min_size=3, max_size=3))
def test_all_sums_come_to_the_same(inner: list[list[int]], outer: list[list[int]], inputs: list[int]) -> None:
    choices = {3 + number: _terms(counts, 3 + number) for number, counts in enumerate(inner)}
    sums = [_terms(counts, 3 + len(choices)) for counts in outer]
    found, others = lower_of(choices, sums, lambda _: True)
    before, after = dict(enumerate(inputs)), dict(enumerate(inputs))
    for number, terms in choices.items():
        before[number] = min(0, _value(terms, before))
        after[number] = min(_value(found[number].one, after), _value(found[number].other, after))
    assert [_value(terms, before) for terms in sums] == [_value(terms, after) for terms in others]
    assert sum(map(len, others)) <= sum(map(len, sums)) + sum(len(terms) for terms in choices.values())


def _terms(counts: list[int], atoms: int) -> Terms:
    """A sum of what comes before it, and a constant."""
    return {number: count for number, count in enumerate(counts[:-1]) if count and number < atoms} | (
        {ONE: counts[-1]} if counts[-1] else {}
    )


def _value(terms: Terms, values: Mapping[int, int]) -> int:
    return sum(count * (1 if term == ONE else values[term]) for term, count in terms.items())
