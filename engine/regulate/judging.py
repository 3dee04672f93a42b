"""A plan before a regulation: each thing that is asked is KEPT by what the plan says, BROKEN by that or by a history that the
engine has run, or left open. Nothing is KEPT because no history broke it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import assert_never

from dsl.phrase import NOTHING, Phrase, phrase
from dsl.plan import ANY_USE, Asks, Demand, Endless, InUnit, NotSaid, Occasion, Plan, Regulation, Rolls, Sell
from dsl.scenario import CycleSteps, Scenario, Use
from dsl.source import Span
from dsl.units import called, exact, is_money
from engine.history import HistoryError
from engine.ledger import Reason
from engine.regulate import kept, running_out, terms
from engine.regulate.balances import Watched
from engine.regulate.happens import packs_spoken_of
from engine.regulate.histories import LONGEST, Probed, cycles_in, histories, start_of
from engine.regulate.lives import length
from engine.regulate.subjects import Subject, earlier, granted, is_left_out, rolling, versions
from engine.regulate.verdict import Doubt, Fault, Outcome, Verdict
from engine.run import Run, run

Seen = Callable[[Watched], Iterator[Fault]]
Spans = frozenset[tuple[Span, str]]  # of grants, with their services
_A_WHILE = timedelta(days=45)  # in which something is carried
_NOT_SAID = phrase("nothing that a plan says can show it")
_NOTHING_GRANTED = phrase("the plan grants nothing of that")
_LEFT_OUT = phrase("all that the plan grants of that is left out of the regulation")
_NOTHING_LEFT = phrase("what the plan grants of that has no limit, so that nothing is left")
_NOTHING_ROLLS = phrase("nothing rolls")
_NOTHING_GIVEN = phrase("nothing can be given")


def judge(regulation: Regulation, plan: Plan, start: date) -> tuple[Outcome, ...]:
    """What a plan makes of each thing that is asked, in the order written. `start` is when a line begins in a history, where
    something is asked of all times."""
    runs: dict[Scenario, Run | None] = {}
    return tuple(_Judge(regulation, demand, plan, start, runs).outcome() for demand in regulation.demands)


class _Judge:
    def __init__(
        self, regulation: Regulation, demand: Demand, plan: Plan, start: date, runs: dict[Scenario, Run | None]
    ) -> None:
        self.runs = runs  # of histories of the plan, whatever they are run for
        self.demand = demand
        self.start = start
        self.plan = plan
        self.versions = versions(plan, demand)
        again = demand.asked is Asks.NEVER_EXPIRE or (isinstance(demand.asked, Rolls) and demand.asked.times > 1)
        self.earlier = earlier(plan, demand) if again else ()
        every = [one for one in granted(self.versions, demand) if demand.about or not is_money(one.grant.service)]
        asked = [one for one in every if not is_left_out(one, regulation.exceptions)]
        self.none = _NOTHING_GRANTED if not every else _NOTHING_LEFT if asked else _LEFT_OUT  # why there are no subjects
        self.subjects = [one for one in asked if not one.grant.unlimited or self._runs_out(one)]
        self.services = tuple(dict.fromkeys(one.grant.service for one in self.subjects))

    def _runs_out(self, subject: Subject) -> bool:
        """Whether, of a grant without a limit, it is asked what becomes of use that it does not cover."""
        return self.demand.asked is Asks.NOT_SELL and (subject.grant.scope != ANY_USE or subject.pack is not None)

    def outcome(self) -> Outcome:
        asked = self.demand.asked
        if isinstance(asked, NotSaid):
            return self._told(Verdict.NOT_CHECKED, why=_NOT_SAID)
        if not self.subjects:
            return self._told(Verdict.DOES_NOT_APPLY, why=self.none)
        match asked:
            case Rolls():
                doubts = [kept.rolls(one, self.demand, asked) for one in self._at_all_times()]
                doubts += [kept.changes_hands((*self.earlier, *self.versions))] if asked.times > 1 else []
                return self._unless(doubts, lambda watched: watched.ends_too_early(asked), self._days(asked.times))
            case Asks.NEVER_EXPIRE:
                doubts = [kept.never_expires(one, self.demand) for one in self._at_all_times()]
                doubts += [kept.changes_hands((*self.earlier, *self.versions))]
                return self._unless(doubts, Watched.expires, LONGEST)
            case Asks.NEW_END:
                return self._of_what_rolls(lambda one: terms.new_end(one, self.demand), Watched.ends_before_the_cycle)
            case Asks.BY_ITSELF:
                return self._of_what_rolls(lambda one: terms.by_itself(one, self.demand))
            case Asks.FREE:
                return self._of_what_rolls(terms.free)
            case Asks.AS_LONG if self.demand.occasion is Occasion.ASKED:
                given = [one for one in self._at_all_times() if terms.gives(one)]
                return self._by_terms(given, lambda one: terms.as_long(one, self.demand), self._gives(), _NOTHING_GIVEN)
            case Asks.AS_LONG:
                hands = kept.changes_hands(self.versions)
                return self._of_what_rolls(lambda one: terms.as_long(one, self.demand) or (hands if terms.again(one) else None))
            case Asks.GIVE:
                return self._by_terms(list(self._at_all_times()), lambda one: terms.give(one, self.demand), self._gives())
            case Asks.NOT_SELL:
                return self._sold()
            case Asks.SOONEST_FIRST:
                doubts = [self._in_turn(one) for one in self.services]
                return self._unless(doubts, self._out_of_turn, self._days(1), self._orders())
            case _:
                assert_never(asked)

    def _at_all_times(self) -> Iterator[Subject]:
        """What is granted by the rules of one time may end by those of another."""
        return (replace(one, plan=plan) for one in self.subjects for plan in (*self.versions, *self.earlier))

    def _told(self, verdict: Verdict, faults: Iterable[Fault] = (), why: Phrase = NOTHING, span: Span | None = None) -> Outcome:
        return Outcome(self.demand, self.plan, verdict, tuple(faults), why, span)

    def _unknown(self, doubt: Doubt, looked: int = 0) -> Outcome:
        """What leaves it open, and how many histories were run for it."""
        why = phrase("{why}; none of {number} histories that were run breaks it", why=doubt.why, number=looked)
        return self._told(Verdict.UNKNOWN, why=why if looked else doubt.why, span=doubt.span)

    # ---- by what the plan says

    def _kept(self, places: Iterable[Span]) -> Outcome:
        """Kept by what stands at the first of these places, or else by what is granted."""
        return self._told(Verdict.KEPT, span=next(iter(places), self.subjects[0].grant.span))

    def _rolls(self) -> Iterator[Span]:
        """Where it is said that it rolls, of what does not live without end anyway."""
        for one in self.subjects:
            yield from (clause.span for _, clause in rolling(one) if one.grant.life != Endless())

    def _gives(self) -> Iterator[Span]:
        return (clause.span for one in self.subjects for _, clause in terms.gives(one))

    def _orders(self) -> Iterator[Span]:
        said = (running_out.order(plan, service) for plan in self.versions for service in self.services)
        return (one.span for one in said if one)

    def _of_what_rolls(self, found: Callable[[Subject], terms.Found], seen: Seen | None = None) -> Outcome:
        """What is asked of what rolls; where that is not decided, by histories in which it is `seen`."""
        subjects = [one for one in self._at_all_times() if rolling(one)]
        doubts = [doubt for one in subjects if isinstance(doubt := found(one), Doubt)] if seen else []
        if seen and doubts:
            return self._by_histories(doubts[0], seen, self._days(1))
        return self._by_terms(subjects, found, self._rolls(), _NOTHING_ROLLS)

    def _by_terms(
        self,
        subjects: Sequence[Subject],
        found: Callable[[Subject], terms.Found],
        places: Iterable[Span],
        none: Phrase = NOTHING,
    ) -> Outcome:
        if not subjects:
            return self._told(Verdict.DOES_NOT_APPLY, why=none)
        faults: dict[str, Fault] = {}
        doubts: list[Doubt] = []
        for subject in subjects:
            match found(subject):
                case Fault() as fault:
                    faults.setdefault(subject.grant.service, fault)
                case Doubt() as doubt:
                    doubts.append(doubt)
                case None:
                    pass
        if faults:
            return self._told(Verdict.BROKEN, faults.values())
        return self._unknown(doubts[0]) if doubts else self._kept(places)

    # ---- by histories

    def _unless(self, doubts: Iterable[Doubt | None], seen: Seen, days: int, places: Iterable[Span] | None = None) -> Outcome:
        """Kept where nothing is in doubt."""
        doubt = next((one for one in doubts if one), None)
        return self._by_histories(doubt, seen, days) if doubt else self._kept(self._rolls() if places is None else places)

    def _by_histories(self, doubt: Doubt, seen: Seen, days: int) -> Outcome:
        """Runs histories until each service has one in which it is broken, or none is left."""
        spans = frozenset((subject.grant.span, subject.grant.service) for subject in self.subjects)
        packs = [*(one.pack.name for one in self.subjects if one.pack), *packs_spoken_of(self.plan)]
        about = Probed(self.plan, self.demand, tuple(dict.fromkeys(packs)))
        faults: dict[str, Fault] = {}
        looked = 0
        for start in self._starts():
            for history in histories(about, start, cycles_in(self.plan, days)):
                made = self._run(history)
                looked += made is not None
                for fault, service in self._seen(made, spans, seen) if made else ():
                    faults.setdefault(service, fault)
                if set(self.services) <= set(faults):
                    break
        if faults:
            return self._told(Verdict.BROKEN, [self._shortest(fault, spans, seen) for fault in faults.values()])
        return self._unknown(doubt, looked)

    def _seen(self, made: Run, spans: Spans, seen: Seen) -> Iterator[tuple[Fault, str]]:
        """Faults with the service of each."""
        for service in self.services:
            watched = Watched(made, {span for span, of in spans if of == service}, self.demand, service)
            if fault := next(seen(watched), None):
                yield fault, service

    def _in_turn(self, service: str) -> Doubt | None:
        """Why lots of a service may have another turn than that of their ends."""
        return running_out.in_turn(
            [one for one in self._at_all_times() if one.grant.service == service], self.versions, service
        )

    def _out_of_turn(self, watched: Watched) -> Iterator[Fault]:
        """Told of the line that says which lots go first."""
        for fault in watched.used_out_of_turn():
            yield replace(fault, span=next(self._orders(), fault.span))

    def _shortest(self, fault: Fault, spans: Spans, seen: Seen) -> Fault:
        """The same in a history that ends with the cycle in which it happens, or which it ends."""
        assert fault.run
        scenario = fault.run.scenario
        for at in (fault.at - 1, fault.at):
            cycles = max(1, fault.run.calendar.cycle_at(at))
            made = self._run(replace(scenario, cycles=scenario.cycles[:cycles]))
            again = [one for one, _ in self._seen(made, spans, seen)] if made else []
            if found := next((one for one in again if (one.why, one.span) == (fault.why, fault.span)), None):
                return found
        return fault

    def _run(self, history: Scenario) -> Run | None:
        """None where a history can't be run: it asks of a plan what this one does not have."""
        if history not in self.runs:
            try:
                self.runs[history] = run(self.plan, history, (self.plan,))
            except HistoryError:
                self.runs[history] = None
        return self.runs[history]

    def _starts(self) -> Iterator[datetime]:
        """For each set of rules that is in force meanwhile, the first month of it; for each promotion, its first day."""
        rules = [date.min, *(one.start for one in self.plan.later if self.demand.start < one.start < self.demand.end)]
        offers = [one for one in self.plan.promotions if one.start < self.demand.end and self.demand.start < one.end]
        joins = [datetime.combine(max(one.start, self.demand.start), time()) for one in offers]
        before = [datetime.combine(self.demand.start - _A_WHILE, time())] if self.earlier else []
        yield from dict.fromkeys([*(start_of(self.demand, one, self.start) for one in rules), *joins, *before])

    def _days(self, times: int) -> int:
        """Days in which what is granted at the start must have rolled so often, and a cycle more."""
        lengths = [length(one.grant.life, one.plan.cycle) for one in self.subjects]
        longest = max((one.longest for one in lengths if one and one.longest <= LONGEST * 24), default=31 * 24)
        return min(LONGEST, longest // 24 + (times + 2) * 31)

    def _sold(self) -> Outcome:
        faults = []
        for plan in self.versions:
            for service in self.services:
                if sold := running_out.sells(plan, service, self.demand.conditions):
                    faults.append(self._charged(service, sold))
                elif paid := running_out.pays(plan, service):
                    faults.append(self._paid(service, paid))
        lines = (line.span for plan in self.versions for line in plan.runs_out if line.service in self.services)
        return self._told(Verdict.BROKEN, faults[:1]) if faults else self._kept(lines)

    def _paid(self, service: str, paid: InUnit) -> Fault:
        amount, price = exact(service, paid.amount, self.plan.data_step), exact(paid.unit, paid.unit_amount)
        why = phrase("{amount} of {service} take {price} of the balance", amount=amount, service=called(service), price=price)
        return Fault(why, paid.span)

    def _charged(self, service: str, sold: Sell) -> Fault:
        """Where nothing else is asked, a cycle that uses more than there is shows it."""
        amount, price = exact(service, sold.block, self.plan.data_step), exact(sold.currency, sold.price)
        why = phrase("{amount} of {service} are sold for {price}", amount=amount, service=called(service), price=price)
        used = Use(service, 2 * self.plan.allowance(service) + sold.block, in_all=True)
        about = Probed(self.plan, self.demand, ())
        for start in self._starts():
            first = next(histories(about, start, 1))
            made = self._run(replace(first, cycles=(CycleSteps((*first.cycles[0].acts, used), ()),)))
            charged = [one for one in made.postings if one.reason is Reason.CHARGED and one.span == sold.span] if made else []
            if charged:
                return Fault(why, sold.span, made, charged[0].at)
        return Fault(why, sold.span)
