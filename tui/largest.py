"""The largest balance that each allowance can come to, told beside it."""

from __future__ import annotations

from functools import lru_cache

from dsl.assist.hints import Hint
from dsl.check import Checked
from dsl.examples import DEFAULT_START
from dsl.phrase import Phrase, phrase
from dsl.plan import Plan
from dsl.same import without_places
from dsl.source import Span
from dsl.units import exact, show
from engine.history import HistoryError
from engine.largest import Largest, largest


def largest_hints(checked: Checked, first: int, last: int) -> tuple[Hint, ...]:
    """What stands beside the allowances on the lines from `first` to `last`; nothing in a file with errors, nor where a balance
    is never larger than what a cycle brings."""
    found = [
        Hint(span.line, span.end, words(plan, one), _sentences(plan, one))
        for plan in (() if checked.has_errors else checked.plans)
        for span, one in largest_of(checked, plan, first, last)
    ]
    return tuple(sorted(found, key=lambda hint: (hint.line, hint.column)))


def largest_of(checked: Checked, plan: Plan, first: int, last: int) -> list[tuple[Span, Largest]]:
    """What the allowances of a plan on the lines from `first` to `last` come to, each with its place."""
    own = {
        grant.service: grant.span
        for grant in plan.grants
        if grant.each_cycle and first <= grant.span.line <= last and checked.plan_at(grant.span.line) is plan
    }
    found = _largest(without_places(plan)) if own else ()
    return [(own[one.service], one) for one in found if one.service in own and one.amount > plan.allowance(one.service)]


@lru_cache(maxsize=200)
def _largest(plan: Plan) -> tuple[Largest, ...]:
    """By what a plan says, wherever it says that."""
    try:
        return largest(plan, DEFAULT_START)
    except HistoryError:
        return ()


def words(plan: Plan, one: Largest) -> Phrase:
    amount = show(one.service, one.amount, plan.data_step)
    if one.grows:
        return phrase("grows: {amount} unused after {cycles} cycles", amount=amount, cycles=one.cycles)
    return phrase("at most {amount} unused", amount=amount)


def _sentences(plan: Plan, one: Largest) -> tuple[Phrase, ...]:
    start, amount = f"{DEFAULT_START:%Y-%m-%d}", exact(one.service, one.amount, plan.data_step)
    if one.grows:
        found = phrase(
            "A line that starts on {start} and never uses anything has {amount} at the start of cycle {cycle}, and more with "
            "every cycle that follows.",
            start=start, amount=amount, cycle=one.cycle,
        )  # fmt: skip
    else:
        found = phrase(
            "A line that starts on {start} and never uses anything has {amount} at the start of cycle {cycle}, and never more "
            "in {cycles} cycles.",
            start=start, amount=amount, cycle=one.cycle, cycles=one.cycles,
        )  # fmt: skip
    return found, phrase("Packs, promotions, gifts, top-ups and early renewals, which may bring more, are left out.")
