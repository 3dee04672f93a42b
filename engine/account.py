"""One line over time: what is done to it, and what it changes of the cycles that follow.

At one instant: renewals, changes of plan and leaving, which decide what follows a cycle that ends then; what ends and the close
of a cycle, rules that change with the date, the grants of the next, promotions, what else is done, then use.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import assert_never

from dsl.plan import (
    NEXT_CYCLE_CHANGE,
    Carry,
    Change,
    Early,
    Give,
    Lasts,
    LotClass,
    NewEnd,
    Occasion,
    Period,
    Plan,
    State,
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
from engine.by_hand import cancel, remove, void
from engine.calendar import NEVER, Instant
from engine.conditions import Term, goes_up
from engine.cycles import Cycles
from engine.grants import Left
from engine.hand import Event
from engine.history import comes_first
from engine.leaving import charge_for_leaving
from engine.ledger import Lot, Reason, Sink
from engine.loyalty import Followed, Step
from engine.requests import asked_for

_THIS_CYCLE = Lasts(1, Period.CYCLE)


class Account(Cycles):
    """A line, and what is done to it."""

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
                cancel(act.pack, self.ledger, self.grants)
            case Exchange():
                self.requests.exchange(act, self.closer, self._holds)
            case Add():
                self.grants.put(act.grant, Reason.ADDED)
            case Remove():
                remove(act, self.ledger)
            case Void():
                void(act, self.ledger, self.grants)
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

    # ---- what is bought, wanted, and the state it is in

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

    def _save(self, act: Save) -> None:
        """What is to be carried when the cycle ends, if a rule carries what is saved."""
        rules = [rule for rule in self.closer.rules if rule.service == act.service]
        if any(isinstance(clause, Carry) and clause.saved for rule in rules for clause in rule.clauses):
            self.saved[act.service] = self.saved.get(act.service, 0) + act.amount
        else:
            self.ledger.refuse({act.service: act.amount}, Reason.NO_RULE, NOWHERE)

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
        left, days, price_days = (self.calendar.days_between(since, end) for since in (at, start, whole))
        return Left((left, days), (end - at, end - start), (left, price_days))

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
        charge_for_leaving(self.plan, self.contract_since, self.ledger, self.calendar)

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
