"""Whether three readings of a plan come to the same: the interpreter, the batch over columns, and the terms of the solver.

    python benchmarks/three_ways.py [--first 0] [--minutes 10] [--cycles 1000000] [--told FOLDER]

The plans and histories are those of `batch_equal.py`, some lines of each, up to 14 cycles. The interpreter runs them lot by
lot. The numpy form of the batch runs them as columns. For the solver the numbers of each cycle are put into a model in place of
the names of its terms, and Z3 says whether each figure, each amount that is held then, and each on the way to these is what it
is said to be; what it said yes to is compared with the other two. A history (a line) and its cycles count where all three came
to them.

What no step computes has no terms and is left out. A case that differs is written to the folder, as a plan and why. The last
line says where to go on.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy
import z3

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.batch_equal import Case, case_of, held_alike  # noqa: E402
from benchmarks.counted import Counted, counted  # noqa: E402
from engine.batch.batch import Batch, figures_of  # noqa: E402
from engine.batch.course import Piece  # noqa: E402
from engine.batch.lines import Form, Lines, columns_of  # noqa: E402
from engine.batch.program import computed, value  # noqa: E402
from engine.batch.rows import Rows  # noqa: E402
from engine.batch.terms import Memory  # noqa: E402
from engine.batch.trace import NotTracedError, Step, trace  # noqa: E402
from engine.prove.terms import read  # noqa: E402
from tests.by_parts import RowsByParts  # noqa: E402

LINES, CYCLES = 100, 14  # of a case at the most: many plans show more than many lines, and long ones take long to trace
INTERPRETER, BATCH, SOLVER = "interpreter", "batch", "solver"
_CONTEXT = z3.main_ctx().ref()
_WHOLE = z3.IntSort().ast


@dataclass(frozen=True, slots=True)
class Read:
    """What a reading came to: figures by name, cycle by line, and what each line holds at the end."""

    figures: Mapping[str, Any]
    held: Mapping[Piece, Sequence[int]]


def shortened(case: Case, count: int = LINES, cycles: int = CYCLES) -> Case:
    lines = case.lines
    uses = {service: column[:cycles, :count] for service, column in lines.uses.items()}
    numbers = numpy.minimum(lines.cycles[:count], cycles)
    return replace(case, lines=Lines(lines.starts, lines.start_of[:count], lines.first[:count], numbers, uses))


def steps_of(case: Case, memory: Memory) -> list[Step]:
    """Raises NotTracedError."""
    lines = case.lines
    uses, first = tuple(lines.uses), int(lines.first[0])
    return trace(case.plan, lines.starts[0], uses, lines.most_cycles, first=first, others=case.others, memory=memory)


# ---- the three


def by_interpreter(case: Case) -> Read:
    lines = case.lines
    rows = (Rows if case.by_days else RowsByParts)(case.plan, lines.starts[0], case.others)
    names = columns_of(case.plan, list(lines.uses))
    figures = {name: numpy.zeros((lines.most_cycles, lines.count), numpy.int64) for name in names}
    held: dict[Piece, Any] = {}
    for line, uses in enumerate(_uses(lines)):
        closed = rows.settle(uses, first=int(lines.first[line]), opening=())
        for cycle, one in enumerate(closed):
            row = figures_of(one.sums)
            for name in names:
                figures[name][cycle, line] = row.get(name, 0)
        for piece, amount in closed[-1].held:
            held.setdefault(piece, numpy.zeros(lines.count, numpy.int64))[line] = amount
    return Read(figures, held)


def by_batch(case: Case, memory: Memory) -> Read | None:
    """None where it ran them one at a time. `memory`: what is known of ranges, which takes long to find."""
    batch = Batch(case.plan, columns_of(case.plan, list(case.lines.uses)), Form.NUMPY, others=case.others)
    batch._memory = memory
    found = batch.settle(case.lines)
    return None if found.by_rows or found.refused else Read(found.columns, found.closing)


def by_solver(case: Case, steps: Sequence[Step]) -> Read | str:
    """Or which figure Z3 does not find to be what plain numbers come to."""
    lines = case.lines
    names = columns_of(case.plan, list(lines.uses))
    figures = {name: numpy.zeros((lines.most_cycles, lines.count), numpy.int64) for name in names}
    held = [[0] * len(steps[0].opening) for _ in range(lines.count)]
    uses = list(_uses(lines))
    for cycle, step in enumerate(steps):
        terms = _Terms(step, [name for name in names if name in step.figures])
        for line in range(lines.count):
            inputs = [*(uses[line][cycle][service] for service in step.uses), *held[line]]
            told, held[line], atoms = terms.numbers(inputs)
            if not terms.are(atoms, [*told.values(), *held[line]]):
                return f"Z3 does not come to {told} and {held[line]} in cycle {cycle + 1} of line {line}, of {inputs}"
            for name, amount in told.items():
                figures[name][cycle, line] = amount
    pieces = [piece for piece, _ in steps[-1].closing]
    return Read(figures, dict(zip(pieces, numpy.array(held, numpy.int64).reshape(lines.count, len(pieces)).T, strict=True)))


def _uses(lines: Lines) -> Iterator[list[dict[str, int]]]:
    for line in range(lines.count):
        yield [
            {service: int(column[cycle, line]) for service, column in lines.uses.items()}
            for cycle in range(lines.most_cycles)
        ]  # fmt: skip


class _Terms:
    """One step as terms of Z3, evaluated on numbers: each name it has is given its number, and Z3 says whether all that
    is asserted of them holds. That leaves nothing open: the lower of two, or a quotient, is one number."""

    def __init__(self, step: Step, names: Sequence[str]) -> None:
        self._step, self._names = step, names
        self._amounts = [*(step.figures[name] for name in names), *(amount for _, amount in step.closing)]
        services = {piece.service for piece, _ in step.closing}
        cycle = read(step, "c", about=services, figures=names, whole=True)
        terms = [*cycle.figures.values(), *(cycle.closing[piece] for piece, _ in step.closing)]
        self._told = [z3.Int(f"told{index}") for index, _ in enumerate(terms)]
        self._same = z3.And([*cycle.bounds, *(term == one for term, one in zip(terms, self._told, strict=True))])
        self._atoms = [z3.Int(f"c.{number}") for number, _ in enumerate(step.tape.atoms)]
        known = {str(name) for name in self._atoms}
        self._sums = [
            (term, index)
            for index, term in enumerate(terms)
            if z3.is_const(term) and not z3.is_int_value(term) and str(term) not in known
        ]

    def numbers(self, inputs: Sequence[int]) -> tuple[dict[str, int], list[int], list[int]]:
        """What plain numbers come to: figures, what is held, and each amount on the way."""
        values = computed(self._step, inputs, range(len(self._step.tape.atoms)))
        amounts = [value(values, amount) for amount in self._amounts]
        return dict(zip(self._names, amounts, strict=False)), amounts[len(self._names) :], list(values.values())

    def are(self, atoms: Sequence[int], told: Sequence[int]) -> bool:
        """Whether Z3 comes to what is told. Past the wrappers: they take twice the time."""
        model = z3.Model()
        names = [*self._atoms, *self._told, *(term for term, _ in self._sums)]
        for name, number in zip(names, (*atoms, *told, *(told[index] for _, index in self._sums)), strict=True):
            z3.Z3_add_const_interp(_CONTEXT, model.model, name.decl().ast, z3.Z3_mk_numeral(_CONTEXT, str(number), _WHOLE))
        found = (z3.Ast * 1)()
        evaluated = z3.Z3_model_eval(_CONTEXT, model.model, self._same.as_ast(), True, found)
        return bool(evaluated and z3.Z3_get_bool_value(_CONTEXT, found[0]) == z3.Z3_L_TRUE)


# ---- compared


def differences(one: Read, other: Read) -> str:
    for name, column in one.figures.items():
        wrong = numpy.argwhere(column != other.figures[name])
        if len(wrong):
            cycle, line = (int(index) for index in wrong[0])
            amounts = int(column[cycle, line]), int(other.figures[name][cycle, line])
            return f"{name} of cycle {cycle + 1}, line {line}: {amounts[0]} and {amounts[1]}; {len(wrong)} differ"
    held = held_alike(one.held), held_alike(other.held)
    return "" if held[0] == held[1] else f"held: {held[0]} and {held[1]}"


def compared(case: Case) -> dict[tuple[str, str], str] | None:
    """Pairs of readings that differ, and where. None where there are not all three. Raises NotTracedError."""
    memory = Memory()
    steps = steps_of(case, memory)
    batch = by_batch(case, memory)
    if batch is None:
        return None
    solver = by_solver(case, steps)
    reads: dict[str, Read | str] = {INTERPRETER: by_interpreter(case), BATCH: batch, SOLVER: solver}
    found: dict[tuple[str, str], str] = {}
    for one, other in ((INTERPRETER, BATCH), (INTERPRETER, SOLVER), (BATCH, SOLVER)):
        match reads[one], reads[other]:
            case Read() as first, Read() as second:
                found[one, other] = differences(first, second)
            case first, second:
                found[one, other] = first if isinstance(first, str) else str(second)
    return {pair: why for pair, why in found.items() if why}


# ---- the run


@dataclass(slots=True)
class Run(Counted):
    cases: int = 0
    histories: int = 0
    left_out: int = 0

    def do(self, number: int) -> None:
        case = None
        try:
            case = case_of(number)
            case = shortened(case) if case else None
            found = compared(case) if case else None
        except NotTracedError:
            found = None
        except Exception:
            found = {("", ""): traceback.format_exc()}
        if found is None:
            self.left_out += 1
            return
        self.cases += 1
        if case and not found:
            self.histories += case.lines.count
            self.cycles += case.lines.count * case.lines.most_cycles
        elif found:
            why = "; ".join(f"{one} and {other}: {text}" for (one, other), text in found.items())
            self.differs(number, case.text if case else "", why)

    def told(self) -> str:
        return (
            f"{self.histories:,} histories of {self.cycles:,} cycles came to the same in all three, of {self.cases:,} plans and"
            f" starts; {self.left_out:,} have no steps or are no plan"
        )


if __name__ == "__main__":
    sys.exit(bool(counted(Run, __doc__, 1_000_000).differing))
