"""What a rule does with the lots in hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.plan.limits import Limit
from dsl.plan.time import Life
from dsl.plan.uses import ANY_USE, Scope
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Carry:
    """Moves what is in hand to a carried lot: `part` of each lot (a numerator and a denominator), rounded down. Lots already
    carried once are left in hand unless `each_time`. What is carried keeps its scope, and `scope` narrows it.

    Only whole steps of `step` of each lot are carried, or, `rounded_up`, what its last step lacks is granted to it. `saved`:
    of all that is in hand no more than the customer saved in the cycle."""

    life: Life
    each_time: bool
    from_grant: bool  # the life counts from the grant, not from rolling
    span: Span
    part: tuple[int, int] = (1, 1)
    scope: Scope = ANY_USE
    step: int = 1
    rounded_up: bool = False
    saved: bool = False


class CapCounts(StrEnum):
    CARRIED = "carried"  # all that this rule has carried and is alive after the boundary
    ALL = "all carried"  # and what other rules have carried of the service, which it does not cut
    INFLOW = "a cycle"  # only what this rule carries at this boundary


class Cut(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    EARLIEST_END = "earliest to end"


@dataclass(frozen=True, slots=True)
class Cap:
    """Takes what this rule has carried or kept above `amount` back in hand; a gate at its boundary, not a standing limit.

    `of_new_plan`: not `amount`, but this fraction of what the plan that follows grants in a whole cycle."""

    amount: int
    counts: CapCounts
    cut: Cut
    span: Span
    of_new_plan: tuple[int, int] = (0, 1)


NO_CEILING = -1


@dataclass(frozen=True, slots=True)
class Convert:
    """Exchanges what is in hand: `from_amount` base units of its service become `to_amount` of `to_service`.

    The result comes in whole steps of `to_step`, at most `ceiling` a boundary; only whole steps of `from_step` are taken.
    What is not taken stays in hand. The made lot lives `life` from the boundary, or from when it was asked for; it pays prices
    and nothing else where it is made `to_bill`. Each time something is made it costs the `fee`. `limits` are of what is asked.
    """

    to_service: str
    from_amount: int
    to_amount: int
    to_step: int
    from_step: int
    ceiling: int
    life: Life
    span: Span
    fee: int = 0  # minor units of `currency`
    currency: str = ""
    limits: tuple[Limit, ...] = ()
    to_bill: bool = False
    scope: Scope = ANY_USE  # of what is made


@dataclass(frozen=True, slots=True)
class Extend:
    """Moves the end of the lots in hand: on by `life` where that lasts a time, else to it."""

    life: Life
    span: Span


@dataclass(frozen=True, slots=True)
class Keep:
    """Leaves the lots in hand to their own ends."""

    span: Span


@dataclass(frozen=True, slots=True)
class Freeze:
    """Makes the lots in hand unusable until the line is resumed or renewed; their time runs, and no cap counts them."""

    span: Span


@dataclass(frozen=True, slots=True)
class Expire:
    """Ends what is in hand now; said where a reader should not have to know that the unclaimed expires."""

    span: Span


@dataclass(frozen=True, slots=True)
class Give:
    """Gives what is asked for to another line, or `to_family` only to one that shares: a gift that lives `life`, counted for
    the receiver, or, None, to the end of the lot it is of. Within all `limits`, else it is refused."""

    life: Life | None
    to_family: bool
    limits: tuple[Limit, ...]
    span: Span


Clause = Give | Carry | Cap | Convert | Extend | Expire | Keep | Freeze
