"""Histories on which the second of two plans leaves more uncovered than the first one: the shortest that the solver finds, and
what the engine comes to on one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import z3

from dsl import units
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import NOWHERE
from engine.contrast import Contrast, Side, contrast
from engine.prove.joint import Joint, Steps, read_both
from engine.prove.pair import Pair
from engine.prove.solving import solver
from engine.totals import totals

SEARCHED = 4  # cycles of whatever use, in which any history is searched for; behind them it takes long
_EFFORT = 3_000_000  # of the solver for one search; where that is not enough a longer history may be found sooner

History = tuple[Mapping[str, int], ...]


def searched(pair: Pair, least: int, most: int) -> tuple[History, int]:
    """A history of so many cycles on which it is worse, the shortest that is found: of those, one that uses nothing wherever it
    need not. And of how many cycles there is none, if there is none of fewer."""
    looked, is_known = least - 1, True
    first = pair.first_cycles(most)
    for number in range(least, most + 1):
        for whole in (False, True):
            joints = _unrolled(pair, first[:number], whole=whole)
            asked = solver(_EFFORT)
            asked.add(*(bound for joint in joints for bound in joint.bounds), joints[-1].closing_gap > 0)
            found = asked.check()
            if found == z3.unsat:
                break
        if found == z3.sat:
            return _least(asked, joints, pair.first.plan.data_step), looked
        is_known &= bool(found == z3.unsat)
        looked = number if is_known else looked
    return (), looked


def _unrolled(pair: Pair, cycles: Iterable[Steps], *, whole: bool) -> list[Joint]:
    joints: list[Joint] = []
    for number, steps in enumerate(cycles, 1):
        after = joints[-1] if joints else None
        joints.append(pair.within(read_both(steps, pair.asked, f"c{number}", after, whole=whole)))
    return joints


def _least(asked: z3.Solver, joints: Sequence[Joint], step: int) -> History:
    """Nothing where nothing need be used, else whole GB and minutes, where that can be."""
    whole = {units.DATA: step**3, units.VOICE: 60}
    every = [
        (f"{service}{number}", used, whole.get(service, 1))
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


def played(first: Side, second: Side, service: str, start: datetime, history: History) -> tuple[int, Contrast]:
    """How much more the second plan leaves uncovered on this use, as the engine runs it."""
    cycles = tuple(
        CycleSteps(tuple(Use(service, amount, in_all=True) for service, amount in used.items() if amount), ())
        for used in history
    )
    found = contrast(first, second, Scenario("", first.plan.name, start, cycles, (), NOWHERE))
    one, other = (totals(run).overage.get(service, 0) for run in (found.first, found.second))
    return other - one, found
