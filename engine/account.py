"""One line over time: time is advanced, events are applied, and the rules of its plan act when they fall due.

An account is plain data: it can be pickled at any instant and goes on as if nothing had happened.

At one instant: what ends and the close of a cycle, the grants of the next, promotions, what is bought, then use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import NamedTuple, assert_never

from dsl.plan import (
    GENERAL,
    AfterFirstCycle,
    Condition,
    Grant,
    HeldWholeCycle,
    IsIn,
    Lasts,
    LotClass,
    NoneLeft,
    Not,
    Pack,
    Period,
    Plan,
    Price,
    Promotion,
    State,
    Tags,
    TenureAtLeast,
    UsedAtLeast,
    UseIs,
)
from dsl.scenario import Act, Buy, Held, SetState, TopUp, Use
from engine.arithmetic import share
from engine.calendar import NEVER, Calendar, Instant
from engine.close import Closer
from engine.ledger import Ledger, Reason, Sink
from engine.use import Usage

_THIS_CYCLE = Lasts(1, Period.CYCLE)


class _Repeat(NamedTuple):
    """A grant of which `more` lots come, one at the beginning of each cycle."""

    grant: Grant
    reason: Reason
    pack: str
    more: int


class Account:
    """A line on `plan` since `start`, a local time, that holds `opening` by then.

    `ledger` holds its lots and postings; `before_close` and `closings` what was held, by service, just before and after each
    close.
    """

    def __init__(self, plan: Plan, start: datetime, opening: Sequence[Held] = ()) -> None:
        self.plan = plan
        self.calendar = Calendar(plan.cycle, plan.zone, start)
        self.ledger = Ledger()
        self.closer = Closer(plan, self.calendar, self.ledger)
        self.usage = Usage(plan, self.calendar, self.ledger)
        self.cycle = 1
        self.repeats: list[_Repeat] = []
        self.states = {State.PAID, State.ACTIVE}
        self.packs: list[Pack] = []  # bought, with grants that come each cycle
        self.before_close: list[dict[str, int]] = []
        self.closings: list[dict[str, int]] = []
        self.due = self._promotions_due()
        self.ledger.at = self.calendar.boundary(0)
        self.ledger.cycle = 0  # what is held at the start was kept from before
        for held in opening:
            self._hold(held)
        self.ledger.cycle = self.cycle
        self._grant_cycle(first=True)
        self._promote(self.ledger.at)

    # ---- time

    def advance(self, to: Instant) -> None:
        """Does all that falls due up to and including the instant `to`."""
        while (due := self._next_due()) <= to:
            self.ledger.at = due
            if due == self.calendar.boundary(self.cycle):
                self._close(due)
            elif self.ledger.ended(due):
                self.closer.inside(due, self._holds)
            self._promote(due)

    def apply(self, at: Instant, act: Act) -> None:
        """One event. Events come in the order of time; what is bought at an instant comes before its use."""
        self.advance(at)
        assert at >= self.ledger.at, "events come in the order of time"
        self.ledger.at = at
        match act:
            case Use():
                self.usage.use(act, partial(self._holds, tags=act.tags))
            case Buy():
                pack = next(pack for pack in self.plan.packs if pack.name == act.pack)
                for grant in pack.grants:
                    self._put(grant, Reason.BOUGHT, pack.name)
                self._charge(pack.prices)
                if any(grant.each_cycle for grant in pack.grants) or any(price.each_cycle for price in pack.prices):
                    self.packs.append(pack)
            case TopUp():
                self._put(act.grant, Reason.TOPPED_UP)
            case SetState():
                (self.states.add if act.on else self.states.discard)(act.state)
            case _:
                assert_never(act)

    def _next_due(self) -> Instant:
        promotion = self.due[0][0] if self.due else NEVER
        return min(self.calendar.boundary(self.cycle), self.ledger.next_end(), promotion)

    def _close(self, at: Instant) -> None:
        # A cycle that a change of the calendar leaves without any time is closed like any other.
        services = {lot.service for lot in self.ledger.live}
        self.before_close.append({service: self.ledger.held(service) for service in services})
        self.closer.boundary(at, self._holds)
        self.closings.append({service: self.ledger.held(service) for service in {lot.service for lot in self.ledger.live}})
        self.cycle += 1
        self.ledger.cycle = self.cycle
        self.usage.begin_cycle()
        self._grant_cycle(first=False)

    def _holds(self, condition: Condition, tags: Tags = GENERAL) -> bool:
        """`tags` are those of the use that is asked about, where one is."""
        match condition:
            case UsedAtLeast():
                return self.usage.uses[condition.service] >= condition.amount
            case AfterFirstCycle():
                return self.cycle > 1
            case HeldWholeCycle():
                part, whole = self.calendar.first_part()
                return self.cycle > 1 or part == whole
            case TenureAtLeast():
                return self.calendar.end(condition.life, self.calendar.boundary(0)) <= self.ledger.at
            case NoneLeft():
                about = (condition.service, condition.lot_class)
                return not any((lot.service, lot.lot_class) == about for lot in self.ledger.live)
            case IsIn():
                return condition.state in self.states
            case UseIs():
                return condition.tag in tags
            case Not():
                return not self._holds(condition.condition, tags)
            case _:
                assert_never(condition)

    # ---- grants

    def _grant_cycle(self, *, first: bool) -> None:
        part = self.calendar.first_part() if first else (1, 1)
        for grant in self.plan.grants:
            if grant.each_cycle:
                amount = share(grant.amount, *part) if self._first_by_day() else grant.amount
                self._put(grant, Reason.GRANTED, amount=amount)
            elif first:
                self._put(grant, Reason.GRANTED_ONCE)
        for pack in self.packs:
            for grant in pack.grants:
                if grant.each_cycle:
                    self._put(grant, Reason.GRANTED, pack.name)
        repeats, self.repeats = self.repeats, []
        for repeat in repeats:
            self._put(repeat.grant, repeat.reason, repeat.pack, more=repeat.more - 1)
        self._promote_cycle(part)
        self._charge([price for price in self.plan.prices if first or price.each_cycle], part)
        for pack in self.packs:
            self._charge([price for price in pack.prices if price.each_cycle])

    def _promote_cycle(self, part: tuple[int, int]) -> None:
        """What promotions whose window holds the beginning of the cycle add to it; `part` of a whole one it is, in days."""
        for promotion in self.plan.promotions:
            if not self.calendar.midnight(promotion.start) <= self.ledger.at < self.calendar.midnight(promotion.end):
                continue
            for grant in promotion.grants:
                if grant.each_cycle:
                    self._put(grant, Reason.PROMOTED)
            times, over = promotion.times
            for grant in self.plan.grants if times > over else ():
                if grant.each_cycle:
                    more = replace(grant, lot_class=LotClass.BONUS, span=promotion.span)
                    whole = share(grant.amount, times - over, over)
                    self._put(more, Reason.PROMOTED, amount=share(whole, *part) if self._first_by_day() else whole)

    def _charge(self, prices: Sequence[Price], part: tuple[int, int] = (1, 1)) -> None:
        for price in prices:
            amount = share(price.amount, *part) if price.by_day else price.amount
            self.ledger.note(price.currency, amount, Sink.SUBSCRIBER, Sink.OPERATOR, Reason.PRICED, price.span)

    def _first_by_day(self) -> bool:
        return getattr(self.plan.cycle, "first_by_day", False)

    def _put(self, grant: Grant, reason: Reason, pack: str = "", amount: int | None = None, more: int | None = None) -> None:
        """`amount` is the grant's if not given; `more` lots of it come in the cycles that follow, as many as it says if not
        given."""
        amount = grant.amount if amount is None else amount
        if grant.fills:
            amount = max(0, amount - self.ledger.held(grant.service, grant.scope))
        more = grant.cycles - 1 if more is None else more
        if more:
            self.repeats.append(_Repeat(grant, reason, pack, more))
        end = NEVER if grant.from_first_use else self.calendar.end(grant.life, self.ledger.at)
        if end <= self.ledger.at:
            return  # the day until which it would live is over
        lot = self.ledger.new_lot(grant.service, grant.lot_class, end, grant.span, pack=pack, scope=grant.scope)
        lot.waiting = grant.life if grant.from_first_use else None
        if grant.unlimited:
            self.usage.unlimited.append(lot)
            return
        self.ledger.put(Sink.OPERATOR, amount, reason, lot, grant.span)

    def _hold(self, held: Held) -> None:
        end = self.calendar.instant(held.until) if held.until else self.calendar.end(_THIS_CYCLE, self.ledger.at)
        lot = self.ledger.new_lot(held.service, held.lot_class, end, held.span, scope=held.scope)
        self.ledger.put(Sink.OPERATOR, held.amount, Reason.OPENING, lot, held.span)

    # ---- promotions

    def _promotions_due(self) -> list[tuple[Instant, Promotion]]:
        """Each promotion of the plan with the instant it applies to this line: its start, or the line's if that is later."""
        start = self.calendar.boundary(0)
        due = []
        for promotion in self.plan.promotions:
            at = max(start, self.calendar.midnight(promotion.start))
            if at < self.calendar.midnight(promotion.end):
                due.append((at, promotion))
        return sorted(due, key=lambda found: found[0])

    def _promote(self, at: Instant) -> None:
        while self.due and self.due[0][0] <= at:
            promotion = self.due.pop(0)[1]
            self.closer.promotion(promotion.rules, at, self._holds)
            for grant in promotion.grants:
                if not grant.each_cycle:
                    self._put(grant, Reason.PROMOTED)
