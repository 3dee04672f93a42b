"""Histories of one kind on which the second of two plans may leave more uncovered: a first cycle, then cycles that are all
alike, then one that uses all that is there. Of many pairs the one that is worse is so on one of these, and a search would take
long to find it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from engine.batch.trace import MOST
from engine.prove.bounds import constants
from engine.prove.joint import Steps
from engine.prove.pair import Pair
from engine.prove.plain import Amounts, PlainCycle, plain_cycles
from engine.prove.worse import History

LONGEST = 26  # cycles, where all are alike: lots that live for two years have come to their end

_Plain = tuple[PlainCycle, PlainCycle]
_State = tuple[Amounts, Amounts, int]  # what each plan holds, and the gap


def long(pair: Pair) -> Sequence[Steps]:
    """As many cycles as are worth trying."""
    return [pair.cycles[0]] * LONGEST if pair.alike else pair.cycles


def tried(pair: Pair, steps: Sequence[Steps]) -> History:
    """The shortest of them in these cycles; nothing where there is none."""
    asked = pair.asked
    plans = (plain_cycles([both[which] for both in steps], asked.about, asked.about, [asked.figure]) for which in (0, 1))
    cycles = list(zip(*plans, strict=True))
    services, levels = cycles[0][0].services, list(_levels(pair, cycles[0][0].services))
    ways: dict[tuple[Amounts, _State], tuple[Amounts, ...]] = {((), (cycles[0][0].nothing, cycles[0][1].nothing, 0)): ()}
    for number, cycle in enumerate(cycles, 1):
        for (_, state), history in ways.items():
            last = _all_there_is(pair, cycle, state)
            if _after(cycle, state, last)[2] > 0:
                return tuple(dict(zip(services, used, strict=True)) for used in (*history, last))
        following: dict[tuple[Amounts, _State], tuple[Amounts, ...]] = {}
        for (before, state), history in ways.items():
            for use in levels if number <= 2 else [before]:
                following.setdefault((use, _after(cycle, state, use)), (*history, use))
        ways = following
    return ()


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


def _all_there_is(pair: Pair, cycle: _Plain, state: _State) -> Amounts:
    """Of the service in question as much as the first plan covers, and of others nothing."""
    services, asked = cycle[0].services, pair.asked.service
    most = pair.assumed.get(asked, MOST)
    all_of_it = tuple(most if service == asked else 0 for service in services)
    covered = most - cycle[0].compute(state[0], all_of_it)[1]
    return tuple(covered if service == asked else 0 for service in services)


def _after(cycle: _Plain, state: _State, used: Amounts) -> _State:
    (first, one), (second, other) = (plain.compute(held, used) for plain, held in zip(cycle, state[:2], strict=True))
    return first, second, state[2] + other - one
