"""Which lot is used first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.plan.lots import LotClass
from dsl.plan.uses import Tags
from dsl.source import Span


class Pick(StrEnum):
    """Within one place of the order. Ties: soonest to end, then oldest by birth, then as made."""

    SOONEST = "soonest to end"
    OLDEST = "oldest"
    NEWEST = "newest"
    NARROWEST = "narrowest scope"  # that asks for more; of two that ask for as much, the one with fewer alternatives


@dataclass(frozen=True, slots=True)
class OrderKey:
    """Lots of `lot_class` come at this place, or those of the pack named `pack` where that is not empty.

    One with neither sorts all lots that have no place before it, as `pick` says, or, with `only`, those whose scope asks for
    one of these tags first; lots that are equal by it are sorted by the keys that follow.
    """

    lot_class: LotClass | None
    pack: str
    pick: Pick
    only: Tags = frozenset()


@dataclass(frozen=True, slots=True)
class Order:
    """`service` "" is every service. Lots that no key names come last, soonest to end first."""

    service: str
    keys: tuple[OrderKey, ...]
    span: Span
