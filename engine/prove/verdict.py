"""What is told of a claim."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.plan import NeverAbove
from engine.batch.course import Piece


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
    """`bounds` are what a proof used; `history` is the use of each cycle, by service, that breaks the claim; `why` tells what
    was looked at where it is open."""

    claim: NeverAbove
    verdict: Verdict
    bounds: tuple[Held, ...] = ()
    history: tuple[dict[str, int], ...] = ()
    why: str = ""
