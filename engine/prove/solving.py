"""The solver, and what it is asked."""

from __future__ import annotations

from typing import Any

import z3

Term = Any  # of z3, which has no types
_EFFORT = 20_000_000  # of the solver for one question, in its own units: no clock, so that the answer is the same everywhere


def solver(effort: int = _EFFORT) -> z3.Solver:
    """With the older one of Z3's two ways to solve inequalities: on what cycles compute it is faster, and never far slower."""
    made = z3.Solver()
    made.set("rlimit", effort)
    made.set("arith.solver", 2)
    return made
