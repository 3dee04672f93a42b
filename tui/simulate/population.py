"""Which lines there can be: on which plans, begun when, with which cycles, and what a typical line uses in each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from dsl.plan import Plan
from dsl.units import DATA, SMS, VOICE, is_money
from engine.calendar import Calendar
from engine.statement import in_order
from tui.simulate import habits
from tui.simulate.draws import MOST_TYPICAL, Ints

EPOCH = datetime(1970, 1, 1)
DAY = 24 * 3600
_DAYS_OF_A_MONTH = 30
_MOST_CYCLES = 10_000  # of a line: a plan of days over the longest time


@dataclass(frozen=True, slots=True)
class Population:
    """Kinds of lines, and their cycles one after the other: kind k has those from `first[k]` to below `first[k + 1]`.

    A kind is a plan, a month to begin in and one of `start_shares` days: `(plan * months + month) * days + day`. Days are
    counted from 1970-01-01, seconds from its midnight, local time. `months_on` is the month a cycle begins in, from 0;
    `typical` what is used in it, by service.
    """

    months: int
    plans: tuple[str, ...]  # () where there is none to name
    start_shares: tuple[int, ...]
    services: tuple[str, ...]
    start: Ints  # of a kind: its day
    first: Ints
    begin: Ints  # of a cycle: its second, to that of the next
    end: Ints
    months_on: Ints
    typical: dict[str, Ints]
    first_day: int
    busy: dict[str, Ints]  # by day from `first_day` on: habits.of_day

    @property
    def kinds_of_a_plan(self) -> int:
        return self.months * len(self.start_shares)

    @property
    def most_cycles(self) -> int:
        return int(np.diff(self.first).max())


def population(plans: Sequence[Plan], start: date, months: int) -> Population:
    """Of lines that begin in so many months from `start` on, the first of a month, and have the cycles that begin in these.
    With no plan all begin on the first of a month, and have months for cycles."""
    firsts = [_month(start, number) for number in range(months + 1)]
    days = habits.START_DAYS if plans else (1,)
    services = in_order({name for plan in plans for name in _services(plan)}) if plans else [DATA, VOICE, SMS]
    starts, first, begins, ends = [], [0], [], []
    owners: list[Plan | None] = []  # of each cycle
    for plan in plans or (None,):
        for month in firsts[:-1]:
            last = (_month(month, 1) - timedelta(days=1)).day
            for day in days:
                begun = month.replace(day=min(day, last))
                bounds = list(_boundaries(plan, begun, firsts[-1]))
                starts.append((begun - EPOCH.date()).days)
                begins += bounds[:-1]
                ends += bounds[1:]
                owners += [plan] * (len(bounds) - 1)
                first.append(len(begins))
    begin, end = _ints(begins), _ints(ends)
    month_days = _ints([(month - EPOCH.date()).days for month in firsts])
    first_day, last_day = int(begin.min()) // DAY, -(-int(end.max()) // DAY)
    calendar = [EPOCH.date() + timedelta(days=day) for day in range(first_day, last_day + 1)]
    busy = {service: _ints([habits.of_day(service, day) for day in calendar]) for service in services}
    return Population(
        months, tuple(plan.name for plan in plans), habits.START_SHARES if plans else (1,), tuple(services),
        _ints(starts), _ints(first), begin, end,
        np.searchsorted(month_days, begin // DAY, side="right").astype(np.int64) - 1,
        {service: _typical(service, owners, begin, end, first_day, busy[service]) for service in services},
        first_day, busy,
    )  # fmt: skip


def _services(plan: Plan) -> Iterator[str]:
    return (name for name in plan.services if not is_money(name))


def _month(first: date, later: int) -> date:
    years, month = divmod(first.month - 1 + later, 12)
    return date(first.year + years, month + 1, 1)


def _boundaries(plan: Plan | None, begun: date, until: date) -> Iterator[int]:
    """The start of each cycle that begins before `until`, and the end of the last; in local seconds."""
    if plan is None:
        months = (until.year - begun.year) * 12 + until.month - begun.month
        yield from (_seconds(datetime.combine(_month(begun, number), time())) for number in range(months + 1))
        return
    calendar = Calendar(plan.cycle, plan.zone, datetime.combine(begun, time()))
    for number in range(_MOST_CYCLES + 1):
        local = calendar.local(calendar.boundary(number))
        yield _seconds(local)
        if number and local.date() >= until:
            return


def _seconds(local: datetime) -> int:
    return (local - EPOCH) // timedelta(seconds=1)


def _typical(service: str, owners: Sequence[Plan | None], begin: Ints, end: Ints, first_day: int, busy: Ints) -> Ints:
    """What a typical line uses in each cycle: part of what its plan grants, else what it would in so many days; as busy as the
    days are."""
    habit = habits.HABITS.get(service, habits.OTHER)
    known: dict[int, int] = {}  # by plan: what it grants, -1 where it says nothing, 0 where it has no such service
    granted = _ints([known.setdefault(id(plan), _granted(plan, service)) for plan in owners])
    days = np.maximum(1, (end - begin) // DAY)
    alone = habit.typical * days // _DAYS_OF_A_MONTH
    base = np.where(granted < 0, alone, granted)
    sums = np.concatenate(([0], np.cumsum(busy)))
    since = begin // DAY - first_day
    average = (sums[since + days] - sums[since]) // days
    typical: Ints = np.minimum(base, MOST_TYPICAL // 2) * average // 10_000
    return np.where(base > 0, np.maximum(1, typical), 0)


def _granted(plan: Plan | None, service: str) -> int:
    if plan is None:
        return -1
    if service not in plan.services:
        return 0
    now = plan if plan.allowance(service) or not plan.later else plan.later[-1].plan
    return -1 if now.is_unlimited(service) else now.allowance(service) * habits.OF_ALLOWANCE // 100 or -1


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
