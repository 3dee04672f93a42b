"""Which parts of plans their examples reach: each grant, clause, remedy, price and limit that moved or refused something."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from dsl.plan import (
    Advance,
    AtLeast,
    AtMost,
    Block,
    Cap,
    Carry,
    Convert,
    Expire,
    Extend,
    Freeze,
    Give,
    Grant,
    InSteps,
    Keeping,
    LeavingFee,
    Loan,
    Owe,
    Plan,
    Price,
    Sell,
    Slow,
)
from dsl.source import NOWHERE, Span
from engine.run import Run

# What does nothing where it is not reached. An order, a cycle or `keep` moves nothing, whatever they decide.
_PARTS = (
    Grant, Carry, Cap, Convert, Extend, Expire, Freeze, Give, Sell, Advance, Owe, Slow, Block, Price, LeavingFee, Loan,
    AtMost, AtLeast, Keeping, InSteps,
)  # fmt: skip


def parts(plans: tuple[Plan, ...]) -> set[Span]:
    """Where the parts stand that an example may reach."""
    return {span for plan in plans for span in _spans(plan)} - {NOWHERE}


def _spans(meaning: object) -> Iterator[Span]:
    if isinstance(meaning, tuple):
        for one in meaning:
            yield from _spans(one)
    elif dataclasses.is_dataclass(meaning) and not isinstance(meaning, type):
        if isinstance(meaning, _PARTS):
            yield meaning.span
        for field in dataclasses.fields(meaning):
            yield from _spans(getattr(meaning, field.name))


def reached(run: Run) -> set[Span]:
    """Where the rules stand that moved, cut or refused something in a run, for any of its lines."""
    lines = (run, *(other for _, other in run.others))
    return {span for one in lines for span in (*(posting.span for posting in one.postings), *one.cut)}
