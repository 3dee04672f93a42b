"""The headers and settings of a plan: its name, cycle, units, groups and lines."""

from __future__ import annotations

from typing import NamedTuple

from dsl.nodes.hands import LotPick
from dsl.nodes.items import Amount
from dsl.nodes.words import At, Mark, Period, Quantity, Said, Tag, Word


class PlanHeader(NamedTuple):
    name: Word
    kinds: tuple[Said, ...]
    like: tuple[Word, ...]
    at: At


class PackHeader(NamedTuple):
    name: Word
    at: At


class PromotionHeader(NamedTuple):
    name: Word
    plans: tuple[Word, ...]
    at: At


class RegulationHeader(NamedTuple):
    name: Word
    at: At


class ExampleHeader(NamedTuple):
    name: Word
    at: At


class Equation(NamedTuple):
    """`units: 1 GB = 1024 MB` and `rate 1 GB = 30 minutes`."""

    is_rate: bool
    left: Quantity
    right: Quantity
    at: At


class Unit(NamedTuple):
    """`unit flex`: a service of its own, counted in whole pieces."""

    name: Word
    at: At


class InUnit(NamedTuple):
    """`1 minute "roaming" uses 2 flex`."""

    quantity: Quantity
    marks: tuple[Mark, ...]
    unit: Quantity
    at: At


class Weight(NamedTuple):
    """`"app" counts 0.5`."""

    tag: Tag
    number: Word
    at: At


class More(NamedTuple):
    """`"payphone" counts 7 minutes more`."""

    tag: Tag
    quantity: Quantity
    at: At


class Counted(NamedTuple):
    """`minutes count in steps of 60 s, then 1 s` or, `nearest`, `data counts to the nearest KB`."""

    service: Word
    first: Quantity
    then: Quantity | None
    nearest: bool
    at: At


class Timezone(NamedTuple):
    zone: Word
    at: At


class FromDay(NamedTuple):
    """`from the 15th`."""

    day: str
    at: At


class MoveTo(NamedTuple):
    """`days 29 to 31 move to the 28th`."""

    day: str
    at: At


class InBlocks(NamedTuple):
    """`in blocks of 365 days`."""

    period: Period
    at: At


class AtClock(NamedTuple):
    """`at 05:00`."""

    clock: Word
    at: At


CycleChoice = FromDay | MoveTo | InBlocks | AtClock | Said


class Cycle(NamedTuple):
    """`unit` is month, calendar month, day, week or year; the choices stand in the order written. `number` is "1" and at the
    unit where none is written."""

    number: Word
    unit: str
    choices: tuple[CycleChoice, ...]
    at: At


class Contract(NamedTuple):
    period: Period
    at: At


class Fee(NamedTuple):
    """An amount once, or for each month `left` or used."""

    quantity: Quantity
    each: Said | None
    at: At


class Leaving(NamedTuple):
    """`leaving early: charge 6 GBP for each month left`."""

    fees: tuple[Fee, ...]
    part: Said | None
    at: At


class Group(NamedTuple):
    """`group "Rollover": "A", "B"`: from small to big."""

    name: Word
    plans: tuple[Word, ...]
    at: At


class EachUpTo(NamedTuple):
    """`each up to 5 GB a month`."""

    quantity: Quantity
    every: str
    at: At


class EachAdds(NamedTuple):
    """`each adds 5 GB`."""

    amount: Amount
    at: At


class Share(NamedTuple):
    """`share carried data with up to 4 lines, each up to 5 GB a month`; `number` is "" for any."""

    picks: tuple[LotPick, ...]
    number: str
    items: tuple[EachUpTo | EachAdds | Said, ...]
    at: At


class ByLines(NamedTuple):
    """`by lines: 1 4 GB, 2 7 GB`: the number of lines as written, and what is granted then."""

    amounts: tuple[tuple[str, Amount], ...]
    at: At
