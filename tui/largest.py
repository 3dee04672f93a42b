"""The largest balance that each allowance can come to, told beside it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from dsl.assist.hints import Hint
from dsl.check import Checked
from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from dsl.units import exact, show
from engine.history import HistoryError
from engine.largest import Largest, largest


def largest_hints(checked: Checked, first: int, last: int) -> tuple[Hint, ...]:
    """What stands beside the allowances on the lines from `first` to `last`; nothing in a file with errors, nor where a balance
    is never larger than what a cycle brings."""
    found: list[Hint] = []
    for plan in () if checked.has_errors else checked.plans:
        own = {
            grant.service: grant.span
            for grant in plan.grants
            if grant.each_cycle and first <= grant.span.line <= last and checked.plan_at(grant.span.line) is plan
        }
        for one in _largest(plan) if own else ():
            if one.service in own and one.amount > plan.allowance(one.service):
                span = own[one.service]
                found.append(Hint(span.line, span.end, _text(plan, one), _detail(plan, one)))
    return tuple(sorted(found, key=lambda hint: (hint.line, hint.column)))


@lru_cache(maxsize=200)
def _largest(plan: Plan) -> tuple[Largest, ...]:
    try:
        return largest(plan, DEFAULT_START)
    except HistoryError:
        return ()


def _text(plan: Plan, one: Largest) -> str:
    shown = show(one.service, one.amount, plan.data_step)
    return f"  grows: {shown} unused after {one.cycles} cycles" if one.grows else f"  at most {shown} unused"


def _detail(plan: Plan, one: Largest) -> str:
    return "\n".join(_sentences(plan, one))


def _sentences(plan: Plan, one: Largest) -> Iterator[str]:
    start, amount = f"{DEFAULT_START:%Y-%m-%d}", exact(one.service, one.amount, plan.data_step)
    after = "more with every cycle that follows" if one.grows else f"never more in {one.cycles} cycles"
    yield f"A line that starts on {start} and never uses anything has {amount} at the start of cycle {one.cycle}, and {after}."
    yield "Packs, promotions, gifts, top-ups and early renewals, which may bring more, are left out."
