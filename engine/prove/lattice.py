"""The largest gap between two plans, of use in whole steps of the plans' own constants: all that can be held then is looked at.

What a cycle computes only adds, subtracts and compares. So what opens and is used in whole steps of the greatest common divisor
of all constants closes in such steps, and there are few states; each is reached in the way that leaves the largest gap. A gap
found so is one of a history. Whether use between the steps could leave a larger one is another question (`worst.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import gcd
from typing import Any

from engine.batch.course import Piece
from engine.batch.program import needed
from engine.batch.source_text import amount_as_text, atoms_as_text
from engine.batch.terms import Input, unknown
from engine.batch.trace import Step
from engine.prove.joint import Question, Steps

MOST_TRIED = 1_000_000  # states times levels of use, in all cycles: a second or two
_Held = tuple[int, ...]
_State = tuple[_Held, _Held]


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


def walk(cycles: Sequence[Steps], asked: Question, most: int) -> Walk | None:
    """Cycles of two plans, of which none uses more than `most`. None where it is not known that nothing leaves the lattice, and
    where there are too many states."""
    if asked.divides or len(asked.about) > 1:
        return None
    plans = [_cycles([pair[which] for pair in cycles], asked) for which in (0, 1)]
    unit = gcd(most, *(const for plan in plans for cycle in plan for const in cycle.constants()))
    levels = range(0, most + 1, unit)
    weight = most * len(cycles) + 1  # a larger gap weighs more than any use; of equal ones the one with less use is kept
    found: dict[_State, int] = {(plans[0][0].nothing, plans[1][0].nothing): 0}
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
    pieces = list(zip(*([plan[0].opening, *(cycle.closing for cycle in plan)] for plan in plans), strict=True))
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
    """A step of one plan on plain numbers: what it opens with and closes with of the service, and what is uncovered."""

    step: Step
    opening: tuple[Piece, ...]
    closing: tuple[Piece, ...]
    wanted: tuple[int, ...]  # amounts of the step: of each piece that it closes with, then what is uncovered
    compute: Callable[[_Held, int], tuple[_Held, int]]
    known: dict[_Held, list[tuple[_Held, int]]] = field(default_factory=dict)

    @property
    def nothing(self) -> _Held:
        return (0,) * len(self.opening)

    def constants(self) -> Iterator[int]:
        for number in needed(self.step, self.wanted):
            atom = self.step.tape.atoms[number]
            if not isinstance(atom, Input):
                yield atom.const
        for amount in self.wanted:
            term = unknown(amount)
            yield term.const if term else amount

    def used(self, held: _Held, levels: range) -> list[tuple[_Held, int]]:
        """What it closes with, and what is uncovered, at each level of use."""
        if held not in self.known:
            self.known[held] = [self.compute(held, used) for used in levels]
        return self.known[held]


def _cycles(steps: Sequence[Step], asked: Question) -> list[_Cycle]:
    """One behind the other: each opens with what the one before it closed with."""
    made: list[_Cycle] = []
    alike: dict[tuple[int, tuple[Piece, ...]], _Cycle] = {}
    for number, step in enumerate(steps):
        opening = made[-1].closing if made else _of(step.opening, asked)
        following = steps[number + 1].opening if number + 1 < len(steps) else [piece for piece, _ in step.closing]
        closing = _of(following, asked)
        if (id(step), closing) not in alike:
            held = dict(step.closing)
            wanted = (*(held.get(piece, 0) for piece in closing), step.figures.get(asked.figure, 0))
            alike[id(step), closing] = _Cycle(step, opening, closing, wanted, _compiled(step, opening, wanted))
        made.append(alike[id(step), closing])
    return made


def _compiled(step: Step, opening: Sequence[Piece], wanted: Sequence[int]) -> Callable[[_Held, int], tuple[_Held, int]]:
    """The amounts wanted as a function of what is held and used: atom by atom it would take ten times as long."""
    places = {piece: index for index, piece in enumerate(opening)}

    def inputs(number: int) -> str:
        place = places.get(step.opening[number - len(step.uses)]) if number >= len(step.uses) else None
        return "used" if number < len(step.uses) else "0" if place is None else f"held[{place}]"

    *closing, uncovered = map(amount_as_text, wanted)
    lines = [*atoms_as_text(step, wanted, inputs), f"return ({''.join(f'{one}, ' for one in closing)}), {uncovered}"]
    names: dict[str, Any] = {}
    exec(compile("def cycle(held, used):\n" + "".join(f"    {line}\n" for line in lines), "<plan>", "exec"), names)
    made: Callable[[_Held, int], tuple[_Held, int]] = names["cycle"]
    return made


def _of(pieces: Iterable[Piece], asked: Question) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.service == asked.service)
