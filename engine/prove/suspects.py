"""What of a plan may be dead, as far as its lines tell: rules without which it could be the same, and lines with conditions.

Of most plans there is nothing, which is seen without a solver and without the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dsl.plan import (
    NO_CEILING,
    Advance,
    Cap,
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
from dsl.source import Span
from engine.batch.even import is_even
from engine.prove.modelled import carries_at_will, what_for_matters

_SEEN = frozenset({LotClass.ALLOWANCE, LotClass.CARRIED})  # classes of which steps tell all there is


@dataclass(frozen=True, slots=True)
class Without:
    """A plan that lacks one thing: what lacks, and the plan."""

    what: Clause | Sell | Advance
    plan: Plan
    is_ceiling: bool = False


def hands(plan: Plan) -> list[list[Rule]]:
    """Lines about the same lots, of which some have conditions. One line with one condition is left out: its condition may
    hold, and no amount at which it does not lies between two at which it does."""
    found: dict[object, list[Rule]] = defaultdict(list)
    for rules in (plan.rules, *(pack.rules for pack in plan.packs)):
        for rule in rules:
            found[rule.name, rule.pack, rule.occasion, rule.about].append(rule)
    return [rules for rules in found.values() if _may_clash(rules)]


def _may_clash(rules: list[Rule]) -> bool:
    conditions = sum(len(rule.conditions) for rule in rules)
    return conditions > 1 or (conditions == 1 and len(rules) > 1)


def each_without(plan: Plan) -> list[Without]:
    """A plan without each of its caps, conversions and sales. Only where all cycles are alike, and none has more in hand than
    what it began with and what it grants, whatever is used."""
    adds = plan.kind is Kind.PREPAID and plan.renewal.early is not Early.EXPIRE
    if adds or plan.promotions or plan.packs or not is_even(plan) or what_for_matters(plan):
        return []
    return list(_each_less(plan))


def _each_less(plan: Plan) -> Iterator[Without]:
    happens = {rule.service for rule in plan.rules if rule.occasion is not Occasion.CLOSE}
    for at, rule in enumerate(plan.rules):
        is_seen = rule.classes <= _SEEN and rule.service not in happens and not carries_at_will(rule)
        if rule.occasion is Occasion.CLOSE and not rule.pack and is_seen:
            for clause, less, is_ceiling in _rules_less(rule):
                yield Without(clause, replace(plan, rules=(*plan.rules[:at], less, *plan.rules[at + 1 :])), is_ceiling)
    for at, runs_out in enumerate(plan.runs_out):
        for remedy, less_out in _remedies_less(runs_out):
            yield Without(remedy, replace(plan, runs_out=(*plan.runs_out[:at], less_out, *plan.runs_out[at + 1 :])))


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


def places(plan: Plan) -> frozenset[Span]:
    """Where the rules of a plan, of all times, and their parts are written."""
    return frozenset(span for rules in (plan, *(later.plan for later in plan.later)) for span in _written(rules))


def _written(plan: Plan) -> Iterator[Span]:
    for rule in (*plan.rules, *(rule for pack in plan.packs for rule in pack.rules)):
        yield rule.span
        yield from (clause.span for clause in rule.clauses)
    yield from (remedy.span for rule in plan.runs_out for remedy in rule.remedies)
