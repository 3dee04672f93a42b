"""The arithmetic of the primitives, on whole numbers: only + - min max, choice, and division by a constant of the plan.

Every rounding of the engine is here. The same text is meant to be read over other numbers (columns, solver terms).
"""

from __future__ import annotations


def exchange(held: int, give: int, get: int, get_step: int, give_step: int, ceiling: int) -> tuple[int, int]:
    """What `held` becomes at `give` : `get`, and how much of it that takes.

    Made: whole steps of `get_step`, from whole steps of `give_step`, at most `ceiling` (below zero: no ceiling).
    Taken: what the made is worth, rounded up to whole steps of `give_step`, never more than `held`.
    """
    made = _made(held // give_step, give, get, get_step, give_step)
    if 0 <= ceiling < made:
        # With steps of its own to take, a ceiling is not reached by a part of one.
        made = (
            ceiling
            if give_step == 1
            else _made(_steps_within(ceiling, give, get, get_step, give_step), give, get, get_step, give_step)
        )
    return made, give_step * -(-made * give // (get * give_step))


def _made(steps: int, give: int, get: int, get_step: int, give_step: int) -> int:
    return get_step * (steps * give_step * get // (give * get_step))


def _steps_within(ceiling: int, give: int, get: int, get_step: int, give_step: int) -> int:
    """The most steps of `give_step` whose result is not above `ceiling`."""
    return (give * get_step * (ceiling // get_step + 1) - 1) // (give_step * get)


def blocks(wanted: int, block: int, most: int) -> int:
    """How many started blocks cover `wanted`, at most `most` (below zero: any number)."""
    started = -(-wanted // block)
    return started if most < 0 else min(started, most)


def counted(amount: int, first: int, step: int, *, nearest: bool) -> int:
    """What a record of `amount` counts: at least `first`, beyond it whole steps, rounded up or to the `nearest`, a half up."""
    if not amount:
        return 0
    beyond = max(0, amount - first)
    return first + step * ((2 * beyond + step) // (2 * step) if nearest else -(-beyond // step))


def times(before: int, amount: int, many: int, over: int) -> int:
    """`amount` times a fraction, rounded up once on the sum with the `before` that was multiplied already."""
    return _up(before + amount, many, over) - _up(before, many, over)


def covered(before: int, paid: int, many: int, over: int) -> int:
    """How much `paid` is `times` of, at most, after `before`: what the rounding up of `before` left over helps."""
    return (_up(before, many, over) + paid) * over // many - before


def _up(amount: int, many: int, over: int) -> int:
    return -(-amount * many // over)


def share(amount: int, part: int, whole: int) -> int:
    """`part` of `whole` of an amount, rounded down."""
    return amount * part // whole


def share_half_up(amount: int, part: int, whole: int) -> int:
    """`part` of `whole` of an amount, rounded to the nearest, a half up."""
    return (2 * amount * part + whole) // (2 * whole)


def whole_steps(amount: int, step: int) -> int:
    """`amount` in whole steps, rounded down."""
    return amount // step * step


def lacking(amount: int, step: int) -> int:
    """What `amount` lacks to whole steps."""
    return -amount % step


def spread(amount: int, count: int) -> list[int]:
    """`amount` in `count` parts that differ by at most one and add up to it."""
    return [amount * (index + 1) // count - amount * index // count for index in range(count)]
