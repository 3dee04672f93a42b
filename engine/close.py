"""Which rules act, and on which lots. At a boundary: conditions are judged, rules act in order, and what is unclaimed expires;
grants follow in engine/account.py. On another occasion the rules about it act alone. What a rule does with its lots is in
engine/hand.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from dsl.plan import Carry, Condition, Lasts, LotClass, Occasion, Period, Plan, Rule
from engine.calendar import Calendar, Instant
from engine.hand import Event, Hand
from engine.ledger import Ledger, Lot, Reason, Sink

Holds = Callable[[Condition], bool]
NEXT_CYCLE = Lasts(1, Period.CYCLE)


class Closer:
    """Applies the rules of a plan to the lots of a ledger. `ending` are the packs whose end a rule is about, `saved` what the
    customer saved in the cycle, by service."""

    def __init__(self, plan: Plan, calendar: Calendar, ledger: Ledger, saved: Mapping[str, int]) -> None:
        self.plan = plan
        self.saved = saved
        self.calendar = calendar
        self.ledger = ledger
        in_packs = [rule for pack in plan.packs for rule in pack.rules]
        self.pack_rules = [rule for rule in in_packs if rule.occasion is Occasion.CLOSE]
        self.rules = [rule for rule in plan.rules if rule.occasion is Occasion.CLOSE]
        self.of_events = [rule for rule in (*in_packs, *plan.rules) if rule.occasion is not Occasion.CLOSE]
        self.ending = frozenset(rule.about or rule.pack for rule in self.of_events if rule.occasion is Occasion.ENDS)
        self._names = {rule.name for rule in (*in_packs, *plan.rules)}
        # Carried lots no rule of this plan made belong to the first rule that carries their service.
        self._heirs = {
            rule.service: rule.name
            for rule in reversed(plan.rules)
            if any(isinstance(clause, Carry) for clause in rule.clauses)
        }

    def boundary(self, at: Instant, holds: Holds, *, spare: frozenset[int] = frozenset()) -> None:
        """The rules of packs and plan, then the end of what ends here. Lots whose numbers are in `spare` are left out."""
        self._apply((*self.pack_rules, *self.rules), at, holds, spare)

    def expire(self, at: Instant) -> None:
        """The end of what ends here, without any rule."""
        self._apply((), at, lambda _: False)

    def inside(self, at: Instant, holds: Holds) -> None:
        """Lots that end inside a cycle: only the rules of their own pack take them."""
        packs = {lot.pack for lot in self.ledger.live if lot.end <= at and lot.pack}
        self._apply([rule for rule in self.pack_rules if rule.pack in packs], at, holds)

    def promotion(self, rules: Sequence[Rule], at: Instant, holds: Holds) -> None:
        """Rules of a promotion that starts; what they do not claim stays as it is."""
        self._occur(rules, Event(Occasion.STARTS, at), holds, expire_rest=False)

    def occur(self, event: Event, holds: Holds, *, spare: frozenset[int] = frozenset()) -> frozenset[int]:
        """The rules about an event; lots whose numbers are in `spare` are in no hand. Gives back the numbers of those that
        were."""
        about = [rule for rule in self.of_events if rule.occasion is event.occasion and self._is_about(rule, event)]
        return self._occur(about, event, holds, expire_rest=True, spare=spare)

    @staticmethod
    def _is_about(rule: Rule, event: Event) -> bool:
        return event.about == (rule.about or rule.pack) if event.about else True

    def _occur(
        self, rules: Sequence[Rule], event: Event, holds: Holds, *, expire_rest: bool, spare: frozenset[int] = frozenset()
    ) -> frozenset[int]:
        """The hand of a rule: all lots of its service and classes that no rule before took, whatever their end. Of the rules
        with one hand the first acts, as at a boundary."""
        pool = [lot for lot in self.ledger.live if lot.number not in spare]
        taken: list[Lot] = []
        first: dict[tuple[str, str, str], Rule] = {}
        for rule in [rule for rule in rules if all(map(holds, rule.conditions))]:
            first.setdefault((rule.name, rule.pack, rule.about), rule)
        for rule in first.values():
            hand = [lot for lot in pool if lot.service == rule.service and self._is_of(rule, lot)]
            pool = _without(pool, hand)
            taken += hand
            self._in_hand(rule, hand, event).act(rule.clauses, expire_rest=expire_rest)
        return frozenset(lot.number for lot in taken)

    def _in_hand(self, rule: Rule, lots: list[Lot], event: Event) -> Hand:
        return Hand(self.ledger, self.calendar, self.saved, rule, event, lots, self._carried_earlier(rule, lots, event.at))

    def _carried_earlier(self, rule: Rule, hand: list[Lot], at: Instant) -> list[Lot]:
        return [
            lot for lot in _without(self.ledger.live, hand) if lot.end > at and not lot.frozen and self.carried_by(rule, lot)
        ]  # fmt: skip

    def _apply(self, rules: Iterable[Rule], at: Instant, holds: Holds, spare: frozenset[int] = frozenset()) -> None:
        pool = [lot for lot in self.ledger.live if lot.number not in spare]
        event = Event(Occasion.CLOSE, at, new_end=self.calendar.end(NEXT_CYCLE, at))
        acted: set[str] = set()
        for rule in [rule for rule in rules if all(map(holds, rule.conditions))]:  # judged before any rule acts
            if rule.name not in acted:
                acted.add(rule.name)
                hand = [lot for lot in pool if self._takes(rule, lot, at)]
                pool = _without(pool, hand)
                self._in_hand(rule, hand, event).act(rule.clauses, expire_rest=True)
        for lot in [lot for lot in pool if (lot.amount or lot.unlimited) and lot.end <= at]:
            once = lot.lot_class is LotClass.CARRIED
            self.ledger.take(lot, lot.amount, Sink.EXPIRED, Reason.CARRIED_ONCE if once else Reason.ENDED, lot.span)

    def _takes(self, rule: Rule, lot: Lot, at: Instant) -> bool:
        if lot.service != rule.service:
            return False
        if self.carried_by(rule, lot):
            return lot.end <= at or (lot.each_time and not lot.frozen)
        # What another plan granted before a change is not this plan's to carry.
        return lot.end <= at and self._is_of(rule, lot) and lot.plan in ("", self.plan.name)

    def takes(self, lot: Lot) -> bool:
        """Whether a rule would have a lot in hand if a cycle ended with it."""
        return any(lot.service == rule.service and self._is_of(rule, lot) for rule in (*self.pack_rules, *self.rules))

    @staticmethod
    def _is_of(rule: Rule, lot: Lot) -> bool:
        return lot.lot_class in rule.classes and rule.pack in ("", lot.pack)

    def asked(self, service: str) -> list[Rule]:
        """The rules about what is asked for, of a service."""
        return [rule for rule in self.of_events if rule.occasion is Occasion.ASKED and rule.service == service]

    def hand(self, rule: Rule) -> list[Lot]:
        """What a rule about an event has in hand, in its turn: lots that can be used."""
        lots = [lot for lot in self.ledger.live if lot.service == rule.service and self._is_of(rule, lot) and not lot.frozen]
        return sorted(lots, key=lambda lot: lot.turn)

    def carried_by(self, rule: Rule, lot: Lot) -> bool:
        """Whether this rule carried a lot, or stands in for the rule that did."""
        made_by = lot.rule if lot.rule in self._names else self._heirs.get(lot.service, "")
        return lot.lot_class is LotClass.CARRIED and made_by == rule.name


def _without(lots: Iterable[Lot], some: Iterable[Lot]) -> list[Lot]:
    numbers = {lot.number for lot in some}
    return [lot for lot in lots if lot.number not in numbers]
