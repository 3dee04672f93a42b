"""Histories on which the second of two plans leaves more uncovered than the first one: the shortest of few cycles that the
solver finds, the least that one can be made, and what the engine comes to on one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import z3

from dsl import units
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE
from engine.batch.trace import MOST
from engine.contrast import Contrast, Side, contrast
from engine.prove.joint import Joint, Steps, read_both
from engine.prove.least_use import least_use
from engine.prove.pair import Pair
from engine.prove.plain import Amounts
from engine.prove.plain_pair import plain_pairs
from engine.prove.relations import Bounded
from engine.prove.solving import solver
from engine.totals import totals

_EFFORT = 3_000_000  # of the solver for one search; where that is not enough a longer history may be found sooner

History = tuple[Mapping[str, int], ...]


def searched_few(pair: Pair, most: int) -> tuple[History, int]:
    """The shortest history of so few cycles on which it is worse, if one is found; and of how many cycles there is none."""
    looked, is_known = 0, True
    first = pair.first_cycles(most)
    for number, _ in enumerate(first, 1):
        found, history = ending(pair, first[:number])
        if found == z3.sat:
            return history, looked
        is_known &= bool(found == z3.unsat)
        looked = number if is_known else looked
    return (), looked


def ending(
    pair: Pair, steps: Sequence[Steps], told: Sequence[Bounded] = (), effort: int = _EFFORT
) -> tuple[z3.CheckSatResult, History]:  # fmt: skip
    """Whether it can be worse behind the last of these cycles, and on which history. What is `told` of when each begins
    follows; said, it spares the solver to find it."""
    for whole in (False, True):
        joints = _unrolled(pair, steps, whole=whole)
        asked = solver(effort)
        asked.add(*(bound for joint in joints for bound in joint.bounds), joints[-1].closing_gap > 0)
        for joint, bounds in zip(joints, told, strict=False):
            held = joint.first.opening, joint.second.opening
            asked.add(*(one.keeps(most, joint.gap, *held) for one, most in bounds.items()))
        found = asked.check()
        if found == z3.unsat:
            return found, ()
    return found, _small(asked, joints, _sizes(pair)) if found == z3.sat else ()


def _unrolled(pair: Pair, cycles: Iterable[Steps], *, whole: bool) -> list[Joint]:
    joints: list[Joint] = []
    for number, steps in enumerate(cycles, 1):
        after = joints[-1] if joints else None
        joints.append(pair.within(read_both(steps, pair.asked, f"c{number}", after, whole=whole)))
    return joints


def _small(asked: z3.Solver, joints: Sequence[Joint], sizes: Mapping[str, int]) -> History:
    """Nothing where nothing need be used, else whole GB and minutes, where that can be."""
    every = [
        (f"{service}{number}", used, sizes.get(service, 1))
        for number, one in enumerate(joints)
        for service, used in one.used.items()
    ]
    wishes = [used == 0 for _, used, _ in every] + [
        used == z3.Int(f"times {name}") * size for name, used, size in every if size > 1
    ]
    for wish in wishes:
        asked.push()
        asked.add(wish)
        if asked.check() != z3.sat:
            asked.pop()
    assert asked.check() == z3.sat
    model = asked.model()
    return tuple(
        {service: model.eval(used, model_completion=True).as_long() for service, used in joint.used.items()} for joint in joints
    )


def least(pair: Pair, history: History) -> History:
    """Of a history on which it is worse one that uses nothing it need not, nor a GB, a minute or a message more than it need;
    where it is not worse on whole ones, not a byte or second more."""
    cycles = plain_pairs(pair, pair.steps(len(history)))
    services = cycles[0].services
    mosts = tuple(pair.assumed.get(service, MOST) for service in services)

    def until_worse(uses: tuple[Amounts, ...]) -> tuple[Amounts, ...]:
        state = cycles[0].nothing
        if any(one > most for used in uses for one, most in zip(used, mosts, strict=True)):
            return ()
        for number, (cycle, used) in enumerate(zip(cycles, uses, strict=False), 1):
            state = cycle.after(state, used)
            if state[2] > 0:
                return uses[:number]
        return ()

    uses = tuple(tuple(used[service] for service in services) for used in history)
    sizes = tuple(_sizes(pair).get(service, 1) for service in services)
    whole = tuple(tuple(-(-one // size) * size for one, size in zip(used, sizes, strict=True)) for used in uses)
    if found := until_worse(whole):
        uses = least_use(found, sizes, until_worse)
    else:
        uses = least_use(uses, (1,) * len(sizes), until_worse)
    return tuple(dict(zip(services, used, strict=True)) for used in uses)


def _sizes(pair: Pair) -> Mapping[str, int]:
    """A GB, and a minute."""
    return {units.DATA: pair.first.plan.data_step**3, units.VOICE: 60}


def played(first: Side, second: Side, service: str, start: datetime, history: History) -> tuple[int, Contrast]:
    """How much more the second plan leaves uncovered on this use, as the engine runs it."""
    cycles = tuple(
        CycleSteps(tuple(Use(service, amount, in_all=True) for service, amount in used.items() if amount), ())
        for used in history
    )
    found = contrast(first, second, Scenario("", first.plan.name, start, cycles, (), NOWHERE))
    one, other = (totals(run).overage.get(service, 0) for run in (found.first, found.second))
    return other - one, found
