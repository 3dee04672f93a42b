"""A plan and a history to an outcome: the pure function at the centre. Conservation is asserted on every run."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from dsl.plan import Plan
from dsl.scenario import Dated, DoNotRenew, GiveAway, Scenario, Use
from dsl.source import Span
from engine.account import Account
from engine.calendar import Calendar, Instant
from engine.history import Event, HistoryError, comes_first, dated_events, events, first_use, rank
from engine.ledger import Capped, Lot, Posting
from engine.lines import FIRST, LineError, Lines
from engine.loyalty import Followed
from engine.statement import Statement, statement

_MOVES_AMOUNTS = (Use, GiveAway)  # and nothing else: when cycles begin and end does not depend on it


@dataclass(frozen=True, slots=True)
class Run:
    """What a history came to. `postings` are those of the statement's cycles, in order; `lots[n]` is lot number n. `capped` are
    the caps that were looked at when they closed; those at `cut` took something back in hand, whatever became of it."""

    plan: Plan
    scenario: Scenario
    calendar: Calendar
    postings: tuple[Posting, ...]
    lots: tuple[Lot, ...]
    statement: Statement
    capped: tuple[Capped, ...] = ()
    cut: frozenset[Span] = frozenset()
    others: tuple[tuple[str, Run], ...] = ()  # the other lines, by name, in the order they started
    begun: Mapping[int, str] = field(default_factory=dict)  # the plan that each cycle began with, but the first

    def line(self, name: str) -> Run:
        """The run of a line: this one's for ""."""
        return dict(self.others).get(name, self)


def run(plan: Plan, scenario: Scenario, others: Iterable[Plan] = ()) -> Run:
    """Runs a history and closes every cycle it touches. `others` are the plans it may change to. Raises HistoryError where
    the history can't be run."""
    by_name = {other.name: other for other in others}
    account = Account(plan, scenario.start, scenario.opening, by_name, first_use=first_use(scenario))
    lines = Lines(account, by_name)
    calendar = _timetable(plan, scenario, by_name) if _moves_the_clock(scenario) else account.calendar
    history, cycles = events(scenario, calendar)
    return _played(lines, plan, scenario, history, cycles, calendar.boundary(cycles))


def _played(
    lines: Lines, plan: Plan, scenario: Scenario, history: list[Event], cycles: int, until: Instant | None = None
) -> Run:
    """What the lines of a history come to; `until` None: at the end of those cycles."""
    account = lines.owner
    until = account.calendar.boundary(cycles) if until is None else until
    play(lines, history, until)
    beside = tuple(
        (name, _told(one, scenario, _cycles_until(one, until))) for name, one in lines.accounts.items() if name != FIRST
    )
    return replace(_told(account, scenario, cycles), plan=plan, others=beside)


class Branches:
    """Runs of a history that begins always the same and goes on in several ways: what they have in common is played once.

    An account is plain data, so that it can be kept and gone on with as if nothing had happened. Where what is yet to come
    decides how the beginning went, as the first use of a line may, all of it is run each time.
    """

    def __init__(self, plan: Plan, beginning: Scenario, others: Iterable[Plan], before: datetime) -> None:
        """`beginning` has no cycles; its steps before that local time are what is played once. Raises HistoryError."""
        self.plan = plan
        self.beginning = beginning
        self.plans = {other.name: other for other in others}
        self.first_use = first_use(beginning)
        self._before = before
        self._kept: bytes | None = None
        used = any(isinstance(one.act, Use) and one.act.amount and not one.line for one in beginning.dated if one.at < before)
        if used and not beginning.cycles:
            self._keep()

    def _keep(self) -> None:
        account = Account(self.plan, self.beginning.start, self.beginning.opening, self.plans, first_use=self.first_use)
        lines, until = Lines(account, self.plans), account.calendar.instant(self._before) - 1
        known = replace(self.beginning, dated=tuple(one for one in self.beginning.dated if one.at < self._before))
        if until < account.calendar.boundary(0) or _moves_the_clock(known):
            return
        play(lines, dated_events(known, account.calendar), until)
        self._kept = pickle.dumps(lines, pickle.HIGHEST_PROTOCOL)

    def run(self, dated: Iterable[Dated]) -> Run:
        """The beginning, and more behind it; as `run`. Raises HistoryError."""
        scenario = replace(self.beginning, dated=(*self.beginning.dated, *dated))
        goes_on = any(one.at >= self._before for one in scenario.dated)
        if self._kept is None or not goes_on or _moves_the_clock(scenario) or first_use(scenario) != self.first_use:
            return run(self.plan, scenario, self.plans.values())
        lines: Lines = pickle.loads(self._kept)
        rest = replace(scenario, dated=tuple(one for one in scenario.dated if one.at >= self._before))
        calendar = lines.owner.calendar
        history, cycles = events(rest, calendar)
        return _played(lines, self.plan, scenario, history, cycles, calendar.boundary(cycles))


def _told(account: Account, scenario: Scenario, cycles: int) -> Run:
    found = statement(account, cycles)
    postings = tuple(posting for posting in account.ledger.postings if posting.cycle <= cycles)
    capped = tuple(one for one in account.ledger.capped if one.cycle <= cycles)
    lots, cut = tuple(account.ledger.lots), frozenset(account.ledger.cut)
    # Each step that closed a cycle says with which plan the one behind it began; cycles before a line's own have none.
    following = [step.new for step in account.grants.steps if step.how in (Followed.RENEWED, Followed.LAPSED)]
    begun = dict(enumerate(following, len(account.plans) - len(following) + 2))
    return Run(account.plans[0], scenario, account.calendar, postings, lots, found, capped, cut, begun=begun)


def _cycles_until(account: Account, until: Instant) -> int:
    """How many cycles of a line begin before `until`; all of them are closed, the last when its grace is over if it has one."""
    cycles = account.calendar.cycle_at(until - 1)
    while account.cycle <= cycles:
        account.advance(account.calendar.boundary(account.cycle))
    return cycles


def play(lines: Lines, history: list[Event], until: Instant) -> None:
    """Applies events up to and including `until`, and all that falls due by then. Raises HistoryError."""
    for event in history:
        if event.at > until:
            break
        try:
            lines.apply(event.at, event.line, event.act)
        except LineError as error:
            raise HistoryError(error.problem, error.instead, event.span) from error
    lines.advance(until)


def _moves_the_clock(scenario: Scenario) -> bool:
    acts = [act for steps in scenario.cycles for act in steps.acts] + [dated.act for dated in scenario.dated]
    return any(act is not None and (comes_first(act) or isinstance(act, DoNotRenew)) for act in acts)


def _timetable(plan: Plan, scenario: Scenario, others: dict[str, Plan]) -> Calendar:
    """When the cycles of a history begin and end. That never depends on use or gifts, so the rest is done once without
    them: only then is known over which days the use of a cycle is spread."""
    account = Account(plan, scenario.start, (), others, first_use=first_use(scenario))
    told = [event for event in dated_events(scenario, account.calendar) if not event.line]
    dated = [event for event in told if not isinstance(event.act, _MOVES_AMOUNTS)]
    for number, steps in enumerate(scenario.cycles, 1):
        acts = [act for act in steps.acts if not isinstance(act, _MOVES_AMOUNTS)]
        while account.cycle < number:
            end = account.calendar.boundary(account.cycle)
            if dated and dated[0].at < end:
                _do(account, dated)
                continue
            while dated and dated[0].at == end and comes_first(dated[0].act):
                _do(account, dated)
            if account.cycle == number - 1:
                for act in filter(comes_first, acts):
                    account.apply(end, act)
                acts = [act for act in acts if not comes_first(act)]
            account.advance(end)
        for act in sorted(acts, key=rank):
            account.apply(account.calendar.boundary(number - 1), act)
    while dated:
        _do(account, dated)
    account.advance(max((account.calendar.instant(one.at) for one in scenario.dated), default=account.ledger.at))
    last = max(account.cycle, len(scenario.cycles))
    while account.cycle <= last:
        account.advance(account.calendar.boundary(account.cycle))
    return account.calendar


def _do(account: Account, events: list[Event]) -> None:
    event = events.pop(0)
    account.apply(event.at, event.act)
