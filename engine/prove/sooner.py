"""Whether the second of two plans leaves more uncovered in some cycles, whatever is used, and on which history.

From what sums of what both hold are at most when a cycle begins follows what they are when it ends, and so whether the second
plan may be behind by then: one cycle is looked at, and never many that follow each other (as in `reached.py`, of one plan).
Where these bounds leave it open the solver is asked for all that is used so far; said to it, they spare it most of the search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import z3

from engine.batch.course import Piece
from engine.prove.joint import Joint, read_any
from engine.prove.pair import Pair
from engine.prove.plain_pair import Held
from engine.prove.relations import (
    NEVER_WORSE,
    Bounded,
    Relation,
    as_much,
    as_much_in_all,
    each_lot,
    more_held_anywhere,
    more_of_each_age,
)
from engine.prove.tried import reached
from engine.prove.unbroken import AnyCycle
from engine.prove.worse import History, ending

_EFFORT = 3_000_000  # of the solver for one round
_LAST = 20_000_000  # for all cycles at once
_ROUNDS = 6  # in which a bound is raised

_Lots = tuple[Sequence[Piece], Sequence[Piece]]  # of the first plan and of the second one


def searched(pair: Pair, most: int) -> tuple[History, int]:
    """The shortest history of so many cycles on which it is worse, if one is found; and of how many there is none."""
    if pair.alike and _none_in(pair, most):
        return (), most
    steps = pair.steps(most)
    read: dict[int, AnyCycle] = {}
    told: list[Bounded] = [dict.fromkeys(_sums(pair, _lots(pair, (step.opening for step in steps[0]))), 0)]
    for number, (step, held) in enumerate(zip(steps, reached(pair, steps), strict=True), 1):
        cycle = read.get(id(step)) or read.setdefault(id(step), AnyCycle(pair.within(read_any(step, pair.asked)), _EFFORT))
        sums = _sums(pair, _lots(pair, ([piece for piece, _ in one.closing] for one in step)))
        behind = _raised(cycle, told[-1], _highest(sums, held))
        if behind.get(NEVER_WORSE) != 0:
            found, history = ending(pair, steps[:number], told, _LAST)
            if found != z3.unsat:
                return history, number - 1
            behind[NEVER_WORSE] = 0
        told.append(behind)
    return (), len(steps)


# ---- at once


def _none_in(pair: Pair, many: int) -> bool:
    """Whether relations show that no history of so many cycles makes it worse, of two plans whose cycles are alike: those that
    no cycle breaks which opens with nothing older than the last but one of these, so that the last can't break it."""
    joint = pair.within(read_any(pair.cycles[0], pair.asked, whole=pair.asked.divides))
    before, last = (AnyCycle(joint.within(_nothing_older(joint, age))) for age in (many - 2, many - 1))
    for family in _of_each_age(pair):
        kept = before.keeps(family, NEVER_WORSE)
        if NEVER_WORSE in kept and last.breaks(kept, {NEVER_WORSE: 0}) == {}:
            return True
    return False


def _nothing_older(joint: Joint, cycles: int) -> Iterator[z3.BoolRef]:
    """Than so many, of lots whose age is told in cycles."""
    for plan in (joint.first, joint.second):
        yield from (held == 0 for piece, held in plan.opening.items() if piece.by_cycles and piece.born < -cycles)


def _of_each_age(pair: Pair) -> Iterator[Bounded]:
    """With few sums of other services, which most often are enough, then with all."""
    lots = _lots(pair, (step.opening for step in pair.cycles[0]))
    found, others = more_of_each_age(*_of(lots, pair.asked.service)), _others(pair)
    for same in (as_much_in_all, as_much) if others else (as_much_in_all,):
        yield found | {one: 0 for service in others for one in same(*_of(lots, service))}


# ---- cycle by cycle


def _sums(pair: Pair, lots: _Lots) -> list[Relation]:
    others = [one for service in _others(pair) for one in as_much(*_of(lots, service))]
    return [*more_held_anywhere(*_of(lots, pair.asked.service)), *others, *each_lot(*lots)]


def _highest(sums: Iterable[Relation], held: Sequence[Held]) -> dict[Relation, int]:
    """What each of these is at most, of what is held."""
    return {one: max(one.of(*each) for each in held) for one in sums}


def _raised(cycle: AnyCycle, before: Bounded, behind: dict[Relation, int]) -> dict[Relation, int]:
    """Bounds behind a cycle that follow from those before it: raised to what the solver finds, a few times, then dropped."""
    times = dict.fromkeys(behind, 0)
    while (broken := cycle.breaks(before, behind)) != {}:
        if broken is None:
            return {}
        for one, most in broken.items():
            times[one] += 1
            behind[one] = most
            if times[one] > _ROUNDS or one == NEVER_WORSE:
                del behind[one]
    return behind


# ---- lots


def _lots(pair: Pair, held: Iterable[Iterable[Piece]]) -> _Lots:
    first, second = ([piece for piece in pieces if piece.service in pair.asked.about] for pieces in held)
    return first, second


def _of(lots: _Lots, service: str) -> _Lots:
    first, second = ([piece for piece in pieces if piece.service == service] for pieces in lots)
    return first, second


def _others(pair: Pair) -> list[str]:
    return sorted(pair.asked.about - {pair.asked.service})
