"""What a subscriber asks for: within the limits it is done, past them it is refused whole, with a posting that says why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

from dsl.plan import Condition, Limit, Pack
from engine.calendar import Calendar
from engine.ledger import Ledger, Reason
from engine.limits import Deed, first_broken

Holds = Callable[[Condition], bool]


class Requests:
    """Judges what is asked of a line at `ledger.at`, and keeps what was done: limits count it."""

    def __init__(self, calendar: Calendar, ledger: Ledger) -> None:
        self.calendar = calendar
        self.ledger = ledger
        self.done: dict[str, dict[int, Deed]] = defaultdict(dict)  # by what it was, and by number
        self.count = 0

    def purchase(self, pack: Pack, holds: Holds) -> int:
        """The number of a purchase; 0, and posted, where the pack is not sold now."""
        amounts: dict[str, int] = defaultdict(int)
        for grant in pack.grants:
            amounts[grant.service] += grant.amount
        for price in pack.prices if not pack.grants else ():
            amounts[price.currency] += price.amount
        return self._judge(f'pack "{pack.name}"', amounts, pack.conditions, pack.limits, holds)

    def _judge(
        self,
        action: str,
        amounts: Mapping[str, int],
        conditions: Collection[Condition],
        limits: Collection[Limit],
        holds: Holds,
        left: Mapping[str, int] | None = None,
    ) -> int:
        past = self.done[action]
        deed = Deed(self.ledger.at, amounts)
        unmet = next((condition for condition in conditions if not holds(condition)), None)
        broken = first_broken(limits, deed, self.calendar, past.values(), held=self._held(past), left=left)
        if why := unmet or broken:
            for service, amount in amounts.items():
                self.ledger.refuse(service, amount, Reason.UNMET if unmet else Reason.PAST_LIMIT, why.span)
            return 0
        self.count += 1
        past[self.count] = deed
        return self.count

    def _held(self, past: Mapping[int, Deed]) -> list[Deed]:
        """What there still is of what actions made, an entry an action."""
        found: dict[int, dict[str, int]] = {}
        for lot in self.ledger.live:
            if lot.deed in past:
                amounts = found.setdefault(lot.deed, defaultdict(int))
                amounts[lot.service] += lot.amount
        return [Deed(past[number].at, amounts) for number, amounts in found.items()]
