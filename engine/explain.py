"""Why a figure is what it is: the postings of a service in a cycle, those of one rule and reason added up."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan import LotClass
from dsl.source import Span
from engine.ledger import Posting, Reason, Sink
from engine.run import Run


@dataclass(frozen=True, slots=True)
class Movement:
    """`amount` base units moved for `reason` by the rule at `span`; `what` says between which kinds of lots and sinks."""

    amount: int
    reason: Reason
    what: str
    span: Span


def movements(run: Run, cycle: int, service: str) -> list[Movement]:
    """What happened to a service in a cycle, in the order in which it first happened."""
    found: dict[tuple[Reason, str, Span], int] = {}
    for posting in run.postings:
        if posting.cycle == cycle and posting.service == service:
            key = (posting.reason, _between(run, posting), posting.span)
            found[key] = found.get(key, 0) + posting.amount
    return [Movement(amount, reason, what, span) for (reason, what, span), amount in found.items()]


def _between(run: Run, posting: Posting) -> str:
    source, target = _name(run, posting.source), _name(run, posting.target)
    return f"{source} -> {target}"


def _name(run: Run, place: int | Sink) -> str:
    if isinstance(place, Sink):
        return str(place)
    lot = run.lots[place]
    named = f' "{lot.pack}"' if lot.pack and lot.lot_class is LotClass.ADD_ON else ""
    return f"{lot.lot_class}{named} of {run.calendar.local(lot.born):%Y-%m-%d}"
