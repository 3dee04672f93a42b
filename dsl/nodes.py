"""What was written: one frozen node per shape of the grammar, with the columns where it stands. No meaning is judged here.

`at` is `(start, end)` in code points of the node's line; a `Line` knows its number, and `Line.span` makes a `Span` of the two.
Numbers stay decimal text and units stay words until dsl/lower.py reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dsl.plan import Cut, Figure, LotClass, Pick
from dsl.source import Span

At = tuple[int, int]


class Flag(StrEnum):
    """A mark or choice that is only words."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"
    FROM_ACTIVATION = "from activation"
    ON_LAST_DAY = "on the last day of the month"
    FIRST_WHOLE = "first one whole"
    FIRST_BY_DAY = "first one by day"
    OVERFLOW = "short month overflow"
    WITH_ALLOWANCE = "with allowance"
    ON_CARRIED = "on carried"
    INFLOW = "a cycle"
    WITHOUT_END = "without end"
    FROM_FIRST_USE = "from first use"
    FROM_GRANT = "from grant"
    FROM_ROLLING = "from rolling"
    EACH_TIME = "each time"


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    at: At


@dataclass(frozen=True, slots=True)
class Said:
    """A flag where it was said."""

    flag: Flag
    at: At


@dataclass(frozen=True, slots=True)
class Quantity:
    number: str
    unit: Word
    at: At


@dataclass(frozen=True, slots=True)
class Period:
    """`unit` is cycle, month, calendar month, year, week, day or hour."""

    number: str
    unit: str
    at: At


@dataclass(frozen=True, slots=True)
class ClassMark:
    lot_class: LotClass
    at: At


@dataclass(frozen=True, slots=True)
class For:
    period: Period
    at: At


@dataclass(frozen=True, slots=True)
class ToEnd:
    """`to the end of the [next] cycle` or `month`."""

    next: bool
    of: str
    at: At


@dataclass(frozen=True, slots=True)
class Steps:
    quantity: Quantity
    at: At


Mark = ClassMark | Word | For | ToEnd | Said | Steps | Period


@dataclass(frozen=True, slots=True)
class TimesPlan:
    number: str
    at: At


@dataclass(frozen=True, slots=True)
class PercentOfPlan:
    number: str
    at: At


Limit = Quantity | TimesPlan | PercentOfPlan

# ---- items of a rule line -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Amount:
    """`grant 10 GB ...`, or, where `granted` is false, a bare amount that belongs to the item before it."""

    granted: bool
    quantity: Quantity
    marks: tuple[Mark, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Carry:
    marks: tuple[Mark, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Cap:
    limit: Limit
    marks: tuple[Said, ...]
    at: At


@dataclass(frozen=True, slots=True)
class CutFirst:
    cut: Cut
    at: At


@dataclass(frozen=True, slots=True)
class Convert:
    to: Word
    marks: tuple[Mark, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Extend:
    period: Period
    at: At


@dataclass(frozen=True, slots=True)
class Expire:
    at: At


@dataclass(frozen=True, slots=True)
class Sell:
    block: Quantity
    price: Quantity
    up_to: Quantity | None
    at: At


@dataclass(frozen=True, slots=True)
class Slow:
    quantity: Quantity
    at: At


@dataclass(frozen=True, slots=True)
class Block:
    at: At


Item = Amount | Carry | Cap | CutFirst | Convert | Extend | Expire | Sell | Slow | Block

# ---- what a line takes in hand --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LotPick:
    """`unused data` (class and pack None), `bonus data`, `"Booster" data`."""

    lot_class: LotClass | None
    pack: Word | None
    service: Word
    at: At


@dataclass(frozen=True, slots=True)
class Condition:
    """`used at least 1 MB`."""

    quantity: Quantity
    at: At


@dataclass(frozen=True, slots=True)
class Hand:
    picks: tuple[LotPick, ...]
    condition: Condition | None
    at: At


# ---- statements -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanHeader:
    name: Word
    kinds: tuple[Said, ...]
    like: tuple[Word, ...]
    at: At


@dataclass(frozen=True, slots=True)
class PackHeader:
    name: Word
    at: At


@dataclass(frozen=True, slots=True)
class PromotionHeader:
    name: Word
    plans: tuple[Word, ...]
    at: At


@dataclass(frozen=True, slots=True)
class ExampleHeader:
    name: Word
    at: At


@dataclass(frozen=True, slots=True)
class Equation:
    """`units: 1 GB = 1024 MB` and `rate 1 GB = 30 minutes`."""

    is_rate: bool
    left: Quantity
    right: Quantity
    at: At


@dataclass(frozen=True, slots=True)
class Timezone:
    zone: Word
    at: At


@dataclass(frozen=True, slots=True)
class FromDay:
    """`from the 15th`."""

    day: str
    at: At


@dataclass(frozen=True, slots=True)
class MoveTo:
    """`days 29 to 31 move to the 28th`."""

    day: str
    at: At


@dataclass(frozen=True, slots=True)
class Cycle:
    """`unit` is month, calendar month, day, week or year; the choices stand in the order written. `number` is "1" and at the
    unit where none is written."""

    number: Word
    unit: str
    choices: tuple[FromDay | MoveTo | Said, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Contract:
    period: Period
    at: At


@dataclass(frozen=True, slots=True)
class LastDay:
    """`until DATE`, or, with the date `included`, `through DATE`."""

    date: Word
    included: bool
    at: At


@dataclass(frozen=True, slots=True)
class Window:
    start: Word
    last: LastDay
    at: At


@dataclass(frozen=True, slots=True)
class OrderKey:
    lot_class: LotClass | None
    pack: Word | None
    pick: Pick
    service: Word | None
    first: bool
    at: At


@dataclass(frozen=True, slots=True)
class Order:
    keys: tuple[OrderKey, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Ensure:
    service: Word
    quantity: Quantity
    at: At


@dataclass(frozen=True, slots=True)
class Rules:
    """Items without a hand of their own. `every` is "", month or cycle."""

    every: str
    items: tuple[Item, ...]
    at: At


@dataclass(frozen=True, slots=True)
class HandRules:
    hand: Hand
    items: tuple[Item, ...]
    at: At


@dataclass(frozen=True, slots=True)
class RunsOut:
    service: Word
    items: tuple[Item, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Starts:
    """`when it starts, HAND: items` of a promotion."""

    hand: Hand
    items: tuple[Item, ...]
    at: At


@dataclass(frozen=True, slots=True)
class Expectation:
    figure: Figure
    quantity: Quantity
    service: Word | None
    at: At


@dataclass(frozen=True, slots=True)
class Used:
    quantity: Quantity
    service: Word | None
    at: At


@dataclass(frozen=True, slots=True)
class UseStep:
    uses: tuple[Used, ...]
    expectations: tuple[Expectation, ...]
    at: At


@dataclass(frozen=True, slots=True)
class BuyStep:
    pack: Word
    at: At


@dataclass(frozen=True, slots=True)
class StartStep:
    date: Word
    at: At


Header = PlanHeader | PackHeader | PromotionHeader
Setting = Equation | Timezone
Step = UseStep | BuyStep | StartStep
Statement = (
    Header | ExampleHeader | Setting | Cycle | Contract | Window | Order | Ensure | Rules | HandRules | RunsOut | Starts | Step
)


@dataclass(frozen=True, slots=True)
class Line:
    """A statement on its line; `sound` is false where something on the line could not be read.

    `shift` is how far right of where it was read it stands: text of a scenario file is read with a word before it.
    """

    number: int
    statement: Statement
    sound: bool
    shift: int = 0

    def span(self, at: At) -> Span:
        return Span(self.number, max(0, at[0] + self.shift), max(1, at[1] + self.shift))
