"""What can't be reached after any number of cycles: asked of Z3's Spacer, which looks for an invariant by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import z3

from dsl.plan import Claim, MostUsed
from engine.batch.trace import Step
from engine.prove.breach import FIGURES, broken, divides, sources, within
from engine.prove.joint import Joint
from engine.prove.solving import Term
from engine.prove.terms import read

_EFFORT = 100_000_000  # some seconds; no clock


def is_never_behind(joint: Joint) -> bool:
    """Whether the gap of this cycle of two plans is never above zero. False also where that is not known."""
    before, behind = [joint.gap], [joint.closing_gap]
    for plan in (joint.first, joint.second):
        before += [plan.opening[piece] for piece in plan.closing]
        behind += plan.closing.values()
    return _is_never(joint.gap > 0, before, behind, joint.bounds)


def is_never_broken(step: Step, claim: Claim, most_used: Iterable[MostUsed]) -> bool:
    """Whether a claim is never broken, by this cycle that shows it. False also where that is not known."""
    cycle = read(step, "c", about=sources([step]), figures=FIGURES, whole=divides(step))
    before = [cycle.opening[piece] for piece in cycle.closing]
    bounds = [*cycle.bounds, *within(cycle, most_used)]
    return _is_never(z3.And(*bounds, broken(cycle, claim)), before, list(cycle.closing.values()), bounds)


def _is_never(what: Term, before: Sequence[Term], behind: Sequence[Term], bounds: Sequence[Term]) -> bool:
    """Whether this never holds of a cycle that follows itself again and again, from zeros on: what it begins with, and what it
    leaves for the next."""
    if not before:
        return False
    sort = before[0].sort()
    left = [_cast(amount, sort) for amount in behind]
    after = [z3.Const(f"after{index}", sort) for index, _ in enumerate(before)]
    held = z3.Function("held", *(sort for _ in before), z3.BoolSort())
    reached = z3.Function("reached", z3.BoolSort())
    solver = z3.Fixedpoint()
    solver.set(engine="spacer", rlimit=_EFFORT)
    solver.register_relation(held, reached)
    solver.declare_var(*before, *after, *_names([*bounds, *left, what]))
    solver.rule(held(*(z3.simplify(_cast(z3.IntVal(0), sort)) for _ in before)))
    solver.rule(held(*after), [held(*before), *bounds, *(one == other for one, other in zip(after, left, strict=True))])
    solver.rule(reached(), [held(*before), what])
    try:
        return bool(solver.query(reached()) == z3.unsat)
    except z3.Z3Exception:  # too much effort
        return False


def _names(terms: Sequence[Term]) -> list[Term]:
    """All that have a value: inputs, and what is made of them."""
    found, seen, waiting = [], set(), list(terms)
    while waiting:
        term = waiting.pop()
        if term.get_id() not in seen:
            seen.add(term.get_id())
            waiting += term.children()
            if z3.is_const(term) and term.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                found.append(term)
    return found


def _cast(amount: Term, sort: Term) -> Term:
    return z3.ToReal(amount) if sort == z3.RealSort() and amount.is_int() else amount
