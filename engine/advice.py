"""Advice for a subscriber: what each plan would have cost and wasted, and what to do about the plan one has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dsl.plan import Plan, Sell
from engine.outlook import Case, Outlook, outlook
from engine.run import Run
from engine.savings import Refused, Saving, savings
from engine.statement import in_order
from engine.totals import Totals, totals


@dataclass(frozen=True, slots=True)
class Advice:
    """About the plan a line has: what will happen, what would help, and what would be refused."""

    outlook: Outlook
    savings: tuple[Saving, ...]
    refused: tuple[Refused, ...]


def advice(case: Case) -> Advice:
    """Raises HistoryError where the history can't be run."""
    found = outlook(case)
    return Advice(found, *savings(found))


# ---- which plan


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan of a file on the usage that is asked about."""

    file: str
    run: Run

    @property
    def plan(self) -> Plan:
        return self.run.plan


@dataclass(frozen=True, slots=True)
class Ranked:
    """An offer and what it came to. `currency` is "" where the plan says no price."""

    offer: Offer
    totals: Totals
    currency: str

    @property
    def cost(self) -> int:
        """In minor units."""
        return self.totals.charged.get(self.currency, 0)

    @property
    def serves_all(self) -> bool:
        return not self.totals.unmet


@dataclass(frozen=True, slots=True)
class Ranking:
    """The plans that cost one currency, cheapest first. Of those that cost the same, who leaves less use unmet, since a plan
    that blocks everything wastes nothing, then who wastes less: of data, then of minutes, messages, and others by name."""

    currency: str
    ranked: tuple[Ranked, ...]


def rankings(offers: Iterable[Offer]) -> tuple[tuple[Ranking, ...], tuple[tuple[Offer, tuple[str, ...]], ...]]:
    """One ranking a currency, which are never converted, the one of most plans first; and the offers that cost several, with
    these."""
    by_currency: dict[str, list[Ranked]] = {}
    several: list[tuple[Offer, tuple[str, ...]]] = []
    for offer in offers:
        found = totals(offer.run)
        paid = tuple(sorted(found.charged)) or currencies(offer.plan)
        if len(paid) > 1:
            several.append((offer, paid))
        else:
            currency = paid[0] if paid else ""
            by_currency.setdefault(currency, []).append(Ranked(offer, found, currency))
    rows = [one for ranked in by_currency.values() for one in ranked]
    services = _services(rows)
    made = [
        Ranking(currency, tuple(sorted(ranked, key=lambda one: _turn(one, services))))
        for currency, ranked in by_currency.items()
    ]
    # Plans without a price come last: that they cost nothing is only not said.
    return tuple(sorted(made, key=lambda one: (not one.currency, -len(one.ranked), one.currency))), tuple(several)


def _turn(one: Ranked, services: tuple[str, ...]) -> tuple[object, ...]:
    unmet, wasted = (tuple(of.get(service, 0) for service in services) for of in (one.totals.unmet, one.totals.expired))
    return one.cost, unmet, wasted, one.offer.plan.name, one.offer.file


def _services(ranked: Iterable[Ranked]) -> tuple[str, ...]:
    """What any of them wastes or leaves unmet, in the order in which it counts."""
    return tuple(in_order({service for one in ranked for service in (*one.totals.expired, *one.totals.unmet)}))


def currencies(plan: Plan) -> tuple[str, ...]:
    """What a plan would be paid in that charged nothing here."""
    prices = {price.currency for price in plan.prices}
    sold = {remedy.currency for rule in plan.runs_out for remedy in rule.remedies if isinstance(remedy, Sell)}
    return tuple(sorted(prices or sold))
