"""The arithmetic of the primitives, on whole numbers: only + - min max, choice, and division by a constant of the plan.

Every rounding of the engine is here. The same text is meant to be read over other numbers (columns, solver terms).
"""

from __future__ import annotations


def exchange(held: int, give: int, get: int, get_step: int, give_step: int, ceiling: int) -> tuple[int, int]:
    """What `held` becomes at `give` : `get`, and how much of it that takes.

    Made: whole steps of `get_step`, from whole steps of `give_step`, at most `ceiling` (below zero: no ceiling).
    Taken: what the made is worth, rounded up to the base unit, never more than `held`.
    """
    usable = held - held % give_step
    made = get_step * (usable * get // (give * get_step))
    if ceiling >= 0:
        made = min(made, ceiling)
    return made, -(-made * give // get)


def blocks(wanted: int, block: int, most: int) -> int:
    """How many started blocks cover `wanted`, at most `most` (below zero: any number)."""
    started = -(-wanted // block)
    return started if most < 0 else min(started, most)


def share(amount: int, part: int, whole: int) -> int:
    """`amount` for `part` of `whole` days, rounded down."""
    return amount * part // whole


def spread(amount: int, count: int) -> list[int]:
    """`amount` in `count` parts that differ by at most one and add up to it."""
    return [amount * (index + 1) // count - amount * index // count for index in range(count)]
