"""Two plans side by side, cycle by cycle, as far as what a cycle uses in all tells which of them leaves more uncovered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from dsl.phrase import NOTHING, phrase
from dsl.plan import CountedInSteps, InUnit, More, Plan, Weight
from dsl.source import NOWHERE
from dsl.units import is_money
from engine.batch.course import Piece
from engine.batch.trace import NotTracedError, Step
from engine.contrast import Side
from engine.prove.cycles import Cycles, used
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
    """Two plans, without their promotions, cycle by cycle: `alike` where each cycle is as the first one; where each but the
    first one is as another one, that is `later`. No cycle uses more than is `assumed`. What is `asked` of them is `about` a
    service. Where something `is_open`, which says why, only histories tell something: use is more than what is looked at."""

    first: Side
    second: Side
    start: datetime
    cycles: Sequence[Steps]
    both: tuple[Cycles, Cycles]
    alike: bool
    later: Steps | None
    assumed: Mapping[str, int]
    is_open: str
    asked: Question = _NOTHING

    def about(self, service: str) -> Pair:
        asked = self.cycles[:1] if self.alike else [*self.cycles, *([self.later] if self.later else [])]
        return replace(self, asked=question(service, asked))

    def first_cycles(self, many: int) -> Sequence[Steps]:
        """As a line begins, which holds few lots then; up to one in which it matters on which day something is used. Raises
        NotTracedError."""
        steps = zip(*(one.first(many) for one in self.both), strict=True)
        return list(takewhile(lambda both: all(step.by_sum for step in both), steps))

    def steps(self, many: int) -> Sequence[Steps]:
        """The same with all that can be held, where each cycle is as the first one."""
        return [self.cycles[0]] * many if self.alike else self.first_cycles(many)

    @property
    def goes_on_alike(self) -> bool:
        """Whether each cycle but the first one is as another one."""
        return self.alike or self.later is not None

    @property
    def any_later(self) -> Steps:
        """What each cycle but the first one computes, where these are alike."""
        return self.later or self.cycles[0]

    def begun(self) -> Iterator[Steps]:
        """What first cycles compute, where they differ. Raises NotTracedError."""
        one, other = self.both
        for start in () if self.alike else max(one.starts, other.starts, key=len):
            yield one.begin(start), other.begin(start)

    @property
    def swapped(self) -> Pair:
        cycles = [(other, one) for one, other in self.cycles]
        later = self.later and self.later[::-1]
        return replace(self, first=self.second, second=self.first, cycles=cycles, later=later, both=self.both[::-1])

    @property
    def lots(self) -> tuple[list[Piece], list[Piece]]:
        one, other = ([piece for piece in step.opening if piece.service == self.asked.service] for step in self.any_later)
        return one, other

    @property
    def is_one(self) -> bool:
        """Whether both compute the same, as it is written, in every cycle."""
        return self.alike and _as_written(self.cycles[0][0]) == _as_written(self.cycles[0][1])

    def within(self, joint: Joint) -> Joint:
        return joint.within(used <= self.assumed[service] for service, used in joint.used.items() if service in self.assumed)


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
        every = cycles_of(first.plan, start, uses), cycles_of(second.plan, start, uses)
        steps = [[one.each] * cycles if one.each else one.first(cycles) for one in every]
    except NotTracedError as error:
        return error.told
    each = list(zip(*steps, strict=True))
    for number, pair in enumerate(each, 1):
        if not all(step.by_sum for step in pair):
            return phrase("in cycle {cycle} it matters on which day something is used", cycle=number)
    is_open = use_is_more(first.plan) or use_is_more(second.plan)
    alike = all(one.each for one in every)
    one, other = (found.later_ones for found in every)
    later = (one, other) if not alike and one and other and one.by_sum and other.by_sum else None
    return Pair(first, second, start, each, every, alike, later, assumed, is_open)


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
