"""What is put in a lot: a class, a grant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.plan.time import Life
from dsl.plan.uses import ANY_USE, Scope
from dsl.source import Span


class LotClass(StrEnum):
    ALLOWANCE = "allowance"
    CARRIED = "carried"
    BONUS = "bonus"
    ADD_ON = "add-on"
    GIFT = "gift"
    CONVERTED = "converted"
    SOLD = "sold"  # a block sold when the rest ran out; use of it counts as overage
    BORROWED = "borrowed"  # from the next cycle; use of it counts as overage
    CREDIT = "credit"  # money that pays prices and nothing else


@dataclass(frozen=True, slots=True)
class PerRenewals:
    """A grant that comes with every `count`-th renewal, or, where it `grows`, each cycle, once for every `count` renewals so
    far. Renewals are those of the plan, or among `plans`; a lapse begins the count again where they are `in_a_row`."""

    count: int
    grows: bool
    in_a_row: bool
    plans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """Puts a lot: each cycle, or once when its pack is bought or its promotion starts (`each_cycle` false), or then and again
    in the cycles that follow, `cycles` lots in all. One that `fills` puts only what is missing to `amount`; of `whole_cycles`
    that of a cycle which runs already is one more. An `unlimited` one has no amount: while it lives, it covers each use of its
    scope."""

    service: str
    amount: int
    lot_class: LotClass
    life: Life
    from_first_use: bool  # the life starts at the first use; until then the lot has no end
    each_cycle: bool
    span: Span
    cycles: int = 1
    fills: bool = False
    whole_cycles: bool = False
    per_renewals: PerRenewals | None = None
    scope: Scope = ANY_USE
    unlimited: bool = False
