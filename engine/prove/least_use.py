"""A history with no use that need not be, and no more of it than need be."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.prove.plain import Amounts

_Uses = tuple[Amounts, ...]  # of each cycle, service by service


def least_use(history: _Uses, steps: Sequence[int], until_shown: Callable[[_Uses], _Uses]) -> _Uses:
    """A history of no more cycles that shows the same, of which no cycle can use a step less of a service. `until_shown` has a
    history as far as it shows it, or () where it does not."""
    for lower in (_without, _lowered):
        for number in range(len(history)):
            for place, step in enumerate(steps):
                if number < len(history) and history[number][place]:
                    history = lower(history, number, place, step, until_shown)
    return history


def _without(history: _Uses, number: int, place: int, _step: int, until_shown: Callable[[_Uses], _Uses]) -> _Uses:
    return until_shown(_with(history, number, place, 0)) or history


def _lowered(history: _Uses, number: int, place: int, step: int, until_shown: Callable[[_Uses], _Uses]) -> _Uses:
    low, high = 0, -(-history[number][place] // step)  # steps, of which one does not show it, and the other does
    while high - low > 1:
        half = (low + high) // 2
        if found := until_shown(_with(history, number, place, half * step)):
            history, high = found, half
        else:
            low = half
    return history


def _with(history: _Uses, number: int, place: int, amount: int) -> _Uses:
    used = (*history[number][:place], amount, *history[number][place + 1 :])
    return (*history[:number], used, *history[number + 1 :])
