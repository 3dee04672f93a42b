"""A plan and a history to an outcome: the pure function at the centre. Conservation is asserted on every run."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan import Plan
from dsl.scenario import Scenario
from engine.account import Account
from engine.calendar import Calendar, Instant
from engine.history import Event, events
from engine.ledger import Lot, Posting
from engine.statement import Statement, statement


@dataclass(frozen=True, slots=True)
class Run:
    """What a history came to. `postings` are those of the statement's cycles, in order; `lots[n]` is lot number n."""

    plan: Plan
    scenario: Scenario
    calendar: Calendar
    postings: tuple[Posting, ...]
    lots: tuple[Lot, ...]
    statement: Statement


def run(plan: Plan, scenario: Scenario) -> Run:
    """Runs a history and closes every cycle it touches. Raises HistoryError where the history can't be run."""
    account = Account(plan, scenario.start, scenario.opening)
    history, cycles = events(scenario, account.calendar)
    play(account, history, account.calendar.boundary(cycles))
    found = statement(account, cycles)
    postings = tuple(posting for posting in account.ledger.postings if posting.cycle <= cycles)
    return Run(plan, scenario, account.calendar, postings, tuple(account.ledger.lots), found)


def play(account: Account, history: list[Event], until: Instant) -> None:
    """Applies events up to and including `until`, and all that falls due by then."""
    for event in history:
        if event.at > until:
            break
        account.apply(event.at, event.act)
    account.advance(until)
