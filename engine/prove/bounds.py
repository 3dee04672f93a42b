"""Bounds on what is held when a cycle ends that hold always: none is broken by a cycle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

import z3

from dsl.plan import Cap, Convert, Plan
from engine.batch.course import Piece
from engine.batch.steady import without_use
from engine.batch.trace import Step
from engine.prove.solving import Term, solver
from engine.prove.terms import Cycle, behind, divides, read
from engine.prove.verdict import Held

Group = tuple[Piece, ...]
Grouped = Callable[[Sequence[Piece]], Iterable[Group]]


@dataclass(frozen=True, slots=True)
class Kept:
    """Bounds that hold always: of any numbers, or only of `whole` ones."""

    bounds: tuple[Held, ...]
    whole: bool


def always(plan: Plan, step: Step, services: Iterable[str]) -> Iterator[Kept]:
    """Bounds on what is held of these services, and of those they come from, that hold at the start, with nothing held, and
    that no cycle breaks: on all lots together, then on each lot, too, then on lots together from the oldest and from the newest
    on. Who asks goes on to the next where these are not enough.

    Each begins with what a line without use comes to; what a cycle can break gets the lowest of the plan's constants that this
    cycle, and those without use behind it, do not break, until none can or no constant is left. Where amounts are divided it is
    tried with numbers of any kind first, of which all is known much sooner.
    """
    services = frozenset[str]().union(*(behind([step], service) for service in services))
    for whole in (False, True) if divides(step, services) else (False,):
        cycle = read(step, "c", about=services, whole=whole)
        asked = solver()
        asked.add(*cycle.bounds)
        for grouped in (_all, each_and_all, _in_turn):
            guesses = _as_unused(plan, step, services, grouped)
            if _stay(guesses, step, cycle, asked):
                yield Kept(tuple(guesses.held()), whole)


def most_unused(plan: Plan, step: Step, service: str) -> Mapping[Group, int]:
    """What each lot of a service, and all of them together, hold at the most of a line that uses nothing."""
    return _as_unused(plan, step, [service], each_and_all).amounts


def _as_unused(plan: Plan, step: Step, services: Iterable[str], grouped: Grouped) -> Guesses:
    guesses = Guesses(plan, step.opening, services, grouped)
    for reached in without_use(step, {}):
        guesses.cover(reached)
    return guesses


def _stay(guesses: Guesses, step: Step, cycle: Cycle, asked: z3.Solver) -> bool:
    """Raises what some cycle breaks until none does; whether there are any left, or none were asked for."""
    found = z3.sat if guesses.amounts else z3.unsat
    while guesses.amounts and found == z3.sat:
        asked.push()
        asked.add(*(holds(bound, cycle.opening) for bound in guesses.held()))
        found, reached = guesses.beyond(cycle, asked)
        asked.pop()
        if found == z3.sat:
            guesses.raise_to(reached)
            for later in without_use(step, {piece: int(amount) for piece, amount in reached.items()}):
                guesses.raise_to(later)
    return bool(found == z3.unsat)


class Guesses:
    """Bounds that may hold on what is held of some pieces: each is nothing, or what was reached, or one of the plan's
    constants. A group that came to more than these has none."""

    def __init__(self, plan: Plan, pieces: Sequence[Piece], services: Iterable[str], grouped: Grouped) -> None:
        self.constants: dict[str, list[int]] = {}
        self.amounts: dict[Group, int] = {}
        for service in sorted(services):
            of_it = [piece for piece in pieces if piece.service == service and not piece.debt]
            self.constants[service] = constants(plan, service, len(of_it))
            self.amounts |= dict.fromkeys(grouped(of_it), 0)

    def held(self) -> list[Held]:
        return [Held(group[0].service, group, amount) for group, amount in self.amounts.items()]

    def cover(self, reached: Mapping[Piece, int]) -> None:
        """Raised to that, where they are below it."""
        self.amounts = {group: max(amount, int(_sum(group, reached))) for group, amount in self.amounts.items()}

    def raise_to(self, reached: Mapping[Piece, int | Fraction]) -> None:
        """To the next constants that are not below that."""
        for group, amount in list(self.amounts.items()):
            found = _sum(group, reached)
            if found > amount:
                higher = next((one for one in self.constants[group[0].service] if one >= found), None)
                if higher is None:
                    del self.amounts[group]
                else:
                    self.amounts[group] = higher

    def beyond(self, cycle: Cycle, asked: z3.Solver) -> tuple[z3.CheckSatResult, Mapping[Piece, Fraction]]:
        """Whether a cycle can close with more, as it opens in what is `asked`; and with what, if so."""
        asked.push()
        asked.add(z3.Or([_together(bound.pieces, cycle.closing) >= bound.amount + 1 for bound in self.held()]))
        found, reached = asked.check(), dict[Piece, Fraction]()
        if found == z3.sat:
            model = asked.model()
            reached = {piece: _value(model, closing) for piece, closing in cycle.closing.items()}
        asked.pop()
        return found, reached


def _all(pieces: Sequence[Piece]) -> Iterable[Group]:
    return [tuple(pieces)] if pieces else []


def each_and_all(pieces: Sequence[Piece]) -> Iterable[Group]:
    return dict.fromkeys([*((piece,) for piece in pieces), *_all(pieces)])


def _in_turn(pieces: Sequence[Piece]) -> Iterable[Group]:
    each: list[Group] = [(piece,) for piece in pieces]
    return dict.fromkeys([*each, *accumulate(each, _joined), *accumulate(each[::-1], _joined)])


def _joined(one: Group, other: Group) -> Group:
    return one + other


def constants(plan: Plan, service: str, times: int) -> list[int]:
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
    return z3.Sum([amounts.get(piece, 0) for piece in group])


def _sum(group: Group, amounts: Mapping[Piece, int | Fraction]) -> int | Fraction:
    return sum(amounts.get(piece, 0) for piece in group)


def holds(bound: Held, amounts: Mapping[Piece, Term]) -> Term:
    return _together(bound.pieces, amounts) <= bound.amount


def _value(model: z3.ModelRef, term: Term) -> Fraction:
    return Fraction(model.eval(term, model_completion=True).as_string())
