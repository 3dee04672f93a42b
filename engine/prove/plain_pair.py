"""The cycles of two plans side by side on plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.batch.course import Piece
from engine.prove.joint import Steps
from engine.prove.pair import Pair
from engine.prove.plain import Amounts, PlainCycle, plain_cycles

Held = tuple[int, Mapping[Piece, int], Mapping[Piece, int]]  # the gap, and what each plan holds by what it is
State = tuple[Amounts, Amounts, int]  # what each plan holds, and how much more the second one has left uncovered


@dataclass(frozen=True, slots=True)
class PlainPair:
    """A cycle of both, of the same use, service by service."""

    first: PlainCycle
    second: PlainCycle

    @property
    def services(self) -> tuple[str, ...]:
        return self.first.services

    @property
    def nothing(self) -> State:
        return self.first.nothing, self.second.nothing, 0

    def after(self, state: State, used: Amounts) -> State:
        (first, one), (second, other) = self.first.compute(state[0], used), self.second.compute(state[1], used)
        return first, second, state[2] + other - one

    def closing(self, state: State) -> Held:
        """A state behind it."""
        one, other, gap = state
        return gap, dict(zip(self.first.closing, one, strict=True)), dict(zip(self.second.closing, other, strict=True))


def plain_pairs(pair: Pair, steps: Sequence[Steps]) -> list[PlainPair]:
    """One behind the other, as far as they matter for what is asked."""
    asked = pair.asked
    plans = (plain_cycles([both[which] for both in steps], asked.about, asked.about, [asked.figure]) for which in (0, 1))
    return [PlainPair(one, other) for one, other in zip(*plans, strict=True)]
