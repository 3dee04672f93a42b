"""Lines about the same lots whose conditions leave an amount out, or leave a line nothing, by proof.

Of lines with one hand the first acts whose conditions hold (decision 7). Amounts are whole numbers that nobody knows, any other
condition is something that holds or not; where one of a kind follows from another it is known to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import z3

from dsl import units
from dsl.diagnostics import Diagnostic, finding
from dsl.phrase import phrase
from dsl.plan import (
    Condition,
    CyclesInARow,
    HeldAtLeast,
    Lasts,
    LeftAtMost,
    LotClass,
    Not,
    Plain,
    Plan,
    Renewed,
    RenewedBefore,
    RenewedHow,
    RenewedWithin,
    Rule,
    SizeAtLeast,
    TenureAtLeast,
    UsedAtLeast,
)
from dsl.source import NOWHERE
from engine.prove.solving import Term, solver
from engine.prove.suspects import hands

_TIMES = TenureAtLeast | HeldAtLeast | RenewedWithin | RenewedBefore
Amount = UsedAtLeast | LeftAtMost


def tiers(plan: Plan) -> Iterator[Diagnostic]:
    """Lines that never act because of their conditions, and amounts between two at which none does."""
    for rules in hands(plan):
        terms = _Terms()
        holds = [z3.And([terms.of(condition) for condition in rule.conditions]) for rule in rules]
        yield from _never(rules, holds, terms)
        yield from _gaps(plan, rules, holds, terms)


@dataclass(slots=True)
class _Terms:
    """Conditions as terms, and what is known of them."""

    facts: list[Term] = field(default_factory=list)
    amounts: dict[tuple[str, str, LotClass | None], Term] = field(default_factory=dict)  # by what is asked of which service
    steps: dict[tuple[str, str, LotClass | None], set[int]] = field(default_factory=lambda: defaultdict(set))
    _names: dict[Condition, Term] = field(default_factory=dict)

    def of(self, condition: Condition) -> Term:
        match condition:
            case Not(condition=inner):
                return z3.Not(self.of(inner))
            case UsedAtLeast(service=service, amount=amount):
                self.steps["used", service, None].add(amount)
                return self._number("used", service, None) >= amount
            case LeftAtMost(service=service, lot_class=lot_class, amount=amount):
                self.steps["left", service, lot_class].add(amount + 1)
                return self._number("left", service, lot_class) <= amount
            case CyclesInARow(count=count):
                return self._number("in a row", "", None) >= count
            case SizeAtLeast(group=group):
                return self._number(f"smaller {group}", "", None) <= condition.steps
            case TenureAtLeast(life=life) | HeldAtLeast(life=life) | RenewedWithin(life=life) | RenewedBefore(life=life):
                return self._time(condition, life)
            case _:
                return self._named(condition)

    def _number(self, what: str, service: str, lot_class: LotClass | None) -> Term:
        key = what, service, lot_class
        if key not in self.amounts:
            self.amounts[key] = z3.Int(f"{what} {service} {lot_class}")
            self.facts.append(self.amounts[key] >= 0)
        return self.amounts[key]

    def _time(self, condition: _TIMES, life: Lasts) -> Term:
        """Times of one unit compare; those of different ones are known to be none of each other."""
        passed = self._number(f"{type(condition).__name__} {life.period}", "", None)
        return passed <= life.count if isinstance(condition, RenewedWithin) else passed >= life.count

    def _named(self, condition: Plain) -> Term:
        asked = replace(condition, span=NOWHERE)
        if asked not in self._names:
            self._names[asked] = z3.Bool(f"holds {len(self._names)}")
            early, on_time = Renewed(RenewedHow.EARLY, NOWHERE), Renewed(RenewedHow.ON_TIME, NOWHERE)
            if early in self._names and on_time in self._names:
                self.facts.append(z3.Implies(self._names[early], self._names[on_time]))
        return self._names[asked]


def _never(rules: Sequence[Rule], holds: Sequence[Term], terms: _Terms) -> Iterator[Diagnostic]:
    for at, rule in enumerate(rules):
        asked = solver()
        asked.add(*terms.facts, holds[at])
        if asked.check() == z3.unsat:
            yield finding("P003", rule.span, why=phrase("what it asks for never comes together"))
            continue
        asked.add(*(z3.Not(above) for above in holds[:at]))
        if asked.check() == z3.unsat:
            also = tuple((above.span, phrase("this line is above it")) for above in rules[:at])
            yield finding("P003", rule.span, also=also, why=phrase("whenever it could, a line above takes the same lots first"))


def _gaps(plan: Plan, rules: Sequence[Rule], holds: Sequence[Term], terms: _Terms) -> Iterator[Diagnostic]:
    """Amounts at which no line acts, whatever else there is, while one does below them and one above, all else being equal."""
    acts = z3.Or(list(holds))
    some = solver()
    some.add(*terms.facts, acts)
    for key, amount in terms.amounts.items():
        below, above = z3.Int("below"), z3.Int("above")
        asked = solver()
        asked.add(*terms.facts, z3.Not(acts), below >= 0, below < amount, amount < above)
        asked.add(z3.substitute(acts, (amount, below)), z3.substitute(acts, (amount, above)))
        edges = sorted(terms.steps.get(key, ()))
        for first, after in pairwise(edges):
            asked.push()
            asked.add(amount == first)
            if asked.check() == z3.sat and some.check(amount == first) == z3.unsat:
                yield _gap(plan, rules, key, first, after)
            asked.pop()


def _gap(plan: Plan, rules: Sequence[Rule], key: tuple[str, str, LotClass | None], first: int, after: int) -> Diagnostic:
    what, service, _ = key

    def exact(amount: int) -> str:
        return units.exact(service, amount, plan.data_step)

    if first == after - 1:
        amount = phrase("exactly {amount}", amount=exact(first))
    elif what == "used":
        amount = phrase("at least {low} and less than {high}", low=exact(first), high=exact(after))
    else:
        amount = phrase("more than {low} and at most {high}", low=exact(first - 1), high=exact(after - 1))
    of = phrase("what is used") if what == "used" else phrase("what is left")
    also = tuple((rule.span, phrase("this is one of them")) for rule in rules[:-1])
    return finding("P004", rules[-1].span, also=also, what=of, amount=amount)
