"""What a statement adds up and people want apart, by service: use that nothing covered, and what was charged for it."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.plan import LotClass
from engine.ledger import Posting, Reason, Sink
from engine.run import Run


def uncovered(run: Run, service: str) -> list[int]:
    """Use in each cycle that no lot covered and nothing was sold for, in base units."""
    found = [0] * len(run.statement.cycles)
    for posting in _of(run, Reason.UNCOVERED):
        if posting.service == service:
            found[_row(run, posting)] += posting.amount
    return found


def used_of(run: Run, service: str) -> list[dict[LotClass, int]]:
    """What of the use in each cycle was served by lots, by their class, in base units."""
    found: list[dict[LotClass, int]] = [{} for _ in run.statement.cycles]
    for posting in run.postings:
        if posting.service == service and posting.target is Sink.USED and not isinstance(posting.source, Sink):
            lot_class, cycle = run.lots[posting.source].lot_class, found[_row(run, posting)]
            cycle[lot_class] = cycle.get(lot_class, 0) + posting.amount
    return found


def charged(run: Run, service: str) -> list[dict[str, int]]:
    """What was charged in each cycle for what was sold of a service, in minor units by currency. Prices of plan and packs are
    for all services, and stand with the first."""
    first = next((name for cycle in run.statement.cycles for name in cycle.services), service)
    sold_by = {posting.span: posting.service for posting in _of(run, Reason.SOLD)}
    found: list[dict[str, int]] = [{} for _ in run.statement.cycles]
    for posting in [*_of(run, Reason.PRICED), *_of(run, Reason.CHARGED), *_of(run, Reason.FEE), *_of(run, Reason.PAID)]:
        if sold_by.get(posting.span, first) == service:
            cycle = found[_row(run, posting)]
            cycle[posting.service] = cycle.get(posting.service, 0) + posting.amount
    return found


def _row(run: Run, posting: Posting) -> int:
    """Where among the cycles of a statement a posting belongs, from 0; a line that joined others has none before it did."""
    return posting.cycle - run.statement.cycles[0].number


def _of(run: Run, reason: Reason) -> Iterator[Posting]:
    return (posting for posting in run.postings if posting.reason is reason)
