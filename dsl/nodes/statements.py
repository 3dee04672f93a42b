"""The statements of a plan and of its blocks; a statement on its line."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from dsl.nodes.demands import Demands, Excepted
from dsl.nodes.hands import Condition, Hand
from dsl.nodes.items import ActionLimit, Item
from dsl.nodes.settings import (
    ByLines,
    Contract,
    Counted,
    Cycle,
    Equation,
    ExampleHeader,
    Group,
    InUnit,
    Leaving,
    More,
    PackHeader,
    PlanHeader,
    PromotionHeader,
    RegulationHeader,
    Share,
    Timezone,
    Unit,
    Weight,
)
from dsl.nodes.steps import ActStep, DatedStep, LineStep, StartStep, UseStep
from dsl.nodes.words import At, LastDay, Period, Quantity, Said, Scope, Word
from dsl.plan import LotClass, Occasion, Pick
from dsl.source import Span


class Renewal(NamedTuple):
    """`renewal early: ...` or `renewal late: ...`, with a grace or without."""

    is_early: bool
    choice: Said | None
    grace: Period | None
    frozen: bool
    at: At


class Change(NamedTuple):
    """`change up: new plan now, allowance by day`; `direction` None is both."""

    direction: Said | None
    choices: tuple[Said, ...]
    at: At


class Price(NamedTuple):
    """`every` is "", month or cycle, and `number` of how many cycles; `part` says `by day` or `whole`; `each_line` is for each
    further line."""

    quantity: Quantity
    every: str
    number: Word | None
    each_line: bool
    part: Said | None
    at: At


class Multiply(NamedTuple):
    """`multiply the allowance by 2`."""

    number: Word
    at: At


class Window(NamedTuple):
    """`joins` says at which moment in it a line joins, None where it is not said."""

    start: Word
    last: LastDay
    joins: Said | None
    at: At


class OrderKey(NamedTuple):
    """`newest carried`, `"Booster"`; of all lots where it has neither class nor pack; `only abroad` where it has a scope."""

    lot_class: LotClass | None
    pack: Word | None
    pick: Pick
    service: Word | None
    at: At
    scope: Scope | None = None


class Order(NamedTuple):
    keys: tuple[OrderKey, ...]
    at: At


class NeverAbove(NamedTuple):
    """`data never above 30 GB`; `figure` names what of a cycle it is about, if it does, and `service` is None for charges."""

    figure: Word | None
    service: Word | None
    quantity: Quantity
    every: str
    with_promotions: bool
    at: At


class NeverExpires(NamedTuple):
    """`no data expires before 3 cycles have passed`; `number` None is never."""

    service: Word
    number: Word | None
    with_promotions: bool
    at: At


class NeverWorse(NamedTuple):
    """`"B" is never worse than "A"`."""

    plan: Word
    than: Word
    at: At


class Ensure(NamedTuple):
    claim: NeverAbove | NeverExpires | NeverWorse
    at: At


class Assume(NamedTuple):
    """`assume usage at most 60 GB a cycle`."""

    service: Word | None
    quantity: Quantity
    every: str
    at: At


class Rules(NamedTuple):
    """Items without a hand of their own. `every` is "", month, cycle, or how many renewals; these are marks of the items."""

    every: str
    items: tuple[Item, ...]
    at: At


class HandRules(NamedTuple):
    hand: Hand
    items: tuple[Item, ...]
    at: At


class Sold(NamedTuple):
    """`sold if tenure at least 3 months, at most 2 times a cycle`."""

    conditions: tuple[Condition, ...]
    limits: tuple[ActionLimit, ...]
    at: At


class RunsOut(NamedTuple):
    service: Word
    conditions: tuple[Condition, ...]
    items: tuple[Item, ...]
    at: At


class Event(NamedTuple):
    """`about` is the pack that is bought or ends."""

    occasion: Occasion
    about: Word | None
    conditions: tuple[Condition, ...]
    at: At


class OnEvent(NamedTuple):
    """`when EVENT, HAND: items`."""

    event: Event
    hand: Hand
    items: tuple[Item, ...]
    at: At


class Lends(NamedTuple):
    """`when asked: borrow data, at most 2 GB a cycle`."""

    event: Event
    service: Word
    limits: tuple[ActionLimit, ...]
    at: At


class Dated(NamedTuple):
    """`from 2026-09-01 until 2027-01-01 STATEMENT`; `at` is where the dates stand."""

    start: Word | None
    last: LastDay | None
    statement: Statement
    at: At


Header = PlanHeader | PackHeader | PromotionHeader | RegulationHeader
Counting = InUnit | Weight | More | Counted
Setting = Equation | Timezone | Group | Unit | Counting
Step = UseStep | ActStep | LineStep | DatedStep | StartStep
Statement = (
    Header
    | ExampleHeader
    | Setting
    | Cycle
    | Contract
    | Leaving
    | Share
    | ByLines
    | Price
    | Renewal
    | Change
    | Multiply
    | Window
    | Order
    | Ensure
    | Assume
    | Rules
    | HandRules
    | RunsOut
    | OnEvent
    | Lends
    | Sold
    | Demands
    | Excepted
    | Step
    | Dated
)


class Dates(NamedTuple):
    """From the midnight at which `start` begins to the one at which `end` does."""

    start: date
    end: date

    def hold(self, day: date) -> bool:
        return self.start <= day < self.end


class Line(NamedTuple):
    """A statement on its line; `sound` is false where something on the line could not be read.

    `shift` is how far right of where it was read it stands: text of a scenario file is read with a word before it. `dates`
    say when a rule of a block holds, None always: dsl/dated.py takes them off the statement.
    """

    number: int
    statement: Statement
    sound: bool
    shift: int = 0
    dates: Dates | None = None

    def span(self, at: At) -> Span:
        return Span(self.number, max(0, at[0] + self.shift), max(1, at[1] + self.shift))
