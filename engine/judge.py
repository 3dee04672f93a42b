"""Whether a run came out as its scenario expects, and whether the plan's claims held in it."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan import Expectation, Figure, NeverAbove
from engine.calendar import Instant
from engine.ledger import Reason, Sink
from engine.run import Run
from engine.statement import CycleStatement, Figures


@dataclass(frozen=True, slots=True)
class Missed:
    """An expectation of a cycle that did not come out: `got` instead."""

    cycle: int
    expectation: Expectation
    got: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A claim that did not hold: at `at` the balance was `balance`."""

    claim: NeverAbove
    at: Instant
    balance: int


def missed(run: Run) -> list[Missed]:
    """Every expectation that did not come out, in order."""
    found = []
    for cycle, steps in zip(run.statement.cycles, run.scenario.cycles, strict=False):
        for expectation in steps.expectations:
            got = figure(cycle, expectation.figure, expectation.service)
            if got != expectation.amount:
                found.append(Missed(cycle.number, expectation, got))
    return found


def figure(cycle: CycleStatement, name: Figure, service: str) -> int:
    """What an expectation's figure is in a statement, in base units; zero for a service the run never touched."""
    figures = cycle.services.get(service, Figures())
    match name:
        case Figure.CARRIED:
            return figures.carried_out
        case Figure.CONVERTED:
            return figures.converted_in or figures.converted_out
        case Figure.CHARGED:
            return cycle.charged.get(service, 0)
        case _:
            amount: int = getattr(figures, name)
            return amount


def broken(run: Run) -> list[Broken]:
    """Each claim of the plan that the run breaks, where it is broken furthest. Lots of promotions do not count."""
    promoted = _promoted(run)
    found = []
    for claim in run.plan.claims:
        balance, worst, worst_at = 0, claim.amount, None
        for posting in run.postings:
            if posting.service != claim.service:
                continue
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if not isinstance(place, Sink) and place not in promoted:
                    balance += amount
            if balance > worst:
                worst, worst_at = balance, posting.at
        if worst_at is not None:
            found.append(Broken(claim, worst_at, worst))
    return found


def _promoted(run: Run) -> set[int]:
    """Lots put by promotions, and what they were carried or moved to."""
    found: set[int] = set()
    for posting in run.postings:
        if not isinstance(posting.target, Sink) and (posting.reason is Reason.PROMOTED or posting.source in found):
            found.add(posting.target)
    return found
