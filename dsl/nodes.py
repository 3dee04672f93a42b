"""What was written: one immutable node per shape of the grammar, with the columns where it stands. No meaning is judged here.

`at` is `(start, end)` in code points of the node's line; a `Line` knows its number, and `Line.span` makes a `Span` of the two.
Numbers stay decimal text and units stay words until dsl/amounts.py reads them. Nodes are named tuples because a command that
only checks a file should not wait for fifty dataclasses to be made: a named tuple takes an eighth of the time.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from dsl.plan import Cut, LotClass, Occasion, Pick, State
from dsl.scenario import Figure
from dsl.source import Span

At = tuple[int, int]


class Flag(StrEnum):
    """A mark or choice that is only words."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"
    FROM_ACTIVATION = "from activation"
    AT_ACTIVATION = "at the hour of activation"
    ON_LAST_DAY = "on the last day of the month"
    WHOLE = "whole"
    BY_DAY = "by day"
    FIRST_WHOLE = "first one whole"
    FIRST_BY_DAY = "first one by day"
    CLAMP = "short month on its last day"
    OVERFLOW = "short month overflow"
    WITH_ALLOWANCE = "with allowance"
    ON_CARRIED = "on carried"
    INFLOW = "a cycle"
    WITHOUT_END = "without end"
    TO_MIDNIGHT = "to midnight"
    FROM_FIRST_USE = "from first use"
    FROM_GRANT = "from grant"
    FROM_ROLLING = "from rolling"
    EACH_TIME = "each time"
    AFTER_FIRST = "after the first cycle"
    HELD_WHOLE = "held the whole cycle"
    PAID = "paid"
    ACTIVE = "active"
    OPTED_IN = "opted in"
    IN_A_ROW = "in a row"
    IN_ALL = "in all"
    AT_NEXT_RENEWAL = "at the next renewal"
    ON_OPT_IN = "on opt-in"
    BY_MONTH = "by month"
    ADDS = "adds"
    RESTART = "restart the clock"
    STACK = "stack the clock"
    EXPIRES = "expire"
    NOTHING_LEFT = "nothing left"
    FROZEN = "frozen"
    NOW = "new plan now"
    TO_ZERO = "to zero"
    NEXT_CYCLE = "new plan next cycle"
    ALLOWANCE_WHOLE = "allowance whole"
    ALLOWANCE_BY_DAY = "allowance by day"
    ALLOWANCE_BY_SECOND = "allowance by the second"
    ON_TIME = "renewed on time"
    RENEWED_EARLY = "renewed early"
    BY_HAND = "renewed by hand"
    SAME_PLAN = "same plan"
    SAME_OR_BIGGER = "same or bigger"
    UP = "up"
    DOWN = "down"
    BIGGER = "bigger"
    SMALLER = "smaller"
    TO_NEW_END = "to the new end"
    TO_LATER_END = "to the later end"
    SHARED_FIRST = "shared first"
    OWN_FIRST = "own first"
    FURTHER_LINE = "for each further line"
    FOR_MONTH_LEFT = "for each month left"
    FOR_MONTH_USED = "for each month used"


class Word(NamedTuple):
    text: str
    at: At


class Said(NamedTuple):
    """A flag where it was said."""

    flag: Flag
    at: At


class Quantity(NamedTuple):
    number: str
    unit: Word
    at: At


class Period(NamedTuple):
    """`unit` is cycle, month, calendar month, year, week, day or hour."""

    number: str
    unit: str
    at: At


class ClassMark(NamedTuple):
    lot_class: LotClass
    at: At


class For(NamedTuple):
    """`for 30 days`, or `for 30 days counting the first`, which ends at a midnight."""

    period: Period
    counting_first: bool
    at: At


class ToEnd(NamedTuple):
    """`to the end of the [next] cycle` or `month`."""

    next: bool
    of: str
    at: At


class Steps(NamedTuple):
    """`in steps of 1 MB`, of which a started one is whole where it is `rounded up`."""

    quantity: Quantity
    up: bool
    at: At


class InCycles(NamedTuple):
    """`in each of 6 cycles`, or of 6 `whole` ones."""

    number: str
    whole: bool
    at: At


class Renewals(NamedTuple):
    """`every 3 renewals grant ...`, or, where it `grows`, `for every 3 renewals`; `how` they count, `in a row` or `in all`, and
    the group inside which they do."""

    number: str
    grows: bool
    how: Said | None
    group: InGroup | None
    at: At


class LastDay(NamedTuple):
    """`until DATE`, or, with the date `included`, `through DATE`."""

    date: Word
    included: bool
    at: At


class Weekday(NamedTuple):
    """`until Friday`, or, with that day `included`, `through Friday`."""

    name: Word
    included: bool
    at: At


class WithPack(NamedTuple):
    """`with pack "Bono"`."""

    pack: Word
    at: At


class Cost(NamedTuple):
    """`at 2 EUR`."""

    quantity: Quantity
    at: At


class Tag(NamedTuple):
    """What a use is: `abroad`, `at night`, `in "Macau"`, `"video"`. `text` is how it is written, `name` what is in quotes."""

    text: str
    name: Word | None
    at: At


class Scope(NamedTuple):
    """`only at night or on weekends`: any of these. Without `only` it says more of what one before it says."""

    only: bool
    tags: tuple[Tag, ...]
    at: At


Mark = (
    Cost | ClassMark | Word | For | ToEnd | LastDay | Weekday | WithPack | Said | Steps | InCycles | Renewals | Period | Scope
)


class TimesPlan(NamedTuple):
    """`2x plan`; `new` is the plan that follows."""

    number: str
    new: bool
    at: At


class PercentOfPlan(NamedTuple):
    number: str
    at: At


Limit = Quantity | TimesPlan | PercentOfPlan

# ---- items of a rule line -------------------------------------------------------------------------------------------


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
    """`percent` is decimal text, "" for all of it."""

    percent: str
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
    """`at most 3 times a day`, `at most 1 GB in 10 days`, `at most 30 held`."""

    most: Limit | Times
    over: Over | Period | None
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

# ---- what a line takes in hand --------------------------------------------------------------------------------------


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


class InGroup(NamedTuple):
    """`same group "G"`; as an event `inside` or `outside group "G"`, or `to "Y"`, which is no group but a plan."""

    name: Word
    is_plan: bool
    at: At


class SizeSmaller(NamedTuple):
    """`at most 1 size smaller`."""

    number: str
    at: At


Plain = UsedAtLeast | InARow | TenureAtLeast | NoneLeft | LittleLeft | RenewedWithin | InGroup | SizeSmaller | Said | Tag


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


# ---- statements -----------------------------------------------------------------------------------------------------


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
    """`every` is "", month or cycle; `part` says `by day` or `whole`; `each_line` is for each further line."""

    quantity: Quantity
    every: str
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


class Ensure(NamedTuple):
    service: Word
    quantity: Quantity
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


class Expectation(NamedTuple):
    """`left 3 GB carried data only at home`, `ends 2026-03-01 15:00 carried`: class and scope say of which lots, None and
    nothing of all. What is expected is a quantity, or a date with or without a time, or, None, that nothing ends."""

    figure: Figure
    quantity: Quantity | tuple[Word, Word | None] | None
    lot_class: LotClass | None
    service: Word | None
    at: At
    scope: tuple[Scope, ...] = ()


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
    """`give 1 GB to "B"`."""

    quantity: Quantity
    to: Word
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


class Dated(NamedTuple):
    """`from 2026-09-01 until 2027-01-01 STATEMENT`; `at` is where the dates stand."""

    start: Word | None
    last: LastDay | None
    statement: Statement
    at: At


Header = PlanHeader | PackHeader | PromotionHeader
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
    | Rules
    | HandRules
    | RunsOut
    | OnEvent
    | Lends
    | Sold
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
