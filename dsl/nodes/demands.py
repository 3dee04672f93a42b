"""The lines of a regulation: what plans must do, and what is left out of it."""

from __future__ import annotations

from typing import NamedTuple

from dsl.nodes.hands import Condition, Hand
from dsl.nodes.words import At, Period, Quantity, Said, Word
from dsl.plan import Occasion


class MustCarry(NamedTuple):
    """`carry at least 2 times up to 50 GB`; `times` is None where it is not said, and so is `amount`."""

    times: Word | None
    amount: Quantity | None
    at: At


class Told(NamedTuple):
    """`must "tell at 80%"`: what nothing that a plan says can decide."""

    text: Word
    at: At


Demand = MustCarry | Told | Said


class Demands(NamedTuple):
    """`unused data: must carry, free`. `hand` and `occasion` as in a line of a plan; `runs_out` is the service of a line `when
    data runs out`. Without any of these it is about the plan."""

    hand: Hand | None
    occasion: Occasion
    runs_out: Word | None
    conditions: tuple[Condition, ...]
    demands: tuple[Demand, ...]
    at: At


class ForOrLess(NamedTuple):
    """`for 7 days or less`."""

    period: Period
    at: At


class Excepted(NamedTuple):
    """`except for 7 days or less, unlimited, bonus, free packs`."""

    exceptions: tuple[ForOrLess | Said, ...]
    at: At
