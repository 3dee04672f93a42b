"""A line at an instant, and what comes of it: what will be lost unless it is used, and when something runs out.

Both are looked up in runs of the history with a future: one in which nothing more is used, and one that goes on at the present
pace, which is the last four weeks, over and over. Nothing is averaged, so nothing is rounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dsl.phrase import phrase
from dsl.plan import LotClass, Plan
from dsl.scenario import MAX_CYCLES, Dated, Scenario, Use
from dsl.source import NOWHERE, Span
from engine.calendar import Instant
from engine.history import HistoryError, events
from engine.ledger import Reason, Sink
from engine.pace import PACE_DAYS
from engine.run import Branches, Run, run
from engine.statement import BEYOND
from engine.totals import Amounts, summed

FURTHEST_DAYS = 400  # a year, and the cycle after it
MOST_RECORDS = 1_000  # of a pace; where there are more, it is told by days
MOST_USES = 20_000  # of a future


@dataclass(frozen=True, slots=True)
class Case:
    """A line whose history is known up to `at`, a local time of the plan's zone. `others` are the plans of its file."""

    plan: Plan
    scenario: Scenario
    others: tuple[Plan, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Loss:
    """What of the lots of today expires at `by`: `amount` if nothing more is used, `at_pace` of it if use goes on as it does.
    `span` is where the rule stands that put or left it there."""

    service: str
    by: Instant
    amount: int
    at_pace: int
    reason: Reason
    span: Span


@dataclass(frozen=True, slots=True)
class RunsOut:
    """At the present pace the first use of a service after today that no lot covers, and what is then done with it: `served`
    is SLOWED, BLOCKED, OWED, LENT, or the OPERATOR, who sells."""

    service: str
    at: Instant
    served: Sink
    span: Span


@dataclass(frozen=True, slots=True)
class Outlook:
    """`history` is the past as dated steps, and `future` what is used at the present pace from then on, up to `until`.
    `pace` is what was used in the last `days` days, by service. `idle` and `at_pace` are the two runs up to `until`."""

    case: Case
    at: Instant
    until: datetime
    history: Scenario
    future: tuple[Dated, ...]
    days: int
    pace: Amounts
    idle: Run
    at_pace: Run
    losses: tuple[Loss, ...]
    runs_out: tuple[RunsOut, ...]
    branches: Branches

    def with_acts(self, *acts: Dated) -> Run:
        """The run at the present pace, with more that is done. Raises HistoryError."""
        return _going_on(self.branches, (*acts, *self.future), self.until)


def outlook(case: Case) -> Outlook:
    """Raises HistoryError where the history can't be run, or where the line has not started at that time."""
    history = _dated(case)
    recent, days = _recent(case, history)
    furthest = case.at + timedelta(days=FURTHEST_DAYS)
    branches = Branches(case.plan, history, case.others, case.at)
    idle = _going_on(branches, (), furthest)
    at = idle.calendar.instant(case.at)
    if at < idle.calendar.boundary(0):
        day = f"{idle.calendar.local(idle.calendar.boundary(0)):%Y-%m-%d}"
        raise HistoryError(phrase("the line starts on {day} only", day=day), phrase("give a later day"), case.scenario.span)
    until = _horizon(idle, at, case.at, furthest)
    future = _again(_by_day(recent, case.plan), days, until)
    at_pace = _going_on(branches, future, until)
    idle = _going_on(branches, (), until)
    losses, runs_out = tuple(_losses(idle, at_pace, at)), tuple(_runs_out(at_pace, at))
    pace = summed(*({use.service: use.amount} for one in recent if isinstance(use := one.act, Use)))
    return Outlook(case, at, until, history, future, days, pace, idle, at_pace, losses, runs_out, branches)


def _going_on(branches: Branches, dated: Iterable[Dated], until: datetime) -> Run:
    """A history with more behind it, looked at once more at the end so that it runs so far."""
    return branches.run((*dated, Dated(until, None, NOWHERE)))


def _dated(case: Case) -> Scenario:
    """The history up to the time of the case, all of it as dated steps. What was used in a whole cycle stands on its days."""
    scenario = case.scenario
    if not scenario.cycles:
        past = tuple(one for one in scenario.dated if one.at <= case.at)
    else:
        calendar = run(case.plan, scenario, case.others).calendar
        told, _ = events(scenario, calendar)
        found = [Dated(calendar.local(one.at), one.act, one.span, (), one.line) for one in told]
        past = tuple(one for one in found if one.at <= case.at)
    return replace(scenario, cycles=(), dated=past)


def _recent(case: Case, history: Scenario) -> tuple[tuple[Dated, ...], int]:
    """What was used in the last days, and in how many: four weeks, or as long as there is a history."""
    since = (case.at - history.start).days + 1
    days = max(1, min(PACE_DAYS, since))
    begin = case.at - timedelta(days=days)
    return tuple(one for one in history.dated if isinstance(one.act, Use) and not one.line and begin < one.at <= case.at), days


def _by_day(recent: tuple[Dated, ...], plan: Plan) -> tuple[Dated, ...]:
    """Of thousands of records the sum of each day, at the time of its first, which comes to the same amounts; but not of a
    service whose records are counted one by one."""
    counting = plan.counting
    one_by_one = {rule.service for rule in counting.steps} | {rule.service for rule in counting.more}
    if len(recent) <= MOST_RECORDS:
        return recent
    found: dict[object, Dated] = {}
    for number, one in enumerate(sorted(recent, key=lambda one: one.at)):
        assert isinstance(one.act, Use)
        use = one.act
        key = number if use.service in one_by_one else (one.at.date(), use.service, use.tags)
        if key in found:
            before = found[key].act
            assert isinstance(before, Use)
            use = Use(use.service, before.amount + use.amount, use.tags, in_all=True)
        found[key] = replace(found.get(key, one), act=use)
    return tuple(found.values())


def _again(recent: tuple[Dated, ...], days: int, until: datetime) -> tuple[Dated, ...]:
    """The same, over and over."""
    found: list[Dated] = []
    for number in range(1, FURTHEST_DAYS // days + 2):
        later = timedelta(days=days * number)
        if len(found) + len(recent) > MOST_USES:
            break
        found += [replace(one, at=one.at + later) for one in recent if one.at + later < until]
    return tuple(found)


def _horizon(idle: Run, at: Instant, today: datetime, furthest: datetime) -> datetime:
    """How far to look: to where the last of today's lots is lost, and at least four weeks and to the end of the cycle."""
    last = max([idle.calendar.boundary(idle.calendar.cycle_at(at)), *(by for _, by in _lost(idle, at))])
    return min(furthest, max(idle.calendar.local(last), today + timedelta(days=PACE_DAYS)))


def held(found: Run, at: Instant) -> Mapping[int, int]:
    """What is in each lot at an instant, by the number of the lot. What happens at the instant has happened."""
    amounts: dict[int, int] = defaultdict(int)
    for posting in found.postings:
        if posting.at > at:
            break
        for place, amount in ((posting.source, -posting.amount), (posting.target, posting.amount)):
            if not isinstance(place, Sink):
                amounts[place] += amount
    return {number: amount for number, amount in amounts.items() if amount}


_Lost = dict[tuple[str, Instant], tuple[int, Reason, Span]]


def _lost(found: Run, at: Instant) -> _Lost:
    """What expires of what is there at an instant, under whatever name it goes on by then; by service and time."""
    ours = set(held(found, at))
    lost: _Lost = {}
    for posting in found.postings:
        if posting.at <= at or posting.source not in ours:
            continue
        if not isinstance(posting.target, Sink):
            ours.add(posting.target)
        elif posting.target is Sink.EXPIRED and found.lots[_lot(posting.source)].lot_class is not LotClass.CREDIT:
            before, *why = lost.get((posting.service, posting.at), (0, posting.reason, posting.span))
            lost[posting.service, posting.at] = (before + posting.amount, *why)  # type: ignore[assignment]
    return lost


def _lot(place: int | Sink) -> int:
    assert not isinstance(place, Sink)
    return place


def _losses(idle: Run, at_pace: Run, at: Instant) -> Iterable[Loss]:
    """By time, then by service. What is lost in either run."""
    unused, used = _lost(idle, at), _lost(at_pace, at)
    for service, by in sorted({**unused, **used}, key=lambda key: (key[1], key[0])):
        amount, reason, span = unused.get((service, by), (0, *used.get((service, by), (0, Reason.ENDED, NOWHERE))[1:]))
        yield Loss(service, by, amount, used.get((service, by), (0,))[0], reason, span)


def _runs_out(found: Run, at: Instant) -> Iterable[RunsOut]:
    seen: set[str] = set()
    for posting in found.postings:
        if posting.at <= at or posting.service in seen:
            continue
        served: Sink | None = None
        if posting.target in (Sink.SLOWED, Sink.BLOCKED):
            served = Sink(posting.target)
        elif posting.source is Sink.OWED and posting.target is Sink.USED:
            served = Sink.OWED
        elif not isinstance(posting.source, Sink) and posting.target is Sink.USED:
            lot = found.lots[posting.source]
            if lot.lot_class in BEYOND:
                served = Sink.LENT if lot.lot_class is LotClass.BORROWED else Sink.OPERATOR
        if served:
            seen.add(posting.service)
            yield RunsOut(posting.service, posting.at, served, posting.span)


assert FURTHEST_DAYS < MAX_CYCLES  # so that days of a cycle each are no trap
