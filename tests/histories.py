"""Generated histories of a checked plan: use by cycles and by dates, packs bought, top-ups; and what holds for every history.

Dates fall on boundaries and on ends of lots as often as not, and a second before either.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from dsl import plan as p
from dsl import scenario as sc
from dsl.plan import Lasts, LotClass, Period, Plan
from dsl.scenario import Act, Buy, Dated, Scenario, Use
from dsl.source import NOWHERE
from engine.account import Account
from engine.calendar import Calendar
from engine.history import events, first_use
from engine.lines import Lines
from engine.run import play, run
from engine.statement import statement

STARTS = (
    (2026, 1, 1), (2026, 1, 31), (2025, 12, 30), (2026, 2, 28), (2026, 3, 8), (2026, 3, 29), (2026, 4, 24), (2026, 8, 31),
    (2026, 9, 5), (2026, 10, 29), (2027, 10, 31), (2028, 2, 29), (2011, 11, 28),
)  # fmt: skip
TIMES = ((0, 0, 0), (0, 0, 0), (15, 0, 0), (0, 30, 0), (2, 30, 0), (23, 59, 59), (12, 34, 56))

CLASSES = [one for one in LotClass if one not in (LotClass.CREDIT, LotClass.BORROWED)]  # what a lot can be said to be


def _life(draw: st.DrawFn) -> p.Life:
    count = draw(st.integers(1, 40))
    lives: list[p.Life] = [Lasts(count, Period.DAY), Lasts(1, Period.CYCLE), Lasts(count * 12, Period.HOUR)]
    lives += [Lasts(2, Period.MONTH), Lasts(2, Period.CYCLE), p.ToMonthEnd(0), p.ToMonthEnd(1), p.Endless()]
    lives += [p.ToDayEnd(count), p.UntilDay(date(2026, 3, 29) + timedelta(days=count))]
    lives += [p.UntilWeekday(count % 7), p.Earliest((lives[-1], Lasts(count, Period.DAY)))]
    return draw(st.sampled_from(lives))


@st.composite
def histories(draw: st.DrawFn, plan: Plan, most_cycles: int = 4) -> Scenario:
    """A line on `plan`: use by cycles and by dates, packs bought and top-ups, dates before `start` left out."""
    plans = (plan, *(later.plan for later in plan.later))
    grants = [*(grant for one in plans for grant in one.grants), *(grant for pack in plan.packs for grant in pack.grants)]
    clauses = [clause for one in plans for line in one.rules for clause in line.clauses]
    made = {clause.to_service for clause in clauses if isinstance(clause, p.Convert)}
    services = sorted({grant.service for grant in grants} | made | {"sms"})
    services += sorted({rule.service for rule in plan.counting.units} - set(services))
    scale = sorted({grant.amount for grant in grants if not grant.unlimited} | {7})
    scopes = sorted({grant.scope for grant in grants} | {p.ANY_USE}, key=lambda scope: sorted(map(sorted, scope)))

    def amount() -> int:
        whole = draw(st.sampled_from(scale))
        return draw(st.sampled_from((whole, whole // 2, whole - 1, whole + 1, whole * 3, 0)) | st.integers(0, 2 * whole))

    def use() -> Use:
        if not draw(st.booleans()):
            return Use(draw(st.sampled_from(services)), amount())
        choices = (p.AT_HOME, p.ABROAD, 'in "Macau"'), (p.BY_DAY, p.AT_NIGHT), (p.ON_WEEKDAYS, p.ON_WEEKENDS), ("", '"video"')
        tags = frozenset(draw(st.sampled_from(one)) for one in choices) - {""}
        return Use(draw(st.sampled_from(services)), amount(), tags)

    asked = [
        (rule.service, clause)
        for one in plans
        for rule in one.rules
        if rule.occasion is p.Occasion.ASKED
        for clause in rule.clauses
    ]
    exchanges = [
        (service, sc.NEXT_BILL if clause.to_bill else clause.to_service)
        for service, clause in asked
        if isinstance(clause, p.Convert)
    ]

    loans = [loan.service for one in plans for loan in one.loans]

    def other() -> Act:
        wanted = draw(st.booleans())
        if loans and draw(st.integers(1, 3)) > 1:
            return sc.Borrow(draw(st.sampled_from(loans)), max(1, amount()))
        if exchanges and draw(st.integers(1, 3)) > 1:
            service, to = draw(st.sampled_from(exchanges))
            return sc.Exchange(service, max(1, amount()), to)
        if draw(st.integers(1, 4)) == 4:
            return sc.SetState(draw(st.sampled_from(p.State)), draw(st.booleans()))
        if draw(st.integers(1, 6)) == 6:
            pack = draw(st.sampled_from(plan.packs)).name if plan.packs else ""
            if pack and draw(st.booleans()):
                return sc.Void(pack, NOWHERE)
            lot_class, to_zero = draw(st.none() | st.sampled_from(CLASSES)), draw(st.booleans())
            gone = draw(st.sampled_from(services))
            return sc.Remove(gone, max(1, amount()), lot_class, draw(st.sampled_from(("", pack))), to_zero, NOWHERE)
        if plan.packs and wanted:
            return Buy(draw(st.sampled_from(plan.packs)).name)
        kind, waits = draw(st.sampled_from((LotClass.ADD_ON, *CLASSES))), draw(st.integers(1, 5)) == 5
        life = _life(draw)
        waits &= not isinstance(life, p.UntilDay)  # a last day does not wait
        return sc.TopUp(p.Grant(draw(st.sampled_from(services)), amount(), kind, life, waits, False, NOWHERE))

    start = datetime(*draw(st.sampled_from(STARTS)), *draw(st.sampled_from(TIMES))) + timedelta(days=draw(st.integers(0, 60)))
    if plan.later and draw(st.integers(0, 3)):  # so that rules change within the history, and at a boundary of it
        change = draw(st.sampled_from(plan.later)).start
        days = plan.cycle.days if isinstance(plan.cycle, p.DayCycle) else (change.replace(day=1) - timedelta(1)).day
        start = datetime.combine(change - timedelta(days=days * draw(st.integers(0, 2))), start.time())
    calendar = Calendar(plan.cycle, plan.zone, start)
    long = isinstance(plan.cycle, p.MonthCycle) and plan.cycle.months > 3
    cycles = []
    for _ in range(draw(st.integers(1, 1 if long else most_cycles))):
        acts: list[Act] = [other() for _ in range(draw(st.integers(0, 3)) // 3)]
        cycles.append(sc.CycleSteps((*acts, *(use() for _ in range(draw(st.integers(0, 3))))), ()))
    end = calendar.local(calendar.boundary(len(cycles) + (not long)))
    changes = [change for later in plan.later if start <= (change := datetime.combine(later.start, time())) < end]
    dated = []
    for _ in range(draw(st.integers(0, 8))):
        after = calendar.local(calendar.boundary(draw(st.integers(0, len(cycles) + (not long)))))
        days = timedelta(days=draw(st.sampled_from((0, 1, 7, 30)) | st.integers(0, 40)))
        at = draw(st.sampled_from((after, after, after - timedelta(seconds=1), start, start + days, after + days)))
        if changes and draw(st.booleans()):
            at = draw(st.sampled_from(changes)) - timedelta(seconds=draw(st.integers(0, 1)))
        if draw(st.integers(1, 4)) == 4:
            at = datetime.combine(at, time(draw(st.integers(0, 23))))
        act = use() if draw(st.integers(1, 3)) < 3 else other()
        if calendar.instant(at) >= calendar.boundary(0):
            dated.append(Dated(at, act, NOWHERE))
    opening = []
    for _ in range(draw(st.integers(0, 4)) // 2):
        until = draw(st.none() | st.integers(1, 70).map(lambda days: start + timedelta(days=days)))
        kind, only = draw(st.sampled_from(CLASSES)), draw(st.sampled_from(scopes))
        opening.append(sc.Held(draw(st.sampled_from(services)), amount(), kind, until, NOWHERE, only))
    if loans and draw(st.booleans()):
        opening.append(sc.Held(loans[0], amount(), LotClass.ALLOWANCE, None, NOWHERE, owed=True))
    return Scenario("", plan.name, start, tuple(cycles), tuple(dated), NOWHERE, tuple(opening))


def assert_split_is_whole(data: st.DataObject, plan: Plan, scenario: Scenario, others: Iterable[Plan] = ()) -> None:
    """An account that is stopped at some instants, pickled and gone on with comes to the same postings, lots and figures
    of each line as one that is not. They are as often as not those at which something moves, or the ones before."""
    plans = {one.name: one for one in others}
    found = run(plan, scenario, plans.values())
    history, cycles = events(scenario, found.calendar)
    start, end = found.calendar.boundary(0), found.calendar.boundary(cycles)
    moves = {posting.at for one in (found, *dict(found.others).values()) for posting in one.postings if posting.at <= end}
    known = st.sampled_from(sorted(moves | {start, end} | {one.at for one in history})) | st.integers(start, end)
    stops = data.draw(st.lists(st.tuples(known, st.integers(0, 1)), min_size=1, max_size=4))

    def lines() -> Lines:
        return Lines(Account(plan, scenario.start, scenario.opening, plans, first_use=first_use(scenario)), plans)

    whole, half, done = lines(), lines(), start - 1
    play(whole, history, end)
    for stop in sorted(min(end, max(start, at - before)) for at, before in stops):
        play(half, [one for one in history if one.at > done], stop)
        half, done = pickle.loads(pickle.dumps(half)), stop
    play(half, [one for one in history if one.at > done], end)
    assert list(half.accounts) == list(whole.accounts)
    for name, line in whole.accounts.items():
        again = half.accounts[name]
        assert again.ledger.postings == line.ledger.postings, name
        assert list(map(astuple, again.ledger.lots)) == list(map(astuple, line.ledger.lots)), name
    assert statement(half.owner, cycles) == statement(whole.owner, cycles)
