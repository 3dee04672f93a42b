"""The largest gap between two plans, of use in whole steps of the plans' own constants: all that can be held then is looked at.

What a cycle computes only adds, subtracts and compares. So what opens and is used in whole steps of the greatest common divisor
of all constants closes in such steps, and there are few states; each is reached in the way that leaves the largest gap. A gap
found so is one of a history. Whether use between the steps could leave a larger one is another question (`worst.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import gcd

from engine.batch.course import Piece
from engine.batch.trace import Step
from engine.prove.joint import Question, Steps
from engine.prove.plain import Amounts, PlainCycle, plain_cycles

MOST_TRIED = 1_000_000  # states times levels of use, in all cycles: a second or two
_State = tuple[Amounts, Amounts]


@dataclass(frozen=True, slots=True)
class Walk:
    """`reached[n]`: what both can hold after n cycles, with the largest gap that leads there; `came` from which state and by
    which use. All in base units."""

    unit: int
    pieces: Sequence[tuple[Sequence[Piece], Sequence[Piece]]]
    reached: Sequence[dict[_State, int]]
    came: Sequence[dict[_State, tuple[_State, int]]]

    def gap(self, cycles: int) -> int:
        return max(self.reached[cycles].values())

    def history(self, cycles: int) -> tuple[int, ...]:
        """The use of each cycle that leaves the largest gap."""
        state = max(self.reached[cycles], key=self.reached[cycles].__getitem__)
        used = []
        for came in reversed(self.came[:cycles]):
            state, one = came[state]
            used.append(one)
        return tuple(reversed(used))


def walk(cycles: Sequence[Steps], asked: Question, most: int, tried: int = MOST_TRIED) -> Walk | None:
    """Cycles of two plans, of which none uses more than `most`. None where it is not known that nothing leaves the lattice, and
    where there are too many states."""
    if asked.divides or len(asked.about) > 1:
        return None
    plans = [_cycles([pair[which] for pair in cycles], asked) for which in (0, 1)]
    unit = gcd(most, *(const for plan in plans for cycle in plan for const in cycle.plain.constants()))
    levels = range(0, most + 1, unit)
    weight = most * len(cycles) + 1  # a larger gap weighs more than any use; of equal ones the one with less use is kept
    found: dict[_State, int] = {(plans[0][0].plain.nothing, plans[1][0].plain.nothing): 0}
    reached, came, tried = [found], [], 0
    for first, second in zip(*plans, strict=True):
        tried += len(levels) * (
            len(found)
            + sum(len({state[which] for state in found} - plan.known.keys()) for which, plan in enumerate((first, second)))
        )
        if tried > MOST_TRIED:
            return None
        found, ways = _after(found, first, second, levels, weight)
        reached.append({state: -(-worth // weight) for state, worth in found.items()})
        came.append(ways)
    pieces = list(zip(*([plan[0].plain.opening, *(cycle.plain.closing for cycle in plan)] for plan in plans), strict=True))
    return Walk(unit, pieces, reached, came)


def _after(
    found: dict[_State, int], first: _Cycle, second: _Cycle, levels: range, weight: int
) -> tuple[dict[_State, int], dict[_State, tuple[_State, int]]]:
    """The best way into each state behind a cycle, and from where."""
    following: dict[_State, int] = {}
    ways: dict[_State, tuple[_State, int]] = {}
    for state, worth in found.items():
        for used, one, other in zip(levels, first.used(state[0], levels), second.used(state[1], levels), strict=True):
            behind, now = (one[0], other[0]), worth + (other[1] - one[1]) * weight - used
            if behind not in following or now > following[behind]:
                following[behind] = now
                ways[behind] = (state, used)
    return following, ways


@dataclass(frozen=True, slots=True)
class _Cycle:
    """What was computed of one plan's cycle: what it closes with, and what is uncovered, at each level of use."""

    plain: PlainCycle
    known: dict[Amounts, list[tuple[Amounts, int]]] = field(default_factory=dict)

    def used(self, held: Amounts, levels: range) -> list[tuple[Amounts, int]]:
        if held not in self.known:
            self.known[held] = [self.plain.compute(held, (used,)) for used in levels]
        return self.known[held]


def _cycles(steps: Sequence[Step], asked: Question) -> list[_Cycle]:
    """Those that are alike are one."""
    made: dict[int, _Cycle] = {}
    return [
        made.setdefault(id(plain), _Cycle(plain)) for plain in plain_cycles(steps, asked.about, asked.about, [asked.figure])
    ]
