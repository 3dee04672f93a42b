"""Usage to try a plan with: a few ways of using it, as percent of what it grants, cycle by cycle.

Pure functions of a plan and a number of cycles. What chance decides comes from a generator that is passed in: the same seed is
the same usage, on any machine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from dsl.phrase import Phrase, every, phrase
from dsl.plan import Plan
from engine.arithmetic import share

Draw = Callable[[int, int], int]
"""A whole number from the first to the second, both included."""

GROWTH, MOST = 10, 300  # percent of the allowance: how much more each cycle takes, and at most
NEARLY = 15  # percent of the allowance by which a cycle may differ from its preset, where there is a seed
RANDOM_MOST = 200


class Preset(StrEnum):
    SAMPLE = "sample"
    LIGHT = "light"
    STEADY = "steady"
    HEAVY = "heavy"
    HOLIDAY = "holiday"
    GROWING = "growing"
    RANDOM = "random"


# Percent of the allowance in each cycle, from the start again when they are through.
_SHARES: dict[Preset, tuple[int, ...]] = {
    # A light, a heavy, a middling, a greedy, an idle and a middling use: enough to see every rule act once.
    Preset.SAMPLE: (30, 125, 100, 150, 0, 60),
    Preset.LIGHT: (20, 35, 15, 30),
    Preset.STEADY: (80,),
    Preset.HEAVY: (110, 140, 120, 160),
    # Away in the third cycle, and hardly there in the one after it.
    Preset.HOLIDAY: (60, 60, 180, 10, 60, 60),
}


def described(preset: Preset) -> Phrase:
    """What a preset uses, for people."""
    match preset:
        case Preset.GROWING:
            return phrase(
                "{percent} percent of the allowance, and {percent} more in each cycle, at most {most}",
                percent=GROWTH,
                most=MOST,
            )
        case Preset.RANDOM:
            return phrase("from nothing to {most} percent of the allowance, by the seed", most=RANDOM_MOST)
        case _:
            shares = [str(share) for share in _SHARES[preset]]
            if len(shares) == 1:
                return phrase("{percent} percent of the allowance", percent=shares[0])
            return phrase("{percents} percent of the allowance, over and over", percents=every(shares))


def usage(plan: Plan, preset: Preset, cycles: int, day: date, draw: Draw | None = None) -> list[dict[str, int]]:
    """Usage of so many cycles, in base units by service, of a plan by its rules of a day. With `draw` each cycle and service is
    a little more or less than the preset; RANDOM is nothing but that, and needs it."""
    now = plan.on(day)
    return [
        {name: share(now.allowance(name), _percent(preset, number, draw), 100) for name in plan.services}
        for number in range(cycles)
    ]


def _percent(preset: Preset, number: int, draw: Draw | None) -> int:
    """What cycle `number`, from 0, uses."""
    if preset is Preset.RANDOM:
        if draw is None:
            raise ValueError("what is random needs a generator")
        return draw(0, RANDOM_MOST)
    shares = _SHARES.get(preset)
    percent = shares[number % len(shares)] if shares else min(MOST, GROWTH * (number + 1))
    return max(0, percent + draw(-NEARLY, NEARLY)) if draw else percent


def length(preset: Preset) -> int:
    """How many cycles show all that a preset does, at least six."""
    return max(6, len(_SHARES.get(preset, ())))


_BITS = (1 << 64) - 1


def seeded(seed: int) -> Draw:
    """A generator of whole numbers (splitmix64), which is not that of any library: a seed that somebody keeps in a file is to
    mean the same usage with every version of everything."""
    state = seed & _BITS

    def draw(least: int, most: int) -> int:
        nonlocal state
        state = (state + 0x9E3779B97F4A7C15) & _BITS
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _BITS
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _BITS
        return least + (mixed ^ (mixed >> 31)) % (most - least + 1)

    return draw
