"""The three figures a subscriber sees of a service at an instant. Each is a sum of postings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from engine.calendar import Instant
from engine.ledger import Sink
from engine.run import Run


@dataclass(frozen=True, slots=True)
class Balance:
    """In base units: `used` in the cycle that holds the instant, `remaining` usable now, and of what remains `accumulated`,
    which was kept from earlier cycles (carried, or converted at a close)."""

    used: int
    remaining: int
    accumulated: int


def balance(run: Run, service: str, at: Instant) -> Balance:
    """What happens at the instant itself has happened. Before the start everything is zero."""
    cycle = run.calendar.cycle_at(at)
    held: dict[int, int] = defaultdict(int)
    used = 0
    for posting in run.postings:
        if posting.at > at:
            break
        if posting.service != service:
            continue
        if not isinstance(posting.source, Sink):
            held[posting.source] -= posting.amount
        if not isinstance(posting.target, Sink):
            held[posting.target] += posting.amount
        elif posting.target is Sink.USED and posting.source is not Sink.COUNTING and posting.cycle == cycle:
            used += posting.amount
    usable = {number: amount for number, amount in held.items() if not run.lots[number].frozen}
    accumulated = sum(amount for number, amount in usable.items() if run.lots[number].cycle < cycle)
    return Balance(used, sum(usable.values()), accumulated)
