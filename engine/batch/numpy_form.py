"""A program as calls of numpy, in blocks of lines whose amounts stay in the cache; for where there is no numba.

Columns are arrays of int64, cycle by line, contiguous in lines. Each call goes through a block once, so that what is common to
several sums is computed for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

from engine.batch.lower_of import lower_of
from engine.batch.program import FITS, Program, needed, size
from engine.batch.shared_sums import ONE, Terms, share
from engine.batch.source_text import HALF, LOW, fits, halves
from engine.batch.terms import BelowZero, Input, Parts, Quotient, unknown
from engine.batch.trace import Step

BLOCK = 16_384


def ready(program: Program, columns: Sequence[str], *, moved: bool) -> Callable[..., None]:
    """`settle(first, end, cycles, opening, closing, moved, used.., figures)`, as that of `numba_form.as_text`."""
    import numpy

    constants: dict[int, str] = {}
    text = as_text(program, columns, constants, moved=moved)
    calls = ("add", "subtract", "multiply", "negative", "minimum", "floor_divide", "copyto", "zeros", "int64")
    names = {name: getattr(numpy, name) for name in calls}
    names |= {name: numpy.array(constant, numpy.int64) for constant, name in constants.items()}
    exec(compile(text, "<plan>", "exec"), names)
    settle: Callable[..., None] = names["settle"]
    return settle


def as_text(program: Program, columns: Sequence[str], constants: dict[int, str], *, moved: bool) -> str:
    """The same as Python; adds to the constants that it names."""
    steps = [(begin, end, _Step(program, step, columns, constants, moved=moved)) for begin, end, step in program.runs]
    held = max(1, program.most_held)
    rows = max(made.rows for _, _, made in steps)
    used = [f"u{index}" for index in range(len(program.uses))]
    lines = [
        f"def settle({', '.join(['first', 'end', 'cycles', 'opening', 'closing', 'moved', *used, 'figures'])}):",
        f"    work = zeros(({2 * held + rows}, {BLOCK}), int64)",
        f"    for lo in range(first, end, {BLOCK}):",
        f"        hi = min(lo + {BLOCK}, end)",
        "        many = hi - lo",
    ]
    names = [f"{kind}{index}" for index in range(held) for kind in ("h", "n")] + [f"r{index}" for index in range(rows)]
    lines += [f"        {name} = work[{index}, :many]" for index, name in enumerate(names)]
    lines += [f"        h{index}[:] = opening[{index}, lo:hi]" for index in range(len(program.opening))]
    for begin, end, made in steps:
        lines += [f"        for cycle in range({begin}, min({end}, cycles)):"]
        lines += [" " * 12 + line for line in made.lines or ["pass"]]
    lines += [f"        closing[{index}, lo:hi] = h{index}" for index in range(program.most_held)]
    return "\n".join(lines) + "\n"


class _Step:
    """One cycle as calls, in `lines`; `rows` are kept for what is computed on the way. `h2` is held before it, `n2` after."""

    def __init__(
        self, program: Program, step: Step, columns: Sequence[str], constants: dict[int, str], *, moved: bool
    ) -> None:  # fmt: skip
        self.lines: list[str] = []
        self.rows = 0
        self._step = step
        self._constants = constants
        self._names: dict[int, str] = {}
        self._free: list[str] = []
        told = [step.figures.get(column, 0) for column in columns]
        figures = {f"f{index}": amount for index, amount in enumerate(told) if unknown(amount)}
        after = {f"n{index}": amount for index, (_, amount) in enumerate(step.closing)}
        sums = {index: step.moved[key] for index, key in enumerate(program.moved) if moved and key in step.moved}
        self._uses = [f"u{index}_" for index in range(len(program.uses))]
        self.lines += [f"u{index}_ = u{index}[cycle, lo:hi]" for index in range(len(program.uses))]
        self.lines += [f"{name} = figures[{name[1:]}, cycle, lo:hi]" for name in figures]
        results = figures | after | {f"m{index}": amount for index, amount in sums.items()}
        self._compute(results)
        for index in range(len(step.closing)):
            self.lines.append(f"h{index}, n{index} = n{index}, h{index}")

    def _compute(self, results: dict[str, int]) -> None:
        atoms = {number: self._step.tape.atoms[number] for number in needed(self._step, results.values())}
        inner = {number: _terms(atom.parts, atom.const) for number, atom in atoms.items() if not isinstance(atom, Input)}
        outer = {name: _terms(term.parts, term.const) for name, amount in results.items() if (term := unknown(amount))}
        below = {number: inner.pop(number) for number, atom in atoms.items() if isinstance(atom, BelowZero)}
        lower, others = lower_of(below, [*inner.values(), *outer.values()], self._fits)
        sides = [side for found in lower.values() for side in (found.one, found.other)]
        shared = share([*sides, *others], len(self._step.tape.atoms))
        sums = iter(shared.sums)
        pairs = {number: (next(sums), next(sums)) for number in lower}
        inner, outer = dict(zip(inner, sums, strict=False)), dict(zip(outer, sums, strict=False))
        self._left = shared.uses()
        self._shared = shared.made
        told = [(name, terms) for name, terms in outer.items() if not name.startswith("m")]
        self._told = {value: name for name, terms in reversed(told) for value in terms if terms == {value: 1}}
        for number, atom in atoms.items():
            match atom:
                case Input():
                    many = len(self._uses)
                    self._names[number] = self._uses[number] if number < many else f"h{number - many}"
                case BelowZero():
                    one, other = pairs[number]
                    self._make(one, other)
                    self._call("minimum", self._row_of(one), self._row_of(other), number)
                case Quotient():
                    self._call("floor_divide", self._row_of(inner[number]), (self._constant(atom.by), ""), number)
                case _:
                    assert_never(atom)
        for name, amount in results.items():
            self._result(name, amount, outer.get(name))

    def _fits(self, terms: Terms) -> bool:
        parts = tuple((atom, count) for atom, count in terms.items() if atom != ONE)
        return size(self._step, parts, terms.get(ONE, 0)) < FITS

    def _result(self, name: str, amount: int, terms: Terms | None) -> None:
        if name.startswith("m"):
            if terms is None:
                low, high = halves(amount)
            else:
                row, held = self._row_of(terms)
                if fits(self._step, amount, BLOCK):
                    self.lines.append(f"s = int({row}.sum())")
                    low, high = f"s & {LOW}", f"s >> {HALF}"
                else:
                    low, high = f"({row} & {LOW}).sum()", f"({row} >> {HALF}).sum()"
                self._release(held)
            self.lines += [f"moved[0, {name[1:]}] += {low}", f"moved[1, {name[1:]}] += {high}"]
        elif terms is None:
            self.lines.append(f"{name}[:] = {amount}")
        elif self._told.get(value := next(iter(terms))) == name and self._value(value) == name:
            self._read(value)
        else:
            self._sum(terms, name)

    # ---- sums

    def _row_of(self, terms: Terms) -> tuple[str, str]:
        """Where a sum stands, and which row is free once it has been read."""
        if not terms.keys() - {ONE}:
            return self._constant(terms.get(ONE, 0)), ""
        if len(terms) == 1 and next(iter(terms.values())) == 1 and ONE not in terms:
            [value] = terms
            name = self._value(value)
            return name, self._read(value)
        row = self._row()
        self._sum(terms, row)
        return row, row

    def _sum(self, terms: Terms, to: str) -> None:
        """One that is added comes first, or the constant; what counts more often than once is multiplied beside."""
        order = sorted(terms.items(), key=lambda term: (term[1] != 1, term[0] != ONE, term[1] < 0))
        (value, count), *rest = order
        names = {term: self._value(term) for term in terms if term != ONE}
        if value == ONE:
            at = self._constant(count)
        elif count == 1:
            at = names[value]
        else:
            call = "negative" if count == -1 else "multiply"
            self.lines.append(f"{call}({names[value]}, {'' if count == -1 else f'{self._constant(count)}, '}{to})")
            at = to
        for value, count in rest:
            if value == ONE:
                with_ = self._constant(abs(count))
            elif abs(count) == 1:
                with_ = names[value]
            else:
                with_ = self._row()
                self.lines.append(f"multiply({names[value]}, {self._constant(abs(count))}, {with_})")
            self.lines.append(f"{'add' if count > 0 else 'subtract'}({at}, {with_}, {to})")
            at = to
            if value != ONE and abs(count) != 1:
                self._release(with_)
        if at != to:
            self.lines.append(f"copyto({to}, {at})")
        for term in names:
            self._release(self._read(term))

    def _make(self, *sums: Terms) -> None:
        """Computes what they share with others, so that no row that one of them stands in is free before all are read."""
        for terms in sums:
            for value in sorted(terms.keys() - {ONE}):
                self._value(value)

    def _value(self, value: int) -> str:
        """The row of an atom or of what is shared, which is computed when it is first asked for."""
        if value not in self._names:
            row = self._row_for(value)
            self._sum(self._shared[value], row)
            self._names[value] = row
        return self._names[value]

    def _call(self, call: str, one: tuple[str, str], other: tuple[str, str], atom: int) -> None:
        for _, held in (one, other):
            self._release(held)  # in place, where nobody reads it later
        self._names[atom] = self._row_for(atom)
        self.lines.append(f"{call}({one[0]}, {other[0]}, out={self._names[atom]})")

    # ---- rows

    def _constant(self, amount: int) -> str:
        return self._constants.setdefault(amount, f"c{len(self._constants)}")

    def _row(self) -> str:
        if not self._free:
            self._free.append(f"r{self.rows}")
            self.rows += 1
        return self._free.pop()

    def _row_for(self, value: int) -> str:
        """Where it is told, if it is told as it is, and read from there."""
        return self._told.get(value) or self._row()

    def _read(self, value: int) -> str:
        """Notes that a value was read; its row, where that was the last time."""
        self._left[value] -= 1
        return "" if self._left[value] else self._names[value]

    def _release(self, row: str) -> None:
        if row.startswith("r"):
            self._free.append(row)


def _terms(parts: Parts, const: int) -> Terms:
    return dict(parts) | ({ONE: const} if const else {})
