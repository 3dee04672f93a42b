"""Rules of a plan that can never act, by proof: without them every cycle computes the same, whatever is used and held.

Only of what the steps of a plan tell: of lines that use, and stay. Where a renewal before the end, a pack or a promotion brings
more than a cycle grants, where it matters what a use is for, and where a customer may save, ask for something or hold credit, a
rule that otherwise does nothing may be made for that; of such nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import z3

from dsl import units
from dsl.diagnostics import Diagnostic, finding
from dsl.phrase import phrase
from dsl.plan import (
    NO_CEILING,
    Advance,
    Cap,
    CapCounts,
    Clause,
    Convert,
    Early,
    Kind,
    LotClass,
    Occasion,
    Plan,
    Rule,
    RunsOut,
    Sell,
)
from engine.batch.trace import NotTracedError, Step
from engine.prove.bounds import Kept, always, holds
from engine.prove.cycles import Cycles, cycles, used
from engine.prove.modelled import carries_at_will, what_for_matters
from engine.prove.terms import Term, divides, read, solver

_EFFORT = 2_000_000  # of the solver for one rule
_SEEN = frozenset({LotClass.ALLOWANCE, LotClass.CARRIED})  # classes of which steps tell all there is


@dataclass(frozen=True, slots=True)
class _Without:
    """A plan that lacks one thing: what lacks, and the plan."""

    what: Clause | Sell | Advance
    plan: Plan
    is_ceiling: bool = False


def dead(plan: Plan, start: datetime) -> Iterator[Diagnostic]:
    """Caps, conversions and sales without which nothing is different."""
    uses = used(plan)
    found = _cycles(plan, start, uses) if _is_told(plan) else None
    if not found or not found.each:
        return
    services = {piece.service for piece in found.each.opening}
    more = always(plan, found.each, services)
    known: list[Kept] = []
    for less in _each_less(plan):
        other = _cycles(less.plan, start, uses)
        if other and other.each and _seems_alike(found, other):
            for bounds in _in_turn(known, more):
                if _is_alike(found.each, other.each, bounds):
                    yield _told(plan, less, bounds)
                    break


def _in_turn(known: list[Kept], more: Iterator[Kept]) -> Iterator[Kept]:
    """Bounds that are known, and then those that are found when they are needed."""
    yield from [*known]
    for one in more:
        known.append(one)
        yield one


def _is_told(plan: Plan) -> bool:
    """Whether a cycle has no more in hand than what it began with and what it grants, whatever is used."""
    adds = plan.kind is Kind.PREPAID and plan.renewal.early is not Early.EXPIRE
    return not (adds or plan.promotions or plan.packs or what_for_matters(plan))


def _cycles(plan: Plan, start: datetime, uses: tuple[str, ...]) -> Cycles | None:
    try:
        found = cycles(plan, start, uses)
    except NotTracedError:
        return None
    return found if found.each and found.each.by_sum else None


# ---- what may be left out


def _each_less(plan: Plan) -> Iterator[_Without]:
    happens = {rule.service for rule in plan.rules if rule.occasion is not Occasion.CLOSE}
    for at, rule in enumerate(plan.rules):
        is_seen = rule.classes <= _SEEN and rule.service not in happens and not carries_at_will(rule)
        if rule.occasion is Occasion.CLOSE and not rule.pack and is_seen:
            for clause, less, is_ceiling in _rules_less(rule):
                yield _Without(clause, replace(plan, rules=(*plan.rules[:at], less, *plan.rules[at + 1 :])), is_ceiling)
    for at, runs_out in enumerate(plan.runs_out):
        for remedy, less_out in _remedies_less(runs_out):
            yield _Without(remedy, replace(plan, runs_out=(*plan.runs_out[:at], less_out, *plan.runs_out[at + 1 :])))


def _rules_less(rule: Rule) -> Iterator[tuple[Clause, Rule, bool]]:
    for at, clause in enumerate(rule.clauses):
        before, behind = rule.clauses[:at], rule.clauses[at + 1 :]
        match clause:
            case Cap() if not clause.of_new_plan[0]:
                yield clause, replace(rule, clauses=(*before, *behind)), False
            case Convert():
                yield clause, replace(rule, clauses=(*before, *behind)), False
                if clause.ceiling != NO_CEILING:
                    more = replace(clause, ceiling=NO_CEILING)
                    yield clause, replace(rule, clauses=(*before, more, *behind)), True


def _remedies_less(rule: RunsOut) -> Iterator[tuple[Sell | Advance, RunsOut]]:
    """What serves nothing, such as a lower speed, may not be left out: no amount tells that it is there. What credit pays is
    for who tops it up."""
    for at, remedy in enumerate(rule.remedies):
        if isinstance(remedy, Advance) or (isinstance(remedy, Sell) and not remedy.from_credit):
            yield remedy, replace(rule, remedies=(*rule.remedies[:at], *rule.remedies[at + 1 :]))


# ---- whether that makes a difference


def _seems_alike(one: Cycles, other: Cycles) -> bool:
    """Whether a line that uses nothing has the same figures: most of what is alive shows at once."""
    pairs = zip(one.without_use(), other.without_use(), strict=True)
    return all(mine.get(figure, 0) == theirs.get(figure, 0) for mine, theirs in pairs for figure in {*mine, *theirs})


def _is_alike(one: Step, other: Step, kept: Kept) -> bool:
    """Whether cycles that open with the same, which can be held, close with the same, and have the same figures. What only one
    of them could hold is nothing at the start, and so, then, always."""
    services = {piece.service for piece, _ in (*one.closing, *other.closing)}
    figures = {*one.figures, *other.figures}
    whole = divides(one, services) or divides(other, services) or kept.whole
    mine = read(one, "one", about=services, figures=figures, whole=whole)
    theirs = read(other, "other", dict(mine.opening), about=services, figures=figures, whole=whole)
    pairs: list[tuple[Term, Term]] = [(mine.used[service], theirs.used[service]) for service in one.uses]
    pieces = {*mine.closing, *theirs.closing}
    shown = [(mine.closing.get(piece, 0), theirs.closing.get(piece, 0)) for piece in pieces]
    shown += [(mine.figures[figure], theirs.figures[figure]) for figure in figures]
    asked = solver(_EFFORT)
    asked.add(*mine.bounds, *theirs.bounds, *(left == right for left, right in pairs))
    asked.add(*(holds(bound, mine.opening) for bound in kept.bounds))
    asked.add(*(held == 0 for piece, held in mine.opening.items() if piece not in theirs.opening))
    asked.add(z3.Or([left != right for left, right in shown]))
    return bool(asked.check() == z3.unsat)


# ---- how it is told


def _told(plan: Plan, less: _Without, kept: Kept) -> Diagnostic:
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
