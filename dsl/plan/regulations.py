"""What a regulation asks of plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dsl.plan.lots import LotClass
from dsl.plan.rules import Condition, Occasion
from dsl.plan.time import Lasts
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Rolls:
    """What is left lives on past at least `times` ends of cycles, all of it, or as much as makes `most` base units that are
    carried (NO_CEILING: all). Lots that end inside a cycle live on past their own end first."""

    times: int
    most: int


class Asks(StrEnum):
    """What else may be asked. The values are what is written behind `must`."""

    AS_LONG = "as long as granted"  # what rolls, or is given, lives on at least as long as it was granted for
    BY_ITSELF = "by itself"  # it rolls whatever the subscriber does
    FREE = "free"  # and costs nothing
    NEW_END = "to the new end"  # what rolls lives to the end of the cycle that follows, or longer
    NEVER_EXPIRE = "never expire"
    GIVE = "give"  # to any other line
    NOT_SELL = "not sell"  # to use that nothing covers
    SOONEST_FIRST = "use soonest to end first"


@dataclass(frozen=True, slots=True)
class NotSaid:
    """What is asked in words: nothing that a plan says can decide it."""

    text: str


@dataclass(frozen=True, slots=True)
class About:
    """Lots of a service: those of `lot_class`, or, None, all that the plan and its packs grant."""

    service: str
    lot_class: LotClass | None


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a regulation asks of plans, from the day `start` on and before `end`.

    It is about the lots of `about` or, without any, about all that is granted. `occasion` is CLOSE for the end of a cycle that
    is renewed in time, NOT_RENEWED for that of others, ASKED for what a subscriber may ask for; at a close it asks only where
    all `conditions` hold.
    """

    asked: Rolls | Asks | NotSaid
    about: tuple[About, ...]
    occasion: Occasion
    conditions: tuple[Condition, ...]
    start: date
    end: date
    span: Span


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What a regulation is not about: what is granted for at most `life` (None: nothing is too short), without limit, as a
    bonus, or in a pack that has no price."""

    life: Lasts | None = None
    unlimited: bool = False
    bonus: bool = False
    free_packs: bool = False


@dataclass(frozen=True, slots=True)
class Regulation:
    name: str
    demands: tuple[Demand, ...]
    exceptions: Exceptions
    span: Span
