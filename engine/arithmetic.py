"""The arithmetic of the primitives, on whole numbers: only + - min max, choice, and division by a constant of the plan.

Every rounding of the engine is here. The same text is read over amounts that nobody knows yet (`engine/batch/terms.py`), so
wherever amounts are compared, `least` and `most` do it.
"""

from __future__ import annotations

from engine.batch.terms import lower, never_above


def least(one: int, other: int) -> int:
    """The lower of two amounts."""
    if one.__class__ is int is other.__class__:
        return one if one < other else other
    return lower(one, other)


def most(one: int, other: int) -> int:
    """The higher of two amounts."""
    if one.__class__ is int is other.__class__:
        return one if one > other else other
    return one + other - lower(one, other)


def within(one: int, other: int) -> bool:
    """Whether an amount is at most another; of amounts that nobody knows: whether it always is."""
    if one.__class__ is int is other.__class__:
        return one <= other
    return never_above(one, other)


def is_part(amount: int, of: int) -> bool:
    """Whether an amount is something, and at most another; taken as true of amounts that nobody knows."""
    return not (amount.__class__ is int is of.__class__) or 0 < amount <= of


def exchange(held: int, give: int, get: int, get_step: int, give_step: int, ceiling: int) -> tuple[int, int]:
    """What `held` becomes at `give` : `get`, and how much of it that takes.

    Made: whole steps of `get_step`, from whole steps of `give_step`, at most `ceiling` (below zero: no ceiling).
    Taken: what the made is worth, rounded up to whole steps of `give_step`, never more than `held`.
    """
    made = _made(held // give_step, give, get, get_step, give_step)
    if ceiling >= 0:
        # With steps of its own to take, a ceiling is not reached by a part of one.
        if give_step > 1:
            ceiling = _made(_steps_within(ceiling, give, get, get_step, give_step), give, get, get_step, give_step)
        made = least(made, ceiling)
    return made, give_step * -(-made * give // (get * give_step))


def _made(steps: int, give: int, get: int, get_step: int, give_step: int) -> int:
    return get_step * (steps * give_step * get // (give * get_step))


def _steps_within(ceiling: int, give: int, get: int, get_step: int, give_step: int) -> int:
    """The most steps of `give_step` whose result is not above `ceiling`."""
    return (give * get_step * (ceiling // get_step + 1) - 1) // (give_step * get)


def blocks(wanted: int, block: int) -> int:
    """How many started blocks cover `wanted`."""
    return -(-wanted // block)


def counted(amount: int, first: int, step: int, *, nearest: bool) -> int:
    """What a record of `amount` counts: at least `first`, beyond it whole steps, rounded up or to the `nearest`, a half up."""
    if not amount:
        return 0
    beyond = most(0, amount - first)
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
