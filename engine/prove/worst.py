"""How far one plan can fall behind another one in some cycles: the largest gap of the lattice, and whether it is the largest of
all.

The walk over the lattice says what each sum of gap and lots is at most behind each cycle. Where the solver shows, cycle for
cycle, that no use whatever breaks these bounds, the gap is the largest that there is; else it is the largest of use in those
steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.batch.course import Piece
from engine.prove.joint import Joint, Question, Steps, read_any
from engine.prove.lattice import Walk
from engine.prove.relations import NEVER_WORSE, Bounded, Relation, all_sums
from engine.prove.unbroken import holds_on

_MOST_SUMS = 100_000  # relations times states: what is certified in a second or two


@dataclass(frozen=True, slots=True)
class Worst:
    """`history` leaves a `gap` behind, use of each cycle. `is_most`: no use leaves a larger one; else only none does that is
    used in whole steps of `unit`."""

    gap: int
    history: tuple[int, ...]
    unit: int
    is_most: bool


NEVER_BEHIND = Worst(0, (), 0, True)


def worst(cycles: Sequence[Steps], asked: Question, walk: Walk, most: int) -> Worst:
    """Behind the last of these cycles."""
    many = len(cycles)
    return Worst(walk.gap(many), walk.history(many), walk.unit, _is_most(cycles, asked, walk, most))


def _is_most(cycles: Sequence[Steps], asked: Question, walk: Walk, most: int) -> bool:
    sums = [all_sums(*pieces) for pieces in walk.pieces]
    if sum(len(one) * len(states) for one, states in zip(sums, walk.reached, strict=True)) > _MOST_SUMS:
        return False
    return holds_on(_told(cycles, asked, walk, sums, most), NEVER_WORSE)


def _told(
    cycles: Sequence[Steps], asked: Question, walk: Walk, sums: Sequence[Sequence[Relation]], most: int
) -> Iterator[tuple[Joint, Bounded, Bounded]]:
    joints: dict[tuple[int, int], Joint] = {}
    before = _highest(walk, 0, sums[0])
    for number, pair in enumerate(cycles):
        key = id(pair[0]), id(pair[1])
        if key not in joints:
            joint = read_any(pair, asked)
            joints[key] = joint.within([used <= most for used in joint.used.values()])
        behind = _highest(walk, number + 1, sums[number + 1])
        yield joints[key], before, behind
        before = behind


def _highest(walk: Walk, boundary: int, sums: Sequence[Relation]) -> dict[Relation, int]:
    """What each of these is at most, of all states that are reached."""
    first, second = walk.pieces[boundary]
    told: list[tuple[int, Mapping[Piece, int], Mapping[Piece, int]]] = [
        (gap, dict(zip(first, one, strict=True)), dict(zip(second, other, strict=True)))
        for (one, other), gap in walk.reached[boundary].items()
    ]
    return {relation: max(relation.of(*state) for state in told) for relation in sums}
