"""Very many lines of one plan: what each used goes in as columns, what each cycle came to and what is held then comes out.

Columns are arrays of int64, cycle by line. Lines that are alike run as one program; a line whose amounts are too large for it,
and every line of a plan that can't be traced, runs through the reference engine, and `by_rows` says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from dsl.plan import Convert, Plan, Sell
from engine.batch.course import Piece
from engine.batch.even import LONG, is_even, steady
from engine.batch.program import Program, program, sameness
from engine.batch.rows import Rows
from engine.batch.source_text import HALF
from engine.batch.terms import Memory, unknown
from engine.batch.trace import FIGURES, MOST, Moved, NotTracedError, moved_by, trace
from engine.statement import COLUMNS, Sums, in_order

Array = Any  # of numpy, which is loaded only where lines are settled
_WIDEST = (1 << 63) - 1


class Form(StrEnum):
    NUMBA = "numba"
    NUMPY = "numpy"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Lines:
    """`start_of` and `first` say of each line which of `starts` is its own, and the number of the first cycle told here;
    `cycles` how many are, which never grows from line to line. `uses` have as many rows as the first line has cycles. Of
    `opening` each piece has an amount for each line, 0 where it holds no such; the order is that in which they were made."""

    starts: Sequence[datetime]
    start_of: Array
    first: Array
    cycles: Array
    uses: Mapping[str, Array]
    opening: Sequence[tuple[Piece, Array]] = ()

    @property
    def count(self) -> int:
        return len(self.start_of)

    @property
    def most_cycles(self) -> int:
        return int(self.cycles[0]) if self.count else 0


@dataclass(slots=True)
class Settled:
    """Arrays belong to the batch: they hold while it settles the next lines, until the ones after them, so that somebody can
    write them meanwhile. Behind the last cycle of a line they say nothing.
    `refused` are lines, by number, whose figures no column can hold: all they have is zero."""

    columns: dict[str, Array]
    figures: Array  # the same, column by cycle by line
    closing: dict[Piece, Array]
    moved: dict[Moved, int]
    by_rows: Counter[NotTraced] = field(default_factory=Counter)
    refused: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotTraced:
    """Why lines ran one at a time: a reason, and the line of the plan's text that is it; 0 where it is the amounts."""

    reason: str
    line: int


_TOO_MUCH = NotTraced("more than 17 TB in a cycle or a lot", 0)


def columns_of(plan: Plan, uses: Sequence[str]) -> tuple[str, ...]:
    """The figures of each service that a plan's lines can have, as a statement calls them, and what they cost by currency."""
    services, currencies = {*uses}, set[str]()
    for rules in (plan, *(later.plan for later in plan.later)):
        grants = [*rules.grants, *(grant for promotion in rules.promotions for grant in promotion.grants)]
        clauses = [clause for rule in rules.rules for clause in rule.clauses]
        services |= {grant.service for grant in grants} | {rule.service for rule in rules.rules}
        services |= {rule.service for rule in rules.runs_out}
        services |= {clause.to_service for clause in clauses if isinstance(clause, Convert)}
        services |= {unit.unit for unit in rules.counting.units}
        currencies |= {price.currency for price in rules.prices}
        currencies |= {clause.currency for clause in clauses if isinstance(clause, Convert) and clause.fee}
        currencies |= {
            remedy.currency for rule in rules.runs_out for remedy in rule.remedies if isinstance(remedy, Sell)
        }  # fmt: skip
    return (
        *(f"{service}_{name}" for service in in_order(services) for name in COLUMNS),
        *(f"{currency}_{what}" for currency in sorted(currencies) for what in ("charged", "due")),
    )


class Batch:
    """Settles lines of `plan`; `others` are the plans its rules may name. `columns` are the figures that are wanted, of
    `columns_of` or `SERVICE_left`. `kept` says in which file the text that numba compiles stands, if it shall be kept there."""

    def __init__(
        self, plan: Plan, columns: Sequence[str], form: Form, *, others: Mapping[str, Plan] | None = None, moved: bool = True,
        kept: Callable[[str], str] = lambda _: "",
    ) -> None:  # fmt: skip
        self._kept = kept
        self.plan = plan
        self.columns = tuple(columns)
        self.form = form
        self.others = others
        self.moved = moved
        self.even = is_even(plan)
        self._programs: dict[object, Program | NotTraced] = {}
        self._memory = Memory()
        self._steps: dict[object, int] = {}
        self._same: dict[object, Program] = {}
        self._ready: dict[int, Callable[..., None]] = {}
        self._rows: dict[datetime, Rows] = {}
        self._filled: tuple[int, tuple[int, ...]] | None = None
        self._other_filled: tuple[int, tuple[int, ...]] | None = None
        self._space: dict[str, Array] = {}
        self._other_space: dict[str, Array] = {}
        self._steady: dict[tuple[str, ...], tuple[Piece, ...] | None] = {}

    def settle(self, lines: Lines) -> Settled:
        self._space, self._other_space = self._other_space, self._space
        self._filled, self._other_filled = self._other_filled, self._filled
        figures = self._figures("figures", lines.most_cycles, lines.count)
        found = Settled(dict(zip(self.columns, figures, strict=True)), figures, {}, {})
        for made, where in self._by_program(lines):
            some = lines if isinstance(where, slice) else _those(lines, where)
            if isinstance(made, Program):
                self._run(made, where, some, found)
            else:
                self._run_rows(made, where, some, found)
        return found

    # ---- which lines are alike

    def _by_program(self, lines: Lines) -> Iterator[tuple[Program | NotTraced, Array]]:
        """Lines that turn out to compute the same, though they began at other times, run as one."""
        import numpy

        whose: dict[int, tuple[Program | NotTraced, list[Array]]] = {}
        for where, alike, large in self._alike(lines):
            made = _TOO_MUCH if large else self._program(alike)
            if isinstance(where, slice):
                yield made, where
            else:
                whose.setdefault(id(made), (made, []))[1].append(where)
        for made, places in whose.values():
            yield made, numpy.sort(numpy.concatenate(places))

    def _alike(self, lines: Lines) -> Iterator[tuple[Array, Lines, bool]]:
        """Lines that run as one, where they are among all, and whether their amounts are too large: those are apart."""
        import numpy

        large = numpy.zeros(lines.count, bool)
        for column in (*lines.uses.values(), *(amounts[None] for _, amounts in lines.opening)):
            if column.max(initial=0) > MOST:
                large |= (column > MOST).any(axis=0)
        even = self._is_even(lines)
        keys = numpy.zeros(lines.count, numpy.int64) if even else lines.start_of * (1 << 32) + lines.first
        for some, is_large in ((large, True), (~large, False)):
            if even and some.all():
                yield slice(None), lines, is_large
            elif some.any():
                for key in numpy.unique(keys[some]):
                    where = numpy.flatnonzero(some & (keys == key))
                    yield where, _those(lines, where), is_large

    def _is_even(self, lines: Lines) -> bool:
        """Whether one program serves them all."""
        pieces = [piece for piece, _ in lines.opening]
        known = self._held_in_time(tuple(lines.uses), lines.starts[0]) if self.even else None
        return known is not None and all(piece.debt or (piece.by_cycles and piece.born > -LONG) for piece in pieces)

    def _held_in_time(self, uses: tuple[str, ...], start: datetime) -> tuple[Piece, ...] | None:
        """What lines of an even plan hold once they have run for long: who holds less holds none of the rest. None where it
        grows for ever, or can't be traced."""
        if uses not in self._steady:
            try:
                step = steady(self.plan, uses, start, others=self.others, memory=self._memory)
            except NotTracedError:
                step = None
            self._steady[uses] = step.opening if step else None
        return self._steady[uses]

    def _program(self, lines: Lines) -> Program | NotTraced:
        if self.form is Form.ROWS:
            return NotTraced("told to", 0)
        even, uses = self._is_even(lines), tuple(lines.uses)
        start, first = lines.starts[int(lines.start_of[0])], int(lines.first[0])
        pieces = tuple(piece for piece, _ in lines.opening)
        known = (self._steady[uses] or ()) if even else ()
        steady = even and set(pieces) <= set(known)
        cycles = 1 if steady else lines.most_cycles
        key = (cycles, uses, () if steady else pieces, None if even else (start, first))
        if key not in self._programs:
            opening = [*known, *(piece for piece in pieces if piece not in known)]
            try:
                steps = trace(
                    self.plan, start, uses, cycles, first=LONG if even else first, opening=opening, others=self.others,
                    memory=self._memory,
                )  # fmt: skip
                self._programs[key] = self._once(program(steps, goes_on=steady))
            except NotTracedError as error:
                self._programs[key] = NotTraced(error.reason, error.span.line)
        return self._programs[key]

    def _once(self, made: Program) -> Program:
        """The program that computes the same, if there is one already."""
        steps = tuple(self._steps.setdefault(sameness(step), len(self._steps)) for step in made.steps)
        return self._same.setdefault((steps, made.order, made.opening, made.closings, made.goes_on), made)

    # ---- running them

    def _run(self, made: Program, where: Array, lines: Lines, found: Settled) -> None:
        import numpy

        opening = self._array(" opening", len(made.opening), lines.count)
        opening[:] = 0
        places = {piece: index for index, piece in enumerate(made.opening)}
        for piece, amounts in lines.opening:
            opening[places[piece]] = amounts
        closing = self._array(" closing", made.most_held, lines.count)
        moved = numpy.zeros((2, len(made.moved)), numpy.int64)
        whole = isinstance(where, slice)
        figures = found.figures if whole else self._figures("some figures", lines.most_cycles, lines.count)
        self._fill(made, figures, kept=whole)
        used = [_read_only(column) for column in lines.uses.values()]
        settle = self._settler(made)
        numbers = numpy.arange(lines.count) if whole else where
        for lo, hi, cycles in _as_long(lines.cycles):
            settle(lo, hi, cycles, opening, closing, moved, *used, figures)
            for piece, amounts in zip(made.closing(cycles), closing[:, lo:hi], strict=False):
                if amounts.any():
                    self._closing(piece, found)[numbers[lo:hi]] = amounts
        if not whole:
            found.figures[:, : lines.most_cycles, where] = figures
        for key, low, high in zip(made.moved, *moved, strict=True):
            if low or high:
                found.moved[key] = found.moved.get(key, 0) + int(low) + (int(high) << HALF)

    def _fill(self, made: Program, figures: Array, *, kept: bool) -> None:
        """Figures that are the same for all lines; they stay in memory that settles the same again."""
        if kept and self._filled == (id(made), figures.shape):
            return
        self._filled = (id(made), figures.shape) if kept else None
        for begin, end, step in made.runs:
            for index, column in enumerate(self.columns):
                amount = step.figures.get(column, 0)
                if not unknown(amount):
                    figures[index, begin:end] = amount

    def _settler(self, made: Program) -> Callable[..., None]:
        if id(made) not in self._ready:
            if self.form is Form.NUMBA and made.goes_on:  # what few lines run would take longer to compile than to run
                from engine.batch.numba_form import as_text, compiled

                text = as_text(made, self.columns, moved=self.moved)
                self._ready[id(made)] = compiled(text, self._kept(text))
            else:
                from engine.batch.numpy_form import ready

                self._ready[id(made)] = ready(made, self.columns, moved=self.moved)
        return self._ready[id(made)]

    def _run_rows(self, why: NotTraced, where: Array, lines: Lines, found: Settled) -> None:
        import numpy

        numbers = numpy.arange(lines.count) if isinstance(where, slice) else where
        found.by_rows[why] += lines.count
        found.figures[:, :, where] = 0
        self._filled = None
        for index, number in enumerate(numbers):
            self._run_row(index, int(number), lines, found)

    def _run_row(self, index: int, number: int, lines: Lines, found: Settled) -> None:
        start = lines.starts[int(lines.start_of[index])]
        rows = self._rows.setdefault(start, Rows(self.plan, start, self.others))
        cycles = range(int(lines.cycles[index]))
        uses = [{service: int(column[cycle, index]) for service, column in lines.uses.items()} for cycle in cycles]
        opening = [(piece, int(amounts[index])) for piece, amounts in lines.opening if amounts[index]]
        closed = rows.settle(uses, first=int(lines.first[index]), opening=opening)
        figures = [_figures(cycle.sums) for cycle in closed]
        last = closed[-1].held
        if any(amount > _WIDEST for amount in (*(one for row in figures for one in row.values()), *(one for _, one in last))):
            found.refused[number] = "its amounts pass 64 bits"
            return
        for cycle, row in enumerate(figures):
            for name in self.columns:
                found.columns[name][cycle, number] = row.get(name, 0)
        for piece, amount in last:
            self._closing(piece, found)[number] = amount
        for posting in [posting for cycle in closed for posting in cycle.postings]:
            key = moved_by(posting.service, posting.reason, posting.span)
            found.moved[key] = found.moved.get(key, 0) + posting.amount

    # ---- memory, taken once

    def _closing(self, piece: Piece, found: Settled) -> Array:
        import numpy

        if piece not in found.closing:
            found.closing[piece] = numpy.zeros(found.figures.shape[2], numpy.int64)
        return found.closing[piece]

    def _figures(self, name: str, cycles: int, lines: int) -> Array:
        return self._array(name, len(self.columns) * cycles, lines).reshape(len(self.columns), cycles, lines)

    def _array(self, name: str, rows: int, lines: int) -> Array:
        """Of that many rows and lines, contiguous; its contents are whatever was there."""
        import numpy

        space = self._space.get(name)
        if space is None or space.size < rows * lines:
            space = self._space[name] = numpy.zeros(rows * lines, numpy.int64)
        return space[: rows * lines].reshape(rows, lines)


def _read_only(column: Array) -> Array:
    """All columns of use are of one kind, whoever made them: another kind is compiled anew."""
    import numpy

    found = numpy.ascontiguousarray(column).view()
    found.flags.writeable = False
    return found


def _as_long(cycles: Array) -> Iterator[tuple[int, int, int]]:
    """Lines that follow each other and have as many cycles: the first, the end, and how many cycles."""
    import numpy

    ends = [*(numpy.flatnonzero(numpy.diff(cycles)) + 1).tolist(), len(cycles)]
    for lo, hi in pairwise([0, *ends]):
        yield lo, hi, int(cycles[lo])


def _those(lines: Lines, where: Array) -> Lines:
    cycles = lines.cycles[where]
    uses = {service: column[: cycles[0], where] for service, column in lines.uses.items()}
    opening = [(piece, amounts[where]) for piece, amounts in lines.opening]
    return Lines(
        lines.starts, lines.start_of[where], lines.first[where], cycles, uses, [one for one in opening if one[1].any()]
    )


def _figures(sums: Sums) -> dict[str, int]:
    found = {
        f"{service}_{name}": getattr(figures, name)
        for service, figures in sums.services.items()
        for name in FIGURES
    }  # fmt: skip
    found |= {f"{currency}_charged": amount for currency, amount in sums.charged.items()}
    return found | {f"{currency}_due": amount for currency, amount in sums.due.items()}
