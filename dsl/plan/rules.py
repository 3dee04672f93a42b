"""When a rule acts: its occasion, its conditions, its hand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.plan.clauses import Clause
from dsl.plan.lots import LotClass
from dsl.plan.time import Lasts
from dsl.source import Span


@dataclass(frozen=True, slots=True)
class UsedAtLeast:
    """True where the closing cycle's use of `service`, covered or not, is at least `amount`."""

    service: str
    amount: int
    span: Span


@dataclass(frozen=True, slots=True)
class AfterFirstCycle:
    """True in every cycle but the first."""

    span: Span


@dataclass(frozen=True, slots=True)
class HeldWholeCycle:
    """True where the closing cycle is not a part of one, as a first cycle that starts late is."""

    span: Span


@dataclass(frozen=True, slots=True)
class CyclesInARow:
    """True where the cycle that ends is at least the `count`-th without a lapse."""

    count: int
    span: Span


@dataclass(frozen=True, slots=True)
class HeldAtLeast:
    """True where the cycle that ends has lasted so long."""

    life: Lasts
    span: Span


@dataclass(frozen=True, slots=True)
class TenureAtLeast:
    """True where the line has lasted so long at the boundary, from its start on."""

    life: Lasts
    span: Span


@dataclass(frozen=True, slots=True)
class LeftAtMost:
    """True where at most `amount` of that service is left just before the boundary: of one class, or with None of all."""

    service: str
    lot_class: LotClass | None
    amount: int
    span: Span


class State(StrEnum):
    """What a line is in, by what happens to it; it starts paid and active, and not opted in."""

    PAID = "paid"
    ACTIVE = "active"
    OPTED_IN = "opted in"


@dataclass(frozen=True, slots=True)
class IsIn:
    """True where the line is in that state at the boundary."""

    state: State
    span: Span


class RenewedHow(StrEnum):
    ON_TIME = "on time"  # at the end of the term or before it
    EARLY = "early"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Renewed:
    """True where the cycle that follows was renewed so."""

    how: RenewedHow
    span: Span


@dataclass(frozen=True, slots=True)
class RenewedWithin:
    """True where it was renewed at most `life` after the end of the term."""

    life: Lasts
    span: Span


@dataclass(frozen=True, slots=True)
class RenewedBefore:
    """True where it was renewed at least `life` before the end of the term."""

    life: Lasts
    span: Span


@dataclass(frozen=True, slots=True)
class SamePlan:
    """True where the plan that follows is the one that was."""

    span: Span


class Direction(StrEnum):
    """Of a change of plan. By price of a cycle, and where those are equal by size: by place in their group, or where they share
    none, by what they grant."""

    UP = "up"
    DOWN = "down"
    BIGGER = "bigger"
    SMALLER = "smaller"


@dataclass(frozen=True, slots=True)
class Changes:
    """True where the plan that follows is another and lies in that direction. `group` has plans from small to big."""

    direction: Direction
    group: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SizeAtLeast:
    """True where the plan that follows is at most `steps` places of `group` smaller; bigger ones are fine, too. With no group
    sizes are what plans grant, and `steps` is zero."""

    steps: int
    group: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class InGroup:
    """True where the plan that follows is one of these."""

    group: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class UseIs:
    """True where the tag is said of the use that no lot covers; asked only where something runs out."""

    tag: str
    span: Span


Plain = (
    UsedAtLeast
    | AfterFirstCycle
    | HeldAtLeast
    | HeldWholeCycle
    | CyclesInARow
    | TenureAtLeast
    | LeftAtMost
    | IsIn
    | Renewed
    | RenewedWithin
    | RenewedBefore
    | SamePlan
    | Changes
    | SizeAtLeast
    | InGroup
    | UseIs
)


@dataclass(frozen=True, slots=True)
class Not:
    """True where the condition does not hold."""

    condition: Plain
    span: Span


Condition = Plain | Not


class Occasion(StrEnum):
    """When a rule acts."""

    CLOSE = "the close of a cycle"
    STARTS = "it starts"
    PLAN_CHANGES = "the plan changes"
    RENEWED_EARLY = "renewed early"
    RENEWED_LATE = "renewed late"
    NOT_RENEWED = "not renewed"
    PAYMENT_FAILS = "payment fails"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    MEMBER_LEAVES = "a member leaves"
    OWNER_LEAVES = "the owner leaves"
    LINE_ENDS = "the line ends"
    BOUGHT = "bought"
    ENDS = "ends"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Rule:
    """A hand and its clauses.

    At a boundary the hand is: the lots of `service` that end there and are of `classes`, carried lots this rule made that end
    there, and carried lots this rule made `each time`. `pack` is the pack whose lots and rules these are ("" for the plan).
    `name` says which hand it is. Rules of one name share what they carried; the first whose conditions hold acts for all. It
    stays the same when a plan made `like` another keeps the rule.

    On another occasion the hand is: all lots of `service` that are of `classes`, whatever their end. `about` is the pack that
    is bought or ends, "" where that is the rule's own.
    """

    name: str
    service: str
    classes: frozenset[LotClass]
    pack: str
    conditions: tuple[Condition, ...]
    clauses: tuple[Clause, ...]
    span: Span
    occasion: Occasion = Occasion.CLOSE
    about: str = ""
