"""What a subscriber asks for: within the limits it is done, past them it is refused whole, with a posting that says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import TypeGuard

from dsl.plan import AtMost, Clause, Condition, Convert, Give, Lasts, Limit, LotClass, Pack, Period, Plan, Rule
from dsl.scenario import NEXT_BILL, Add, Borrow, Buy, Exchange, GiveAway, TopUp
from dsl.source import NOWHERE, Span
from engine.arithmetic import exchange
from engine.calendar import Calendar, Instant
from engine.close import Closer
from engine.hand import place_converted
from engine.ledger import Ledger, Lot, Reason, Sink
from engine.limits import Deed, first_broken

Holds = Callable[[Condition], bool]
NOTHING_MADE = (0, 0)
_RECEIVED = "gifts received"


class Requests:
    """Judges what is asked of a line at `ledger.at`, and keeps what was done: limits count it."""

    def __init__(self, calendar: Calendar, ledger: Ledger) -> None:
        self.calendar = calendar
        self.ledger = ledger
        self.done: dict[str, dict[int, Deed]] = defaultdict(dict)  # by what it was, and by number
        self.count = 0
        self.exchanged: dict[tuple[Span, int, int], tuple[int, int]] = {}  # made and taken so far, by conversion and rate

    def purchase(self, pack: Pack, holds: Holds) -> int:
        """The number of a purchase; 0, and posted, where the pack is not sold now."""
        amounts = _of_pack(pack)
        if self._is_unmet(pack.conditions, amounts, holds):
            return 0
        return self._within(_purchase(pack.name), amounts, pack.limits, amounts)

    def borrow(self, act: Borrow, plan: Plan, holds: Holds) -> None:
        """Puts what is asked for, to the end of the cycle, from what the next one grants."""
        asked = {act.service: act.amount}
        loan = next((loan for loan in plan.loans if loan.service == act.service), None)
        if loan is None:
            self.ledger.refuse(asked, Reason.NO_RULE, NOWHERE)
        elif not self._is_unmet(loan.conditions, asked, holds):
            number = self._within(f"borrow {act.service}", asked, loan.limits, asked)
            if number:
                end = self.calendar.end(Lasts(1, Period.CYCLE), self.ledger.at)
                lot = self.ledger.new_lot(act.service, LotClass.BORROWED, end, loan.span)
                lot.deed = number
                self.ledger.put(Sink.LENT, act.amount, Reason.BORROWED, lot, loan.span)

    # ---- conversions

    def exchange(self, act: Exchange, closer: Closer, holds: Holds) -> None:
        """Turns what is asked into something else, by the first rule that allows it; what it leaves over stays."""
        asked = {act.service: act.amount}
        found = [(rule, clause) for rule in closer.asked(act.service) for clause in rule.clauses if makes(clause, act.to)]
        if not found:
            self.ledger.refuse(asked, Reason.NO_RULE, NOWHERE)
            return
        rule, clause = next((pair for pair in found if all(map(holds, pair[0].conditions))), found[0])
        if not self._is_unmet(rule.conditions, asked, holds):
            self._exchange(closer, rule, clause, act)

    def _exchange(self, closer: Closer, rule: Rule, clause: Convert, act: Exchange) -> None:
        lots = closer.hand(rule)
        left = sum(lot.amount for lot in lots) - act.amount
        asked = {act.service: act.amount}
        key = (clause.span, clause.from_amount, clause.to_amount)
        before = self.exchanged.get(key, NOTHING_MADE)
        made, taken = _exchanged(clause, before, act.amount)
        if left < 0:
            self.ledger.refuse(asked, Reason.TOO_LITTLE_THERE, rule.span)
        elif not made:
            self.ledger.refuse(asked, Reason.TOO_LITTLE, clause.span)
        elif self._within(
            f"{act.service} to {act.to}", {act.service: taken, clause.to_service: made}, clause.limits, asked,
            {act.service: left + act.amount - taken},
        ):  # fmt: skip
            self.exchanged[key] = before[0] + made, before[1] + taken
            end = self.calendar.end(clause.life, self.ledger.at)
            place_converted(self.ledger, clause, made, first_of(lots, taken), end)

    # ---- gifts

    def gift(
        self, act: GiveAway, closer: Closer, holds: Holds, to: Requests, *, in_family: bool
    ) -> tuple[Give, list[tuple[Lot, int]]] | None:
        """What is given of which lots, by the first rule that allows it; None, and posted, where none does. `to` keeps what
        the other line does and receives."""
        asked = {act.service: act.amount}
        found = [(rule, clause) for rule in closer.asked(act.service) for clause in rule.clauses if isinstance(clause, Give)]
        if not found:
            self.ledger.refuse(asked, Reason.NO_RULE, NOWHERE)
            return None
        rule, clause = next((pair for pair in found if all(map(holds, pair[0].conditions))), found[0])
        lots = closer.hand(rule)
        left = sum(lot.amount for lot in lots) - act.amount
        if self._is_unmet(rule.conditions, asked, holds):
            return None
        if clause.to_family and not in_family:
            self.ledger.refuse(asked, Reason.NOT_FAMILY, clause.span)
        elif left < 0:
            self.ledger.refuse(asked, Reason.TOO_LITTLE_THERE, rule.span)
        elif broken := to._past_received(asked, clause.limits, self.ledger.at):
            self.ledger.refuse(asked, Reason.PAST_LIMIT, broken.span)
        elif self._within(
            f"gift of {act.service}", asked, [one for one in clause.limits if not _of_receiver(one)], asked, {act.service: left}
        ):
            to._note(_RECEIVED, Deed(self.ledger.at, asked))
            return clause, first_of(lots, act.amount)
        return None

    def _past_received(self, amounts: Mapping[str, int], limits: Collection[Limit], at: Instant) -> Limit | None:
        """The first limit of what is received that a gift to this line would break."""
        of_receiver = [one for one in limits if _of_receiver(one)]
        return first_broken(of_receiver, Deed(at, amounts), self.calendar, self.done[_RECEIVED].values())

    # ---- judging

    def _is_unmet(self, conditions: Collection[Condition], asked: Mapping[str, int], holds: Holds) -> bool:
        """Whether a condition does not hold; then what was asked for is refused."""
        unmet = next((condition for condition in conditions if not holds(condition)), None)
        if unmet:
            self.ledger.refuse(asked, Reason.UNMET, unmet.span)
        return unmet is not None

    def _within(
        self,
        action: str,
        amounts: Mapping[str, int],
        limits: Collection[Limit],
        asked: Mapping[str, int],
        left: Mapping[str, int] | None = None,
    ) -> int:
        """The number of an action that moves `amounts`; 0 where that breaks a limit, and what was `asked` for is refused."""
        deed = Deed(self.ledger.at, amounts)
        for limit in limits:
            past = self._past(action, limit)
            if first_broken([limit], deed, self.calendar, past.values(), held=self._held(past), left=left):
                self.ledger.refuse(asked, Reason.PAST_LIMIT, limit.span)
                return 0
        return self._note(action, deed)

    def _past(self, action: str, limit: Limit) -> Mapping[int, Deed]:
        """What was done that a limit of an action counts, by number."""
        if isinstance(limit, AtMost) and limit.packs:
            return {number: deed for pack in limit.packs for number, deed in self.done[_purchase(pack)].items()}
        return self.done[action]

    def _note(self, action: str, deed: Deed) -> int:
        """The number of an action that is done."""
        self.count += 1
        self.done[action][self.count] = deed
        return self.count

    def _held(self, past: Mapping[int, Deed]) -> list[Deed]:
        """What there still is of what actions made, an entry an action."""
        found: dict[int, dict[str, int]] = {}
        for lot in self.ledger.live:
            if lot.deed in past:
                amounts = found.setdefault(lot.deed, defaultdict(int))
                amounts[lot.service] += lot.amount
        return [Deed(past[number].at, amounts) for number, amounts in found.items()]


def asked_for(act: Buy | TopUp | Add, plan: Plan) -> dict[str, int]:
    """What would come of an act, by service."""
    if isinstance(act, Buy):
        return _of_pack(next(pack for pack in plan.packs if pack.name == act.pack))
    return {act.grant.service: act.grant.amount}


def _of_pack(pack: Pack) -> dict[str, int]:
    """What a pack grants by service; where that is no amount, what it costs."""
    amounts: dict[str, int] = defaultdict(int)
    for grant in pack.grants:
        amounts[grant.service] += grant.amount
    for price in pack.prices if not any(amounts.values()) else ():
        amounts[price.currency] += price.amount
    return amounts


def makes(clause: Clause, to: str) -> TypeGuard[Convert]:
    """Whether a clause turns something into what is asked for, a service or NEXT_BILL."""
    return isinstance(clause, Convert) and (clause.to_bill if to == NEXT_BILL else clause.to_service == to)


def _exchanged(clause: Convert, before: tuple[int, int], amount: int) -> tuple[int, int]:
    """What an amount becomes, and how much of it that takes. All that was ever taken is exchanged once more with it, so that
    nothing is lost by asking in parts."""
    made, taken = exchange(
        before[1] + amount, clause.from_amount, clause.to_amount, clause.to_step, clause.from_step, clause.ceiling
    )
    return made - before[0], taken - before[1]


def _purchase(pack: str) -> str:
    return f'pack "{pack}"'


def _of_receiver(limit: Limit) -> bool:
    return isinstance(limit, AtMost) and limit.received


def first_of(lots: Collection[Lot], amount: int) -> list[tuple[Lot, int]]:
    """So much of lots, those before first."""
    found = []
    for lot in lots:
        part = min(lot.amount, amount)
        amount -= part
        if part:
            found.append((lot, part))
    return found
