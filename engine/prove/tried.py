"""Histories of one kind on which the second of two plans may leave more uncovered: a first cycle, then cycles that are all
alike, then one that uses all that is there. Of many pairs the one that is worse is so on one of these, and a search would take
long to find it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from engine.batch.trace import MOST
from engine.prove.bounds import constants
from engine.prove.joint import Steps
from engine.prove.pair import Pair
from engine.prove.plain import Amounts
from engine.prove.plain_pair import Held, PlainPair, State, plain_pairs
from engine.prove.worse import History

LONGEST = 26  # cycles, where all are alike: lots that live for two years have come to their end

_Ways = Mapping[tuple[Amounts, State], tuple[Amounts, ...]]  # what each cycle used, by what the last one did, and its state


def long(pair: Pair) -> Sequence[Steps]:
    """As many cycles as are worth trying."""
    return pair.steps(LONGEST) if pair.alike else pair.cycles


def tried(pair: Pair, steps: Sequence[Steps]) -> History:
    """The shortest of them in these cycles; nothing where there is none."""
    for cycle, ways in _ways(pair, steps):
        for (_, state), history in ways.items():
            last = _all_there_is(pair, cycle, state)
            if cycle.after(state, last)[2] > 0:
                return tuple(dict(zip(cycle.services, used, strict=True)) for used in (*history, last))
    return ()


def reached(pair: Pair, steps: Sequence[Steps]) -> Iterator[list[Held]]:
    """What they come to behind each of these cycles."""
    for cycle, ways in _ways(pair, steps):
        found = {
            cycle.after(state, use) for before, state in ways
            for use in (before or (0,) * len(cycle.services), _all_there_is(pair, cycle, state))
        }  # fmt: skip
        yield [cycle.closing(state) for state in found]


def _ways(pair: Pair, steps: Sequence[Steps]) -> Iterator[tuple[PlainPair, _Ways]]:
    """What was used before each cycle, that is none of all that is there."""
    cycles = plain_pairs(pair, steps)
    levels = list(_levels(pair, cycles[0].services))
    ways: _Ways = {((), cycles[0].nothing): ()}
    for number, cycle in enumerate(cycles, 1):
        yield cycle, ways
        following: dict[tuple[Amounts, State], tuple[Amounts, ...]] = {}
        for (before, state), history in ways.items():
            for use in levels if number <= 2 else [before]:
                following.setdefault((use, cycle.after(state, use)), (*history, use))
        ways = following


def _levels(pair: Pair, services: Sequence[str]) -> Iterator[Amounts]:
    """What a cycle may use: nothing, what each plan grants, or twice the more of that; where it is of one service also the caps
    of the plans, and what they are with a grant."""
    plans = pair.first.plan, pair.second.plan
    every = []
    for service in services:
        granted = {plan.allowance(service) for plan in plans}
        of_plans = {one for plan in plans for one in constants(plan, service, 1)} if len(services) == 1 else granted
        most = pair.assumed.get(service, MOST)
        every.append(sorted({min(amount, most) for amount in (0, *of_plans, 2 * max(granted))}))
    return product(*every)


def _all_there_is(pair: Pair, cycle: PlainPair, state: State) -> Amounts:
    """Of the service in question as much as the first plan covers, and of others nothing."""
    asked = pair.asked.service
    most = pair.assumed.get(asked, MOST)
    all_of_it = tuple(most if service == asked else 0 for service in cycle.services)
    covered = most - cycle.first.compute(state[0], all_of_it)[1]
    return tuple(covered if service == asked else 0 for service in cycle.services)
