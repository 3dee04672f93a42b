"""Two plans side by side, cycle by cycle, as far as what a cycle uses in all tells which of them leaves more uncovered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dsl.phrase import NOTHING, phrase
from dsl.plan import CountedInSteps, InUnit, More, Plan, Weight
from dsl.source import NOWHERE
from dsl.units import is_money
from engine.batch.course import Piece
from engine.batch.trace import NotTracedError, Step, trace
from engine.contrast import Side
from engine.prove.cycles import HORIZON, MOST, Cycles, used
from engine.prove.cycles import cycles as cycles_of
from engine.prove.joint import Joint, Question, Steps, question
from engine.prove.modelled import use_is_more
from engine.statement import in_order


def services(first: Plan, second: Plan) -> list[str]:
    """What lines of the two may use, but for money."""
    return [service for service in in_order({*used(first), *used(second)}) if not is_money(service)]


_NOTHING = Question("", frozenset(), divides=False)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two plans, without their promotions, cycle by cycle: `alike` where each cycle is as the first one; `begin` are the first
    ones as a line begins, which holds few lots then. No cycle uses more than is `assumed`. What is `asked` of them is `about` a
    service. Where something `is_open`, which says why, only histories tell something: use is more than what is looked at."""

    first: Side
    second: Side
    start: datetime
    cycles: Sequence[Steps]
    begin: Sequence[Steps]
    alike: bool
    assumed: Mapping[str, int]
    is_open: str
    asked: Question = _NOTHING

    def about(self, service: str) -> Pair:
        return replace(self, asked=question(service, self.cycles[:1] if self.alike else self.cycles))

    @property
    def swapped(self) -> Pair:
        return replace(self, first=self.second, second=self.first, cycles=_swapped(self.cycles), begin=_swapped(self.begin))

    @property
    def lots(self) -> tuple[list[Piece], list[Piece]]:
        one, other = ([piece for piece in step.opening if piece.service == self.asked.service] for step in self.cycles[0])
        return one, other

    @property
    def is_one(self) -> bool:
        """Whether both compute the same, as it is written, in every cycle."""
        return self.alike and _as_written(self.cycles[0][0]) == _as_written(self.cycles[0][1])

    def within(self, joint: Joint) -> Joint:
        return joint.within(used <= self.assumed[service] for service, used in joint.used.items() if service in self.assumed)


def _swapped(cycles: Sequence[Steps]) -> list[Steps]:
    return [(other, one) for one, other in cycles]


def _as_written(step: Step) -> object:
    pieces = [[(piece.service, piece.born, piece.end, piece.debt) for piece in of] for of in (step.opening, dict(step.closing))]
    return step.uses, pieces, step.tape.atoms, [amount for _, amount in step.closing], dict(step.figures)


def pair_of(first: Side, second: Side, start: datetime, cycles: int, assumed: Mapping[str, int]) -> Pair | str:
    """Or why they are not looked at."""
    first, second = (Side(replace(side.plan, promotions=()), side.others) for side in (first, second))
    if why := _not_compared(first.plan, second.plan):
        return why
    uses = tuple(services(first.plan, second.plan))
    try:
        every = [cycles_of(side.plan, start, uses) for side in (first, second)]
        steps = [
            [one.each] * cycles if one.each else _begin(one, side.plan, cycles, start, uses)
            for one, side in zip(every, (first, second), strict=True)
        ]
    except NotTracedError as error:
        return error.told
    each = list(zip(*steps, strict=True))
    for number, pair in enumerate(each, 1):
        if not all(step.by_sum for step in pair):
            return phrase("in cycle {cycle} it matters on which day something is used", cycle=number)
    begin = list(zip(*(one.begin for one in every), strict=True))
    is_open = use_is_more(first.plan) or use_is_more(second.plan)
    return Pair(first, second, start, each, begin, all(one.each for one in every), assumed, is_open)


def _begin(known: Cycles, plan: Plan, cycles: int, start: datetime, uses: tuple[str, ...]) -> Sequence[Step]:
    return known.begin[:cycles] if cycles <= HORIZON else trace(plan, start, uses, cycles, most=MOST)


def _not_compared(first: Plan, second: Plan) -> str:
    """What the sum of the uncovered use of whole cycles does not tell."""
    if (first.cycle, first.zone) != (second.cycle, second.zone):
        return phrase("their cycles begin and end at other times")
    every = [rules for plan in (first, second) for rules in (plan, *(later.plan for later in plan.later))]
    if any(_counted(rules) != _counted(every[0]) for rules in every):
        return phrase("a use does not count the same under both")
    if any(plan.shares or plan.by_lines for plan in (first, second)):
        return phrase("what several lines share is not looked at")
    return NOTHING


def _counted(plan: Plan) -> list[object]:
    """What of a use counts, wherever it is written."""
    counting = plan.counting
    parts: tuple[CountedInSteps | Weight | More | InUnit, ...] = (
        *counting.steps, *counting.weights, *counting.more, *counting.units
    )  # fmt: skip
    return [replace(one, span=NOWHERE) for one in parts]
