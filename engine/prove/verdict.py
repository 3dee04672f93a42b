"""What is told of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dsl.plan import Claim
from engine.batch.course import Piece

History = tuple[dict[str, int], ...]  # what each cycle uses, by service


class Verdict(StrEnum):
    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Held:
    """A bound that was used: these pieces of a service hold at most `amount` at a boundary."""

    service: str
    pieces: tuple[Piece, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """`bounds` are what a proof used; `history` is the use of each cycle, by service, that breaks the claim, of a line that
    begins at `start`, if that is said; `why` tells what was looked at where it is open. No history of up to `looked` cycles
    breaks it, whatever is used."""

    claim: Claim
    verdict: Verdict
    bounds: tuple[Held, ...] = ()
    history: History = ()
    why: str = ""
    start: datetime | None = None
    looked: int = 0

    @property
    def is_shortest(self) -> bool:
        """Whether no history of fewer cycles breaks the claim."""
        return self.looked >= len(self.history) - 1
