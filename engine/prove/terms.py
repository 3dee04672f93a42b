"""A step as terms of a solver: what is used and held are unknown whole numbers, not below zero."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import z3

from engine.batch.course import Piece
from engine.batch.program import needed
from engine.batch.terms import BelowZero, Input, Quotient, unknown
from engine.batch.trace import Step

Term = Any  # of z3, which has no types
MOST = 10**30  # of what a cycle uses or a lot holds
_EFFORT = 20_000_000  # of the solver for one question, in its own units: no clock, so that the answer is the same everywhere


@dataclass(frozen=True, slots=True)
class Cycle:
    """What one cycle computes of these unknowns. `bounds` say that they are not below zero."""

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

    `opening` is what it opens with; of what is not in there it opens with nothing, and with None each is an unknown. Where
    nothing is divided, and they need not be `whole`, the unknowns are real numbers: what holds for all of these holds for whole
    ones, and is found much faster.
    """
    closing = {piece: amount for piece, amount in step.closing if piece.service in about}
    told = {figure: step.figures.get(figure, 0) for figure in figures}
    atoms = needed(step, [*closing.values(), *told.values()])
    whole = whole or any(isinstance(step.tape.atoms[number], Quotient) for number in atoms)
    unknown_of = z3.Int if whole else z3.Real
    used = {service: unknown_of(f"{name}.{service}") for service in step.uses}
    held = {
        piece: unknown_of(f"{name}.held{index}") if opening is None else opening.get(piece, z3.IntVal(0))
        for index, piece in enumerate(step.opening)
    }
    inputs = [*used.values(), *held.values()]
    values: dict[int, Term] = {}
    for number in atoms:
        atom = step.tape.atoms[number]
        match atom:
            case Input():
                values[number] = inputs[number]
            case BelowZero():
                amount = _sum(values, atom.parts, atom.const)
                values[number] = z3.If(amount < 0, amount, 0)
            case Quotient():
                values[number] = _sum(values, atom.parts, atom.const) / atom.by  # z3's of whole numbers, which rounds down
            case _:
                assert_never(atom)
    unknowns = [*used.values(), *(held.values() if opening is None else ())]
    return Cycle(
        used, held, {piece: _value(values, amount) for piece, amount in closing.items()},
        {figure: _value(values, amount) for figure, amount in told.items()}, [one >= 0 for one in unknowns],
    )  # fmt: skip


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


def _sum(values: Mapping[int, Term], parts: Sequence[tuple[int, int]], const: int) -> Term:
    return z3.Sum([*(count * values[atom] for atom, count in parts), z3.IntVal(const)])


def _value(values: Mapping[int, Term], amount: int) -> Term:
    term = unknown(amount)
    return _sum(values, term.parts, term.const) if term else z3.IntVal(amount)


def solver() -> z3.Solver:
    made = z3.Solver()
    made.set("rlimit", _EFFORT)
    return made
