"""Whether a gap can be reached after any number of cycles: asked of Z3's Spacer, which looks for an invariant by itself."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from engine.prove.joint import Joint
from engine.prove.solving import Term

_EFFORT = 100_000_000  # some seconds; no clock


def is_never_behind(joint: Joint) -> bool:
    """Whether the gap of this cycle, which follows itself again and again from nothing held on, is never above zero. False
    also where that is not known."""
    sort = joint.gap.sort()
    before, behind = [joint.gap], [joint.closing_gap]
    for plan in (joint.first, joint.second):
        before += [plan.opening[piece] for piece in plan.closing]
        behind += [_cast(amount, sort) for amount in plan.closing.values()]
    after = [z3.Const(f"after{index}", sort) for index, _ in enumerate(before)]
    held = z3.Function("held", *(sort for _ in before), z3.BoolSort())
    worse = z3.Function("worse", z3.BoolSort())
    solver = z3.Fixedpoint()
    solver.set(engine="spacer", rlimit=_EFFORT)
    solver.register_relation(held, worse)
    solver.declare_var(*before, *after, *_names([*joint.bounds, joint.closing_gap]))
    solver.rule(held(*(z3.simplify(_cast(z3.IntVal(0), sort)) for _ in before)))
    solver.rule(held(*after), [held(*before), *joint.bounds, *(one == other for one, other in zip(after, behind, strict=True))])
    solver.rule(worse(), [held(*before), joint.gap > 0])
    try:
        return bool(solver.query(worse()) == z3.unsat)
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
