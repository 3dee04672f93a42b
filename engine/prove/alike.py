"""Whether two plans ever differ, cycle by cycle, whatever is used and held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import z3

from dsl.plan import Plan
from engine.batch.trace import Step
from engine.prove.bounds import Kept, always, holds
from engine.prove.solving import Term, solver
from engine.prove.terms import divides, read

_EFFORT = 2_000_000  # of the solver for one question


def never_differ(plan: Plan, one: Step, others: Iterable[Step]) -> Iterator[Kept | None]:
    """Of each of the other plans' cycles, the bounds on what is held by which it computes the same as that of the plan; None
    where there are none that show it."""
    known: list[Kept] = []
    more = always(plan, one, {piece.service for piece in one.opening})
    for other in others:
        yield next((kept for kept in _in_turn(known, more) if _is_alike(one, other, kept)), None)


def _in_turn(known: list[Kept], more: Iterator[Kept]) -> Iterator[Kept]:
    """Bounds that are known, and then those that are found when they are needed."""
    yield from [*known]
    for one in more:
        known.append(one)
        yield one


def _is_alike(one: Step, other: Step, kept: Kept) -> bool:
    """Whether cycles that open with the same, which can be held, close with the same, and have the same figures. What only one
    of them could hold is nothing at the start, and so, then, always."""
    services = {piece.service for piece, _ in (*one.closing, *other.closing)}
    figures = {*one.figures, *other.figures}
    whole = divides(one, services) or divides(other, services) or kept.whole
    mine = read(one, "one", about=services, figures=figures, whole=whole)
    theirs = read(other, "other", dict(mine.opening), about=services, figures=figures, whole=whole)
    pairs: list[tuple[Term, Term]] = [(mine.used[service], theirs.used[service]) for service in one.uses]
    pieces = {*mine.closing, *theirs.closing}
    shown = [(mine.closing.get(piece, 0), theirs.closing.get(piece, 0)) for piece in pieces]
    shown += [(mine.figures[figure], theirs.figures[figure]) for figure in figures]
    asked = solver(_EFFORT)
    asked.add(*mine.bounds, *theirs.bounds, *(left == right for left, right in pairs))
    asked.add(*(holds(bound, mine.opening) for bound in kept.bounds))
    asked.add(*(held == 0 for piece, held in mine.opening.items() if piece not in theirs.opening))
    asked.add(z3.Or([left != right for left, right in shown]))
    return bool(asked.check() == z3.unsat)
