"""What comes to a line and what it pays for it: grants, packs, promotions, prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from dsl.plan import (
    Earliest,
    Grant,
    Joins,
    Lasts,
    Life,
    LotClass,
    Pack,
    Part,
    Period,
    PerRenewals,
    Plan,
    Price,
    Promotion,
    packs_of,
)
from engine.arithmetic import least, most, share, share_half_up
from engine.calendar import NEVER, Calendar, Instant
from engine.ledger import DEBTS, Ledger, Lot, Reason, Sink
from engine.loyalty import Step, renewals, times
from engine.purse import bill, charge

WHOLE = (1, 1)


class _Repeat(NamedTuple):
    """A grant of which `more` lots come, one at the beginning of each cycle."""

    grant: Grant
    reason: Reason
    pack: str
    more: int


class Left(NamedTuple):
    """What is left of a cycle, and what it is a part of: in days and seconds for what is granted, in days for what it costs."""

    days: tuple[int, int]
    seconds: tuple[int, int]
    price: tuple[int, int]


class Grants:
    """Puts the lots that a plan, its packs and its promotions give, and posts their prices, at `ledger.at`."""

    def __init__(self, plan: Plan, calendar: Calendar, ledger: Ledger, start: Instant) -> None:
        self.plan = plan
        self.calendar = calendar
        self.ledger = ledger
        self.packs: list[str] = []  # bought, with grants or prices that come each cycle
        self.repeats: list[_Repeat] = []
        self.applied: set[str] = set()  # promotions
        self.lines = 1  # that share, with this one
        self.steps: list[Step] = []  # from term to term
        self.due = self._promotions_due(start)

    # ---- cycles

    def begin_line(self, cycle: int) -> None:
        """What comes once, and what comes with each cycle, with the first."""
        self._begin(cycle, once=True)

    def begin_cycle(self, cycle: int) -> None:
        self._begin(cycle, once=False)

    def _begin(self, cycle: int, *, once: bool) -> None:
        part = self.calendar.part(cycle)
        # First what is paid: what a price buys does not pay it.
        self._bill([price for price in self.plan.prices if once or self._is_due(price)], part)
        for pack in self._recurring():
            self._charge([price for price in pack.prices if price.each_cycle])
        for grant in self.plan.grants:
            if grant.each_cycle:
                self._put_due(grant, Reason.GRANTED, part=part if self.by_day() else WHOLE)
            elif once:
                self.put(grant, Reason.GRANTED_ONCE)
        for pack in self._recurring():
            for grant in pack.grants:
                if grant.each_cycle:
                    self._put_due(grant, Reason.GRANTED, pack.name)
        for grant in self._for_lines():
            self.put(grant, Reason.GRANTED)
        repeats, self.repeats = self.repeats, []
        for repeat in repeats:
            self.put(repeat.grant, repeat.reason, repeat.pack, more=repeat.more - 1)
        self._count_coming()
        if not once:
            self._join(Joins.RENEWAL)
        self._promote_cycle(part)

    def _put_due(self, grant: Grant, reason: Reason, pack: str = "", part: tuple[int, int] = WHOLE) -> None:
        """Puts what comes of a grant with a cycle that begins now: not all do, nor only once."""
        per = grant.per_renewals
        if many := times(per, self.steps, self.plan.name):
            amount = share(grant.amount * many, *part)
            self.put(grant, Reason.LOYAL if per and not per.grows else reason, pack, amount)

    def _for_lines(self) -> list[Grant]:
        """What the lines that share add, each, and what their number brings."""
        found = [grant for rule in self.plan.shares for grant in rule.each_adds for _ in range(self.lines - 1)]
        services = {rule.grant.service for rule in self.plan.by_lines}
        for service in sorted(services):
            rules = [rule for rule in self.plan.by_lines if rule.grant.service == service and rule.lines <= self.lines]
            found += [max(rules, key=lambda rule: rule.lines).grant] if rules else []
        return found

    def one_more_line(self) -> None:
        """A line joins within a cycle: what it adds, and what it costs."""
        self._bill([replace(price, each_line=False) for price in self.plan.prices if price.each_line])
        for grant in [grant for rule in self.plan.shares for grant in rule.each_adds]:
            self.put(grant, Reason.GRANTED)

    def again(self) -> None:
        """The plan's allowance and price once more, for the cycle that runs."""
        self._bill([price for price in self.plan.prices if self._is_due(price)])
        self._join(Joins.RENEWAL)
        for grant in self.plan.grants:
            if grant.each_cycle:
                self._put_due(grant, Reason.GRANTED)

    def rest_of_cycle(self, part: Part, left: Left) -> None:
        """What a plan taken within a cycle gives and costs for what is left of it."""
        self._bill([price for price in self.plan.prices if price.each_cycle], left.price)
        for grant in self.plan.grants:
            per = grant.per_renewals
            if grant.each_cycle and (many := times(per, self.steps, self.plan.name)) and (not per or per.grows):
                self.put(grant, Reason.GRANTED, amount=_part_of(grant.amount * many, part, left))

    def refund(self, left: Left) -> None:
        """What a plan given up within a cycle costs by the day is paid back for the days that are left."""
        for price in self.plan.prices:
            if price.each_cycle and price.by_day:
                amount = share(price.amount, *left.price)
                self.ledger.note(price.currency, amount, Sink.OPERATOR, Sink.SUBSCRIBER, Reason.REFUNDED, price.span)

    def take_plan(self, plan: Plan) -> None:
        self.plan = plan
        self.due = [due for due in self._promotions_due(self.ledger.at) if due[1].name not in self.applied]

    def by_day(self) -> bool:
        """Whether a part of a cycle is granted its part only."""
        return getattr(self.plan.cycle, "first_by_day", False)

    def _recurring(self) -> list[Pack]:
        return [pack for name in self.packs for pack in self.plan.packs if pack.name == name]

    # ---- what is bought

    def buy(self, pack: Pack, deed: int) -> None:
        """Puts what a pack grants, as lots of the action of that number, and charges its prices."""
        self._charge(pack.prices)
        first = len(self.ledger.lots)
        if any(grant.each_cycle for grant in pack.grants) or any(price.each_cycle for price in pack.prices):
            self.packs.append(pack.name)
            self._count_coming()
        # What lives with the pack comes when there is something of it to live with.
        for grant in sorted(pack.grants, key=lambda grant: pack.name in packs_of(grant.life)):
            if not grant.per_renewals or grant.per_renewals.grows:
                self._put_due(grant, Reason.BOUGHT, pack.name)
        for lot in self.ledger.lots[first:]:
            lot.deed = deed

    def cancel(self, name: str) -> None:
        """No more of a pack comes."""
        self.packs = [pack for pack in self.packs if pack != name]
        self.repeats = [repeat for repeat in self.repeats if repeat.pack != name]
        self._count_coming()

    def _count_coming(self) -> None:
        self.ledger.coming = frozenset([*self.packs, *(repeat.pack for repeat in self.repeats if repeat.pack)])

    def _bill(self, prices: Sequence[Price], part: tuple[int, int] = WHOLE) -> None:
        """The plan's own prices."""
        for price in prices:
            lines = self.lines - 1 if price.each_line else 1
            amount = lines * (share(price.amount, *part) if price.by_day else price.amount)
            bill(self.ledger, price.currency, amount, Reason.PRICED, price.span)

    def _is_due(self, price: Price) -> bool:
        """Whether a price of cycles is due with one that begins now: they are counted since the plan was taken."""
        per = PerRenewals(price.cycles, grows=False, in_a_row=False)
        return price.each_cycle and (price.cycles == 1 or renewals(self.steps, self.plan.name, per) % price.cycles == 0)

    def _charge(self, prices: Sequence[Price]) -> None:
        """Those of packs."""
        for price in prices:
            charge(self.ledger, price.currency, price.amount, Reason.PRICED, price.span)

    def put(self, grant: Grant, reason: Reason, pack: str = "", amount: int | None = None, more: int | None = None) -> None:
        """`amount` is the grant's if not given; `more` lots of it come in the cycles that follow, as many as it says if not
        given."""
        amount = grant.amount if amount is None else amount
        if grant.fills:
            amount = most(0, amount - self.ledger.held(grant.service, grant.scope))
        more = grant.cycles - 1 + (grant.whole_cycles and self._runs_already()) if more is None else more
        if more:
            self.repeats.append(_Repeat(grant, reason, pack, more))
            self._count_coming()
        life, packs = grant.life, packs_of(grant.life)
        end = self.calendar.end_unused(life) if grant.from_first_use else self.calendar.end(life, self.ledger.at)
        if end <= self.ledger.at or not self.ledger.in_force(packs):
            return  # what it would live until, or with, is over
        lot = self.ledger.new_lot(grant.service, grant.lot_class, end, grant.span, pack=pack, scope=grant.scope)
        lot.unlimited = grant.unlimited
        lot.waiting = life if grant.from_first_use else None
        lot.packs = packs
        lot.with_cycle = ends_with_cycle(life) and not grant.from_first_use
        if reason is Reason.GRANTED and not pack:
            lot.plan = self.plan.name
        self.ledger.put(Sink.OPERATOR, amount, reason, lot, grant.span)
        self._repay(lot, granted=reason is Reason.GRANTED and not pack)

    def _repay(self, lot: Lot, *, granted: bool) -> None:
        """A lot that comes pays what is owed; what is borrowed only where it is the plan that grants it."""
        for debt in DEBTS if granted else (Sink.OWED,):
            if part := least(self.ledger.owed[lot.service, debt], lot.amount):
                self.ledger.take(lot, part, debt, Reason.REPAID if granted else Reason.REPAID_AT_ONCE, lot.span)

    def _runs_already(self) -> bool:
        """Whether the cycle is not whole from now on: it began on a day before, or is a part of one itself."""
        began = self.calendar.boundary(self.ledger.cycle - 1)
        part, whole = self.calendar.part(self.ledger.cycle)
        return part < whole or self.calendar.local(began).date() < self.calendar.local(self.ledger.at).date()

    # ---- promotions

    def _promotions_due(self, joined: Instant) -> list[tuple[Instant, Promotion]]:
        """Each promotion that a line joins at its start, with the instant: that, or when the line joined if later."""
        due = []
        for promotion in [promotion for promotion in self.plan.promotions if promotion.joins is Joins.START]:
            at = max(joined, self.calendar.midnight(promotion.start))
            if at < self.calendar.midnight(promotion.end):
                due.append((at, promotion))
        return sorted(due, key=lambda found: found[0])

    def next_promotion(self) -> Instant:
        return self.due[0][0] if self.due else NEVER

    def promotions_at(self, at: Instant) -> list[Promotion]:
        """Those that apply now, once."""
        found = [promotion for due, promotion in self.due if due <= at]
        self.due = self.due[len(found) :]
        self.applied.update(promotion.name for promotion in found)
        return found

    def opt_in(self) -> None:
        """The line opts in: promotions that wait for it apply."""
        self._join(Joins.OPT_IN)

    def _join(self, joins: Joins) -> None:
        waiting = [one for one in self.plan.promotions if one.joins is joins and one.name not in self.applied]
        found = [promotion for promotion in waiting if self._is_on(promotion)]
        self.due = [*((self.ledger.at, promotion) for promotion in found), *self.due]
        self.applied.update(promotion.name for promotion in found)

    def _is_on(self, promotion: Promotion) -> bool:
        return self.calendar.midnight(promotion.start) <= self.ledger.at < self.calendar.midnight(promotion.end)

    def promote(self, promotion: Promotion) -> None:
        for grant in promotion.grants:
            if not grant.each_cycle:
                self.put(grant, Reason.PROMOTED)

    def _promote_cycle(self, part: tuple[int, int]) -> None:
        """What promotions whose window holds the beginning of the cycle add to it; `part` of a whole one it is, in days."""
        for promotion in self.plan.promotions:
            if not self._is_on(promotion) or (promotion.joins is not Joins.START and promotion.name not in self.applied):
                continue
            for grant in promotion.grants:
                if grant.each_cycle:
                    self._put_due(grant, Reason.PROMOTED)
            many, over = promotion.times
            for grant in self.plan.grants if many > over else ():
                if grant.each_cycle and not grant.per_renewals:
                    more = replace(grant, lot_class=LotClass.BONUS, span=promotion.span)
                    whole = share(grant.amount, many - over, over)
                    self.put(more, Reason.PROMOTED, amount=share(whole, *part) if self.by_day() else whole)


def ends_with_cycle(life: Life) -> bool:
    if isinstance(life, Earliest):
        return any(map(ends_with_cycle, life.lives))
    return isinstance(life, Lasts) and life.period is Period.CYCLE


def _part_of(amount: int, part: Part, left: Left) -> int:
    match part:
        case Part.WHOLE:
            return amount
        case Part.BY_DAY:
            return share(amount, *left.days)
        case Part.BY_SECOND:
            return share_half_up(amount, *left.seconds)
