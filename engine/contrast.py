"""Two plans side by side on the same usage, and the usage on which they differ most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from itertools import product

from dsl.plan import Cap, Convert, Plan, Sell, UsedAtLeast
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE
from engine.arithmetic import share
from engine.difference import Changed, changed
from engine.run import Run, run
from engine.statement import in_order
from engine.totals import Amounts, Totals, totals

MOST_LEVELS = 12
MOST_STARTS = 4
MOST_RUNS = 600  # of each plan: a few seconds


@dataclass(frozen=True, slots=True)
class Side:
    """A plan, and the plans of its file, which a history may change to."""

    plan: Plan
    others: tuple[Plan, ...] = ()

    def run(self, scenario: Scenario) -> Run:
        """A history as one of this plan. Raises HistoryError."""
        return run(self.plan, replace(scenario, plan=self.plan.name), self.others)


@dataclass(frozen=True, slots=True)
class Contrast:
    """`figures` differ cycle by cycle, which is told only where the `same_cycles` begin and end at the same time. `totals`
    differ in all: of cycle 0, and of the line "", each called as in `engine.totals.Totals`."""

    first: Run
    second: Run
    same_cycles: bool
    figures: tuple[Changed, ...]
    totals: tuple[Changed, ...]

    @property
    def differs(self) -> bool:
        return bool(self.figures or self.totals)


def contrast(first: Side, second: Side, scenario: Scenario) -> Contrast:
    """Raises HistoryError where one of the two can't live this history."""
    return beside(first.run(scenario), second.run(scenario))


def beside(first: Run, second: Run) -> Contrast:
    """Two runs that were made already."""
    same = _cycles(first) == _cycles(second)
    return Contrast(first, second, same, changed(first, second) if same else (), tuple(_of_totals(first, second)))


def _cycles(found: Run) -> list[tuple[int, int]]:
    return [(cycle.start, cycle.end) for cycle in found.statement.cycles]


def _of_totals(first: Run, second: Run) -> Iterator[Changed]:
    before, after = totals(first), totals(second)
    for field in fields(Totals):
        old, new = getattr(before, field.name), getattr(after, field.name)
        for name in in_order({*old, *new}):
            if old.get(name, 0) != new.get(name, 0):
                yield Changed("", 0, name, field.name, old.get(name, 0), new.get(name, 0))


# ---- which usage makes them differ most


class Measure(StrEnum):
    OVERAGE = "overage"
    EXPIRED = "expired"
    UNMET = "unmet"  # blocked or slowed
    COST = "cost"

    def of(self, found: Totals) -> Amounts:
        match self:
            case Measure.OVERAGE:
                return found.overage
            case Measure.EXPIRED:
                return found.expired
            case Measure.UNMET:
                return found.unmet
            case Measure.COST:
                return found.charged


@dataclass(frozen=True, slots=True)
class Widest:
    """The usage found, by cycle and service, on which two plans differ most by a measure: of `about`, a service or a currency,
    they are `apart` by so much. `tried` histories were run under both; where that was each one of these levels it is
    `complete`. Use between the levels was not tried: this is a search, not a proof."""

    usage: tuple[Amounts, ...]
    measure: Measure
    about: str
    apart: int
    tried: int
    complete: bool
    contrast: Contrast


def widest(
    first: Side, second: Side, cycles: int, measure: Measure, about: str, start: datetime, most_runs: int = MOST_RUNS,
    tried: Callable[[int], None] = lambda _count: None,
) -> Widest:  # fmt: skip
    """Searches among histories of so many cycles, in each of which each service is used at one of its `levels`.

    Where there are few, all are tried. Else from the best few of those that use the same in each cycle, one cycle and service
    after the other is set to the level that is best there, round after round, until nothing gets better. What is found is
    exact for the history it stands for; that no other differs more is not said. `tried` is told how many histories were, after
    each; what it raises ends the search.
    """
    search = _Search(first, second, measure, about, start, tried)
    places = [(cycle, service) for cycle in range(cycles) for service in _services(first.plan, second.plan, measure, about)]
    of = {service: levels(first.plan, second.plan, service, start) for _, service in places}
    many = 1
    for _, service in places:
        many = min(most_runs + 1, many * len(of[service]))
    if complete := many <= most_runs:
        usages: Iterable[_Usage] = (
            dict(zip(places, chosen, strict=True)) for chosen in product(*(of[service] for _, service in places))
        )
        best = max(usages, key=search.apart)
    else:
        best = _climbed(search, places, of, most_runs)
    usage = search.by_cycle(best, cycles)
    found = contrast(first, second, search.scenario(usage))
    return Widest(usage, measure, about, search.apart(best), len(search.known), complete, found)


_Usage = dict[tuple[int, str], int]


class _Search:
    """Runs histories under both plans, each once."""

    def __init__(
        self, first: Side, second: Side, measure: Measure, about: str, start: datetime, tried: Callable[[int], None]
    ) -> None:  # fmt: skip
        self.tried = tried
        self.first = first
        self.second = second
        self.measure = measure
        self.about = about
        self.start = start
        self.known: dict[tuple[tuple[tuple[int, str], int], ...], int] = {}

    def apart(self, usage: _Usage) -> int:
        key = tuple(usage.items())
        if key not in self.known:
            scenario = self.scenario(self.by_cycle(usage, 1 + max(cycle for cycle, _ in usage)))
            amounts = [self.measure.of(totals(side.run(scenario))) for side in (self.first, self.second)]
            one, other = (amount.get(self.about, 0) for amount in amounts)
            self.known[key] = abs(one - other)
            self.tried(len(self.known))
        return self.known[key]

    @staticmethod
    def by_cycle(usage: _Usage, cycles: int) -> tuple[Amounts, ...]:
        return tuple({service: used for (at, service), used in usage.items() if at == cycle} for cycle in range(cycles))

    def scenario(self, usage: Sequence[Amounts]) -> Scenario:
        cycles = tuple(CycleSteps(tuple(Use(*used) for used in cycle.items()), ()) for cycle in usage)
        return Scenario("", self.first.plan.name, self.start, cycles, (), NOWHERE)


def _climbed(search: _Search, places: Sequence[tuple[int, str]], of: Mapping[str, Sequence[int]], most_runs: int) -> _Usage:
    services = dict.fromkeys(service for _, service in places)
    longest = max(len(of[service]) for service in services)
    steady = [
        {(cycle, service): of[service][min(step, len(of[service]) - 1)] for cycle, service in places} for step in range(longest)
    ]
    starts = sorted(steady, key=search.apart, reverse=True)[:MOST_STARTS]
    return max((_climbed_from(start, search, places, of, most_runs) for start in starts), key=search.apart)


def _climbed_from(
    best: _Usage, search: _Search, places: Sequence[tuple[int, str]], of: Mapping[str, Sequence[int]], most_runs: int
) -> _Usage:
    before = -1
    while search.apart(best) > before:
        before = search.apart(best)
        for place in places:
            if len(search.known) + len(of[place[1]]) > most_runs:
                return best
            best = max((best | {place: level} for level in of[place[1]]), key=search.apart)
    return best


def _services(first: Plan, second: Plan, measure: Measure, about: str) -> list[str]:
    """What to vary: the service asked about and those of which it can be made; for what is paid, all there are."""
    granted = in_order({*first.services, *second.services})
    if measure is Measure.COST:
        return granted
    sources = {rule.service for plan in (first, second) for rule in plan.rules if _makes(rule.clauses, about)}
    return [about, *(service for service in granted if service in sources and service != about)]


def _makes(clauses: Iterable[object], service: str) -> bool:
    return any(isinstance(clause, Convert) and clause.to_service == service for clause in clauses)


def levels(first: Plan, second: Plan, service: str, start: datetime) -> tuple[int, ...]:
    """Uses of a service in a cycle at which rules of the two plans may begin or cease to act, in base units: nothing, what
    they grant, half of it, their caps, both together, where conditions and the blocks that are sold end, and twice the most
    of these."""
    found = {0}
    for plan in (first.on(start.date()), second.on(start.date())):
        granted = plan.allowance(service)
        caps = {
            _cap(clause, granted)
            for rule in plan.rules
            if rule.service == service
            for clause in rule.clauses
            if isinstance(clause, Cap)
        }
        sold = {
            remedy.block * max(1, remedy.most)  # any number: one
            for rule in plan.runs_out if rule.service == service
            for remedy in rule.remedies if isinstance(remedy, Sell)
        }  # fmt: skip
        asked = {
            condition.amount
            for rule in plan.rules for condition in rule.conditions
            if isinstance(condition, UsedAtLeast) and condition.service == service
        }  # fmt: skip
        found |= {granted, share(granted, 1, 2), *caps, *asked, *(granted + more for more in caps | sold)}
        found |= {granted - cap for cap in caps if cap < granted}
    found.add(2 * max(found))
    some = sorted(found)
    if len(some) > MOST_LEVELS:
        some = [some[index * (len(some) - 1) // (MOST_LEVELS - 1)] for index in range(MOST_LEVELS)]
    return tuple(some)


def _cap(cap: Cap, granted: int) -> int:
    many, over = cap.of_new_plan
    return cap.amount or share(granted, many, over)
