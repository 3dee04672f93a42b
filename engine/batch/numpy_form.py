"""A program as calls of numpy, in blocks of lines whose amounts stay in the cache; for where there is no numba.

Columns are arrays of int64, cycle by line, contiguous in lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, assert_never

from engine.batch.program import Program, needed
from engine.batch.terms import BelowZero, Input, Parts, Quotient, Sum, unknown
from engine.batch.trace import Step

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 4096


def ready(program: Program, columns: Sequence[str], *, moved: bool) -> Callable[..., None]:
    """`settle(first, end, cycles, opening, closing, moved, used.., figures)`, as that of `numba_form.as_text`."""
    import numpy

    many = len(program.uses)
    held = numpy.zeros((max(1, program.most_held), BLOCK), numpy.int64)
    work = numpy.zeros((max(len(step.tape.atoms) for step in program.steps) + 2, BLOCK), numpy.int64)
    sums = _MovedSums(program) if moved else None

    def settle(first: int, end: int, cycles: int, opening: Any, closing: Any, moved: Any, *arrays: Any) -> None:
        *used, figures = arrays
        for lo in range(first, end, BLOCK):
            hi = min(lo + BLOCK, end)
            held[: len(program.opening), : hi - lo] = opening[:, lo:hi]
            for begin, over, step in program.runs:
                for cycle in range(begin, min(over, cycles)):
                    values = [column[cycle, lo:hi] for column in used] + [row[: hi - lo] for row in held]
                    block = _Block(numpy, step, work[:, : hi - lo], values[: many + len(step.opening)])
                    wanted = [step.figures.get(column, 0) for column in columns]
                    after = [amount for _, amount in step.closing]
                    block.fill([*wanted, *after, *(step.moved.values() if sums else ())])
                    for index, amount in enumerate(wanted):
                        if unknown(amount):
                            block.write(amount, figures[index, cycle, lo:hi])
                    if sums:
                        sums.add(block, step, moved, hi - lo)
                    block.hold(after, held)
            closing[: program.most_held, lo:hi] = held[: program.most_held, : hi - lo]

    return settle


class _MovedSums:
    def __init__(self, program: Program) -> None:
        self.places = {key: index for index, key in enumerate(program.moved)}

    def add(self, block: _Block, step: Step, moved: Any, lines: int) -> None:
        for key, amount in step.moved.items():
            moved[self.places[key]] += block.total(term) if (term := unknown(amount)) else amount * lines


class _Block:
    """The atoms of a step for some lines, a row each."""

    def __init__(self, numpy: Any, step: Step, work: Any, inputs: list[Any]) -> None:
        self.numpy = numpy
        self.step = step
        self.spare, self.whole = work[-1], work[-2]
        self.rows: list[Any] = [*inputs, *work[len(inputs) : len(step.tape.atoms)]]

    def fill(self, amounts: Sequence[int]) -> None:
        for number in needed(self.step, amounts):
            atom, row = self.step.tape.atoms[number], self.rows[number]
            match atom:
                case Input():
                    pass
                case BelowZero():
                    self._sum(atom.parts, atom.const, row)
                    self.numpy.minimum(row, 0, out=row)
                case Quotient():
                    self._sum(atom.parts, atom.const, row)
                    self.numpy.floor_divide(row, atom.by, out=row)
                case _:
                    assert_never(atom)

    def write(self, amount: int, to: Any) -> None:
        if term := unknown(amount):
            self._sum(term.parts, term.const, to)
        else:
            to[:] = amount

    def total(self, amount: Sum) -> int:
        self._sum(amount.parts, amount.const, self.whole)
        return int(self.whole.sum())

    def hold(self, amounts: Sequence[int], held: Any) -> None:
        """What is held by then takes the place of what was: all of it is computed first."""
        made = []
        for amount in amounts:
            row = self.numpy.empty_like(self.spare)
            self.write(amount, row)
            made.append(row)
        for index, row in enumerate(made):
            held[index, : len(row)] = row

    def _sum(self, parts: Parts, const: int, to: Any) -> None:
        first, *rest = _positive_first(parts)
        self._times(first, to)
        for part in rest:
            atom, count = part
            if abs(count) == 1:
                (self.numpy.add if count > 0 else self.numpy.subtract)(to, self.rows[atom], out=to)
            else:
                self._times(part, self.spare)
                to += self.spare
        if const:
            to += const

    def _times(self, part: tuple[int, int], to: Any) -> None:
        atom, count = part
        if count == 1:
            to[:] = self.rows[atom]
        else:
            self.numpy.multiply(self.rows[atom], count, out=to)


def _positive_first(parts: Parts) -> Iterator[tuple[int, int]]:
    return iter(sorted(parts, key=lambda part: part[1] != 1))
