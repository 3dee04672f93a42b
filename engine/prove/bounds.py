"""Bounds on what is held when a cycle ends, made of the plan's constants, that hold always: none is broken by a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import z3

from dsl.plan import Cap, Convert, Plan
from engine.batch.course import Piece
from engine.batch.trace import Step
from engine.prove.terms import Term, read, solver


@dataclass(frozen=True, slots=True)
class Held:
    """A bound that was used: these pieces of a service hold at most `amount` at a boundary."""

    service: str
    pieces: tuple[Piece, ...]
    amount: int


def always(plan: Plan, step: Step, service: str) -> list[Held]:
    """Bounds on what is held of a service that hold at the start, with nothing held, and that no cycle breaks.

    Each lot, and lots together from the oldest and from the newest on, have the lowest of the plan's constants; what a cycle
    can break gets the next one that this cycle does not break, until none can or no constant is left.
    """
    pieces = [piece for piece in step.opening if piece.service == service and not piece.debt]
    constants = _constants(plan, service, len(pieces))
    cycle = read(step, "c", about={service})
    bounds = dict.fromkeys(_groups(pieces), 0)
    while bounds:
        kept = [Held(service, group, constants[place]) for group, place in bounds.items()]
        asked = solver()
        asked.add(*cycle.bounds, *(holds(bound, cycle.opening) for bound in kept))
        asked.add(z3.Or([z3.Not(holds(bound, cycle.closing)) for bound in kept]))
        found = asked.check()
        if found == z3.unsat:
            return kept
        if found != z3.sat:
            break
        model = asked.model()
        for group, place in list(bounds.items()):
            closing = model.eval(_together(group, cycle.closing), model_completion=True)
            higher = next((at for at in range(place, len(constants)) if _at_most(closing, constants[at])), None)
            if higher is None:
                del bounds[group]
            else:
                bounds[group] = higher
    return []


def _groups(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    each: list[tuple[Piece, ...]] = [(piece,) for piece in pieces]
    found = dict.fromkeys(each)
    for order in (each, each[::-1]):
        found |= dict.fromkeys(accumulate(order, _joined))
    return list(found)


def _joined(one: tuple[Piece, ...], other: tuple[Piece, ...]) -> tuple[Piece, ...]:
    return one + other


def _constants(plan: Plan, service: str, times: int) -> list[int]:
    """Grants, caps and their sums: what bounds are made of."""
    granted = plan.allowance(service)
    caps = [
        clause.amount for rule in plan.rules if rule.service == service for clause in rule.clauses if isinstance(clause, Cap)
    ]
    made = [
        clause.ceiling for rule in plan.rules for clause in rule.clauses
        if isinstance(clause, Convert) and clause.to_service == service and clause.ceiling >= 0
    ]  # fmt: skip
    grants = [granted * many for many in range(times + 1)]
    single = [grant.amount for grant in plan.grants if grant.service == service]
    return sorted({0, *grants, *single, *caps, *made, *(cap + grant for cap in caps for grant in grants)})


def _together(group: Sequence[Piece], amounts: Mapping[Piece, Term]) -> Term:
    return z3.Sum([amounts.get(piece, z3.IntVal(0)) for piece in group])


def holds(bound: Held, amounts: Mapping[Piece, Term]) -> Term:
    return _together(bound.pieces, amounts) <= bound.amount


def _at_most(value: Term, amount: int) -> bool:
    return bool(z3.is_true(z3.simplify(value <= amount)))
