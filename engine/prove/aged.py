"""Plans under which a line comes to hold a lot of every age, since what was carried is carried again, or never ends. The old
ones are taken as one lot, where the solver shows that this makes no difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import z3

from dsl.plan import Plan
from engine.batch.course import Piece
from engine.batch.terms import Memory, Quotient
from engine.batch.trace import Ended, Step, trace
from engine.prove.solving import Term, solver
from engine.prove.terms import Cycle, read

_EFFORT = 100_000_000  # of the solver: a second
_MOST_TRIES = 8  # what is carried, of every age, is most; what is made of it follows


def aged(plan: Plan, uses: Sequence[str], start: datetime, *, old: int, memory: Memory, most: int) -> Step | None:
    """The cycle of an even plan that opens with lots of up to so many cycles, the oldest of which stands for all that are as
    old or older, and closes with the same. None where it is not shown that the two oldest of one cycle more come to what one
    lot does that holds as much. Raises NotTracedError."""
    less, more = (_closing_as_it_opens(plan, uses, start, age, memory, most) for age in (old, old + 1))
    return less if less and more and _is_one(more, less, old) else None


def _closing_as_it_opens(
    plan: Plan, uses: Sequence[str], start: datetime, age: int, memory: Memory, most: int
) -> Step | None:  # fmt: skip
    known: tuple[Piece, ...] = ()
    for _ in range(_MOST_TRIES):
        # The line is as old as its oldest lot: of those that it holds by itself, none is older.
        [step] = trace(plan, start, uses, 1, first=age + 1, opening=known, memory=memory, most=most)
        closing: dict[Piece, int] = {}
        for piece, amount in step.closing:
            kept = _not_older(piece, age)
            closing[kept] = closing.get(kept, 0) + amount
        if set(closing) <= set(step.opening):
            return replace(step, closing=tuple((piece, closing.get(piece, 0)) for piece in step.opening))
        known = tuple(dict.fromkeys(_of_every_age((*step.opening, *closing), age)))
    return None


def _not_older(piece: Piece, age: int) -> Piece:
    return replace(piece, born=max(piece.born, -age)) if piece.by_cycles else piece


def _of_every_age(pieces: Iterable[Piece], age: int) -> Iterator[Piece]:
    """Those of which there are some of two ages that differ in nothing else, the oldest first."""
    pieces = list(dict.fromkeys(pieces))
    kinds = [replace(piece, born=0) for piece in pieces]
    for piece, kind in zip(pieces, kinds, strict=True):
        if piece.by_cycles and kinds.count(kind) > 1:
            yield from (replace(piece, born=-one) for one in range(age, 0, -1))
        else:
            yield piece


def _is_one(more: Step, less: Step, old: int) -> bool:
    """Whether a cycle that opens with lots of one age more comes to the same as one that opens with the two oldest as one."""
    services = {piece.service for step in (more, less) for piece, _ in step.closing}
    one = _read(more, "more", services, None, old)
    opening: dict[Piece, Term] = {}
    for piece, held in one.opening.items():
        kept = _not_older(piece, old)
        opening[kept] = opening[kept] + held if kept in opening else held
    if not set(opening) <= set(less.opening):
        return False
    other = _read(less, "less", services, opening, old)
    closing: dict[Piece, Term] = {}
    for piece, held in one.closing.items():
        kept = _not_older(piece, old)
        closing[kept] = closing[kept] + held if kept in closing else held
    pairs = [(closing.get(piece, 0), other.closing.get(piece, 0)) for piece in {*closing, *other.closing}]
    pairs += [(one.figures[name], other.figures[name]) for name in one.figures]
    asked = solver(_EFFORT)
    asked.add(*one.bounds, *other.bounds, *(one.used[service] == other.used[service] for service in one.used))
    asked.add(z3.Or([left != right for left, right in pairs]))
    return bool(asked.check() == z3.unsat)


def _read(step: Step, name: str, services: set[str], opening: dict[Piece, Term] | None, old: int) -> Cycle:
    """With all that it tells of: its figures, what was moved, and what expired."""
    told = dict(step.figures)
    told |= {f"moved {moved}": amount for moved, amount in step.moved.items()}
    for ended, amount in step.expired.items():
        key = f"expired {Ended(ended.service, min(ended.cycles, old))}"
        told[key] = told.get(key, 0) + amount
    whole = any(isinstance(atom, Quotient) for atom in step.tape.atoms)
    return read(replace(step, figures=told), name, opening, about=services, figures=told, whole=whole)
