"""What is computed for all lines that are alike: the distinct steps of a trace, in which order, and what goes in and comes out.

A form (`numpy_form`, `numba_form`) makes it run over columns; `evaluate` runs it on plain numbers, of whatever size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from dsl.phrase import phrase
from dsl.scenario import MAX_CYCLES
from engine.batch.course import Inside, Piece
from engine.batch.terms import BelowZero, Input, Parts, Quotient, unknown
from engine.batch.trace import Moved, NotTracedError, Step

FITS = 1 << 62  # what is below it is never near the end of 64 bits, in whatever order it is summed
EXACT_DOUBLE = 1 << 53


@dataclass(frozen=True, slots=True)
class Program:
    """`order[c]` is the step of the c-th cycle, and `closings[c]` what is held when it has closed; where it `goes_on` the last
    ones hold for all that follow. `columns` are figures, in the order of the steps that have them."""

    uses: tuple[str, ...]
    opening: tuple[Piece, ...]
    closings: tuple[tuple[Piece, ...], ...]
    columns: tuple[str, ...]
    moved: tuple[Moved, ...]
    steps: tuple[Step, ...]
    order: tuple[int, ...]
    inside: Inside | None = None  # what makes days matter in some cycle, first
    goes_on: bool = False

    @property
    def runs(self) -> Iterator[tuple[int, int, Step]]:
        """First and end of cycles that follow each other and take the same step."""
        at = 0
        for number, same in groupby(self.order):
            end = at + len(list(same))
            yield at, MAX_CYCLES if self.goes_on and end == len(self.order) else end, self.steps[number]
            at = end

    def closing(self, cycles: int) -> tuple[Piece, ...]:
        """What is held after so many cycles."""
        return self.closings[min(cycles, len(self.closings)) - 1]

    @property
    def most_held(self) -> int:
        return max(len(self.opening), *map(len, self.closings))


def program(traced: Sequence[Step], *, goes_on: bool = False, in_64_bits: bool = True) -> Program:
    """Raises NotTracedError where an amount could pass 64 bits, and must not."""
    distinct: dict[object, int] = {}
    steps: list[Step] = []
    order: list[int] = []
    for step in traced:
        number = distinct.setdefault(sameness(step), len(steps))
        if number == len(steps):
            if in_64_bits:
                _check_size(step)
            steps.append(step)
        order.append(number)
    columns = dict.fromkeys(column for step in steps for column in step.figures)
    moved = dict.fromkeys(key for step in steps for key in step.moved)
    return Program(
        traced[0].uses, traced[0].opening, tuple(tuple(piece for piece, _ in step.closing) for step in traced), tuple(columns),
        tuple(moved), tuple(steps), tuple(order), next((step.inside for step in traced if step.inside), None), goes_on,
    )  # fmt: skip


def sameness(step: Step) -> object:
    """Equal for steps of one memory that compute the same from as many inputs."""
    closing = tuple(amount for _, amount in step.closing)
    return step.tape.beginning, tuple(step.figures.items()), closing, tuple(step.moved.items())


def _check_size(step: Step) -> None:
    for amount in (*step.figures.values(), *step.moved.values(), *(amount for _, amount in step.closing)):
        if term := unknown(amount):
            _check(step, term.parts, term.const)
    for atom in step.tape.atoms:
        if not isinstance(atom, Input):
            _check(step, atom.parts, atom.const)


def _check(step: Step, parts: Parts, const: int) -> None:
    if size(step, parts, const) >= FITS:
        raise NotTracedError(phrase("amounts could pass 64 bits"))


def size(step: Step, parts: Parts, const: int) -> int:
    """What no part of a sum is above, below or above zero, in whatever order it is summed."""
    return abs(const) + sum(abs(count) * max(map(abs, step.tape.ranges[atom])) for atom, count in parts)


def needed(step: Step, amounts: Iterable[int]) -> list[int]:
    """The numbers of the atoms that these amounts are made of, each after those it is made of."""
    found: set[int] = set()
    waiting = [atom for term in map(unknown, amounts) if term for atom, _ in term.parts]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            atom = step.tape.atoms[number]
            waiting += [] if isinstance(atom, Input) else [other for other, _ in atom.parts]
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Of one line: the figures of each cycle, what it holds at the end, and what was moved in all."""

    figures: list[dict[str, int]]
    closing: list[int]
    moved: dict[Moved, int]


def evaluate(program: Program, uses: Sequence[Mapping[str, int]], opening: Sequence[int]) -> Evaluated:
    """One line, on plain numbers: what the forms are measured against, and a row that needs more than 64 bits."""
    held, figures = list(opening), []
    moved = dict.fromkeys(program.moved, 0)
    for cycle, used in enumerate(uses):
        step = program.steps[program.order[min(cycle, len(program.order) - 1)]]
        values = computed(step, [*(used.get(service, 0) for service in step.uses), *held], range(len(step.tape.atoms)))
        figures.append({name: value(values, amount) for name, amount in step.figures.items()})
        for key, amount in step.moved.items():
            moved[key] += value(values, amount)
        held = [value(values, amount) for _, amount in step.closing]
    return Evaluated(figures, held, moved)


def computed(step: Step, inputs: Sequence[int], atoms: Iterable[int]) -> dict[int, int]:
    """What these atoms of a step are, each told after those it is made of."""
    values: dict[int, int] = {}
    for number in atoms:
        atom = step.tape.atoms[number]
        match atom:
            case Input():
                values[number] = inputs[number]
            case BelowZero():
                values[number] = min(0, _sum(values, atom.parts, atom.const))
            case Quotient():
                values[number] = _sum(values, atom.parts, atom.const) // atom.by
            case _:
                assert_never(atom)
    return values


def _sum(values: Mapping[int, int], parts: Parts, const: int) -> int:
    return const + sum(values[atom] * count for atom, count in parts)


def value(values: Mapping[int, int], amount: int) -> int:
    """An amount of a step, of whose atoms these are the values."""
    term = unknown(amount)
    return _sum(values, term.parts, term.const) if term else amount
