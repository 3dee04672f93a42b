"""Linear relations between what two plans hold and how much more the second one has left uncovered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import z3

from engine.batch.course import Piece
from engine.prove.solving import Term

_Lots = tuple[tuple[Piece, ...], tuple[Piece, ...]]  # of the first plan and of the second one
Amounts = Mapping[Piece, Any]  # numbers or terms
Bounded = Mapping["Relation", int]  # what each is at most
Bounds = Mapping[tuple[Piece, ...], int]  # what lots hold together at the most


@dataclass(frozen=True, slots=True)
class Relation:
    """A sum that is never above a constant: of the gap, or not, and of what each plan holds in some lots, `signs` times. Or,
    where `enough` is said, the second plan holds at least that in its lots."""

    of_gap: bool
    first: tuple[Piece, ...] = ()
    second: tuple[Piece, ...] = ()
    signs: tuple[int, int] = (1, -1)
    enough: int | None = None

    def of(self, gap: Any, first: Amounts, second: Amounts) -> Any:
        one, other = self.signs
        held = _sum(first, self.first, one) + _sum(second, self.second, other)
        return held + gap if self.of_gap else held

    def keeps(self, most: int, gap: Term, first: Amounts, second: Amounts) -> Term:
        """That the sum is not above `most`, or there is enough."""
        kept = _term(self.of(gap, first, second)) <= most
        return kept if self.enough is None else z3.Or(kept, _term(_sum(second, self.second, 1)) >= self.enough)


NEVER_WORSE = Relation(True)  # at most 0: the second plan never left more uncovered than the first one


def more_held(first: Sequence[Piece], second: Sequence[Piece]) -> dict[Relation, int]:
    """That the second one holds at least as much in all and of what ends late, and that the gap is made up by what it holds
    more: few, and most often enough."""
    pairs = _pairs(first, second)
    late = [Relation(False, *pair) for key, pair in pairs.items() if key[0] == "late" and all(pair)]
    return dict.fromkeys([NEVER_WORSE, Relation(True, *pairs["all",]), *late], 0)


def more_held_or_enough(first: Sequence[Piece], second: Sequence[Piece], most: Bounds) -> dict[Relation, int]:
    """That what the second one holds of what ends late makes up for the gap, or is all that there can be beside what ends
    sooner: a cap that takes the newest first leaves a line that has used what ends soon, and is full again, less of it than one
    that has used what ends late, and that is made up by how much it is. `most` of its lots, and of all of them, come of a line
    that uses nothing; that no lot holds more is shown with the rest."""
    pairs = _pairs(first, second)
    every = pairs["second",][1]
    found = {NEVER_WORSE: 0, Relation(True, *pairs["all",]): 0}
    for end in sorted({piece.end for piece in every})[1:]:
        soon = sum(most[piece,] for piece in every if piece.end < end)
        found[Relation(True, *pairs["late", end], enough=most[every] - soon)] = 0
    return found | {Relation(False, (), (piece,), (1, 1)): most[piece,] for piece in every}


def more_held_anywhere(first: Sequence[Piece], second: Sequence[Piece]) -> dict[Relation, int]:
    """The same of what ends late, of what ends soon, of what ends together, and in all; each also with the gap."""
    sums = list(dict.fromkeys(_pairs(first, second).values()))
    more = [Relation(True, *pair) for pair in sums] + [Relation(False, *pair) for pair in sums if all(pair)]
    return more_held(first, second) | dict.fromkeys(more, 0)


def more_of_each_age(first: Sequence[Piece], second: Sequence[Piece]) -> dict[Relation, int]:
    """That the second one holds as much of what came before any cycle, since it, and in it, whenever that ends."""
    one, other = (tuple(piece for piece in pieces if not piece.debt) for pieces in (first, second))
    found = {NEVER_WORSE: 0}
    for born in sorted({piece.born for piece in (*one, *other)}):
        for is_in in (born.__ge__, born.__le__, born.__eq__):
            older = tuple(piece for piece in one if is_in(piece.born)), tuple(piece for piece in other if is_in(piece.born))
            found[Relation(False, *older)] = 0
    return found


def as_much(first: Sequence[Piece], second: Sequence[Piece]) -> list[Relation]:
    """How much more each holds of what ends late, soon, and together, and in all."""
    pairs = [pair for pair in _pairs(first, second).values() if all(pair)]
    return [Relation(False, *pair, signs) for pair in pairs for signs in ((1, -1), (-1, 1))]


def as_much_in_all(first: Sequence[Piece], second: Sequence[Piece]) -> list[Relation]:
    return [Relation(False, tuple(first), tuple(second), signs) for signs in ((1, -1), (-1, 1))]


def each_lot(first: Sequence[Piece], second: Sequence[Piece]) -> list[Relation]:
    """What each holds in each lot."""
    found = [Relation(False, (piece,), (), (1, 1)) for piece in first if not piece.debt]
    return found + [Relation(False, (), (piece,), (1, 1)) for piece in second if not piece.debt]


def all_sums(first: Sequence[Piece], second: Sequence[Piece]) -> list[Relation]:
    """The same lots, each plan's added, taken off or left out."""
    found: dict[Relation, None] = {}
    for one, other in ((), ()), *_pairs(first, second).values():
        for of_gap in (True, False):
            for signs in (1, -1), (-1, 1), (1, 1), (-1, -1):
                if of_gap or one or other:
                    found[Relation(of_gap, one, other, (signs[0] if one else 1, signs[1] if other else -1))] = None
    return list(found)


def _pairs(first: Sequence[Piece], second: Sequence[Piece]) -> dict[tuple[object, ...], _Lots]:
    """Lots of both plans that belong together by when they end, all of one of them alone, what each owes, and all, less what is
    owed."""
    one, other = (tuple(piece for piece in pieces if not piece.debt) for pieces in (first, second))
    found: dict[tuple[object, ...], _Lots] = {}
    for end in sorted({piece.end for piece in (*one, *other)}):
        for name, is_in in (("late", end.__le__), ("soon", end.__ge__), ("then", end.__eq__)):
            found[name, end] = _those(one, is_in), _those(other, is_in)
    found |= {("first",): (one, ()), ("second",): ((), other), ("all",): (tuple(first), tuple(second))}
    for piece in dict.fromkeys(piece for piece in (*first, *second) if piece.debt):
        found["owed", piece] = (piece,) * (piece in first), (piece,) * (piece in second)
    return found


def _those(pieces: Iterable[Piece], is_in: Callable[[int], bool]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if is_in(piece.end))


def _sum(amounts: Amounts, pieces: Iterable[Piece], sign: int) -> Any:
    """What is owed is so much less. A sign is no factor: to make one of the solver's products takes longer than a sum, and to
    make many sums of two takes longer than one of all."""
    each = [-amounts[piece] if piece.debt else amounts[piece] for piece in pieces if piece in amounts]
    total = z3.Sum(each) if len(each) > 1 and not isinstance(each[0], int) else sum(each)
    return total if sign > 0 else -total


def _term(amount: Any) -> Term:
    return z3.IntVal(amount) if isinstance(amount, int) else z3.simplify(amount)
