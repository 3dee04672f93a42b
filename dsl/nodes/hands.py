"""What a line takes in hand, and under which conditions."""

from __future__ import annotations

from typing import NamedTuple

from dsl.nodes.words import At, InGroup, Period, Quantity, Said, Tag, Word
from dsl.plan import LotClass


class LotPick(NamedTuple):
    """`unused data` (class and pack None), `bonus data`, `"Booster" data`."""

    lot_class: LotClass | None
    pack: Word | None
    service: Word
    at: At


class InARow(NamedTuple):
    """`3 cycles in a row`."""

    number: str
    at: At


class UsedAtLeast(NamedTuple):
    quantity: Quantity
    at: At


class TenureAtLeast(NamedTuple):
    period: Period
    at: At


class HeldAtLeast(NamedTuple):
    period: Period
    at: At


class NoneLeft(NamedTuple):
    """`no carried data is left`."""

    lot_class: LotClass
    service: Word
    at: At


class LittleLeft(NamedTuple):
    """`at most 500 MB carried data is left`; of any class where none is said."""

    quantity: Quantity
    lot_class: LotClass | None
    service: Word | None
    at: At


class RenewedWithin(NamedTuple):
    """`renewed within 7 days`, or, `before` the end, `renewed at least 24 hours before the end`."""

    period: Period
    before: bool
    at: At


class SizeSmaller(NamedTuple):
    """`at most 1 size smaller`."""

    number: str
    at: At


Plain = (
    UsedAtLeast
    | InARow
    | TenureAtLeast
    | HeldAtLeast
    | NoneLeft
    | LittleLeft
    | RenewedWithin
    | InGroup
    | SizeSmaller
    | Said
    | Tag
)


class Not(NamedTuple):
    condition: Plain
    at: At


Condition = Plain | Not


class Conditions(NamedTuple):
    """All of them must hold."""

    all: tuple[Condition, ...]
    at: At


class Hand(NamedTuple):
    picks: tuple[LotPick, ...]
    conditions: tuple[Condition, ...]
    at: At
