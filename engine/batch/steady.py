"""The cycle that lines of an even plan come to, with all that they can hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dsl.plan import Plan
from engine.batch.course import Piece
from engine.batch.terms import Memory
from engine.batch.trace import MOST, Step, trace

LONG = 40  # cycles, in which what lines of an even plan hold has come round
_MOST_TRIES = 8  # what was never used holds most; debts, and what comes of them, follow


def steady(
    plan: Plan, uses: Sequence[str], start: datetime, *, others: Mapping[str, Plan] | None = None,
    memory: Memory | None = None, most: int = MOST,
) -> Step | None:  # fmt: skip
    """The cycle of lines of an even plan that have run for long: it opens with all that they can hold, and so closes; who holds
    less holds none of the rest. None where what they hold grows for ever. Raises NotTracedError."""
    known: tuple[Piece, ...] = ()
    for _ in range(_MOST_TRIES):
        step = trace(plan, start, uses, 1, first=LONG, opening=known, others=others, memory=memory, most=most)[0]
        known = tuple(piece for piece, _ in step.closing)
        if known == step.opening:
            return step
    return None
