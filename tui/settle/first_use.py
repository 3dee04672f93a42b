"""Lots whose time begins with their first use, and has not begun: lots do not say when they will end, so they open no month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dsl.plan import Earliest, Grant, Life, Plan, UntilDay
from dsl.source import Span
from engine.batch.course import Piece
from engine.calendar import NEVER


def grants_of(plan: Plan) -> dict[Span, Life]:
    """Where grants are written whose time begins with the first use, and the life of each."""
    found: dict[Span, Life] = {}
    for rules in (plan, *(later.plan for later in plan.later)):
        grants: Sequence[Grant] = [*rules.grants, *(grant for one in rules.promotions for grant in one.grants)]
        found.update({grant.span: grant.life for grant in grants if grant.from_first_use})
    return found


def may_wait(piece: Piece, grants: dict[Span, Life]) -> bool:
    """Whether it has not begun, or that can't be told: a day on which it is over at the latest is the same before and after."""
    return piece.span in grants and (piece.end == NEVER or _has_day(grants[piece.span]))


def _has_day(life: Any) -> bool:
    return any(map(_has_day, life.lives)) if isinstance(life, Earliest) else isinstance(life, UntilDay)
