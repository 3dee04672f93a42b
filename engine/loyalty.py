"""How often a line was renewed: what grants and conditions about renewals count."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from dsl.plan import PerRenewals


class Followed(StrEnum):
    """How a cycle was followed, or what else happened to the term."""

    RENEWED = "renewed"  # by the next cycle, by itself or by hand
    AGAIN = "again"  # renewed early, and the cycle went on
    CHANGED = "changed"  # for another plan, and the cycle went on
    LAPSED = "lapsed"  # by a cycle that nobody renewed


class Step(NamedTuple):
    """What happened, and which plan was followed by which."""

    how: Followed
    old: str
    new: str


def renewals(steps: Sequence[Step], plan: str, per: PerRenewals) -> int:
    """Renewals of `plan`, or among the plans that `per` names, since it came from another. Where they count in a row the one
    that ends a lapse is a start, as the activation is; else they count on over a lapse."""
    plans, count = per.plans or (plan,), 0
    for step in reversed(steps):
        if step.how is Followed.LAPSED:
            if per.in_a_row:
                return max(0, count - 1)
        elif step.old not in plans or step.new not in plans:
            return count
        elif step.how is not Followed.CHANGED:
            count += 1
    return count


def times(per: PerRenewals | None, steps: Sequence[Step], plan: str) -> int:
    """How many times over a grant comes in a cycle that begins now."""
    if per is None:
        return 1
    count = renewals(steps, plan, per)
    if per.grows:
        return count // per.count
    return int(count > 0 and count % per.count == 0)


def cycles_in_a_row(steps: Sequence[Step]) -> int:
    """Cycles of a line without a lapse, the one that runs included; none while it has lapsed."""
    count = 0
    for step in reversed(steps):
        if step.how is Followed.LAPSED:
            return count
        count += step.how is Followed.RENEWED
    return count + 1
