"""Why a figure is what it is: what was there, and the postings of a service in a cycle, summed by rule and reason."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan import LotClass
from dsl.source import Span
from engine.ledger import Posting, Sink
from engine.run import Run

THERE = "there from before"


@dataclass(frozen=True, slots=True)
class Movement:
    """`amount` base units moved for `reason` by the rule at `span`; `what` says between which kinds of lots and sinks. What a
    cycle begins with is no movement of it, but stands here too, as THERE."""

    amount: int
    reason: str
    what: str
    span: Span


def movements(run: Run, cycle: int, service: str) -> list[Movement]:
    """What was there of a service when a cycle began, and what happened to it, in the order in which it first happened."""
    there: dict[int, int] = {}
    found: dict[tuple[str, str, Span], int] = {}
    for posting in run.postings:
        if posting.service != service or posting.cycle > cycle:
            continue
        if posting.cycle < cycle:
            for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
                if not isinstance(place, Sink):
                    there[place] = there.get(place, 0) + amount
        else:
            _add(found, (posting.reason, _between(run, posting), posting.span), posting.amount)
    kept: dict[tuple[str, str, Span], int] = {}
    for number, amount in there.items():
        if amount:
            _add(kept, (THERE, _name(run, number), run.lots[number].span), amount)
    return [Movement(amount, *key) for key, amount in [*kept.items(), *found.items()]]


def _add(found: dict[tuple[str, str, Span], int], key: tuple[str, str, Span], amount: int) -> None:
    found[key] = found.get(key, 0) + amount


def _between(run: Run, posting: Posting) -> str:
    source, target = _name(run, posting.source), _name(run, posting.target)
    return f"{source} -> {target}"


def _name(run: Run, place: int | Sink) -> str:
    if isinstance(place, Sink):
        return str(place)
    lot = run.lots[place]
    named = f' "{lot.pack}"' if lot.pack and lot.lot_class is LotClass.ADD_ON else ""
    only = "".join(sorted(f" only {' or '.join(sorted(tags))}" for tags in lot.scope))
    return f"{lot.lot_class}{named}{only} of {run.calendar.local(lot.born):%Y-%m-%d}"
