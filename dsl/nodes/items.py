"""The items of a rule line: amounts, clauses, limits, remedies."""

from __future__ import annotations

from typing import NamedTuple

from dsl.nodes.words import At, For, InGroup, Limit, Mark, Period, Quantity, Said, Steps, ToEnd, Word
from dsl.plan import Cut


class Unlimited(NamedTuple):
    """`unlimited minutes`."""

    service: Word
    at: At


class Amount(NamedTuple):
    """`grant 10 GB ...`, or, where `granted` is false, a bare amount that belongs to the item before it."""

    granted: bool
    quantity: Quantity | Unlimited
    marks: tuple[Mark, ...]
    at: At


class Fill(NamedTuple):
    """`fill data up to 25 GB`."""

    service: Word
    quantity: Quantity
    marks: tuple[Mark, ...]
    at: At


class Carry(NamedTuple):
    """`percent` is decimal text, "" for all of it; or it is what the customer `saved`."""

    percent: str
    saved: bool
    marks: tuple[Mark, ...]
    at: At


class Cap(NamedTuple):
    limit: Limit
    marks: tuple[Said, ...]
    at: At


class CutFirst(NamedTuple):
    cut: Cut
    at: At


class NextBill(NamedTuple):
    """`the next bill`: money that pays prices."""

    at: At


class Convert(NamedTuple):
    to: Word | NextBill
    marks: tuple[Mark, ...]
    at: At


class Extend(NamedTuple):
    to: Period | ToEnd | Said
    at: At


class Keep(NamedTuple):
    at: At


class Freeze(NamedTuple):
    at: At


class Give(NamedTuple):
    """`give`, or `give to family`."""

    to_family: bool
    marks: tuple[Mark, ...]
    at: At


class Expire(NamedTuple):
    at: At


class Times(NamedTuple):
    """`3 times`."""

    number: str
    at: At


class Over(NamedTuple):
    """What a limit counts over: `unit` is day, week, month, calendar month, year or cycle, or `ever`, `held`, `at a time`."""

    unit: str
    at: At


class AtMost(NamedTuple):
    """`at most 3 times a day`, `at most 1 GB in 10 days`, `at most 30 held in group "Recharges"`."""

    most: Limit | Times
    over: Over | Period | None
    received: bool  # by the other line; else what this one does
    group: InGroup | None
    at: At


class AtLeast(NamedTuple):
    quantity: Quantity
    at: At


class Keeping(NamedTuple):
    """`keeping 500 MB`."""

    quantity: Quantity
    at: At


ActionLimit = AtMost | AtLeast | Keeping | Steps


class Sell(NamedTuple):
    block: Quantity
    price: Quantity
    from_credit: bool
    life: For | None
    up_to: Quantity | Times | None
    at: At


class Borrow(NamedTuple):
    """`borrow 500 MB from the next cycle up to 3 times`: from what the next cycle grants."""

    block: Quantity
    up_to: Quantity | Times | None
    at: At


class Owe(NamedTuple):
    """`owe the rest`: the next lot pays it."""

    at: At


class Loan(NamedTuple):
    """`borrow data from the next cycle`, and what it is within."""

    service: Word
    at: At


class Slow(NamedTuple):
    quantity: Quantity
    at: At


class Block(NamedTuple):
    at: At


Item = (
    Amount
    | Fill
    | Carry
    | Cap
    | CutFirst
    | Convert
    | Extend
    | Expire
    | Keep
    | Freeze
    | Give
    | Sell
    | Borrow
    | Owe
    | Slow
    | Block
    | ActionLimit
)
