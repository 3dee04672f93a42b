"""The cycles of one line: what falls due when, what closes and begins, and which rules are in force.

An account is plain data: it can be pickled at any instant and goes on as if nothing had happened. When its cycles begin and end
never depends on amounts, only on its plan and on what is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dsl.phrase import phrase
from dsl.plan import GENERAL, Condition, Lasts, LotClass, Occasion, Period, Plan, State, Tags
from dsl.scenario import Held
from dsl.source import NOWHERE
from engine.by_hand import hold
from engine.calendar import NEVER, Calendar, Instant
from engine.close import Closer
from engine.conditions import Facts, Term, holds
from engine.grants import Grants
from engine.hand import Event
from engine.history import HistoryError
from engine.ledger import MAX_LOTS, Ledger, Lot, Reason
from engine.loyalty import Followed, Step, cycles_in_a_row
from engine.packs import Packs
from engine.requests import Requests
from engine.use import Usage

_THIS_CYCLE = Lasts(1, Period.CYCLE)


class Cycles:
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
        joins: Cycles | None = None,
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
            hold(held, self.ledger, self.calendar)
        self.ledger.cycle = self.cycle
        self.cycle_is_whole = self._is_whole()
        self._begin_line()
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
            self._begin_cycle()

    def _begin_line(self) -> None:
        self.grants.begin_line(self.cycle)

    def _begin_cycle(self) -> None:
        if len(self.ledger.live) > MAX_LOTS:
            by = self.ledger.live[-1].span.line
            problem = phrase("more than {limit} lots come to be held, by line {line} of the plan", limit=MAX_LOTS, line=by)
            raise HistoryError(problem, phrase("don't carry parts of a lot apart from its rest, each time anew"), NOWHERE)
        self.ledger.tell_apart()
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
