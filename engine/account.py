"""One line over time: time is advanced, events are applied, and the rules of its plan act when they fall due.

An account is plain data: it can be pickled at any instant and goes on as if nothing had happened. When its cycles begin and end
never depends on amounts, only on its plan and on what is done.

At one instant: renewals, changes of plan and leaving, which decide what follows a cycle that ends then; what ends and the close
of a cycle, rules that change with the date, the grants of the next, promotions, what else is done, then use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import assert_never

from dsl.plan import (
    GENERAL,
    NEXT_CYCLE_CHANGE,
    Carry,
    Change,
    Condition,
    Early,
    FeeFor,
    Give,
    Lasts,
    LotClass,
    NewEnd,
    Occasion,
    Period,
    Plan,
    State,
    Tags,
)
from dsl.scenario import (
    Act,
    Add,
    Borrow,
    Buy,
    Cancel,
    ChangeTo,
    DoNotRenew,
    Exchange,
    GiveAway,
    Held,
    Leave,
    Remove,
    Renew,
    Save,
    SetState,
    Start,
    TopUp,
    Use,
    Void,
)
from dsl.source import NOWHERE
from engine.arithmetic import share
from engine.calendar import NEVER, Calendar, Instant
from engine.close import Closer, Event
from engine.conditions import Facts, Term, goes_up, holds
from engine.grants import Grants, Left
from engine.history import comes_first
from engine.ledger import Ledger, Lot, Reason, Sink
from engine.loyalty import Followed, Step, cycles_in_a_row
from engine.packs import Packs
from engine.purse import bill
from engine.requests import Requests, asked_for, first_of
from engine.use import Usage

_THIS_CYCLE = Lasts(1, Period.CYCLE)


class Account:
    """A line on `plan` since `start`, a local time, that holds `opening` by then. `others` are plans it may change to, by name.
    `first_use` is the local time at which its cycles begin, where the plan says that they do with the first use.

    One that `joins` another has the cycles of that, until it parts from it.

    `offer` is that plan, and from now on `plan` what its rules are now. `ledger` holds its lots and postings; of each cycle
    closed, `before_close` and `closings` have what was usable just before, and held just after, by service, and `plans` the
    plan it was on.
    """

    def __init__(
        self,
        plan: Plan,
        start: datetime,
        opening: Sequence[Held] = (),
        others: Mapping[str, Plan] | None = None,
        *,
        joins: Account | None = None,
        first_use: datetime | None = None,
    ) -> None:
        self.offer = self.plan = plan
        self.others = others or {}
        self.calendar: Calendar = joins.calendar if joins else Calendar(plan.cycle, plan.zone, start, first_use)
        self.start = self.calendar.instant(start)
        self.joined = joins is not None
        self.ledger = Ledger()
        self.saved: dict[str, int] = {}  # what the customer wants to be carried of the cycle that runs, by service
        self.closer = Closer(plan, self.calendar, self.ledger, self.saved)
        self.grants = Grants(plan, self.calendar, self.ledger, self.start)
        self.usage = Usage(plan, self.calendar, self.ledger)
        self.packs = Packs(self.ledger)
        self.requests = Requests(self.calendar, self.ledger)
        self.cycle: int = joins.cycle if joins else 1
        self.states = {State.PAID, State.ACTIVE}
        before = self.cycle - 1
        self.before_close: list[dict[str, int]] = [{}] * before
        self.closings: list[dict[str, int]] = [{}] * before
        self.plans: list[Plan] = [plan] * before
        self.next_plan = plan
        self.held_since = self.contract_since = self.start
        self.renews = True  # by itself, at the end of a cycle
        self.by_hand = False  # the end of the cycle that runs is renewed by hand, not by itself
        self.assumed: set[str] = set()  # topics of what the plan leaves open that decided something
        self.lapsed = False  # the cycle that runs was not renewed: it grants nothing
        self.ended = False
        self.term_over = NEVER  # the end of a term that is not renewed yet: its grace runs, or it has lapsed
        self.ledger.at = self.start
        self.term = Term(True, False, self.ledger.at, self.ledger.at)
        self.dated = self._dated_rules()
        self._change_rules()
        self.ledger.cycle = 0  # what is held at the start was kept from before
        for held in opening:
            self._hold(held)
        self.ledger.cycle = self.cycle
        self.cycle_is_whole = self._is_whole()
        self.grants.begin_line(self.cycle)
        self._promote(self.ledger.at)

    # ---- time

    def advance(self, to: Instant) -> None:
        """Does all that falls due up to and including the instant `to`."""
        while (due := self._next_due()) <= to:
            self.ledger.at = due
            if due == self.calendar.boundary(self.cycle):
                self._end_cycle(due)
            else:
                self._end_inside_cycle()
            self._change_rules()
            self._promote(due)

    def apply(self, at: Instant, act: Act) -> None:
        """One event. Events come in the order of time; at one instant what `comes_first`, what else is done, then use."""
        if comes_first(act):
            self.part_from_others()
            self.advance(at - 1)
            if at == self.calendar.boundary(self.cycle) and self._decide(at, act):
                return
        self.advance(at)
        assert at >= self.ledger.at, "events come in the order of time"
        self.ledger.at = at
        match act:
            case Buy() | TopUp() | Add() if self.ended:
                self.ledger.refuse(asked_for(act, self.plan), Reason.LEFT, NOWHERE)
            case Use():
                self.usage.use(act, partial(self._holds, tags=act.tags))
            case Buy():
                self._buy(act.pack)
            case Save():
                self._save(act)
            case Borrow():
                self.requests.borrow(act, self.plan, self._holds)
            case Cancel():
                self._cancel(act.pack)
            case Exchange():
                self.requests.exchange(act, self.closer, self._holds)
            case Add():
                self.grants.put(act.grant, Reason.ADDED)
            case Remove():
                self._remove(act)
            case Void():
                self._void(act)
            case TopUp():
                self.grants.put(act.grant, Reason.TOPPED_UP)
            case SetState():
                self._set_state(act)
            case Renew():
                self._renew(self.others.get(act.plan, self.next_plan))
            case DoNotRenew():
                self.renews = False
            case ChangeTo():
                self._change(self.others[act.plan])
            case Leave():
                self._leave()
            case Start() | GiveAway():
                raise ValueError("only the lines of an account can be joined")
            case _:
                assert_never(act)
        if not isinstance(act, Use):  # which ends no pack
            self._end_inside_cycle()

    def _decide(self, at: Instant, act: Act) -> bool:
        """What is done at the very end of a cycle, before its close, and decides what follows. False: it waits for that."""
        waits = self.term_over != NEVER or self.ended
        match act:
            case Renew() if not waits:
                self.renews = self.by_hand = True
                self.next_plan = self.others.get(act.plan, self.next_plan)
            case ChangeTo() if not waits and self._change_terms(self.others[act.plan]).now:
                self.next_plan = self.others[act.plan]
            case Renew():
                self.ledger.at = at
                self._renew(self.others.get(act.plan, self.next_plan))
            case Leave():
                self.ledger.at = at
                self._leave()
            case _:
                return False
        return True

    def _next_due(self) -> Instant:
        dated = self.dated[0][0] if self.dated else NEVER
        return min(
            self.calendar.boundary(self.cycle), self.ledger.next_end(), self.grants.next_promotion(), dated,
            self.packs.next_end(self.closer.ending),
        )  # fmt: skip

    def _dated_rules(self) -> list[tuple[Instant, Plan]]:
        return [(self.calendar.midnight(later.start), later.plan) for later in self.offer.later]

    def _change_rules(self) -> None:
        """Goes by the rules of now: lots that are there stay as they are, packs that come again come as they are sold now."""
        while self.dated and self.dated[0][0] <= self.ledger.at:
            self._go_by(self.dated.pop(0)[1])

    def _of_now(self, plan: Plan) -> Plan:
        """A plan by its rules of now."""
        begun = (later.plan for later in reversed(plan.later) if self.calendar.midnight(later.start) <= self.ledger.at)
        return next(begun, plan)

    def _following(self) -> Plan:
        """The plan that follows, by its rules of now; as long as none other does, the one there is."""
        return self.plan if self.next_plan.name == self.plan.name else self._of_now(self.next_plan)

    def _go_by(self, plan: Plan) -> None:
        self.plan = self.grants.plan = self.usage.plan = plan
        self.closer = Closer(plan, self.calendar, self.ledger, self.saved)

    def _holds(self, condition: Condition, tags: Tags = GENERAL) -> bool:
        """`tags` are those of the use that is asked about, where one is."""
        facts = Facts(
            self.calendar, self.ledger, self.usage.uses, self.states, self.plan, self._following(), self.start, self.cycle,
            self.cycle_is_whole, self.held_since, self.term, cycles_in_a_row(self.grants.steps), tags,
        )  # fmt: skip
        return holds(condition, facts)

    def occur(self, occasion: Occasion, about: str = "") -> frozenset[int]:
        """The rules about an event act; gives back the lots they had in hand or made, by number."""
        first = len(self.ledger.lots)
        new_end = self.calendar.end(_THIS_CYCLE, self.ledger.at)
        event = Event(occasion, self.ledger.at, new_end, self._following(), about)
        return self.closer.occur(event, self._holds) | frozenset(range(first, len(self.ledger.lots)))

    def _promote(self, at: Instant) -> None:
        for promotion in self.grants.promotions_at(at):
            self.closer.promotion(promotion.rules, at, self._holds)
            self.grants.promote(promotion)

    def _hold(self, held: Held) -> None:
        if held.owed:
            self.ledger.note(held.service, held.amount, Sink.LENT, Sink.OPERATOR, Reason.OPENING, held.span)
            return
        end = self.calendar.instant(held.until) if held.until else self.calendar.end(_THIS_CYCLE, self.ledger.at)
        lot = self.ledger.new_lot(held.service, held.lot_class, end, held.span, scope=held.scope)
        lot.with_cycle = held.until is None
        self.ledger.put(Sink.OPERATOR, held.amount, Reason.OPENING, lot, held.span)

    def _end_inside_cycle(self) -> None:
        """What ends now, and no cycle with it."""
        over = self.packs.over(self.closer.ending)
        if self.ledger.ended(self.ledger.at):
            self.closer.inside(self.ledger.at, self._holds)
        for pack in over:
            self.occur(Occasion.ENDS, pack)

    # ---- the end of a cycle

    def _end_cycle(self, at: Instant) -> None:
        """A cycle reaches its end: it is renewed by itself, or waits for it, or is not."""
        if not self.renews and self.term_over == NEVER and self.plan.renewal.grace and not self.ended:
            self._wait_for_renewal(at, self.plan.renewal.grace)
            return
        if self.renews and self.next_plan.cycle != self.plan.cycle:
            self.calendar.restart(self.cycle, at, self.next_plan.cycle)
        first_lapse = not self.renews and not self.lapsed
        if first_lapse and not self.ended:
            self.assumed.add("renewed late")
        self._close(
            Term(self.renews, self.by_hand, at, min(at, self.term_over)),
            (Occasion.NOT_RENEWED,) if first_lapse and not self.ended else (),
        )

    def _close(self, term: Term, occasions: Sequence[Occasion], *, cut: Instant | None = None, rules_act: bool = True) -> None:
        """Closes the cycle that runs and begins the next, at `term.at`. Rules about `occasions` come first. What would end with
        the cycle at `cut` and was in no hand of theirs ends now."""
        at = term.at
        self.before_close.append(self._held(usable=True))
        self.term = term
        if not (term.renewed or self.lapsed or self.term_over == NEVER):
            self._thaw()  # the grace is over; what a rule gives a life behind it can be used
        spared = frozenset[int]().union(*(self.occur(occasion) for occasion in occasions))
        for lot in self.ledger.lots if cut is not None else ():
            if lot.end == cut and lot.with_cycle and lot.number not in spared and (not rules_act or self._is_over(lot)):
                lot.end_at(at, at)
        over = self.packs.over(self.closer.ending)
        if term.renewed and rules_act:
            self.closer.boundary(at, self._holds, spare=spared)
        else:
            self.closer.expire(at)
        if term.renewed and self.term_over != NEVER:
            self.term_over = NEVER
            self._thaw()
        if term.renewed and self.next_plan.name != self.plan.name:
            self.occur(Occasion.PLAN_CHANGES)
        for pack in over:
            self.occur(Occasion.ENDS, pack)
        self.closings.append(self._held())
        self.plans.append(self.offer)
        self.cycle += 1
        self.ledger.cycle = self.cycle
        self.usage.begin_cycle()
        self.saved.clear()
        self.grants.steps.append(
            Step(Followed.RENEWED if term.renewed else Followed.LAPSED, self.plan.name, self.next_plan.name)
        )
        self.lapsed = not term.renewed
        self.by_hand = False
        if self.lapsed:
            self.term_over = min(self.term_over, at)
        if term.renewed:
            self._take_plan()
        self._change_rules()  # what closes at their date closed by the rules before it
        if term.renewed:
            self.cycle_is_whole = self._is_whole()
            self.grants.begin_cycle(self.cycle)

    def _is_over(self, lot: Lot) -> bool:
        """Whether a lot that would end with a cycle ends with it where it is cut short: what was granted for it does, and what
        is in a hand then. The rest, as what was carried, keeps the end it had."""
        if self.term_over != NEVER:
            return True  # its own end is past: it waited for the renewal
        if lot.lot_class is LotClass.CARRIED:
            return False
        return bool(lot.plan) or lot.pack in self.grants.packs or self.closer.takes(lot)

    def _is_whole(self) -> bool:
        part, whole = self.calendar.part(self.cycle)
        return part == whole

    def _held(self, *, usable: bool = False) -> dict[str, int]:
        return {service: self.ledger.held(service, usable=usable) for service in {lot.service for lot in self.ledger.live}}

    def _wait_for_renewal(self, at: Instant, grace: Lasts) -> None:
        """What would have ended waits, usable or frozen; other lots that end now do."""
        self.term_over = at
        until = self.calendar.end(grace, at)
        self.calendar.defer(self.cycle, until)
        for lot in [lot for lot in self.ledger.live if lot.end <= at and (lot.with_cycle or not lot.pack)]:
            self._move_end(lot, until, Reason.IN_GRACE, frozen=lot.frozen or self.plan.renewal.frozen)
        self._end_inside_cycle()

    def _move_end(self, lot: Lot, end: Instant, reason: Reason, *, frozen: bool) -> None:
        made = self.ledger.like(lot, end, lot.span)
        made.frozen, made.with_cycle = frozen, True
        self.ledger.move(lot, lot.amount, made, reason, lot.span)

    def _thaw(self) -> None:
        """What was frozen can be used again, unless the line is suspended or not paid for."""
        if not self.states >= {State.ACTIVE, State.PAID}:
            return
        for lot in [lot for lot in self.ledger.live if lot.frozen]:
            made = self.ledger.like(lot, lot.end, lot.span)
            made.frozen = False
            self.ledger.move(lot, lot.amount, made, Reason.THAWED, lot.span)

    def _buy(self, name: str) -> None:
        """A pack is bought, if it is sold. For what is left of an earlier one, the new end is the end of this."""
        pack = next(pack for pack in self.plan.packs if pack.name == name)
        deed = self.requests.purchase(pack, self._holds)
        if not deed:
            return
        first = len(self.ledger.lots)
        self.grants.buy(pack, deed)
        bought = [lot for lot in self.ledger.live if lot.number >= first]
        ends = [lot.end for lot in bought if lot.end != NEVER]
        self.closer.occur(
            Event(Occasion.BOUGHT, self.ledger.at, max(ends, default=NEVER), about=name), self._holds,
            spare=frozenset(lot.number for lot in bought),
        )  # fmt: skip

    def _cancel(self, pack: str) -> None:
        """A pack ends now, with all that is its own."""
        self.grants.cancel(pack)
        for lot in self.ledger.lots:
            if self.ledger.is_own(pack, lot):
                lot.end_at(self.ledger.at, min(lot.end, self.ledger.at))

    def _save(self, act: Save) -> None:
        """What is to be carried when the cycle ends, if a rule carries what is saved."""
        rules = [rule for rule in self.closer.rules if rule.service == act.service]
        if any(isinstance(clause, Carry) and clause.saved for rule in rules for clause in rule.clauses):
            self.saved[act.service] = self.saved.get(act.service, 0) + act.amount
        else:
            self.ledger.refuse({act.service: act.amount}, Reason.NO_RULE, NOWHERE)

    def _remove(self, act: Remove) -> None:
        """What the operator takes, of what ends soonest first: all of it, or nothing."""
        lots = [
            lot for lot in sorted(self.ledger.live, key=lambda lot: lot.turn)
            if lot.service == act.service and act.lot_class in (None, lot.lot_class) and act.pack in ("", lot.pack)
        ]  # fmt: skip
        held = sum(lot.amount for lot in lots)
        if held < act.amount and not act.to_zero:
            self.ledger.refuse({act.service: act.amount}, Reason.TOO_LITTLE_THERE, act.span)
            return
        for lot, amount in first_of(lots, act.amount):
            self.ledger.take(lot, amount, Sink.EXPIRED, Reason.REMOVED, act.span)

    def _void(self, act: Void) -> None:
        """All that bears the name of a pack is gone, whatever its rules say."""
        self.grants.cancel(act.pack)
        for lot in [lot for lot in self.ledger.live if lot.pack == act.pack]:
            self.ledger.take(lot, lot.amount, Sink.EXPIRED, Reason.VOIDED, act.span)

    # ---- gifts

    def ask(self, act: GiveAway, to: Account, *, in_family: bool) -> tuple[Give, list[tuple[Lot, int]]] | None:
        """What it gives of which lots to that line; None where it may not."""
        return self.requests.gift(act, self.closer, self._holds, to.requests, in_family=in_family)

    def receive(self, lot: Lot, amount: int, clause: Give) -> None:
        """A gift of another line's lot. `The new end` is that of the cycle that runs here."""
        at, end = self.ledger.at, lot.end
        if isinstance(clause.life, NewEnd):
            here = self.calendar.end(_THIS_CYCLE, at)
            end = max(end, here) if clause.life.or_own else here
        elif clause.life:
            end = self.calendar.end(clause.life, at)
        gift = self.ledger.new_lot(lot.service, LotClass.GIFT, end, clause.span)
        self.ledger.put(Sink.ANOTHER_LINE, amount, Reason.GIVEN, gift, clause.span)

    # ---- renewal and change of plan

    def _renew(self, plan: Plan) -> None:
        at = self.ledger.at
        if self.ended:
            return
        self.renews = True
        self.next_plan = plan
        end = self.calendar.boundary(self.cycle)
        if self.term_over != NEVER:
            self.calendar.restart(self.cycle, at, plan.cycle)
            # What waited in the grace ends now; what outlived a lapse keeps its own end.
            cut = None if self.lapsed else end
            self._close(Term(True, True, at, self.term_over), (Occasion.RENEWED_LATE,), cut=cut)
            return
        early = self.plan.renewal.early
        if plan.name != self.plan.name and early is not Early.EXPIRE:
            early = Early.RESTART
        match early:
            case Early.RESTART | Early.EXPIRE:
                self._restart(plan, (Occasion.RENEWED_EARLY,), rules_act=early is Early.RESTART)
            case Early.STACK | Early.ADDS:
                self.assumed.add("renewed early")
                if early is Early.STACK:
                    self.calendar.stack(self.cycle)
                    for lot in [lot for lot in self.ledger.live if lot.end == end and lot.with_cycle]:
                        self._move_end(lot, self.calendar.boundary(self.cycle), Reason.CLOCK_MOVED, frozen=lot.frozen)
                self.term = Term(True, True, at, end)
                self.occur(Occasion.RENEWED_EARLY)
                self.grants.steps.append(Step(Followed.AGAIN, self.plan.name, plan.name))
                self.grants.again()

    def _restart(self, plan: Plan, occasions: Sequence[Occasion], *, rules_act: bool = True) -> None:
        """Ends the cycle that runs, and what would end with it; the next one, on `plan`, begins."""
        at, end = self.ledger.at, self.calendar.boundary(self.cycle)
        self.next_plan = plan
        self.grants.refund(self._left())
        self.calendar.restart(self.cycle, at, plan.cycle)
        self._close(Term(True, True, at, end), occasions, cut=end, rules_act=rules_act)

    def _change(self, plan: Plan) -> None:
        """Another plan is asked for: now, or from the next cycle or renewal on."""
        self.next_plan = plan
        terms = self._change_terms(plan)
        if plan.name != self.plan.name:
            self.assumed.add("change")
        if plan.name == self.plan.name or not terms.now or self.ended or self.term_over != NEVER:
            return
        if terms.restarts or plan.cycle != self.plan.cycle:
            self._restart(plan, ())
            return
        left = self._left()
        self.term = Term(True, True, self.ledger.at, self.calendar.boundary(self.cycle))
        self.occur(Occasion.PLAN_CHANGES)
        self.grants.refund(left)
        self.grants.steps.append(Step(Followed.CHANGED, self.plan.name, plan.name))
        self._take_plan()
        self.grants.rest_of_cycle(terms.allowance, left)
        self._promote(self.ledger.at)

    def _change_terms(self, plan: Plan) -> Change:
        up = goes_up(self.plan, self._of_now(plan), self.plan.group)
        said = [change for change in self.plan.changes if change.up in (None, up)]
        return max(said, key=lambda change: change.up is not None, default=NEXT_CYCLE_CHANGE)

    def _left(self) -> Left:
        at, own, end = self.ledger.at, self.calendar.boundary(self.cycle - 1), self.calendar.boundary(self.cycle)
        whole, _ = self.calendar.whole(self.cycle)
        start = whole if self.grants.by_day() else own
        left, days, price_days = (self._days(since, end) for since in (at, start, whole))
        return Left((left, days), (end - at, end - start), (left, price_days))

    def _days(self, start: Instant, end: Instant) -> int:
        """Days from one to the other; a day that has begun counts."""
        return (self.calendar.local(end).date() - self.calendar.local(start).date()).days

    def _take_plan(self) -> None:
        """The plan that follows is the one in force."""
        plan = self.next_plan
        if plan.name == self.plan.name:
            return
        if plan.contract_months != self.plan.contract_months:
            self.contract_since = self.ledger.at
        self.offer = plan
        self.held_since = self.ledger.at
        self.grants.take_plan(plan)
        self._go_by(plan)
        self.dated = self._dated_rules()
        self._change_rules()

    def _leave(self) -> None:
        """The line ends, and with it all that no rule about it gives another end."""
        if self.ended:
            return
        at = self.ledger.at
        left = self._left()
        runs = self.term_over == NEVER
        self.ended, self.renews = True, False
        self.next_plan = self.plan
        spared = self.occur(Occasion.LINE_ENDS)
        self._offer_nothing()
        for lot in [lot for lot in self.ledger.live if lot.number not in spared]:
            self.ledger.take(lot, lot.amount, Sink.EXPIRED, Reason.LEFT, lot.span)
        self.calendar.leave(self.cycle, at)
        self.advance(at)
        if runs:
            self.grants.refund(left)
        self._charge_for_leaving()

    def _offer_nothing(self) -> None:
        """From now on nothing is sold or lent to the line, or given by promotions; what it still has can be used."""
        self.grants.due, self.dated = [], []
        self._go_by(replace(self.plan, runs_out=(), loans=(), promotions=()))

    def part_from_others(self) -> None:
        """From now on its cycles are its own: whoever moves the clock moves it for one line."""
        if self.joined:
            self.joined = False
            own = deepcopy(self.calendar)
            self.calendar = self.closer.calendar = self.grants.calendar = self.usage.calendar = self.requests.calendar = own

    def _charge_for_leaving(self) -> None:
        """What leaving before the end of the contract costs; months of it that have begun are left."""
        term, start, at = self.plan.contract_months, self.contract_since, self.ledger.at
        end = self.calendar.end(Lasts(term, Period.MONTH), start)
        if at >= end:
            return
        used = next(n for n in range(term) if self.calendar.end(Lasts(n + 1, Period.MONTH), start) > at)
        days_left, days = self._days(at, end), self._days(start, end)
        for fee in self.plan.leaving:
            left = (days_left, days) if fee.by_day else (term - used, term)
            match fee.per:
                case FeeFor.ALL:
                    amount = share(fee.amount, *left)
                case FeeFor.MONTH_LEFT:
                    amount = fee.amount * (term - used)
                case FeeFor.MONTH_USED:
                    amount = share(fee.amount * used, *left)
            bill(self.ledger, fee.currency, amount, Reason.LEFT_EARLY, fee.span)

    def _set_state(self, act: SetState) -> None:
        was = act.state in self.states
        (self.states.add if act.on else self.states.discard)(act.state)
        if was == act.on:
            return
        match act.state, act.on:
            case State.PAID, False:
                self.occur(Occasion.PAYMENT_FAILS)
            case State.OPTED_IN, True:
                self.grants.opt_in()
            case State.ACTIVE, False:
                self.occur(Occasion.SUSPENDED)
            case State.ACTIVE, True:
                self._resume()
                self.occur(Occasion.RESUMED)
            case State.PAID, True:
                self._resume()

    def _resume(self) -> None:
        """What was frozen thaws, but for what waits for a renewal."""
        if self.term_over == NEVER or not (self.lapsed or self.plan.renewal.frozen):
            self._thaw()
