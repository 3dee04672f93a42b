"""Plans under which a line comes to hold a lot of every age, since what was carried is carried again, or never ends. The old
ones are taken as one lot, where the solver shows that this makes no difference."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import z3

from dsl.plan import Plan
from engine.batch.course import Piece
from engine.batch.steady import LONG, of_every_age
from engine.batch.terms import Memory, Quotient
from engine.batch.trace import Ended, Step, trace
from engine.prove.solving import Term, solver
from engine.prove.terms import Cycle, read

Amount = TypeVar("Amount", int, Term)
_EFFORT = 100_000_000  # of the solver: a second
_MOST_TRIES = 8  # what is carried, of every age, is most; what is made of it follows


def aged(plan: Plan, start: datetime, second: Step, *, old: int, memory: Memory, most: int) -> Step | None:
    """The cycle of an even plan, whose `second` one is known, that opens with lots of up to so many cycles, the oldest of which
    stands for all that are as old or older, and closes with the same. None where it is not shown that the two oldest of one
    cycle more come to what one lot does that holds as much. Raises NotTracedError."""
    less, more = (_closing_as_it_opens(plan, start, second, age, memory, most) for age in (old, old + 1))
    return less if less and more and _is_one(more, less, old) else None


def _closing_as_it_opens(
    plan: Plan, start: datetime, second: Step, age: int, memory: Memory, most: int
) -> Step | None:  # fmt: skip
    known = _of_each_age((piece for piece, _ in second.closing), age)
    for _ in range(_MOST_TRIES):
        [step] = trace(plan, start, second.uses, 1, first=LONG, opening=known, memory=memory, most=most, alone=True)
        closing = _none_older(step.closing, age)
        if set(closing) <= set(step.opening):
            return replace(step, closing=tuple((piece, closing.get(piece, 0)) for piece in step.opening))
        known = _of_each_age((*step.opening, *closing), age)
    return None


def _none_older(held: Collection[tuple[Piece, Amount]], age: int) -> dict[Piece, Amount]:
    """With what is older than that as old, and what is alike then together."""
    found: dict[Piece, Amount] = {}
    kinds = Counter(_kind(piece) for piece, _ in held)
    for piece, amount in held:
        grows = piece.by_cycles and kinds[_kind(piece)] > 1
        kept = replace(piece, born=max(piece.born, -age)) if grows else piece
        found[kept] = found[kept] + amount if kept in found else amount
    return found


def _of_each_age(pieces: Iterable[Piece], age: int) -> tuple[Piece, ...]:
    return tuple(dict.fromkeys(of_every_age(_up_to(dict.fromkeys(pieces), age))))


def _up_to(pieces: Collection[Piece], age: int) -> Iterator[Piece]:
    """Those of which there are some of two ages that differ in nothing else, of each age up to that, the oldest first."""
    births = defaultdict[Piece, list[int]](list)
    for piece in pieces:
        births[_kind(piece)].append(piece.born)
    for piece in pieces:
        born = births[_kind(piece)]
        if piece.by_cycles and len(born) > 1:
            yield from (replace(piece, born=one) for one in range(-age, max(born) + 1))
        else:
            yield piece


def _kind(piece: Piece) -> Piece:
    """What lots of every age have in common."""
    return replace(piece, born=0)


def _is_one(more: Step, less: Step, old: int) -> bool:
    """Whether a cycle that opens with lots of one age more comes to the same as one that opens with the two oldest as one."""
    services = {piece.service for step in (more, less) for piece, _ in step.closing}
    one = _read(more, "more", services, None, old)
    opening: dict[Piece, Term] = _none_older(one.opening.items(), old)
    if not set(opening) <= set(less.opening):
        return False
    other = _read(less, "less", services, opening, old)
    closing: dict[Piece, Term] = _none_older(one.closing.items(), old)
    pairs = [(closing.get(piece, 0), other.closing.get(piece, 0)) for piece in {*closing, *other.closing}]
    pairs += [(one.figures.get(name, 0), other.figures.get(name, 0)) for name in {*one.figures, *other.figures}]
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
