"""What a statement adds up and people want apart, by service: use that nothing covered, and what was charged for it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.ledger import Posting, Reason
from engine.run import Run


def uncovered(run: Run, service: str) -> list[int]:
    """Use in each cycle that no lot covered and nothing was sold for, in base units."""
    found = [0] * len(run.statement.cycles)
    for posting in _of(run, Reason.UNCOVERED):
        if posting.service == service:
            found[posting.cycle - 1] += posting.amount
    return found


def charged(run: Run, service: str) -> list[dict[str, int]]:
    """What was charged in each cycle for what was sold of a service, in minor units by currency. Prices of plan and packs are
    for all services, and stand with the first."""
    first = next((name for cycle in run.statement.cycles for name in cycle.services), service)
    sold_by = {posting.span: posting.service for posting in _of(run, Reason.SOLD)}
    found: list[dict[str, int]] = [{} for _ in run.statement.cycles]
    for posting in [*_of(run, Reason.PRICED), *_of(run, Reason.CHARGED), *_of(run, Reason.FEE), *_of(run, Reason.PAID)]:
        if sold_by.get(posting.span, first) == service:
            cycle = found[posting.cycle - 1]
            cycle[posting.service] = cycle.get(posting.service, 0) + posting.amount
    return found


def _of(run: Run, reason: Reason) -> Iterator[Posting]:
    return (posting for posting in run.postings if posting.reason is reason)
