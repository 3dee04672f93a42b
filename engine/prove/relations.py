"""Linear relations between what two plans hold and how much more the second one has left uncovered: which of them no cycle
breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import z3

from engine.batch.course import Piece
from engine.prove.joint import Joint
from engine.prove.terms import Term

_Lots = tuple[tuple[Piece, ...], tuple[Piece, ...]]  # of the first plan and of the second one
Amounts = Mapping[Piece, Any]  # numbers or terms
Bounded = Mapping["Relation", int]  # what each is at most
_EFFORT = 4_000_000  # of the solver for one round


@dataclass(frozen=True, slots=True)
class Relation:
    """A sum that is never above a constant: of the gap, or not, and of what each plan holds in some lots, `signs` times."""

    of_gap: bool
    first: tuple[Piece, ...] = ()
    second: tuple[Piece, ...] = ()
    signs: tuple[int, int] = (1, -1)

    def of(self, gap: Any, first: Amounts, second: Amounts) -> Any:
        one, other = self.signs
        held = sum(first.get(piece, 0) * one for piece in self.first) + sum(
            second.get(piece, 0) * other for piece in self.second
        )
        return held + gap if self.of_gap else held


NEVER_WORSE = Relation(True)  # at most 0: the second plan never left more uncovered than the first one


def more_held(first: Sequence[Piece], second: Sequence[Piece]) -> list[Relation]:
    """That the second one holds at least as much in all and of what ends late, and that the gap is made up by what it holds
    more: few, and most often enough."""
    pairs = _pairs(first, second)
    late = [Relation(False, *pair) for key, pair in pairs.items() if key[0] == "late" and all(pair)]
    return [NEVER_WORSE, Relation(True, *pairs["all",]), *late]


def more_held_anywhere(first: Sequence[Piece], second: Sequence[Piece]) -> list[Relation]:
    """The same of what ends late, of what ends soon, of what ends together, and in all; each also with the gap."""
    sums = list(dict.fromkeys(_pairs(first, second).values()))
    more = [Relation(True, *pair) for pair in sums] + [Relation(False, *pair) for pair in sums if all(pair)]
    return list(dict.fromkeys([*more_held(first, second), *more]))


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
    """Lots of both plans that belong together by when they end, and all of one of them alone. What is owed stands alone."""
    one, other = (tuple(piece for piece in pieces if not piece.debt) for pieces in (first, second))
    found: dict[tuple[object, ...], _Lots] = {}
    for end in sorted({piece.end for piece in (*one, *other)}):
        for name, is_in in (("late", end.__le__), ("soon", end.__ge__), ("then", end.__eq__)):
            found[name, end] = _those(one, is_in), _those(other, is_in)
    found |= {("first",): (one, ()), ("second",): ((), other), ("all",): (one, other)}
    for piece in dict.fromkeys(piece for piece in (*first, *second) if piece.debt):
        found["owed", piece] = (piece,) * (piece in first), (piece,) * (piece in second)
    return found


def _those(pieces: Iterable[Piece], is_in: Callable[[int], bool]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if is_in(piece.end))


def never_broken(joint: Joint, relations: Iterable[Relation]) -> set[Relation]:
    """Those of these relations that are never above zero, however often this cycle follows itself: with nothing held none is,
    and what some cycle breaks is dropped, until none breaks what is left. Nothing is left where the solver gives up."""
    cycle, left = _Cycle(joint), set(relations)
    while left:
        bounds = dict.fromkeys(sorted(left, key=str), 0)
        broken = cycle.breaks(bounds, bounds)
        if broken is None:
            return set()
        if not broken:
            break
        left -= broken
    return left


def holds_on(cycles: Iterable[tuple[Joint, Bounded, Bounded]], wanted: Relation) -> bool:
    """Whether what sums are at most before each cycle bounds them behind it, up to `wanted` behind the last one. A sum that
    some use takes above its bound counts for nothing from there on."""
    made: dict[int, _Cycle] = {}
    kept: set[Relation] | None = None
    for joint, before, behind in cycles:
        cycle = made.setdefault(id(joint), _Cycle(joint))
        told = {one: most for one, most in before.items() if kept is None or one in kept}
        left = dict(behind)
        while broken := cycle.breaks(told, left):
            left = {one: most for one, most in left.items() if one not in broken}
        if broken is None or wanted not in left:
            return False
        kept = set(left)
    return True


class _Cycle:
    """A cycle that is asked about again and again."""

    def __init__(self, joint: Joint) -> None:
        self._joint = joint
        self._before: dict[Relation, Term] = {}
        self._behind: dict[Relation, Term] = {}
        self._asked = z3.Solver()
        self._asked.set("rlimit", _EFFORT)
        self._asked.add(*joint.bounds)

    def breaks(self, before: Bounded, behind: Bounded) -> set[Relation] | None:
        """Bounds behind it that some cycle breaks which keeps those before it; None where that is not known."""
        if not behind:
            return set()
        joint = self._joint
        above = {}
        for one in before:
            if one not in self._before:
                self._before[one] = _term(one.of(joint.gap, joint.first.opening, joint.second.opening))
        for one, most in behind.items():
            if one not in self._behind:
                self._behind[one] = _term(one.of(joint.closing_gap, joint.first.closing, joint.second.closing))
            above[one] = self._behind[one] > most
        self._asked.push()
        self._asked.add(*(self._before[one] <= most for one, most in before.items()), z3.Or(list(above.values())))
        found = self._asked.check()
        model = self._asked.model() if found == z3.sat else None
        self._asked.pop()
        if model is None:
            return set() if found == z3.unsat else None
        return {one for one, is_above in above.items() if z3.is_true(model.eval(is_above, model_completion=True))}


def _term(amount: Any) -> Term:
    return z3.IntVal(amount) if isinstance(amount, int) else z3.simplify(amount)
