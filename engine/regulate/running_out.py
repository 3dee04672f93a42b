"""What is charged where nothing covers a use, and which lots go first, by what a plan says."""

from __future__ import annotations

from collections.abc import Sequence

from dsl.phrase import phrase
from dsl.plan import Condition, InUnit, Order, Pick, Plan, Sell
from dsl.units import is_money
from engine.regulate.kept import ONE_CYCLE, ends_alike
from engine.regulate.subjects import Subject, follows, is_against
from engine.regulate.verdict import Doubt

_SHARED_FIRST = phrase("what is shared is used before its own, whichever ends sooner")
_OWN_FIRST = phrase("a line that shares uses its own first, whichever ends sooner")
_OTHER_TURN = phrase("this may put what ends later first")


def sells(plan: Plan, service: str, known: Sequence[Condition]) -> Sell | None:
    """What is sold to use that nothing covers, where it may be that all that is `known` holds."""
    for line in plan.runs_out:
        if line.service != service or any(is_against(condition, known, plan) for condition in line.conditions):
            continue
        if sold := next((one for one in line.remedies if isinstance(one, Sell) and one.price), None):
            return sold
        if all(follows(condition, known, plan) for condition in line.conditions):
            return None
    return None


def pays(plan: Plan, service: str) -> InUnit | None:
    """By what money that a line holds pays a use that no lot covers, without being asked."""
    units = (one for one in plan.counting.units if one.service == service and is_money(one.unit) and one.unit_amount)
    return next(units, None)


def in_turn(subjects: Sequence[Subject], plans: Sequence[Plan], service: str) -> Doubt | None:
    """Why lots of a service may have another turn than that of their ends."""
    for plan in plans:
        if shared := [one for one in plan.shares if one.service in ("", service)]:
            return Doubt(_SHARED_FIRST if shared[0].shared_first else _OWN_FIRST, shared[0].span)
    others = [said for plan in plans if (said := order(plan, service)) and not _is_soonest(said)]
    if not others or (ends_alike(subjects) and not any(_brings_others(plan, service) for plan in plans)):
        return None
    return Doubt(_OTHER_TURN, others[0].span)


def _is_soonest(said: Order) -> bool:
    first = said.keys[0]
    return (first.lot_class, first.pack, first.only, first.pick) == (None, "", frozenset(), Pick.SOONEST)


def _brings_others(plan: Plan, service: str) -> bool:
    """Whether what is sold where a service runs out may live on past the cycle."""
    sold = [one for line in plan.runs_out if line.service == service for one in line.remedies if isinstance(one, Sell)]
    return any(one.life != ONE_CYCLE for one in sold)


def order(plan: Plan, service: str) -> Order | None:
    """Which lots of a service are said to go first."""
    own = [one for one in plan.orders if one.service == service] or [one for one in plan.orders if not one.service]
    return own[0] if own else None
