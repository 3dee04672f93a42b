"""What a run comes to in all: its line's figures summed over the cycles, each by service or currency, zeros left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from engine.ledger import Sink
from engine.run import Run

Amounts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Totals:
    """By currency, in minor units: what was charged, whoever paid it, and what of it was due. By service, in base units: what
    came, was used, was not covered (`overage`, of which `slowed` and `blocked` were served badly or not at all), expired, went
    to other lines, was turned into something else, and is kept when the last cycle ends."""

    charged: Amounts
    due: Amounts
    came: Amounts
    used: Amounts
    overage: Amounts
    slowed: Amounts
    blocked: Amounts
    expired: Amounts
    given: Amounts
    converted: Amounts
    kept: Amounts

    @property
    def unmet(self) -> Amounts:
        """Use that was served at lower speed or not at all."""
        return summed(self.slowed, self.blocked)


SUMMED = {
    "used": ("used",), "overage": ("overage",), "expired": ("expired",), "given": ("given",), "converted": ("converted_in",),
    "came": ("granted", "received"),
}  # fmt: skip
"""Which figures of a statement each total is the sum of."""


def totals(run: Run) -> Totals:
    cycles = run.statement.cycles
    money = {name: summed(*(getattr(cycle, name) for cycle in cycles)) for name in ("charged", "due")}
    services = {
        name: _without_zeros(
            Counter(
                {
                    service: sum(getattr(cycle.services[service], figure) for cycle in cycles for figure in figures)
                    for service in (cycles[0].services if cycles else ())
                }
            )
        )
        for name, figures in SUMMED.items()
    }
    kept = {service: figures.carried_out for service, figures in cycles[-1].services.items()} if cycles else {}
    slowed, blocked = (_gone_to(run, sink) for sink in (Sink.SLOWED, Sink.BLOCKED))
    return Totals(**money, **services, slowed=slowed, blocked=blocked, kept=_without_zeros(kept))


def _gone_to(run: Run, sink: Sink) -> Amounts:
    found: Counter[str] = Counter()
    for posting in run.postings:
        if posting.target is sink:
            found[posting.service] += posting.amount
    return dict(found)


def summed(*parts: Amounts) -> Amounts:
    found: Counter[str] = Counter()
    for part in parts:
        found.update(part)
    return _without_zeros(found)


def less(amounts: Amounts, others: Amounts) -> Amounts:
    """`amounts` less `others`, which may be below zero."""
    return _without_zeros({name: amounts.get(name, 0) - others.get(name, 0) for name in {**amounts, **others}})


def _without_zeros(amounts: Amounts) -> Amounts:
    return {name: amount for name, amount in amounts.items() if amount}
