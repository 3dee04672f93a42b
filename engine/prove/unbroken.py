"""Which relations between what two plans hold no cycle breaks."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import cache, partial

import z3

from engine.prove.joint import Joint
from engine.prove.relations import Bounded, Relation
from engine.prove.solving import Term, solver

_EFFORT = 4_000_000  # of the solver for one round


def holds_always(joint: Joint, families: Iterable[Bounded], wanted: Relation) -> bool:
    """Whether one of these families of bounds, none below zero, has `wanted` hold however often this cycle follows itself: with
    nothing held all hold, and what some cycle breaks is dropped, until none breaks what is left. Not, too, where the solver
    gives up."""
    cycle = AnyCycle(joint)
    return any(wanted in cycle.keeps(bounds, wanted) for bounds in families)


def holds_on(cycles: Iterable[tuple[Joint, Bounded, Bounded]], wanted: Relation) -> bool:
    """Whether what sums are at most before each cycle bounds them behind it, up to `wanted` behind the last one. A sum that
    some use takes above its bound counts for nothing from there on."""
    made: dict[int, AnyCycle] = {}
    kept: set[Relation] | None = None
    for joint, before, behind in cycles:
        cycle = made.get(id(joint)) or made.setdefault(id(joint), AnyCycle(joint))
        told = {one: most for one, most in before.items() if kept is None or one in kept}
        left = dict(behind)
        while broken := cycle.breaks(told, left):
            left = {one: most for one, most in left.items() if one not in broken}
        if broken is None or wanted not in left:
            return False
        kept = set(left)
    return True


class AnyCycle:
    """A cycle that is asked about again and again, each time with so much `effort` of the solver."""

    def __init__(self, joint: Joint, effort: int = _EFFORT) -> None:
        first, second = joint.first, joint.second
        self._before = cache(partial(Relation.keeps, gap=joint.gap, first=first.opening, second=second.opening))
        self._behind = cache(partial(Relation.keeps, gap=joint.closing_gap, first=first.closing, second=second.closing))
        self._closing = cache(partial(Relation.of, gap=joint.closing_gap, first=first.closing, second=second.closing))
        self._asked = solver(effort)
        self._asked.add(*joint.bounds)

    def keeps(self, bounds: Bounded, wanted: Relation) -> Bounded:
        """Those of these that it never breaks where all of them hold before it, or some, with `wanted`, among them no more."""
        left = bounds
        while wanted in left and (broken := self.breaks(left, left)) != {}:
            left = {one: most for one, most in left.items() if broken and one not in broken}
        return left

    def breaks(self, before: Bounded, behind: Bounded) -> Bounded | None:
        """Bounds behind it that some cycle breaks which keeps those before it, and what they come to in that, rounded up; None
        where that is not known."""
        if not behind:
            return {}
        broken = {one: z3.Not(self._behind(one, most)) for one, most in behind.items()}
        self._asked.push()
        self._asked.add(*(self._before(one, most) for one, most in before.items()), z3.Or(list(broken.values())))
        found = self._asked.check()
        model = self._asked.model() if found == z3.sat else None
        self._asked.pop()
        if model is None:
            return {} if found == z3.unsat else None
        return {
            one: math.ceil(_number(model, self._closing(one)))
            for one, is_broken in broken.items() if z3.is_true(model.eval(is_broken, model_completion=True))
        }  # fmt: skip


def _number(model: z3.ModelRef, term: Term) -> Fraction:
    return Fraction(model.eval(term, model_completion=True).as_string()) if z3.is_expr(term) else Fraction(term)
