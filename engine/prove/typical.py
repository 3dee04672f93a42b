"""Histories of the kinds that break most claims which any history breaks, on plain numbers: each cycle uses nothing, or half of
what the plan grants, or that, or twice as much, or all that there is; or every other one does, and saves. Each is also tried up
to a cycle that uses all that is there, or as much as can be. So are histories that somebody hands in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from dsl.plan import Claim, Plan
from engine.batch.trace import Step
from engine.claims import allowed
from engine.prove.breach import FIGURES, sources, used_for
from engine.prove.cycles import MOST
from engine.prove.least_use import least_use
from engine.prove.plain import Amounts, PlainCycle, plain_cycles
from engine.prove.verdict import History

Given = Sequence[Mapping[str, int]]  # what each cycle uses, by service
_Kind = Callable[[int, int, int], int]  # of the number of a cycle, what is granted, and all that there is
_KINDS: tuple[_Kind, ...] = (
    lambda _number, granted, _there: granted // 2,
    lambda _number, granted, _there: granted,
    lambda _number, granted, _there: 2 * granted,
    lambda _number, _granted, there: there,
    lambda number, _granted, there: there if number % 2 else 0,
)


def tried(steps: Sequence[Step], claim: Claim, plan: Plan, given: Iterable[Given] = ()) -> History:
    """The shortest of them that breaks a claim, which these cycles show; of those, one that uses little. () where none does.
    Where it matters on which day of a cycle something is used it uses nothing."""
    tries = _tries(steps, claim, plan)
    return tries.told(tries.least(tries.first_broken(given)), steps[0].uses)


def least(history: History, steps: Sequence[Step], claim: Claim, plan: Plan) -> History:
    """A history that breaks a claim, with no use that need not be, nor more than need be."""
    tries = _tries(steps[: len(history)], claim, plan)
    used = (tuple(cycle[service] for service in tries.cycles[0].services) for cycle in history)
    return tries.told(tries.least(tuple(used)), steps[0].uses)


def grown(steps: Sequence[Step], claim: Claim, plan: Plan) -> int:
    """What a line without use shows of a claim in the last of these cycles, where that is more than half-way there; else 0."""
    tries = _tries(steps, claim, plan)
    held, shown = tries.cycles[0].nothing, list[int]()
    for cycle in tries.cycles:
        held, amount = cycle.compute(held, (0,) * len(tries.granted))
        shown.append(amount)
    return shown[-1] if shown[-1] > shown[len(shown) // 2] else 0


def _tries(steps: Sequence[Step], claim: Claim, plan: Plan) -> _Tries:
    distinct = list({id(step): step for step in steps}.values())
    lots = sources(distinct)
    cycles = plain_cycles(steps, lots, used_for(distinct, lots), FIGURES)
    services = cycles[0].services
    assumed = {most.service: most.amount for most in plan.most_used}
    most = tuple(assumed.get(service, MOST) for service in services)
    return _Tries(cycles, tuple(map(plan.allowance, services)), most, allowed(claim))


@dataclass(frozen=True, slots=True)
class _Way:
    """Of using a plan: what a cycle uses, by its number and what there is. A cycle of the same `turn` uses the same."""

    use: Callable[[int, Amounts], Amounts]
    turn: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class _Line:
    way: _Way
    held: Amounts
    history: tuple[Amounts, ...] = ()


@dataclass(frozen=True, slots=True)
class _Tries:
    """`granted` by a cycle, and the `most` that one may use, by service. A cycle shows no more than is `allowed`, or breaks the
    claim."""

    cycles: Sequence[PlainCycle]
    granted: Amounts
    most: Amounts
    allowed: int

    def first_broken(self, given: Iterable[Given]) -> tuple[Amounts, ...]:
        """A line that comes again to where it was comes to nothing new."""
        lines = [_Line(way, self.cycles[0].nothing) for way in self._ways(given)]
        known: set[tuple[int, int, int, Amounts]] = set()
        for number, cycle in enumerate(self.cycles):
            tries: dict[tuple[Amounts, Amounts], tuple[Amounts, ...]] = {}
            following = []
            for line in lines:
                if (key := (id(cycle), id(line.way), line.way.turn(number), line.held)) in known:
                    continue
                known.add(key)
                there = self._there(cycle, line.held)
                usual = self._may(cycle, line.way.use(number, there))
                for use in (usual, *(self._may(cycle, last) for last in (*_each_and_all(there), *_each_and_all(self.most)))):
                    tries.setdefault((line.held, use), (*line.history, use))
                following.append(_Line(line.way, cycle.compute(line.held, usual)[0], (*line.history, usual)))
            broken = (history for (held, use), history in tries.items() if cycle.compute(held, use)[1] > self.allowed)
            if found := min(broken, key=_size, default=()):
                return found
            lines = following
        return ()

    def least(self, history: tuple[Amounts, ...]) -> tuple[Amounts, ...]:
        """With no use that need not be, and no more than need be."""
        return least_use(history, (1,) * len(self.granted), self._until_broken)

    def told(self, history: tuple[Amounts, ...], uses: Sequence[str]) -> History:
        services = self.cycles[0].services
        return tuple(dict.fromkeys(uses, 0) | dict(zip(services, used, strict=True)) for used in history)

    def _until_broken(self, history: tuple[Amounts, ...]) -> tuple[Amounts, ...]:
        """As far as its first cycle that breaks the claim; () where none does."""
        held = self.cycles[0].nothing
        for number, (cycle, used) in enumerate(zip(self.cycles, history, strict=False), 1):
            held, shown = cycle.compute(held, used)
            if shown > self.allowed:
                return history[:number]
        return ()

    def _ways(self, given: Iterable[Given]) -> Iterator[_Way]:
        for history in ((), *given):
            yield _Way(partial(self._as_given, history), partial(min, len(history)))
        for kind in _KINDS:
            for of_which in _each_and_all((1,) * len(self.granted)):
                yield _Way(partial(self._by_kind, kind, of_which), _every_other)

    def _by_kind(self, kind: _Kind, of_which: Amounts, number: int, there: Amounts) -> Amounts:
        every = zip(of_which, self.granted, there, strict=True)
        return tuple(is_used * kind(number, granted, one) for is_used, granted, one in every)

    def _as_given(self, history: Given, number: int, _there: Amounts) -> Amounts:
        used = history[number] if number < len(history) else {}
        return tuple(used.get(service, 0) for service in self.cycles[0].services)

    def _there(self, cycle: PlainCycle, held: Amounts) -> Amounts:
        found = dict(zip(cycle.services, self.granted, strict=True))
        for piece, amount in zip(cycle.opening, held, strict=True):
            if piece.service in found and not piece.debt:
                found[piece.service] += amount
        return tuple(found.values())

    def _may(self, cycle: PlainCycle, used: Amounts) -> Amounts:
        return tuple(map(min, used, self.most)) if cycle.step.by_sum else (0,) * len(used)


def _every_other(number: int) -> int:
    return number % 2


def _each_and_all(amounts: Amounts) -> Iterator[Amounts]:
    """All of them, and each alone."""
    yield amounts
    for place, _ in enumerate(amounts if len(amounts) > 1 else ()):
        yield tuple(amount if place == at else 0 for at, amount in enumerate(amounts))


def _size(history: tuple[Amounts, ...]) -> tuple[int, int]:
    return sum(amount > 0 for used in history for amount in used), sum(map(sum, history))
