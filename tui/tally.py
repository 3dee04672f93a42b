"""What a statement adds up and people want apart, by service: what of the use was carried, what nothing covered, and what was
charged for it. A history may have a million uses: each is looked at once, and what is no use is rare."""

from __future__ import annotations

from collections import defaultdict

from dsl.plan import LotClass
from engine.ledger import Posting, Reason, Sink
from engine.run import Run


def uncovered(run: Run, service: str) -> list[int]:
    """Use in each cycle that no lot covered and nothing was sold for, in base units."""
    found = [0] * len(run.statement.cycles)
    for posting in _but_used(run):
        if posting.reason is Reason.UNCOVERED and posting.service == service:
            found[_row(run, posting.cycle)] += posting.amount
    return found


def used_of(run: Run, service: str) -> list[dict[LotClass, int]]:
    """What of the use in each cycle was served by lots, by their class, in base units."""
    sums: dict[tuple[int, int | Sink], int] = defaultdict(int)
    used = Sink.USED
    for posting in run.postings:
        if posting.target is used and posting.service == service:
            sums[posting.cycle, posting.source] += posting.amount
    found: list[dict[LotClass, int]] = [{} for _ in run.statement.cycles]
    for (cycle, source), amount in sums.items():
        if not isinstance(source, Sink):
            row, lot_class = found[_row(run, cycle)], run.lots[source].lot_class
            row[lot_class] = row.get(lot_class, 0) + amount
    return found


def charged(run: Run, service: str) -> list[dict[str, int]]:
    """What was charged in each cycle for what was sold of a service, in minor units by currency. Prices of plan and packs are
    for all services, and stand with the first."""
    first = next((name for cycle in run.statement.cycles for name in cycle.services), service)
    rare = _but_used(run)
    sold_by = {posting.span: posting.service for posting in rare if posting.reason is Reason.SOLD}
    found: list[dict[str, int]] = [{} for _ in run.statement.cycles]
    for posting in rare:
        if posting.reason in _CHARGES and sold_by.get(posting.span, first) == service:
            cycle = found[_row(run, posting.cycle)]
            cycle[posting.service] = cycle.get(posting.service, 0) + posting.amount
    return found


_CHARGES = frozenset({Reason.PRICED, Reason.CHARGED, Reason.FEE, Reason.PAID})


def _but_used(run: Run) -> list[Posting]:
    used = Reason.USED
    return [posting for posting in run.postings if posting.reason is not used]


def _row(run: Run, cycle: int) -> int:
    """Where among the cycles of a statement one stands, from 0; a line that joined others has none before it did."""
    return cycle - run.statement.cycles[0].number
