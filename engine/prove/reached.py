"""What lines hold at the most when each of their cycles begins, and so which cycles break no claim, whatever is used."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import z3

from dsl.plan import Claim, Plan
from engine.batch.course import Piece
from engine.batch.program import evaluate, program
from engine.batch.trace import Step
from engine.prove.bounds import Guesses, each_and_all, holds
from engine.prove.breach import FIGURES, broken, within
from engine.prove.solving import solver
from engine.prove.terms import Cycle, read
from engine.prove.verdict import Held


def cycle_by_cycle(
    plan: Plan, steps: Sequence[Step], claim: Claim, services: Collection[str]
) -> Iterator[tuple[list[Held], bool]]:  # fmt: skip
    """Of each cycle of a line that begins with nothing: bounds on what it opens with of these services, and whether it may
    break the claim, which it shows, as far as these tell. They follow from those of the cycle before, so that one cycle is
    looked at, and never many that follow each other."""
    unused: Mapping[Piece, int] = {}
    opening = Guesses(plan, [piece for step in steps[:1] for piece in step.opening], services, each_and_all).held()
    read_before: dict[int, tuple[Cycle, z3.Solver]] = {}
    for step in steps:
        cycle, asked = read_before.get(id(step)) or _asked(plan, step, services)
        read_before[id(step)] = cycle, asked
        asked.push()
        asked.add(*(holds(bound, cycle.opening) for bound in opening))
        yield opening, _may_be(broken(cycle, claim), asked)
        unused = _without_use(step, unused)
        opening = _closing(plan, cycle, asked, unused, services)
        asked.pop()


def _asked(plan: Plan, step: Step, services: Collection[str]) -> tuple[Cycle, z3.Solver]:
    cycle = read(step, "c", about=services, figures=FIGURES)
    asked = solver()
    asked.add(*cycle.bounds, *within(cycle, plan.most_used))
    return cycle, asked


def _may_be(said: z3.BoolRef, asked: z3.Solver) -> bool:
    asked.push()
    asked.add(said)
    found = asked.check()
    asked.pop()
    return bool(found != z3.unsat)


def _without_use(step: Step, held: Mapping[Piece, int]) -> Mapping[Piece, int]:
    left = evaluate(program([step], in_64_bits=False), [{}], [held.get(piece, 0) for piece in step.opening])
    return dict(zip((piece for piece, _ in step.closing), left.closing, strict=True))


def _closing(
    plan: Plan, cycle: Cycle, asked: z3.Solver, unused: Mapping[Piece, int], services: Collection[str]
) -> list[Held]:  # fmt: skip
    """What a cycle closes with at the most: what is held without use, or what it can come to."""
    guesses = Guesses(plan, list(cycle.closing), services, each_and_all)
    guesses.cover(unused)
    while guesses.amounts:
        found, reached = guesses.beyond(cycle, asked)
        if found == z3.unsat:
            break
        if found != z3.sat:
            return []
        guesses.raise_to(reached)
    return guesses.held()
