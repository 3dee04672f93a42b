"""What is unlimited and outlives its cycle: at a boundary pieces say how much is held, and not that it never ends."""

from __future__ import annotations

from dsl.plan import Lasts, Period, Plan
from dsl.source import Span

_ITS_CYCLE = Lasts(1, Period.CYCLE)


def outlives(plan: Plan) -> Span | None:
    """The first grant that is unlimited and may be there when a cycle has closed. One of a promotion begins at any time."""
    for rules in (plan, *(later.plan for later in plan.later)):
        for grant in rules.grants:
            if grant.unlimited and (grant.life != _ITS_CYCLE or grant.from_first_use):
                return grant.span
        for grant in (grant for promotion in rules.promotions for grant in promotion.grants):
            if grant.unlimited:
                return grant.span
    return None
