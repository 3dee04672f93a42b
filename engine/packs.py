"""Which packs end when: what lives with them ends with them, and the rules about their end act.

A pack ends with the last of its own lots. One that is used up ends when it would have; one that expires, is voided or is
carried on ends then; and where more comes with the next cycle it goes on.
"""

from __future__ import annotations

from engine.calendar import NEVER, Instant
from engine.ledger import Ledger


class Packs:
    """Looks out for the ends of the packs of a ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.in_force: set[str] = set()  # of those that a rule is about, when last looked at

    def next_end(self, watched: frozenset[str]) -> Instant:
        """The next end of a pack that a rule is about (`watched`), or with which a lot lives."""
        named = watched.union(*(lot.packs for lot in self.ledger.live if lot.packs))
        if not named:
            return NEVER  # as for most: this is asked before each event
        return min((end for pack in named if (end := self.ledger.pack_end(pack)) > self.ledger.at), default=NEVER)

    def over(self, watched: frozenset[str]) -> list[str]:
        """Ends what lives with packs that are not in force now. Gives back those that a rule is about and that were in force
        when last looked at."""
        for lot in self.ledger.live:
            if lot.packs and not self.ledger.in_force(lot.packs):
                lot.end_at(self.ledger.at, min(lot.end, self.ledger.at))
        now = {pack for pack in watched if self.ledger.in_force((pack,))}
        over, self.in_force = sorted(self.in_force - now), now
        return over
