"""The lines of an example: openings, uses, steps, what is expected."""

from __future__ import annotations

from typing import NamedTuple

from dsl.nodes.items import Amount, NextBill
from dsl.nodes.words import At, LastDay, Quantity, Scope, Tag, Word
from dsl.plan import LotClass, State
from dsl.scenario import Cause, Figure


class Why(NamedTuple):
    """`because carry`, `because line 7`: a cause, or, None, what names rules by their place: a `line`, the name of a `pack` or
    `promotion`, or, with no `kind`, words of theirs."""

    cause: Cause | None
    kind: str
    name: Word | None
    at: At


class Expectation(NamedTuple):
    """`left 3 GB carried data only at home`, `ends 2026-03-01 15:00 carried`: class and scope say of which lots, None and
    nothing of all. What is expected is a quantity, or a date with or without a time, or, None, that nothing ends."""

    figure: Figure
    quantity: Quantity | tuple[Word, Word | None] | None
    lot_class: LotClass | None
    service: Word | None
    at: At
    scope: tuple[Scope, ...] = ()
    why: Why | None = None


class Used(NamedTuple):
    quantity: Quantity
    service: Word | None
    tags: tuple[Tag, ...]
    at: At


class UseStep(NamedTuple):
    uses: tuple[Used, ...]
    expectations: tuple[Expectation, ...]
    at: At


class BuyStep(NamedTuple):
    pack: Word
    expectations: tuple[Expectation, ...]
    at: At


class SaveStep(NamedTuple):
    """`save 2 GB`."""

    quantity: Quantity
    expectations: tuple[Expectation, ...]
    at: At


class BorrowStep(NamedTuple):
    """`borrow 500 MB`."""

    quantity: Quantity
    expectations: tuple[Expectation, ...]
    at: At


class ConvertStep(NamedTuple):
    """`convert 4 GB to points`."""

    quantity: Quantity
    to: Word | NextBill
    expectations: tuple[Expectation, ...]
    at: At


class AddStep(NamedTuple):
    """`add 5 GB`: by the operator."""

    amount: Amount
    expectations: tuple[Expectation, ...]
    at: At


class RemoveStep(NamedTuple):
    """`remove 12 GB from allowance to zero`."""

    quantity: Quantity
    service: Word | None
    lot_class: LotClass | None
    pack: Word | None
    to_zero: bool
    expectations: tuple[Expectation, ...]
    at: At


class VoidStep(NamedTuple):
    """`void "Travel 7"`."""

    pack: Word
    expectations: tuple[Expectation, ...]
    at: At


class TopUpStep(NamedTuple):
    amount: Amount
    expectations: tuple[Expectation, ...]
    at: At


class StateStep(NamedTuple):
    """`opt in`, `suspend`, `payment fails`: from now on the line is, or is not, in a state."""

    state: State
    on: bool
    expectations: tuple[Expectation, ...]
    at: At


class RenewStep(NamedTuple):
    """`renew`, or `renew with` another plan."""

    plan: Word | None
    expectations: tuple[Expectation, ...]
    at: At


class NoRenewalStep(NamedTuple):
    """`do not renew`."""

    expectations: tuple[Expectation, ...]
    at: At


class ChangeStep(NamedTuple):
    """`change to "Flex 40"`."""

    plan: Word
    expectations: tuple[Expectation, ...]
    at: At


class GiveStep(NamedTuple):
    """`give 1 GB to "B"`, or to the owner of the account, the line an example is about."""

    quantity: Quantity
    to: Word | None
    expectations: tuple[Expectation, ...]
    at: At


class LeaveStep(NamedTuple):
    """`leave`."""

    expectations: tuple[Expectation, ...]
    at: At


class CancelStep(NamedTuple):
    """`cancel "Bono"`."""

    pack: Word
    expectations: tuple[Expectation, ...]
    at: At


ActStep = (
    BuyStep
    | CancelStep
    | SaveStep
    | BorrowStep
    | ConvertStep
    | AddStep
    | RemoveStep
    | VoidStep
    | TopUpStep
    | StateStep
    | RenewStep
    | NoRenewalStep
    | ChangeStep
    | LeaveStep
    | GiveStep
)


class StartsStep(NamedTuple):
    """`joins`, or `starts on` a plan: a further line, a `member` or not."""

    plan: Word | None
    member: bool
    expectations: tuple[Expectation, ...]
    at: At


class LineStep(NamedTuple):
    """`"Kid" use 3 GB -> left 2 GB`: what another line does, or, without a step, what is expected of it."""

    line: Word
    step: UseStep | ActStep | StartsStep | None
    expectations: tuple[Expectation, ...]
    at: At


class DatedStep(NamedTuple):
    """`on 2026-03-17 18:30 buy "Travel 7" -> left 5 GB`: without a step it only looks. `clock` None is midnight."""

    date: Word
    clock: Word | None
    step: UseStep | ActStep | LineStep | None
    expectations: tuple[Expectation, ...]
    at: At


class OpeningLot(NamedTuple):
    """`carried 7 GB data only at home until 2026-03-01`; what is `owed` is no lot but borrowed before."""

    quantity: Quantity
    lot_class: LotClass | None
    service: Word | None
    until: LastDay | None
    at: At
    scope: tuple[Scope, ...] = ()
    owed: bool = False


class StartStep(NamedTuple):
    date: Word | None
    opening: tuple[OpeningLot, ...]
    at: At
