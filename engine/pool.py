"""What lines of one account share: a member uses the owner's lots, as the owner's plan says and as far as its limits let it.

Each line has a ledger of its own. What a member uses of the owner's lots is given by the one and received by the other, at the
same instant, so that every line is in balance and so is the account.
"""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from dsl.plan import Share, Tags
from engine.ledger import Lot, Reason, Sink
from engine.use import Usage

if TYPE_CHECKING:
    from engine.account import Account


class Pool:
    """What one member may use of the lots of `owner`. `taken` is what it took in the owner's cycle, by service."""

    def __init__(self, owner: Account) -> None:
        self.owner = owner
        self.cycle: int = owner.cycle
        self.taken: dict[str, int] = defaultdict(int)

    def comes_first(self, service: str) -> bool:
        return any(share.shared_first for share in self.owner.plan.shares if share.service in ("", service))

    def take(self, usage: Usage, service: str, tags: Tags, wanted: int) -> int:
        """A use of the member whose `usage` this is, by what it counts there; gives back what is shared does not cover, in base
        units."""
        owner = self.owner
        if self.cycle != owner.cycle:
            self.cycle = owner.cycle
            self.taken.clear()
        owner.ledger.at = usage.ledger.at
        for share in owner.plan.shares:
            if share.service not in ("", service):
                continue
            limit = dict(share.each_limit).get(service, self.taken[service] + wanted)
            most = max(0, min(wanted, limit - self.taken[service]))
            left = owner.usage.take(
                service, tags, most, Sink.ANOTHER_LINE, Reason.SHARED,
                partial(_is_shared, share),
            )  # fmt: skip
            self.taken[service] += most - left
            usage.ledger.note(service, most - left, Sink.ANOTHER_LINE, Sink.USED, Reason.SHARED, share.span)
            wanted -= most - left
        return wanted


def _is_shared(share: Share, lot: Lot) -> bool:
    if share.classes or share.packs:
        return lot.lot_class in share.classes or lot.pack in share.packs
    return True
