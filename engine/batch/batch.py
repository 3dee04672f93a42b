"""Settles very many lines of one plan: what each used goes in as columns, what each cycle came to and what is held comes out.

Lines that are alike run as one program; a line whose amounts are too large for it, and every line of a plan that can't be
traced, runs through the reference engine, and `by_rows` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from dsl.plan import Plan
from engine.batch.alike import Alike
from engine.batch.course import Piece
from engine.batch.lines import Array, Form, Lines, NotTraced, Settled, those
from engine.batch.program import Program
from engine.batch.rows import Rows
from engine.batch.source_text import HALF
from engine.batch.terms import unknown
from engine.batch.trace import FIGURES, moved_by
from engine.batch.turns import turns
from engine.history import HistoryError
from engine.statement import Sums

_WIDEST = (1 << 63) - 1
_TOLD_TO = NotTraced("told to", 0)


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
        self.alike = Alike(plan, others)
        self._ready: dict[int, Callable[..., None]] = {}
        self._rows: dict[datetime, Rows] = {}
        self._filled: tuple[int, tuple[int, ...]] | None = None
        self._other_filled: tuple[int, tuple[int, ...]] | None = None
        self._space: dict[str, Array] = {}
        self._other_space: dict[str, Array] = {}

    def settle(self, lines: Lines) -> Settled:
        self._space, self._other_space = self._other_space, self._space
        self._filled, self._other_filled = self._other_filled, self._filled
        figures = self._figures("figures", lines.most_cycles, lines.count)
        found = Settled(dict(zip(self.columns, figures, strict=True)), figures, {}, {})
        for made, where in self._by_program(lines):
            some = lines if isinstance(where, slice) else those(lines, where)
            if isinstance(made, Program):
                self._run(made, where, some, found)
            else:
                self._run_rows(made, where, some, found)
        return found

    def _by_program(self, lines: Lines) -> Iterator[tuple[Program | NotTraced, Array]]:
        if self.form is not Form.ROWS:
            yield from self.alike.by_program(lines)
        elif lines.count:
            yield _TOLD_TO, slice(None)

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
        for lo, hi, cycles in _as_long(lines.cycles):
            settle(lo, hi, cycles, opening, closing, moved, *used, figures)
            told = zip(made.closing(cycles), closing[:, lo:hi], strict=False)
            held = [(piece, amounts) for piece, amounts in told if amounts.any()]
            found.turns.update(turns(piece for piece, _ in held))
            if whole and hi - lo == lines.count:
                found.closing = dict(held)
                break
            for piece, amounts in held:
                self._closing(piece, found)[slice(lo, hi) if whole else where[lo:hi]] = amounts
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
        records = lines.records.of(index) if lines.records else None
        try:
            closed = rows.settle(uses, first=int(lines.first[index]), opening=opening, records=records)
        except HistoryError as error:
            found.refused[number] = str(error)
            return
        figures = [figures_of(cycle.sums) for cycle in closed]
        last = closed[-1].held
        if any(amount > _WIDEST for amount in (*(one for row in figures for one in row.values()), *(one for _, one in last))):
            found.refused[number] = "its amounts pass 64 bits"
            return
        for cycle, row in enumerate(figures):
            for name in self.columns:
                found.columns[name][cycle, number] = row.get(name, 0)
        found.turns.update(turns(piece for piece, amount in last if amount))
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

    differ = cycles[0] != cycles[-1]  # they never grow
    ends = [*(numpy.flatnonzero(numpy.diff(cycles)) + 1).tolist(), len(cycles)] if differ else [len(cycles)]
    for lo, hi in pairwise([0, *ends]):
        yield lo, hi, int(cycles[lo])


def figures_of(sums: Sums) -> dict[str, int]:
    found = {
        f"{service}_{name}": getattr(figures, name)
        for service, figures in sums.services.items()
        for name in FIGURES
    }  # fmt: skip
    found |= {f"{currency}_charged": amount for currency, amount in sums.charged.items()}
    return found | {f"{currency}_due": amount for currency, amount in sums.due.items()}
