"""What a cycle shows of a claim."""

from __future__ import annotations

import z3

from engine.prove.terms import Cycle, Term


def figures(service: str) -> tuple[str, ...]:
    """What is there in a cycle at the most is their sum: all that comes comes at its begin."""
    return tuple(f"{service}_{name}" for name in ("carried_in", "granted", "received"))


def peak(cycle: Cycle) -> Term:
    return z3.Sum(list(cycle.figures.values()))
