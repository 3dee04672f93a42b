"""A second, plain reading of the rules: what the statements of a plan and a history must say.

An oracle for tests. It shares nothing with the engine but its input, the checked plan of `dsl.plan`, and was written
without sight of the engine. It is slow on purpose: boundaries are counted from the first one each time, every lot is
looked at for every question, balances are sums over what is there. There is no ledger: a lot is a bag with an amount,
a cycle has a tally, and at every close it is asserted that the two agree. Instants are datetimes in UTC, so that they
compare truly.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from dsl import plan as p
from dsl import scenario as sc
from dsl.source import Span

NEVER = datetime.max.replace(tzinfo=UTC)  # the end of a lot without end: sorts last and equals no boundary
DAY = timedelta(days=1)
CAME = ("carried_in", "granted", "received", "converted_in")
WENT = ("used", "carried_out", "converted_out", "given", "expired", "remaining")
PROMOTION, PUT, USE = 1, 2, 3  # the order at one instant, after lots have ended and the cycle's grants are put


def statement(plan: p.Plan, scenario: sc.Scenario) -> list[dict[str, dict[str, int]]]:
    """One entry a closed cycle: service -> figures."""
    run = Run(plan, scenario)
    columns, services = (*CAME, *WENT, "available", "overage", "refused", "repaid", "owed"), sorted(run.services)
    return [{service: {c: tally[service][c] for c in columns} for service in services} for tally in run.tallies]


def charged(plan: p.Plan, scenario: sc.Scenario) -> list[dict[str, int]]:
    """One entry a closed cycle: currency -> minor units charged for blocks sold."""
    return [dict(charge) for charge in Run(plan, scenario).charges]


# ---- the calendar ---------------------------------------------------------------------------------------------------


def month_of(day: date) -> int:
    """Months counted from year 0, so that `+ n` needs no thought about years."""
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def day_in(month: int, day: int) -> date:
    """That day of the month, or the month's last day."""
    return min(first_of(month) + (day - 1) * DAY, first_of(month + 1) - DAY)


def local(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


@cache
def clock(day: date, of_day: time, zone: ZoneInfo) -> datetime:
    """The instant of a local time. Of two the first; where there is none, the end of the gap."""
    wanted, second = datetime.combine(day, of_day), timedelta(seconds=1)
    at = instant(wanted, zone)
    while local(at, zone) > wanted and local(at - second, zone) >= wanted:
        at -= second  # in a gap: go back to where the gap ends
    return at


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return clock(day, time(), zone)


def first_use(scenario: sc.Scenario) -> datetime:
    """What the first of the cycles told uses begins at its start, so at that of the line. Else it is the first dated use, or,
    where nothing is used, the start of the cycles told or the last that is told without them."""
    amounts = [act.amount for steps in scenario.cycles[:1] for act in steps.acts if isinstance(act, sc.Use)]
    used = [one.at for one in scenario.dated if isinstance(one.act, sc.Use) and one.act.amount > 0]
    if sum(amounts):
        return scenario.start
    if used:
        return min(used)
    return scenario.start if scenario.cycles else max([scenario.start, *(one.at for one in scenario.dated)])


class Calendar:
    """The boundaries of a plan for a line that starts at the naive local time `start`."""

    def __init__(self, plan: p.Plan, start: datetime, first_use: datetime) -> None:
        self.cycle, self.zone = plan.cycle, ZoneInfo(plan.zone)
        self.edges = [instant(start, self.zone)]  # edge 0 is the start, edge k the k-th boundary
        # Another than written where a zone left out that time.
        begins = local(instant(first_use, self.zone) if self.cycle.from_first_use else self.edges[0], self.zone)
        self.start_day = begins.date()
        told = time(max(0, self.cycle.minute) // 60, max(0, self.cycle.minute) % 60)
        self.clock = begins.time() if self.cycle.minute == p.ACTIVATION_MINUTE else told
        if isinstance(self.cycle, p.MonthCycle):
            # Up to the first boundary an anchor of activation steps by cycles, a fixed one by months. The latter begins
            # with the month before the start's, whose anchor is never after the start: it overflows to the 1st at most.
            of_activation = self.cycle.anchor_day == p.ACTIVATION_DAY
            step = self.cycle.months if of_activation else 1
            self.month = month_of(self.start_day) - (0 if of_activation else 1)
            while self.anchor_in(self.month) <= self.start_day:
                self.month += step
            self.last_before = self.anchor_in(self.month - self.cycle.months)

    def anchor_in(self, month: int) -> date:
        """The anchor date that belongs to a month (with OVERFLOW it may fall on the first of the next)."""
        assert isinstance(self.cycle, p.MonthCycle)
        day = self.start_day.day if self.cycle.anchor_day == p.ACTIVATION_DAY else self.cycle.anchor_day
        if self.cycle.short_month is p.ShortMonth.TO_28:
            day = min(day, 28)
        if self.cycle.short_month is p.ShortMonth.OVERFLOW and day_in(month, day).day < day:
            return first_of(month + 1)
        return day_in(month, day)

    def boundary_day(self, k: int) -> date:
        if isinstance(self.cycle, p.DayCycle):
            day, block_end = self.start_day, self.start_day + self.cycle.block * DAY
            for _ in range(k):
                day += self.cycle.days * DAY
                if self.cycle.block and day >= block_end:
                    day, block_end = block_end, block_end + self.cycle.block * DAY
            return day
        return self.anchor_in(self.month + (k - 1) * self.cycle.months)

    def edge(self, k: int) -> datetime:
        while len(self.edges) <= k:
            self.edges.append(clock(self.boundary_day(len(self.edges)), self.clock, self.zone))
        return self.edges[k]

    def boundary_after(self, at: datetime, n: int) -> datetime:
        """The n-th boundary strictly after `at`."""
        k = 1
        while self.edge(k) <= at:
            k += 1
        return self.edge(k + n - 1)

    def first_part(self) -> Fraction:
        """The part of a whole cycle's grant that the first cycle gets."""
        by_day = isinstance(self.cycle, p.MonthCycle) and self.cycle.first_by_day
        return self.part_of_first_cycle() if by_day else Fraction(1)

    def part(self, k: int) -> Fraction:
        """Of a whole cycle, in days: the first, and the last of a block, may be short."""
        if isinstance(self.cycle, p.DayCycle):
            return Fraction((self.boundary_day(k + 1) - self.boundary_day(k)).days, self.cycle.days)
        return self.part_of_first_cycle() if k == 0 else Fraction(1)

    def part_of_first_cycle(self) -> Fraction:
        """The days of the first cycle as a part of those of the whole cycle it stands in."""
        if isinstance(self.cycle, p.DayCycle):
            return Fraction(1)
        first = self.boundary_day(1)
        return Fraction((first - self.start_day).days, (first - self.last_before).days)

    def record_times(self, start: datetime, end: datetime) -> list[datetime]:
        """When spread use happens: at the start of the cycle and at each local midnight inside it."""
        times, day = [start], local(start, self.zone).date()
        while midnight(day, self.zone) < end:
            if midnight(day, self.zone) > times[-1]:
                times.append(midnight(day, self.zone))
            day += DAY
        return times

    def life_end(self, life: p.Life, at: datetime) -> datetime:
        if isinstance(life, p.Endless) or at.year >= 5900:  # dates end at 9999: what is extended so far has no end
            return NEVER
        wall = local(at, self.zone)
        if isinstance(life, p.Earliest):
            return min(self.life_end(one, at) for one in life.lives)
        if isinstance(life, p.UntilWeekday):
            day = wall.date() + DAY
            while day.weekday() != life.weekday:
                day += DAY
            return midnight(day, self.zone)
        if isinstance(life, p.ToDayEnd):
            return midnight(wall.date() + life.days * DAY, self.zone)
        if isinstance(life, p.UntilDay):
            return midnight(life.day, self.zone)
        if isinstance(life, p.ToMonthEnd):
            return midnight(first_of(month_of(wall) + life.after + 1), self.zone)
        if life.period is p.Period.CYCLE:
            return self.boundary_after(at, life.count)
        if life.period is p.Period.MONTH:
            k = 1
            while self.edge(k) < at:
                k += 1
            # A boundary is no day of its own but a place in the row of boundaries: months go on along the row.
            if self.edge(k) == at and isinstance(self.cycle, p.MonthCycle) and life.count % self.cycle.months == 0:
                return self.edge(k + life.count // self.cycle.months)
            return instant(datetime.combine(day_in(month_of(wall) + life.count, wall.day), wall.time()), self.zone)
        if life.period is p.Period.DAY:
            return instant(wall + life.count * DAY, self.zone)
        return at + timedelta(hours=life.count)


# ---- lots -----------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Lot:
    service: str
    kind: p.LotClass
    pack: str
    amount: int
    born: datetime
    made: int
    end: datetime
    first_use: p.Life | None = None  # the life that starts at the first pull
    line: str = ""  # the line that carried it
    each_time: bool = False
    deed: int = 0  # which of the things asked for made it, counted from 1
    only: p.Scope = p.ANY_USE
    round_to: int = 1


def within(scope: p.Scope, tags: p.Tags) -> bool:
    return not [ways for ways in scope if not ways & tags]


def arranged(keys: list[p.OrderKey], lots: list[Lot]) -> list[Lot]:
    """Lots in the order that keys say."""
    if not keys:
        return sorted(lots, key=by_end)
    key, *rest = keys
    if key.pack or key.lot_class:  # takes its place, the others come behind
        place = [lot for lot in lots if (lot.pack == key.pack if key.pack else lot.kind is key.lot_class)]
        return picked(key.pick, place) + arranged(rest, [lot for lot in lots if lot not in place])
    if key.only:
        heaps = {lot.made: 0 if [ways for ways in lot.only if ways <= key.only] else 1 for lot in lots}
        return [one for heap in (0, 1) for one in arranged(rest, [lot for lot in lots if heaps[lot.made] == heap])]
    if not rest:
        return picked(key.pick, lots)
    alike = {p.Pick.SOONEST: lambda lot: lot.end, p.Pick.NARROWEST: by_width}.get(key.pick, lambda lot: lot.born)
    values = sorted({alike(lot) for lot in lots}, reverse=key.pick is p.Pick.NEWEST)
    return [one for value in values for one in arranged(rest, [lot for lot in lots if alike(lot) == value])]


def picked(pick: p.Pick, lots: list[Lot]) -> list[Lot]:
    lots = sorted(lots, key=by_end)
    if pick is p.Pick.NARROWEST:
        return sorted(lots, key=by_width)
    return lots if pick is p.Pick.SOONEST else sorted(lots, key=by_birth, reverse=pick is p.Pick.NEWEST)


Hand = list[tuple[Lot, int]]  # amounts in hand, with the lots they were taken from


def by_end(lot: Lot) -> tuple[datetime, datetime, int]:
    return lot.end, lot.born, lot.made


def by_width(lot: Lot) -> tuple[int, int]:
    """The more is asked of a use the narrower; of two that ask for as much, the one with fewer ways to be it."""
    return -len(lot.only), sum(len(ways) for ways in lot.only)


def by_birth(lot: Lot) -> tuple[datetime, int]:
    return lot.born, lot.made


# ---- the run --------------------------------------------------------------------------------------------------------


class Run:
    """Plays the whole history when made; the answers are `tallies`, `charges` and `services`."""

    def __init__(self, plan: p.Plan, scenario: sc.Scenario) -> None:
        self.scenario, self.calendar = scenario, Calendar(plan, scenario.start, first_use(scenario))
        # The books of rules in the order of time, each with the instant from which on one goes by it.
        self.books = [(datetime.min.replace(tzinfo=UTC), plan)]
        self.books += [(midnight(later.start, self.calendar.zone), later.plan) for later in plan.later]
        self.book = 0
        self.go_by_the_rules_of(self.calendar.edge(0))
        self.lots: list[Lot] = []
        self.made = 0
        self.endless: list[Lot] = []  # without an amount, because they never run out
        self.bought: list[str] = []
        self.joined: set[str] = set()  # promotions that wait for something, and need wait no longer
        self.deeds_done: list[tuple[str, datetime, Counter[str]]] = []  # what was asked for and done, when, how much
        self.debts: Counter[tuple[str, str]] = Counter()  # by service, and whether lent or owed
        self.turned: defaultdict[tuple[Span, Fraction], tuple[int, int]] = defaultdict(lambda: (0, 0))  # given, got
        self.to_come: list[tuple[int, p.Grant, str, str]] = []  # in which cycle, counted from 0
        self.states = {p.State.PAID, p.State.ACTIVE}
        self.services: set[str] = set()
        self.tallies: list[defaultdict[str, Counter[str]]] = []  # a cycle each: service -> column -> amount
        self.charges: list[Counter[str]] = []
        count = len(scenario.cycles)
        for dated in scenario.dated:
            assert instant(dated.at, self.calendar.zone) >= self.calendar.edge(0), "an act before the line starts"
            while instant(dated.at, self.calendar.zone) >= self.calendar.edge(count):
                count += 1
        # At one instant uses come by service, what they are and amount; all else is stable: as written.
        self.due = sorted(self.deeds(), key=lambda deed: (*deed[:2], *self.use_key(deed[2])))
        for held in scenario.opening:
            if held.owed:
                self.debts[held.service, "lent"] += held.amount
                continue
            start = self.calendar.edge(0)
            end = instant(held.until, self.calendar.zone) if held.until else self.calendar.edge(1)
            self.new_lot(held.service, held.lot_class, "", held.amount, start, end, held.scope)
        for k in range(count):
            self.play_cycle(k, self.calendar.edge(k), self.calendar.edge(k + 1))

    def go_by_the_rules_of(self, at: datetime, *, before: bool = False) -> None:
        """Opens the last book that holds at an instant, or held just before it; never one that was closed already."""
        held = [i for i, (since, _) in enumerate(self.books) if since < at or (since == at and not before)]
        self.book = max(self.book, *held)
        self.plan = self.books[self.book][1]
        self.packs = {pack.name: pack for pack in self.plan.packs}
        self.pack_lines = [line for pack in self.plan.packs for line in pack.rules]
        self.names = {line.name for line in (*self.plan.rules, *self.pack_lines)}

    def play_cycle(self, k: int, start: datetime, end: datetime) -> None:
        self.tally: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.asked: Counter[str] = Counter()  # use of a service, covered or not
        self.sold: Counter[tuple[p.RunsOut, int]] = Counter()  # blocks, by the line and the place of the Sell in it
        self.in_all: defaultdict[tuple[str, p.Tags], Fraction] = defaultdict(Fraction)  # use of a whole cycle, as weighed
        self.in_units: Counter[tuple[str, p.Tags, str]] = Counter()  # and what of it was paid in another unit
        self.tallies.append(self.tally)
        self.charges.append(Counter())
        self.lots = [lot for lot in self.lots if lot.amount]
        self.count_lots("carried_in")
        self.go_by_the_rules_of(start)
        self.grant_cycle(k, start)
        while self.due and self.due[0][0] < end:
            at, _, deed = self.due.pop(0)
            self.end_lots(at, end)
            self.go_by_the_rules_of(at)
            self.do(at, deed)
        self.end_lots(end, end)
        self.go_by_the_rules_of(end, before=True)
        self.act([line for line in (*self.pack_lines, *self.plan.rules) if line.occasion is p.Occasion.CLOSE], end)
        self.expire_at(end)
        self.count_lots("carried_out")
        for service in {*self.tally, *(service for service, _ in self.debts)}:
            tally = self.tally[service]
            tally["available"] = tally["carried_in"] + tally["granted"]
            tally["owed"] = self.debts[service, "lent"] + self.debts[service, "owed"]
            assert sum(tally[c] for c in CAME) == sum(tally[c] for c in WENT), (k, service, dict(tally))

    def count_lots(self, column: str) -> None:
        for lot in self.lots:
            self.tally[lot.service][column] += lot.amount

    def deeds(self) -> Iterator[tuple[datetime, int, p.Promotion | sc.Act]]:
        """All that happens beside the grants of cycles: when, rank at one instant, what."""
        for promotion in [promotion for promotion in self.plan.promotions if promotion.joins is p.Joins.START]:
            at = max(midnight(promotion.start, self.calendar.zone), self.calendar.edge(0))
            if at < midnight(promotion.end, self.calendar.zone):
                yield at, PROMOTION, promotion
        for k, steps in enumerate(self.scenario.cycles):
            times = self.calendar.record_times(self.calendar.edge(k), self.calendar.edge(k + 1))
            for act in steps.acts:
                if not isinstance(act, sc.Use):
                    yield times[0], PUT, act
                    continue
                for i, at in enumerate(times):
                    part = act.amount * (i + 1) // len(times) - act.amount * i // len(times)
                    yield at, USE, sc.Use(act.service, part, act.tags, in_all=True)
        for dated in self.scenario.dated:
            rank = USE if isinstance(dated.act, sc.Use) else PUT
            assert dated.act, "histories that only look are not generated"
            yield instant(dated.at, self.calendar.zone), rank, dated.act

    @staticmethod
    def use_key(deed: p.Promotion | sc.Act) -> tuple[str, list[str], int]:
        return (deed.service, sorted(deed.tags), deed.amount) if isinstance(deed, sc.Use) else ("", [], 0)

    def do(self, at: datetime, deed: p.Promotion | sc.Act) -> None:
        if isinstance(deed, sc.Use):
            self.use(at, deed)
        elif isinstance(deed, sc.TopUp):
            self.put(at, deed.grant, deed.grant.amount, "received")
        elif isinstance(deed, sc.SetState):
            opts_in = deed.on and deed.state is p.State.OPTED_IN and deed.state not in self.states
            self.states = self.states - {deed.state} | ({deed.state} if deed.on else set())
            for promotion in self.join(p.Joins.OPT_IN, at) if opts_in else ():
                self.do(at, promotion)
        elif isinstance(deed, sc.Buy):
            self.buy(self.packs[deed.pack], at)
        elif isinstance(deed, sc.Add):
            self.put(at, deed.grant, deed.grant.amount, "received")
        elif isinstance(deed, sc.Remove):
            self.remove(deed)
        elif isinstance(deed, sc.Void):
            self.void(deed.pack)
        elif isinstance(deed, sc.Borrow):
            self.borrow(deed, at)
        elif isinstance(deed, sc.Exchange):
            self.exchange(deed, at)
        else:
            self.act(deed.rules, at, promotion=True)
            for grant in deed.grants:
                if not grant.each_cycle:
                    self.put(at, grant, grant.amount, "received")

    def is_on(self, promotion: p.Promotion, at: datetime) -> bool:
        return midnight(promotion.start, self.calendar.zone) <= at < midnight(promotion.end, self.calendar.zone)

    def join(self, how: p.Joins, at: datetime) -> list[p.Promotion]:
        """The promotions that apply to the line from now on, once."""
        found = [one for one in self.plan.promotions if one.joins is how and self.is_on(one, at)]
        found = [promotion for promotion in found if promotion.name not in self.joined]
        self.joined |= {promotion.name for promotion in found}
        return found

    # ---- what is asked for ----

    def refuse(self, asked: Counter[str]) -> None:
        for service in asked:
            self.services.add(service)
            self.tally[service]["refused"] += asked[service]

    def buy(self, pack: p.Pack, at: datetime) -> None:
        size: Counter[str] = Counter()
        for grant in pack.grants:
            size[grant.service] += grant.amount
        met = all(self.holds(one, at) for one in pack.conditions)
        if not met or not all(self.allows(one, pack.name, size, at) for one in pack.limits):
            self.refuse(size)
            return
        self.deeds_done.append((pack.name, at, size))
        self.pay(at, pack.prices, money=True)  # what is bought does not pay for itself
        if any(part.each_cycle for part in (*pack.grants, *pack.prices)):
            self.bought.append(pack.name)
        for grant in pack.grants:
            there = len(self.lots)
            if grant.per_renewals is None or grant.per_renewals.grows:
                self.put_due(at, grant, "received", pack.name)
            for lot in self.lots[there:]:
                lot.deed = len(self.deeds_done)

    def borrow(self, act: sc.Borrow, at: datetime) -> None:
        asked = Counter({act.service: act.amount})
        loans = [loan for loan in self.plan.loans if loan.service == act.service]
        action, conditions = f"borrow {act.service}", loans[0].conditions if loans else ()
        met = loans and all(self.holds(one, at) for one in conditions)
        if not met or not all(self.allows(one, action, asked, at) for one in loans[0].limits):
            self.refuse(asked)
            return
        self.deeds_done.append((action, at, asked))
        self.tally[act.service]["received"] += act.amount
        self.lend(act.service, act.amount, at).deed = len(self.deeds_done)

    def remove(self, act: sc.Remove) -> None:
        meant = [lot for lot in self.lots if lot.service == act.service]
        meant = [lot for lot in meant if act.lot_class in (None, lot.kind) and act.pack in ("", lot.pack)]
        there = sum(lot.amount for lot in meant)
        if there < act.amount and not act.to_zero:
            self.refuse(Counter({act.service: act.amount}))
            return
        left = max(0, there - act.amount)
        for lot in sorted(meant, key=by_end, reverse=True):  # what ends last is what stays
            stays = min(left, lot.amount)
            self.tally[lot.service]["expired"] += lot.amount - stays
            left -= stays
            lot.amount = stays

    def void(self, pack: str) -> None:
        self.bought = [name for name in self.bought if name != pack]
        self.to_come = [coming for coming in self.to_come if coming[3] != pack]
        for lot in self.lots:
            if lot.pack == pack:
                self.tally[lot.service]["expired"] += lot.amount
                lot.amount = 0

    def exchange(self, act: sc.Exchange, at: datetime) -> None:
        """All that a line ever gave for a conversion is worth so much; of that it gets what it has not got so far."""
        asked = Counter({act.service: act.amount})
        lines = [line for line in (*self.pack_lines, *self.plan.rules) if line.occasion is p.Occasion.ASKED]
        options = [
            (line, clause) for line in lines
            if line.service == act.service and all(self.holds(one, at) for one in line.conditions)
            for clause in line.clauses
            if isinstance(clause, p.Convert) and (clause.to_bill if act.to == sc.NEXT_BILL else clause.to_service == act.to)
        ]  # fmt: skip
        if not options:
            self.refuse(asked)
            return
        line, clause = options[0]
        rate = Fraction(clause.to_amount, clause.from_amount)
        hand = sorted((lot for lot in self.lots if lot.amount and self.is_asked(line, lot)), key=by_end)
        there = sum(lot.amount for lot in hand)
        gave, got = self.turned[clause.span, rate]
        steps = (gave + act.amount) // clause.from_step
        made = math.floor(steps * clause.from_step * rate / clause.to_step) * clause.to_step - got
        taken = math.ceil((made + got) / rate / clause.from_step) * clause.from_step - gave
        size, action = Counter({act.service: taken, clause.to_service: made}), f"{act.service} to {act.to}"
        within = all(self.allows(one, action, size, at, there - taken) for one in clause.limits)
        if there < act.amount or not made or not within:
            self.refuse(asked)
        else:
            self.deeds_done.append((action, at, size))
            self.turned[clause.span, rate] = gave + taken, got + made
            for lot in hand:
                part = min(lot.amount, taken)
                lot.amount -= part
                taken -= part
                self.tally[lot.service]["converted_out"] += part
            kind = p.LotClass.CREDIT if clause.to_bill else p.LotClass.CONVERTED
            self.tally[clause.to_service]["converted_in"] += made
            self.charge(at, clause.currency, clause.fee, money=True)
            self.new_lot(clause.to_service, kind, "", made, at, self.calendar.life_end(clause.life, at))

    def is_asked(self, line: p.Rule, lot: Lot) -> bool:
        return lot.service == line.service and lot.kind in line.classes and line.pack in ("", lot.pack)

    def allows(self, limit: p.Limit, action: str, size: Counter[str], at: datetime, left: int = 0) -> bool:
        """Whether one more deed of its kind keeps a limit."""
        if isinstance(limit, p.AtLeast):
            return size[limit.service] >= limit.amount
        if isinstance(limit, p.InSteps):
            return size[limit.service] % limit.amount == 0
        if isinstance(limit, p.Keeping):
            return left >= limit.amount
        same = [number for number, deed in enumerate(self.deeds_done, 1) if deed[0] == action]
        if limit.over is p.Over.HELD:
            there = [lot for lot in self.lots if lot.amount and lot.deed in same]
            if not limit.service:
                return len({lot.deed for lot in there}) + 1 <= limit.amount
            return sum(lot.amount for lot in there if lot.service == limit.service) + size[limit.service] <= limit.amount
        sizes = [done for name, when, done in self.deeds_done if name == action and self.together(limit.over, when, at)]
        return sum(done[limit.service] if limit.service else 1 for done in [*sizes, size]) <= limit.amount

    def together(self, over: p.Over | p.Lasts, when: datetime, at: datetime) -> bool:
        """Whether two instants lie in one day, cycle and so on; `over` a life, whether that of the first holds the second."""
        if isinstance(over, p.Lasts):
            return self.calendar.life_end(over, when) > at
        if over is p.Over.CYCLE:
            start = self.calendar.edge(len(self.tallies) - 1)
            return when >= start
        days = [local(instant, self.calendar.zone).date() for instant in (when, at)]
        if over is p.Over.WEEK:
            days = [day - timedelta(days=day.weekday()) for day in days]
        elif over is p.Over.MONTH:
            days = [day.replace(day=1) for day in days]
        elif over is p.Over.YEAR:
            days = [day.replace(month=1, day=1) for day in days]
        return over is p.Over.EVER or (over is not p.Over.ACTION and days[0] == days[1])

    # ---- putting ----

    def new_lot(
        self, service: str, kind: p.LotClass, pack: str, amount: int, born: datetime, end: datetime, only: p.Scope = p.ANY_USE
    ) -> Lot:
        self.made += 1
        self.services.add(service)
        self.lots.append(Lot(service, kind, pack, amount, born, self.made, end, only=only))
        return self.lots[-1]

    def put(self, at: datetime, grant: p.Grant, amount: int, column: str, pack: str = "", again: bool | None = None) -> None:
        if grant.fills:
            about = (grant.service, grant.scope)
            amount = max(0, amount - sum(lot.amount for lot in self.lots if (lot.service, lot.only) == about))
        end = self.calendar.life_end(grant.life, at)
        if grant.from_first_use:  # only a date is an end to it before
            lives = grant.life.lives if isinstance(grant.life, p.Earliest) else (grant.life,)
            end = min((midnight(one.day, self.calendar.zone) for one in lives if isinstance(one, p.UntilDay)), default=NEVER)
        if end <= at:
            return
        lot = self.new_lot(grant.service, grant.lot_class, pack, amount, at, end, grant.scope)
        if grant.unlimited:
            self.endless.append(self.lots.pop())
        lot.first_use = grant.life if grant.from_first_use else None
        self.tally[grant.service][column] += amount
        for kind in ("owed", "lent") if column == "granted" and not pack else ("owed",):
            back = min(lot.amount, self.debts[lot.service, kind])
            lot.amount -= back
            self.debts[lot.service, kind] -= back
            self.tally[lot.service].update({column: -back, "repaid": back})
        if again is None:
            k = len(self.tallies)  # the number of the next cycle, counted from 0
            late = self.calendar.part(k - 1) < 1 or self.local_day(self.calendar.edge(k - 1)) < self.local_day(at)
            more = grant.cycles - 1 + (grant.whole_cycles and late)
            self.to_come += [(number, grant, column, pack) for number in range(k, k + more)]

    def local_day(self, at: datetime) -> date:
        return local(at, self.calendar.zone).date()

    def put_due(self, at: datetime, grant: p.Grant, column: str, pack: str = "", part: Fraction = Fraction(1)) -> None:
        """A grant with a cycle that begins. Without lapses a cycle has as many renewals behind it as cycles before it."""
        renewals, per = len(self.tallies) - 1, grant.per_renewals
        if per is None:
            self.put(at, grant, math.floor(grant.amount * part), column, pack)
        elif per.grows and renewals >= per.count:
            self.put(at, grant, math.floor(grant.amount * (renewals // per.count) * part), column, pack)
        elif not per.grows and renewals in range(per.count, renewals + 1, per.count):
            self.put(at, grant, math.floor(grant.amount * part), "received", pack)

    def pay(self, at: datetime, prices: Iterable[p.Price], part: Fraction = Fraction(1), *, money: bool = False) -> None:
        for price in prices:
            self.charge(at, price.currency, math.floor(price.amount * (part if price.by_day else 1)), money=money)

    def charge(self, at: datetime, currency: str, amount: int, *, money: bool) -> None:
        """One charge: credit pays what it can, then, where it is for what is bought, money all of the rest or nothing."""
        self.charges[-1][currency] += amount
        left = amount
        for lot in self.lots:
            if lot.kind is p.LotClass.CREDIT and lot.service == currency and lot.end > at:
                left -= self.pay_from(lot, left)
        lots = [lot for lot in self.lots if lot.service == currency and lot.kind is not p.LotClass.CREDIT and lot.end > at]
        lots = [lot for lot in lots if not lot.only and lot.first_use is None]
        if money and sum(lot.amount for lot in lots) >= left:
            for lot in sorted(lots, key=lambda lot: (lot.end, lot.born, lot.made)):
                left -= self.pay_from(lot, left)

    def pay_from(self, lot: Lot, wanted: int) -> int:
        paid = min(wanted, lot.amount)
        lot.amount -= paid
        self.tally[lot.service]["used"] += paid
        return paid

    def grant_cycle(self, k: int, start: datetime) -> None:
        part = self.calendar.first_part() if k == 0 else Fraction(1)
        self.pay(start, [price for price in self.plan.prices if k == 0 or price.each_cycle], self.calendar.part(k))
        for name in self.bought:
            self.pay(start, [price for price in self.packs[name].prices if price.each_cycle], money=True)
        for grant in self.plan.grants:
            if grant.each_cycle:
                self.put_due(start, grant, "granted", part=part)
            elif k == 0:
                self.put(start, grant, grant.amount, "received")
        for name in self.bought:  # in the order bought; what was bought twice comes twice
            for grant in self.packs[name].grants:
                if grant.each_cycle:
                    self.put_due(start, grant, "granted", name)
        for number, grant, column, pack in self.to_come:
            if number == k:
                self.put(start, grant, grant.amount, column, pack, again=True)
        joined = self.join(p.Joins.RENEWAL, start) if k else []
        for promotion in self.plan.promotions:
            more = Fraction(*promotion.times) - 1
            if self.is_on(promotion, start) and (promotion.joins is p.Joins.START or promotion.name in self.joined):
                for grant in promotion.grants:
                    if grant.each_cycle:
                        self.put_due(start, grant, "received")
                for grant in self.plan.grants:
                    if more and grant.each_cycle and grant.per_renewals is None:
                        bonus = replace(grant, lot_class=p.LotClass.BONUS)
                        self.put(start, bonus, math.floor(math.floor(grant.amount * more) * part), "received")
        for promotion in joined:
            self.do(start, promotion)

    # ---- using ----

    def in_order(self, service: str, tags: p.Tags) -> list[Lot]:
        """The lots of a service that serve such a use, in the order of use. (A lot that has ended has nothing left.)"""
        fitting = [lot for lot in self.lots if lot.service == service and lot.amount and within(lot.only, tags)]
        fitting = [lot for lot in fitting if lot.kind is not p.LotClass.CREDIT]
        orders = [order for name in (service, "") for order in self.plan.orders if order.service == name]
        return arranged(list(orders[0].keys) if orders else [], fitting)

    def pull(self, lot: Lot, wanted: int, at: datetime) -> int:
        taken = min(lot.amount, wanted)
        if taken:
            self.wake(lot, at)
        lot.amount -= taken
        self.tally[lot.service]["used"] += taken
        if lot.kind in (p.LotClass.SOLD, p.LotClass.BORROWED):
            self.tally[lot.service]["overage"] += taken
        return taken

    def wake(self, lot: Lot, at: datetime) -> None:
        if lot.first_use is not None:
            lot.end, lot.first_use = self.calendar.life_end(lot.first_use, at), None

    def count(self, use: sc.Use) -> int:
        """What of a use counts. A record counts by itself; of what is used in all the parts add up to what it counts."""
        counting, counts = self.plan.counting, Fraction(use.amount)
        for steps in counting.steps:
            if steps.service == use.service and not use.in_all and use.amount:
                beyond = max(Fraction(0), (counts - steps.first) / steps.step)
                counts = Fraction(steps.first + steps.step * math.floor(beyond + Fraction(1, 2)))
                if not steps.nearest:
                    counts = Fraction(steps.first + steps.step * math.ceil(beyond))
        for weight in counting.weights:
            if weight.tag in use.tags:
                counts *= Fraction(*weight.factor)
        if use.in_all:
            before = self.in_all[use.service, use.tags]
            self.in_all[use.service, use.tags] += counts
            return math.ceil(before + counts) - math.ceil(before)
        more = [more.amount for more in counting.more if more.service == use.service and more.tag in use.tags and use.amount]
        return math.ceil(counts) + sum(more)

    def pay_in(self, rule: p.InUnit, use: sc.Use, wanted: int, at: datetime) -> int:
        """Pays for a use in another unit; gives what that does not pay for."""
        each, key = Fraction(rule.unit_amount, rule.amount), (use.service, use.tags, rule.unit)
        before = self.in_units[key] if use.in_all else 0
        price = math.ceil((before + wanted) * each) - math.ceil(before * each)
        left = 0 if self.is_free(at, rule.unit, use.tags, price) else price
        for lot in self.in_order(rule.unit, use.tags) if left else ():
            left -= self.pull(lot, left, at)
        self.asked[rule.unit] += price - left
        served = wanted
        if left:  # the most that costs no more than what was paid
            served = math.floor((math.ceil(before * each) + price - left) / each) - before
        self.in_units[key] += served if use.in_all else 0
        self.tally[use.service]["converted_in"] += served
        self.tally[use.service]["used"] += served
        return wanted - served

    def is_free(self, at: datetime, service: str, tags: p.Tags, wanted: int) -> bool:
        """Whether something without a limit serves a use, which then is served."""
        free = [lot for lot in self.endless if lot.service == service and lot.end > at and within(lot.only, tags)]
        if free and wanted:
            self.wake(min(free, key=by_end), at)
            self.tally[service].update(received=wanted, used=wanted)
        return bool(free)

    def use(self, at: datetime, use: sc.Use) -> None:
        service, wanted = use.service, self.count(use)
        self.services.add(service)
        self.asked[service] += wanted
        if self.is_free(at, service, use.tags, wanted):
            return
        for lot in self.in_order(service, use.tags):
            wanted -= self.pull(lot, wanted, at)
        rates = [rate for rate in self.plan.counting.units if rate.service == service and within(rate.scope, use.tags)]
        while rates:
            unit = rates[0].unit
            most = max(len(rate.scope) for rate in rates if rate.unit == unit)
            best = next(rate for rate in rates if rate.unit == unit and len(rate.scope) == most)
            if rates[0] is best:
                wanted = self.pay_in(best, use, wanted, at)
                rates = [rate for rate in rates if rate.unit != unit]
            else:
                rates.remove(rates[0])
        self.run_out(at, use, wanted)

    def run_out(self, at: datetime, use: sc.Use, wanted: int) -> None:
        service = use.service
        rules = [rule for rule in self.plan.runs_out if rule.service == service]
        rules = [rule for rule in rules if all(self.holds(condition, at, use.tags) for condition in rule.conditions)]
        only = {frozenset({asked.tag}) for rule in rules[:1] for asked in rule.conditions if isinstance(asked, p.UseIs)}
        for place, remedy in enumerate(rules[0].remedies if rules else ()):
            if isinstance(remedy, p.Owe):
                self.debts[service, "owed"] += wanted
                self.tally[service].update(received=wanted, used=wanted)
                break
            if not isinstance(remedy, p.Sell | p.Advance):
                break  # slowed or blocked: what is unmet is done with
            blocks = math.ceil(Fraction(wanted, remedy.block))
            if remedy.most != p.NO_CEILING:
                blocks = min(blocks, remedy.most - self.sold[rules[0], place])
            if blocks > 0:
                size = blocks * remedy.block
                self.sold[rules[0], place] += blocks
                self.tally[service]["received"] += size
                if isinstance(remedy, p.Sell):
                    for _ in range(blocks):
                        self.charge(at, remedy.currency, remedy.price, money=True)
                    end = self.calendar.life_end(remedy.life, at)
                    lot = self.new_lot(service, p.LotClass.SOLD, "", size, at, end, frozenset(only))
                else:
                    lot = self.lend(service, size, at, frozenset(only))
                wanted -= self.pull(lot, wanted, at)
        self.tally[service]["overage"] += wanted

    def lend(self, service: str, size: int, at: datetime, only: p.Scope = frozenset()) -> Lot:
        self.debts[service, "lent"] += size
        return self.new_lot(service, p.LotClass.BORROWED, "", size, at, self.calendar.boundary_after(at, 1), only)

    # ---- ending and closing ----

    def expire_at(self, at: datetime) -> None:
        for lot in self.lots:
            if lot.end == at:
                self.tally[lot.service]["expired"] += lot.amount
                lot.amount = 0

    def end_lots(self, until: datetime, boundary: datetime) -> None:
        """Ends the lots that end up to `until`, instant by instant; those of the boundary are left for its close."""
        while ends := [lot.end for lot in self.lots if lot.amount and lot.end <= until and lot.end < boundary]:
            at = min(ends)
            self.go_by_the_rules_of(at, before=True)
            packs = {lot.pack for lot in self.lots if lot.amount and lot.end == at}
            self.act([line for pack in self.plan.packs if pack.name in packs for line in pack.rules], at)
            self.expire_at(at)

    def carried_by(self, lot: Lot) -> str:
        """The line that answers for a carried lot. A lot no line here made falls to the first line that carries."""
        if lot.line in self.names:
            return lot.line
        for line in self.plan.rules:
            if line.service == lot.service and any(isinstance(clause, p.Carry) for clause in line.clauses):
                return line.name
        return ""

    def in_hand(self, lot: Lot, line: p.Line, at: datetime, promotion: bool) -> bool:
        if lot.service != line.service or not lot.amount:
            return False
        by_class = lot.kind in line.classes and line.pack in ("", lot.pack)
        own = lot.kind is p.LotClass.CARRIED and self.carried_by(lot) == line.name
        if promotion:
            return by_class  # whenever it ends
        return (lot.end == at and (by_class or own)) or (own and lot.each_time)

    def act(self, lines: list[p.Line] | tuple[p.Line, ...], at: datetime, promotion: bool = False) -> None:
        """Lets lines act in turn. What they make is in no hand of this instant: the candidates are fixed before."""
        candidates = [lot for lot in self.lots if lot.amount]
        acted: list[str] = []
        met = {id(line): all(self.holds(condition, at) for condition in line.conditions) for line in lines}
        for line in lines:
            if line.name in acted or not met[id(line)]:
                continue
            acted += [] if promotion else [line.name]
            taken = [lot for lot in candidates if self.in_hand(lot, line, at, promotion)]
            candidates = [lot for lot in candidates if lot not in taken]
            hand = [(lot, lot.amount) for lot in taken]
            for lot in taken:
                lot.amount = 0
            for lot, amount in self.apply_clauses(line, hand, at):
                if promotion:
                    lot.amount += amount  # a promotion leaves what it does not claim as it was
                else:
                    self.tally[lot.service]["expired"] += amount

    def holds(self, condition: p.Condition, at: datetime, tags: p.Tags = frozenset()) -> bool:
        k = len(self.tallies)  # the cycle that is played, counted from 1
        if isinstance(condition, p.Not):
            return not self.holds(condition.condition, at, tags)
        if isinstance(condition, p.UseIs):
            return condition.tag in tags
        if isinstance(condition, p.CyclesInARow):
            return k >= condition.count  # without a lapse
        if isinstance(condition, p.UsedAtLeast):
            return self.asked[condition.service] >= condition.amount
        if isinstance(condition, p.LeftAtMost):
            there: Counter[p.LotClass | None] = Counter()
            for lot in self.lots:
                there.update({lot.kind: lot.amount, None: lot.amount} if lot.service == condition.service else {})
            return there[condition.lot_class] <= condition.amount
        if isinstance(condition, p.TenureAtLeast):
            return at >= self.calendar.life_end(condition.life, self.calendar.edge(0))
        if isinstance(condition, p.IsIn):
            return condition.state in self.states
        if isinstance(condition, p.HeldWholeCycle):
            return self.calendar.part(k - 1) == 1
        return k > 1

    def apply_clauses(self, line: p.Line, hand: Hand, at: datetime) -> Hand:
        """Applies the clauses to the hand and gives what none of them claimed."""
        fresh: list[tuple[Lot, Lot]] = []  # what this line carries now, and the lot it came from
        moved: list[tuple[Lot, Lot]] = []  # what it extends
        for clause in line.clauses:
            hand = sorted((parcel for parcel in hand if parcel[1]), key=lambda parcel: by_end(parcel[0]))
            if isinstance(clause, p.Carry):
                hand = self.carry(line, clause, hand, fresh, at)
            elif isinstance(clause, p.Cap):
                hand += self.cut(line, clause, fresh, moved, at)
            elif isinstance(clause, p.Convert):
                hand = self.convert(line, clause, hand, at)
            else:
                for lot, amount in hand:
                    if isinstance(clause, p.Expire):
                        self.tally[lot.service]["expired"] += amount
                    else:  # Extend: a copy, because a part of the lot may live on with its old end
                        end = lot.end if lot.end == NEVER else self.calendar.life_end(clause.life, lot.end)
                        moved.append((replace(lot, amount=amount, end=end), lot))
                        self.lots.append(moved[-1][0])
                hand = []
        for lot, _ in fresh:
            rounded = math.ceil(Fraction(lot.amount, lot.round_to)) * lot.round_to
            self.tally[lot.service]["received"] += rounded - lot.amount
            lot.amount = rounded
        return hand

    def carry(self, line: p.Line, clause: p.Carry, hand: Hand, fresh: list[tuple[Lot, Lot]], at: datetime) -> Hand:
        again = clause.each_time or p.LotClass.CARRIED in line.classes
        stays: Hand = []
        for lot, amount in hand:
            end = self.calendar.life_end(clause.life, lot.born if clause.from_grant else at)
            part = math.floor(amount * Fraction(*clause.part))
            if not clause.rounded_up:
                part = part // clause.step * clause.step
            if (lot.kind is p.LotClass.CARRIED and not again) or end <= at or not part:
                stays.append((lot, amount))
                continue
            if part < amount:
                stays.append((lot, amount - part))
                amount = part
            new = self.new_lot(lot.service, p.LotClass.CARRIED, lot.pack, amount, lot.born, end, lot.only | clause.scope)
            new.line, new.each_time, new.round_to = line.name, clause.each_time, clause.step if clause.rounded_up else 1
            fresh.append((new, lot))
        return stays

    def cut(self, line: p.Line, cap: p.Cap, fresh: list[tuple[Lot, Lot]], moved: list[tuple[Lot, Lot]], at: datetime) -> Hand:
        """Cuts what is counted down to the limit and gives what was cut, as parcels of the lots it came from."""
        counted = list(fresh)
        if cap.counts is p.CapCounts.INFLOW:  # what is carried again came in before
            counted = [(lot, source) for lot, source in fresh if source.kind is not p.LotClass.CARRIED]
        else:
            counted += moved
            new = [lot for lot, _ in counted]
            counted += [
                (lot, lot)
                for lot in self.lots
                if (lot.kind, lot.service, self.carried_by(lot)) == (p.LotClass.CARRIED, line.service, line.name)
                and lot.end > at
                and lot not in new
            ]
        counted.sort(key=lambda pair: by_birth(pair[0]), reverse=cap.cut is p.Cut.NEWEST)
        if cap.cut is p.Cut.EARLIEST_END:
            counted.sort(key=lambda pair: by_end(pair[0]))
        excess = max(0, sum(lot.amount for lot, _ in counted) - cap.amount)
        back: Hand = []
        for lot, source in counted:
            part = min(excess, lot.amount)
            lot.amount -= part
            excess -= part
            back.append((source, part))
        return back

    def convert(self, line: p.Line, clause: p.Convert, hand: Hand, at: datetime) -> Hand:
        # "The next month" follows the one that ends at this boundary, where one does.
        lives = clause.life.lives if isinstance(clause.life, p.Earliest) else (clause.life,)
        end = min(
            self.calendar.life_end(life, at - timedelta(seconds=isinstance(life, p.ToMonthEnd) and life.after))
            for life in lives
        )
        if end <= at:
            return hand
        offered = sum(amount for _, amount in hand) // clause.from_step * clause.from_step
        rate = Fraction(clause.to_amount, clause.from_amount)
        result = math.floor(offered * rate / clause.to_step) * clause.to_step
        if 0 <= clause.ceiling < result and clause.from_step == 1:
            result = clause.ceiling
        elif 0 <= clause.ceiling < result:  # only whole steps are taken: the most whose result is within the ceiling
            few, many = 0, offered // clause.from_step
            while few < many:
                half = (few + many + 1) // 2
                made = math.floor(half * clause.from_step * rate / clause.to_step) * clause.to_step
                few, many = (half, many) if made <= clause.ceiling else (few, half - 1)
            result = math.floor(few * clause.from_step * rate / clause.to_step) * clause.to_step
        wanted = math.ceil(result / rate / clause.from_step) * clause.from_step
        self.tally[line.service]["converted_out"] += wanted
        if result > 0:
            self.tally[clause.to_service]["converted_in"] += result
            kind = p.LotClass.CREDIT if clause.to_bill else p.LotClass.CONVERTED
            self.charge(at, clause.currency, clause.fee, money=True)
            self.new_lot(clause.to_service, kind, "", result, at, end, clause.scope)
        rest: Hand = []
        for lot, amount in hand:
            part = min(amount, wanted)
            wanted -= part
            rest.append((lot, amount - part))
        return rest
