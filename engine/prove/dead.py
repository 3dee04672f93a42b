"""Rules of a plan that can never act, by proof: without them every cycle computes the same, whatever is used and held.

Only of what the steps of a plan tell: of lines that use, and stay. Where a renewal before the end, a pack or a promotion brings
more than a cycle grants, where it matters what a use is for, and where a customer may save, ask for something or hold credit, a
rule that otherwise does nothing may be made for that; of such nothing is said.

Lines that use nothing, or far more than there is, are looked at first; the solver is loaded where these show no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from dsl import units
from dsl.diagnostics import Diagnostic, finding
from dsl.phrase import phrase
from dsl.plan import Advance, Cap, CapCounts, Convert, Plan, Sell
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE
from engine.batch.trace import NotTracedError, Step
from engine.history import HistoryError
from engine.prove.cycles import HORIZON, LONG, cycles, used
from engine.prove.suspects import Without, each_without
from engine.run import run
from engine.statement import CycleStatement, Figures

if TYPE_CHECKING:
    from engine.prove.bounds import Kept

_MUCH = 10**15  # base units
_TRIED = ((HORIZON, 0), (3, _MUCH), (LONG, 0))  # cycles, and what each uses of each service


def dead(plan: Plan, start: datetime) -> Iterator[Diagnostic]:
    """Caps, conversions and sales without which nothing is different."""
    uses = used(plan)
    try:
        suspects = [less for less in each_without(plan) if _seems_alike(plan, less.plan, start, uses)]
    except HistoryError:  # a line comes to hold too many lots
        return
    each = _each_cycle(plan, start, uses) if suspects else None
    if not each:
        return
    traced = [(less, _each_cycle(less.plan, start, uses)) for less in suspects]
    others = [(less, other) for less, other in traced if other]
    if others:
        from engine.prove.alike import never_differ

        proved = never_differ(plan, each, [other for _, other in others])
        yield from (_told(plan, less, kept) for (less, _), kept in zip(others, proved, strict=True) if kept)


def _each_cycle(plan: Plan, start: datetime, uses: tuple[str, ...]) -> Step | None:
    """What every cycle computes, where it depends on what is used in all."""
    try:
        found = cycles(plan, start, uses)
    except NotTracedError:
        return None
    return found.each if found.each and found.each.by_sum else None


# ---- a line that uses nothing, and one that uses far more than there is: most of what is alive shows there at once


def _seems_alike(plan: Plan, other: Plan, start: datetime, uses: tuple[str, ...]) -> bool:
    histories = ((start, many, tuple(Use(service, amount, in_all=True) for service in uses)) for many, amount in _TRIED)
    return all(
        _figures(one) == _figures(two)
        for history in histories
        for one, two in zip(_played(plan, *history), _played(other, *history), strict=True)
    )


@lru_cache(maxsize=8)
def _played(plan: Plan, start: datetime, many: int, acts: tuple[Use, ...]) -> tuple[CycleStatement, ...]:
    """Kept for the next rule of a plan."""
    history = Scenario("", plan.name, start, (CycleSteps(acts, ()),) * many, (), NOWHERE)
    return run(plan, history).statement.cycles


def _figures(cycle: CycleStatement) -> tuple[object, ...]:
    """Without those services of which there is nothing."""
    moved = {service: figures for service, figures in cycle.services.items() if figures != Figures()}
    return moved, {money: amount for money, amount in cycle.charged.items() if amount}, cycle.due


# ---- how it is told


def _told(plan: Plan, less: Without, kept: Kept) -> Diagnostic:
    span = less.what.span
    match less.what:
        case Cap(counts=CapCounts.INFLOW):
            return finding("P001", span, why=phrase("no cycle carries so much"))
        case Cap():
            [service] = {rule.service for rule in plan.rules if less.what in rule.clauses}
            most = max((bound.amount for bound in kept.bounds if bound.service == service), default=0)
            why = phrase("no more than {most} is ever carried", most=units.exact(service, most, plan.data_step))
            return finding("P001", span, why=why)
        case Convert() if less.is_ceiling:
            return finding("P001", span, why=phrase("no boundary converts so much"))
        case Convert():
            return finding("P002", span, why=phrase("what is left for it is never enough"))
        case Sell() | Advance():
            return finding("P002", span, why=phrase("it never serves anything"))
        case _:
            raise AssertionError(less.what)
