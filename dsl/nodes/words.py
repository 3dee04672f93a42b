"""Words, quantities and marks: what stands in any line."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from dsl.plan import LotClass

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
    ON_ALL_CARRIED = "on all carried"
    INFLOW = "a cycle"
    WITHOUT_END = "without end"
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
    AS_LONG_AS_GRANTED = "as long as granted"
    BY_ITSELF = "by itself"
    FREE = "free"
    NEVER_EXPIRE = "never expire"
    GIVE = "give"
    NOT_SELL = "not sell"
    SOONEST_FIRST = "use soonest to end first"
    UNLIMITED = "unlimited"
    BONUS = "bonus"
    FREE_PACKS = "free packs"


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


class InGroup(NamedTuple):
    """`same group "G"`; as an event `inside` or `outside group "G"`, or `to "Y"`, which is no group but a plan."""

    name: Word
    is_plan: bool
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


class ToMidnight(NamedTuple):
    """`to midnight`, or that of another place: `to midnight of Asia/Tokyo`."""

    zone: Word | None
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
    Cost
    | ClassMark
    | Word
    | For
    | ToEnd
    | ToMidnight
    | LastDay
    | Weekday
    | WithPack
    | Said
    | Steps
    | InCycles
    | Renewals
    | Period
    | Scope
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
