"""A plan's claims: proved for every number of cycles, refuted by a history, or left open, with what was looked at.

Where all cycles of a plan are alike (`engine/batch/even.py`) the proof is by induction over one cycle. Bounds on what is held,
made of the plan's constants, are kept if they hold at the start and no cycle breaks them; from these the claim follows, or not.
A history that breaks a claim is searched for in one cycle, then in two, and so on; it is for the caller to run it in the engine
before anybody is shown it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import accumulate

import z3

from dsl.plan import Advance, Cap, Convert, NeverAbove, Plan, Sell
from dsl.units import is_money
from engine.batch.course import Piece
from engine.batch.even import is_even, steady
from engine.batch.program import evaluate, program
from engine.batch.trace import NotTracedError, Step, trace
from engine.prove.terms import Cycle, Term, behind, read

HORIZON = 13  # cycles in which it is looked whether nothing used breaks a claim
SEARCHED = 6  # cycles in which any history that does is searched for; behind them it takes long
_MOST = 10**30  # of what a cycle uses or a lot holds
_EFFORT = 20_000_000  # of the solver for one question, in its own units: no clock, so that the answer is the same everywhere


class Verdict(StrEnum):
    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Held:
    """A bound that was used: these pieces of a service hold at most `amount` at a boundary."""

    service: str
    pieces: tuple[Piece, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """`bounds` are what a proof used; `history` is the use of each cycle, by service, that breaks the claim; `why` tells what
    was looked at where it is open."""

    claim: NeverAbove
    verdict: Verdict
    bounds: tuple[Held, ...] = ()
    history: tuple[dict[str, int], ...] = ()
    why: str = ""


def prove(plan: Plan, claim: NeverAbove, start: datetime) -> Outcome:
    """One claim of a plan, about lines that begin at `start`; where all cycles are alike, about all lines."""
    if why := _not_modelled(plan, claim):
        return Outcome(claim, Verdict.UNKNOWN, why=why)
    plan = replace(plan, promotions=())  # which the claim is not about
    uses = tuple(service for service in plan.services if not is_money(service))
    try:
        if is_even(plan) and (step := steady(plan, uses, start, most=_MOST)) and step.by_sum:
            kept = _invariant(plan, step, claim.service)
            if _follows(step, kept, claim):
                return Outcome(claim, Verdict.PROVED, tuple(kept))
        return _refute(trace(plan, start, uses, HORIZON, most=_MOST), claim)
    except NotTracedError as error:
        where = f" (line {error.span.line})" if error.span.line else ""
        return Outcome(claim, Verdict.UNKNOWN, why=f"{error.reason}{where}")


def _not_modelled(plan: Plan, claim: NeverAbove) -> str:
    """What the peak of a cycle does not tell."""
    if claim.with_promotions and plan.promotions:
        return "promotions come when they come: with them it is only looked at in examples"
    for rule in plan.runs_out:
        if rule.service == claim.service and any(isinstance(one, Sell | Advance) for one in rule.remedies):
            return "what is sold or lent when it runs out is not looked at"
    if plan.shares or plan.by_lines:
        return "what several lines share is not looked at"
    return ""


def _figures(service: str) -> tuple[str, ...]:
    """What is there in a cycle at the most is their sum: all that comes comes at its begin."""
    return tuple(f"{service}_{name}" for name in ("carried_in", "granted", "received"))


def _peak(cycle: Cycle) -> Term:
    return z3.Sum(list(cycle.figures.values()))


# ---- one cycle for all


def _invariant(plan: Plan, step: Step, service: str) -> list[Held]:
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
        solver = _solver()
        solver.add(*cycle.bounds, *(_holds(bound, cycle.opening) for bound in kept))
        solver.add(z3.Or([z3.Not(_holds(bound, cycle.closing)) for bound in kept]))
        found = solver.check()
        if found == z3.unsat:
            return kept
        if found != z3.sat:
            break
        model = solver.model()
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


def _holds(bound: Held, amounts: Mapping[Piece, Term]) -> Term:
    return _together(bound.pieces, amounts) <= bound.amount


def _at_most(value: Term, amount: int) -> bool:
    return bool(z3.is_true(z3.simplify(value <= amount)))


def _follows(step: Step, kept: Iterable[Held], claim: NeverAbove) -> bool:
    """Whether the claim holds in a cycle that opens with no more than that."""
    cycle = read(step, "c", about=(), figures=_figures(claim.service))
    solver = _solver()
    solver.add(*cycle.bounds, *(_holds(bound, cycle.opening) for bound in kept), _peak(cycle) > claim.amount)
    return bool(solver.check() == z3.unsat)


# ---- histories


def _refute(steps: Sequence[Step], claim: NeverAbove) -> Outcome:
    """A history that breaks a claim: one of few cycles, or one without any use."""
    for number, step in enumerate(steps, 1):
        if not step.by_sum:
            return Outcome(claim, Verdict.UNKNOWN, why=f"in cycle {number} it matters on which day something is used")
    idle = _idle(steps, claim)
    found = _search(steps[: min(SEARCHED, (idle or HORIZON + 1) - 1)], claim)
    if idle and found.verdict is Verdict.UNKNOWN:
        return Outcome(claim, Verdict.REFUTED, history=(dict.fromkeys(steps[0].uses, 0),) * idle)
    return found


def _idle(steps: Sequence[Step], claim: NeverAbove) -> int:
    """The first cycle in which there is too much where nothing is ever used; 0 where there is none."""
    figures = evaluate(program(steps, in_64_bits=False), [{}] * len(steps), [0] * len(steps[0].opening)).figures
    peaks = [sum(row.get(name, 0) for name in _figures(claim.service)) for row in figures]
    return next((number for number, peak in enumerate(peaks, 1) if peak > claim.amount), 0)


def _search(steps: Sequence[Step], claim: NeverAbove) -> Outcome:
    """The shortest history that breaks a claim: of those, one that uses little."""
    services = behind(steps, claim.service)
    looked = 0
    for number, _ in enumerate(steps, 1):
        for whole in (False, True):
            cycles = _unrolled(steps[:number], services, claim, whole=whole)
            solver = _solver()
            solver.add(*(bound for one in cycles for bound in one.bounds), _peak(cycles[-1]) > claim.amount)
            found = solver.check()
            if found == z3.unsat:
                break
        if found == z3.sat:
            return Outcome(claim, Verdict.REFUTED, history=_least(solver, cycles))
        if found != z3.unsat:
            break
        looked = number
    why = f"no history of {looked} cycles breaks it, nor one of {HORIZON} without use; of others nothing is known"
    return Outcome(claim, Verdict.UNKNOWN, why=why)


def _unrolled(steps: Sequence[Step], services: frozenset[str], claim: NeverAbove, *, whole: bool) -> list[Cycle]:
    """Cycles that follow each other, from nothing on; the figures are those of the last."""
    opening: dict[Piece, Term] = {}
    cycles = []
    for number, step in enumerate(steps, 1):
        figures = _figures(claim.service) if number == len(steps) else ()
        cycles.append(read(step, f"c{number}", opening, about=services, figures=figures, whole=whole))
        opening = dict(cycles[-1].closing)
    return cycles


def _least(solver: z3.Solver, cycles: Sequence[Cycle]) -> tuple[dict[str, int], ...]:
    """Uses nothing wherever nothing can be used."""
    for used in [used for cycle in cycles for used in cycle.used.values()]:
        solver.push()
        solver.add(used == 0)
        if solver.check() != z3.sat:
            solver.pop()
    assert solver.check() == z3.sat
    model = solver.model()
    return tuple(
        {service: model.eval(used, model_completion=True).as_long() for service, used in cycle.used.items()} for cycle in cycles
    )


def _solver() -> z3.Solver:
    solver = z3.Solver()
    solver.set("rlimit", _EFFORT)
    return solver
