"""Renewal, and a change of plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.plan.time import Lasts


class Early(StrEnum):
    """What a renewal before the end of a cycle does."""

    ADDS = "adds"  # grants the allowance once more for the cycle that runs
    RESTART = "restart the clock"  # the cycle ends, and what would end with it; the next one begins
    STACK = "stack the clock"  # the cycle, and what ends with it, goes on as long as the next would have
    EXPIRE = "expire"  # as restart, but no rule acts


@dataclass(frozen=True, slots=True)
class Renewal:
    """What renewing early does, and for how long after its end a term may still be renewed: with `grace` the close waits for
    the renewal, and what would have ended can be used on, or not where it is `frozen`. None: nothing is left."""

    early: Early = Early.ADDS
    grace: Lasts | None = None
    frozen: bool = False


class Part(StrEnum):
    """How much of the allowance a plan gives in what is left of a cycle."""

    WHOLE = "whole"
    BY_DAY = "by day"  # rounded down
    BY_SECOND = "by the second"  # rounded half up


@dataclass(frozen=True, slots=True)
class Change:
    """How a change from this plan goes, in one direction (`up` None: in any). `now`: at once, in the cycle that runs, or, where
    it `restarts`, in one that begins then; else with the next cycle."""

    up: bool | None
    now: bool
    allowance: Part
    restarts: bool


NEXT_CYCLE_CHANGE = Change(None, False, Part.WHOLE, False)
