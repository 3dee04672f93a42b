"""A step as terms of a solver: what is used and held are unknown numbers, not below zero.

A step is written in the solvers' own language, SMT-LIB, and read from that: to make its terms one by one takes longer than to
solve them. Each amount that is the lower of two, or a quotient, has a name, and so has all that a cycle closes with.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

import z3

from engine.batch.course import Piece
from engine.batch.program import needed
from engine.batch.terms import BelowZero, Input, Quotient, unknown
from engine.batch.trace import Step
from engine.prove.solving import Term


@dataclass(frozen=True, slots=True)
class Cycle:
    """What one cycle computes of these unknowns. `bounds` say that they are not below zero, and what all other names are."""

    used: Mapping[str, Term]
    opening: Mapping[Piece, Term]
    closing: Mapping[Piece, Term]
    figures: Mapping[str, Term]
    bounds: Sequence[Term]


def read(
    step: Step,
    name: str,
    opening: Mapping[Piece, Term] | None = None,
    *,
    about: Collection[str],
    figures: Collection[str] = (),
    whole: bool = False,
) -> Cycle:
    """A step whose unknowns bear that name: what it closes with of the services it is `about`, and these figures.

    `opening` is what it opens with, as numbers of the same kind; of what is not in there it opens with nothing, and with None
    each is an unknown. Unknowns that need not be `whole` are real numbers, of which a quotient is anything less than one below
    what it would be: what holds for all of these holds for whole ones, and is found much faster.
    """
    closing = {piece: amount for piece, amount in step.closing if piece.service in about}
    told = {figure: step.figures.get(figure, 0) for figure in figures}
    text = _Text(step, name, whole=whole)
    for number in needed(step, [*closing.values(), *told.values()]):
        text.define(number)
    used = {service: text.input(index) for index, service in enumerate(step.uses)}
    held = {piece: text.input(index) for index, piece in enumerate(step.opening, len(step.uses))}
    after = {piece: text.sum(f"after{index}", amount) for index, (piece, amount) in enumerate(closing.items())}
    shown = {figure: text.sum(f"shown{index}", amount) for index, (figure, amount) in enumerate(told.items())}
    bounds = list(z3.parse_smt2_string("\n".join(text.lines)))
    nothing = z3.IntVal(0) if whole else z3.RealVal(0)
    if opening is not None:
        bounds += [one == opening.get(piece, nothing) for piece, one in held.items()]
    return Cycle(used, held, after, shown, bounds)


class _Text:
    """Declares names, and asserts what they are."""

    def __init__(self, step: Step, name: str, *, whole: bool) -> None:
        self.step = step
        self.name = name
        self.whole = whole
        self.lines: list[str] = []
        self._known: set[int] = set()

    def define(self, number: int) -> None:
        """An atom, of which all that it is made of is known."""
        match self.step.tape.atoms[number]:
            case Input():
                self.input(number)
            case BelowZero(parts=parts, const=const):
                made, one = self._sum(parts, const), self._declare(number)
                zero = self._number(0)
                self._assert(f"(let ((x {made})) (and (<= {one} x) (<= {one} {zero}) (or (= {one} x) (= {one} {zero}))))")
            case Quotient(parts=parts, const=const, by=by):
                made, one = self._sum(parts, const), self._declare(number)
                over, rest = f"(* {self._number(by)} {one})", self._number(by - 1)
                self._assert(f"(let ((x {made})) (and (<= {over} x) (<= x (+ {over} {rest}))))")
            case _:
                assert_never(self.step.tape.atoms[number])

    def input(self, number: int) -> Term:
        """An input, not below zero."""
        if number not in self._known:
            self._assert(f"(<= {self._number(0)} {self._declare(number)})")
        return self._term(self._name(number))

    def sum(self, name: str, amount: int) -> Term:
        """An amount of the step, under a name of its own where it has none."""
        found = unknown(amount)
        if found is None:
            return z3.IntVal(amount) if self.whole else z3.RealVal(amount)
        if found.const == 0 and len(found.parts) == 1 and found.parts[0][1] == 1:
            return self._term(self._name(found.parts[0][0]))
        written = f"{self.name}.{name}"
        self.lines.append(f"(declare-const |{written}| {self._sort})")
        self._assert(f"(= |{written}| {self._sum(found.parts, found.const)})")
        return self._term(written)

    @property
    def _sort(self) -> str:
        return "Int" if self.whole else "Real"

    def _name(self, number: int) -> str:
        return f"{self.name}.{number}"

    def _declare(self, number: int) -> str:
        self._known.add(number)
        self.lines.append(f"(declare-const |{self._name(number)}| {self._sort})")
        return f"|{self._name(number)}|"

    def _assert(self, said: str) -> None:
        self.lines.append(f"(assert {said})")

    def _term(self, name: str) -> Term:
        return z3.Int(name) if self.whole else z3.Real(name)

    def _number(self, number: int) -> str:
        written = str(abs(number)) if self.whole else f"{abs(number)}.0"
        return written if number >= 0 else f"(- {written})"

    def _sum(self, parts: Iterable[tuple[int, int]], const: int) -> str:
        return f"(+ {' '.join(self._counted(parts))} {self._number(const)})"

    def _counted(self, parts: Iterable[tuple[int, int]]) -> Iterator[str]:
        for number, count in parts:
            one = f"|{self._name(number)}|"
            yield one if count == 1 else f"(* {self._number(count)} {one})"


def behind(steps: Collection[Step], service: str) -> frozenset[str]:
    """The services on which what is held of one depends, with itself."""
    found = {service}
    while True:
        more = set(found)
        for step in steps:
            wanted = [amount for piece, amount in step.closing if piece.service in found]
            held = [number - len(step.uses) for number in needed(step, wanted) if isinstance(step.tape.atoms[number], Input)]
            more |= {step.opening[number].service for number in held if number >= 0}
        if more == found:
            return frozenset(found)
        found = more


def divides(step: Step, about: Collection[str]) -> bool:
    """Whether what it closes with of these services comes of a division, so that real and whole numbers differ."""
    atoms = needed(step, [amount for piece, amount in step.closing if piece.service in about])
    return any(isinstance(step.tape.atoms[number], Quotient) for number in atoms)
