"""The checked plan: what a text means. The waist between the language and everything that reads it.

Nothing here is optional or left to be worked out: amounts are whole base units (`dsl.units`), sugar is lowered, rules stand in
the order in which they apply, and each piece keeps the span of the text that made it. LANGUAGE concepts: a lot is put by a
`Grant`; a `Rule` takes lots in hand at a close and its clauses act in the order written; what no clause claims expires.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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


class Kind(StrEnum):
    PREPAID = "prepaid"
    POSTPAID = "postpaid"


# ---- what a use is ------------------------------------------------------------------------------------------------------

# What is said of a use, as it is written: `abroad`, `at night`, `in "Macau"`, `"video"`.
Tags = frozenset[str]
# Which uses a lot serves: those of which each of these sets has a tag said. Without a set: any use.
Scope = frozenset[Tags]
ANY_USE: Scope = frozenset()

AT_HOME, ABROAD, BY_DAY, AT_NIGHT = "at home", "abroad", "by day", "at night"
ON_WEEKDAYS, ON_WEEKENDS = "on weekdays", "on weekends"
GENERAL: Tags = frozenset({AT_HOME, BY_DAY, ON_WEEKDAYS})  # said of a use of which nothing is said


# ---- time -----------------------------------------------------------------------------------------------------------


class Period(StrEnum):
    CYCLE = "cycle"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Lasts:
    """A life of `count` periods. `CYCLE`: to the count-th boundary after the start; others: the same local time, later."""

    count: int
    period: Period


@dataclass(frozen=True, slots=True)
class ToMonthEnd:
    """To the end of the calendar month `after` months after the one the life starts in (0: that month)."""

    after: int


@dataclass(frozen=True, slots=True)
class ToDayEnd:
    """To the midnight that ends the `days`-th day, of which the one the life starts on is the first."""

    days: int


@dataclass(frozen=True, slots=True)
class UntilDay:
    """To the midnight at which `day` begins."""

    day: date


@dataclass(frozen=True, slots=True)
class UntilWeekday:
    """To the first midnight after the start at which that day of the week begins; Monday is 0."""

    weekday: int


@dataclass(frozen=True, slots=True)
class WithPack:
    """As long as that pack is in force: until the last of its own lots ends, used up or not, and none comes again."""

    pack: str


@dataclass(frozen=True, slots=True)
class Endless:
    """Without end."""


@dataclass(frozen=True, slots=True)
class NewEnd:
    """To the end that an event brings: of the cycle that runs then, of what was bought, of what the receiver has. `or_own`: or
    to the lot's own end, if that is later."""

    or_own: bool


@dataclass(frozen=True, slots=True)
class Earliest:
    """To the earliest of several ends."""

    lives: tuple[Life, ...]


Life = Lasts | ToMonthEnd | ToDayEnd | UntilDay | UntilWeekday | WithPack | Endless | NewEnd | Earliest


def packs_of(life: Life) -> frozenset[str]:
    """The packs with which a life ends at the latest."""
    match life:
        case WithPack(pack=pack):
            return frozenset({pack})
        case Earliest(lives=lives):
            return frozenset[str]().union(*map(packs_of, lives))
        case _:
            return frozenset()


class ShortMonth(StrEnum):
    """Where a boundary falls in a month that lacks the anchor day."""

    CLAMP = "clamp"  # its last day
    TO_28 = "to 28"  # anchors 29 to 31 are the 28th in every month
    OVERFLOW = "overflow"  # the first of the next month


ACTIVATION_DAY = 0
MIDNIGHT = 0
ACTIVATION_MINUTE = -1


@dataclass(frozen=True, slots=True)
class MonthCycle:
    """Every `months` months on day `anchor_day` (1 to 31, or ACTIVATION_DAY). A calendar month has anchor day 1.

    Boundaries of any cycle fall at `minute` of their local day, or, with ACTIVATION_MINUTE, at the time of the activation. With
    `from_first_use` the first use is the activation; the first cycle runs on to its end from the start of the line.
    """

    months: int
    anchor_day: int
    short_month: ShortMonth
    first_by_day: bool  # a first, partial cycle gets its part of the grant, by days, rounded down
    minute: int = MIDNIGHT
    from_first_use: bool = False


@dataclass(frozen=True, slots=True)
class DayCycle:
    """Every `days` days from activation. Where `block` is not 0, cycles are counted anew every `block` days: what is left of
    these after the last whole cycle is a short one."""

    days: int
    block: int = 0
    minute: int = MIDNIGHT
    from_first_use: bool = False


Cycle = MonthCycle | DayCycle

# ---- lots and what becomes of them ----------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Carry:
    """Moves what is in hand to a carried lot: `part` of each lot (a numerator and a denominator), rounded down. Lots already
    carried once are left in hand unless `each_time`. What is carried keeps its scope, and `scope` narrows it.

    Only whole steps of `step` of each lot are carried, or, `rounded_up`, what its last step lacks is granted to it."""

    life: Life
    each_time: bool
    from_grant: bool  # the life counts from the grant, not from rolling
    span: Span
    part: tuple[int, int] = (1, 1)
    scope: Scope = ANY_USE
    step: int = 1
    rounded_up: bool = False


class CapCounts(StrEnum):
    CARRIED = "carried"  # all that this rule has carried and is alive after the boundary
    INFLOW = "a cycle"  # only what this rule carries at this boundary


class Cut(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    EARLIEST_END = "earliest to end"


@dataclass(frozen=True, slots=True)
class Cap:
    """Takes what this rule has carried or kept above `amount` back in hand; a gate at its boundary, not a standing limit.

    `of_new_plan`: not `amount`, but this fraction of what the plan that follows grants in a whole cycle."""

    amount: int
    counts: CapCounts
    cut: Cut
    span: Span
    of_new_plan: tuple[int, int] = (0, 1)


NO_CEILING = -1


@dataclass(frozen=True, slots=True)
class Convert:
    """Exchanges what is in hand: `from_amount` base units of its service become `to_amount` of `to_service`.

    The result comes in whole steps of `to_step`, at most `ceiling` a boundary; only whole steps of `from_step` are taken.
    What is not taken stays in hand. The made lot lives `life` from the boundary, or from when it was asked for; it pays prices
    and nothing else where it is made `to_bill`. Each time something is made it costs the `fee`. `limits` are of what is asked.
    """

    to_service: str
    from_amount: int
    to_amount: int
    to_step: int
    from_step: int
    ceiling: int
    life: Life
    span: Span
    fee: int = 0  # minor units of `currency`
    currency: str = ""
    limits: tuple[Limit, ...] = ()
    to_bill: bool = False
    scope: Scope = ANY_USE  # of what is made


@dataclass(frozen=True, slots=True)
class Extend:
    """Moves the end of the lots in hand: on by `life` where that lasts a time, else to it."""

    life: Life
    span: Span


@dataclass(frozen=True, slots=True)
class Keep:
    """Leaves the lots in hand to their own ends."""

    span: Span


@dataclass(frozen=True, slots=True)
class Freeze:
    """Makes the lots in hand unusable until the line is resumed or renewed; their time runs, and no cap counts them."""

    span: Span


@dataclass(frozen=True, slots=True)
class Expire:
    """Ends what is in hand now; said where a reader should not have to know that the unclaimed expires."""

    span: Span


@dataclass(frozen=True, slots=True)
class Give:
    """Gives what is asked for to another line, or `to_family` only to one that shares: a gift that lives `life`, counted for
    the receiver, or, None, to the end of the lot it is of. Within all `limits`, else it is refused."""

    life: Life | None
    to_family: bool
    limits: tuple[Limit, ...]
    span: Span


Clause = Give | Carry | Cap | Convert | Extend | Expire | Keep | Freeze


@dataclass(frozen=True, slots=True)
class UsedAtLeast:
    """True where the closing cycle's use of `service`, covered or not, is at least `amount`."""

    service: str
    amount: int
    span: Span


@dataclass(frozen=True, slots=True)
class AfterFirstCycle:
    """True in every cycle but the first."""

    span: Span


@dataclass(frozen=True, slots=True)
class HeldWholeCycle:
    """True where the closing cycle is not a part of one, as a first cycle that starts late is."""

    span: Span


@dataclass(frozen=True, slots=True)
class CyclesInARow:
    """True where the cycle that ends is at least the `count`-th without a lapse."""

    count: int
    span: Span


@dataclass(frozen=True, slots=True)
class TenureAtLeast:
    """True where the line has lasted so long at the boundary, from its start on."""

    life: Lasts
    span: Span


@dataclass(frozen=True, slots=True)
class LeftAtMost:
    """True where at most `amount` of that service is left just before the boundary: of one class, or with None of all."""

    service: str
    lot_class: LotClass | None
    amount: int
    span: Span


class State(StrEnum):
    """What a line is in, by what happens to it; it starts paid and active, and not opted in."""

    PAID = "paid"
    ACTIVE = "active"
    OPTED_IN = "opted in"


@dataclass(frozen=True, slots=True)
class IsIn:
    """True where the line is in that state at the boundary."""

    state: State
    span: Span


class RenewedHow(StrEnum):
    ON_TIME = "on time"  # at the end of the term or before it
    EARLY = "early"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Renewed:
    """True where the cycle that follows was renewed so."""

    how: RenewedHow
    span: Span


@dataclass(frozen=True, slots=True)
class RenewedWithin:
    """True where it was renewed at most `life` after the end of the term."""

    life: Lasts
    span: Span


@dataclass(frozen=True, slots=True)
class RenewedBefore:
    """True where it was renewed at least `life` before the end of the term."""

    life: Lasts
    span: Span


@dataclass(frozen=True, slots=True)
class SamePlan:
    """True where the plan that follows is the one that was."""

    span: Span


class Direction(StrEnum):
    """Of a change of plan. By price of a cycle, and where those are equal by size: by place in their group, or where they share
    none, by what they grant."""

    UP = "up"
    DOWN = "down"
    BIGGER = "bigger"
    SMALLER = "smaller"


@dataclass(frozen=True, slots=True)
class Changes:
    """True where the plan that follows is another and lies in that direction. `group` has plans from small to big."""

    direction: Direction
    group: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class SizeAtLeast:
    """True where the plan that follows is at most `steps` places of `group` smaller; bigger ones are fine, too. With no group
    sizes are what plans grant, and `steps` is zero."""

    steps: int
    group: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class InGroup:
    """True where the plan that follows is one of these."""

    group: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class UseIs:
    """True where the tag is said of the use that no lot covers; asked only where something runs out."""

    tag: str
    span: Span


Plain = (
    UsedAtLeast
    | AfterFirstCycle
    | HeldWholeCycle
    | CyclesInARow
    | TenureAtLeast
    | LeftAtMost
    | IsIn
    | Renewed
    | RenewedWithin
    | RenewedBefore
    | SamePlan
    | Changes
    | SizeAtLeast
    | InGroup
    | UseIs
)


@dataclass(frozen=True, slots=True)
class Not:
    """True where the condition does not hold."""

    condition: Plain
    span: Span


Condition = Plain | Not


class Occasion(StrEnum):
    """When a rule acts."""

    CLOSE = "the close of a cycle"
    STARTS = "it starts"
    PLAN_CHANGES = "the plan changes"
    RENEWED_EARLY = "renewed early"
    RENEWED_LATE = "renewed late"
    NOT_RENEWED = "not renewed"
    PAYMENT_FAILS = "payment fails"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    MEMBER_LEAVES = "a member leaves"
    OWNER_LEAVES = "the owner leaves"
    LINE_ENDS = "the line ends"
    BOUGHT = "bought"
    ENDS = "ends"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Rule:
    """A hand and its clauses.

    At a boundary the hand is: the lots of `service` that end there and are of `classes`, carried lots this rule made that end
    there, and carried lots this rule made `each time`. `pack` is the pack whose lots and rules these are ("" for the plan).
    `name` says which hand it is. Rules of one name share what they carried; the first whose conditions hold acts for all. It
    stays the same when a plan made `like` another keeps the rule.

    On another occasion the hand is: all lots of `service` that are of `classes`, whatever their end. `about` is the pack that
    is bought or ends, "" where that is the rule's own.
    """

    name: str
    service: str
    classes: frozenset[LotClass]
    pack: str
    conditions: tuple[Condition, ...]
    clauses: tuple[Clause, ...]
    span: Span
    occasion: Occasion = Occasion.CLOSE
    about: str = ""


# ---- limits of an action --------------------------------------------------------------------------------------------


class Over(StrEnum):
    """What a limit counts over. Days, weeks (from Monday), months and years are those of the calendar."""

    ACTION = "at a time"
    DAY = "a day"
    WEEK = "a week"
    MONTH = "a calendar month"
    YEAR = "a year"
    CYCLE = "a cycle"
    EVER = "ever"
    HELD = "held"  # of what was made so far, what is still there


@dataclass(frozen=True, slots=True)
class AtMost:
    """No more than `amount` base units of `service` over that time, this action and those before it together; or, where
    `service` is "", no more than so many actions. A life counts back from the action: earlier ones count for so long."""

    amount: int
    service: str
    over: Over | Lasts
    span: Span


@dataclass(frozen=True, slots=True)
class AtLeast:
    """No less than `amount` base units of `service` at a time."""

    amount: int
    service: str
    span: Span


@dataclass(frozen=True, slots=True)
class Keeping:
    """`amount` base units of `service` must remain where the action takes from."""

    amount: int
    service: str
    span: Span


@dataclass(frozen=True, slots=True)
class InSteps:
    """A whole number of times `amount` base units of `service`."""

    amount: int
    service: str
    span: Span


Limit = AtMost | AtLeast | Keeping | InSteps

# ---- renewal, change of plan ----------------------------------------------------------------------------------------


class Early(StrEnum):
    """What a renewal before the end of a cycle does."""

    ADDS = "adds"  # grants the allowance once more for the cycle that runs
    RESTART = "restart the clock"  # the cycle ends, and what would end with it; the next one begins
    STACK = "stack the clock"  # the cycle, and what ends with it, goes on as long as the next would have
    EXPIRE = "expire"  # as restart, but no rule acts


@dataclass(frozen=True, slots=True)
class Renewal:
    """What renewing early does, and for how long after its end a term may still be renewed: with `grace` the close waits for
    the renewal, and what would have ended can be used on, or not where it is `frozen`. None: nothing is left."""

    early: Early = Early.ADDS
    grace: Lasts | None = None
    frozen: bool = False


class Part(StrEnum):
    """How much of the allowance a plan gives in what is left of a cycle."""

    WHOLE = "whole"
    BY_DAY = "by day"  # rounded down
    BY_SECOND = "by the second"  # rounded half up


@dataclass(frozen=True, slots=True)
class Change:
    """How a change from this plan goes, in one direction (`up` None: in any). `now`: at once, in the cycle that runs, or, where
    it `restarts`, in one that begins then; else with the next cycle."""

    up: bool | None
    now: bool
    allowance: Part
    restarts: bool


NEXT_CYCLE_CHANGE = Change(None, False, Part.WHOLE, False)


# ---- what of a use counts -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CountedInSteps:
    """A record of `service` counts at least `first`, and beyond that in whole steps of `step`, rounded up or to the
    `nearest` (a half up)."""

    service: str
    first: int
    step: int
    nearest: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Weight:
    """Use of which `tag` is said counts `factor` times (a numerator and a denominator), rounded up once."""

    tag: str
    factor: tuple[int, int]
    span: Span


@dataclass(frozen=True, slots=True)
class More:
    """A record of `service` of which `tag` is said counts `amount` more."""

    tag: str
    service: str
    amount: int
    span: Span


@dataclass(frozen=True, slots=True)
class InUnit:
    """Use of `service` in that `scope` is served by lots of `unit`, too, after its own: `amount` base units of it take
    `unit_amount`, rounded up once. Of several for a unit the one that asks for most holds."""

    service: str
    amount: int
    unit: str
    unit_amount: int
    scope: Scope
    span: Span


@dataclass(frozen=True, slots=True)
class Counting:
    """What of a use counts: a record in its steps, times its weights, and what it counts more; then in which units."""

    steps: tuple[CountedInSteps, ...] = ()
    weights: tuple[Weight, ...] = ()
    more: tuple[More, ...] = ()
    units: tuple[InUnit, ...] = ()


# ---- when it runs out -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sell:
    """Sells started blocks of `block` at `price` minor units of `currency`, at most `most` blocks a cycle (NO_CEILING: any).
    They live `life` from the sale."""

    block: int
    price: int
    currency: str
    most: int
    span: Span
    life: Life = Lasts(1, Period.CYCLE)


@dataclass(frozen=True, slots=True)
class Advance:
    """Gives started blocks of `block` to the end of the cycle, at most `most` a cycle (NO_CEILING: any). What the plan grants
    in the cycles that follow pays them back first."""

    block: int
    most: int
    span: Span


@dataclass(frozen=True, slots=True)
class Owe:
    """Serves all the rest; the next lot that comes pays it first."""

    span: Span


@dataclass(frozen=True, slots=True)
class Slow:
    """Serves all the rest, at lower speed."""

    bits_per_second: int
    span: Span


@dataclass(frozen=True, slots=True)
class Block:
    """Serves nothing."""

    span: Span


Remedy = Sell | Advance | Owe | Slow | Block


@dataclass(frozen=True, slots=True)
class RunsOut:
    """What is done, in this order, with use of `service` that no lot covers. What nothing serves is blocked.

    Of several for a service the first acts whose conditions hold at that moment. What is sold where a use `is` something is
    only for such use.
    """

    service: str
    remedies: tuple[Remedy, ...]
    span: Span
    conditions: tuple[Condition, ...] = ()


# ---- several lines --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """What members use where they have nothing of their own, or, with `shared_first`, before it: lots of the owner of `service`
    ("" for any) and, where that is not empty, of `classes`. At most `most_lines` members, or any number where that is
    NO_CEILING."""

    service: str
    classes: frozenset[LotClass]
    most_lines: int
    each_limit: tuple[tuple[str, int], ...]  # what a member may take in a cycle of the owner's, by service
    each_adds: tuple[Grant, ...]  # to what is shared, in each cycle
    shared_first: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ByLines:
    """What is granted each cycle where there are so many lines, the owner's with them, or more up to the next such rule."""

    lines: int
    grant: Grant


@dataclass(frozen=True, slots=True)
class Loan:
    """What may be borrowed of `service` when it is asked for: as an `Advance`, of the amount that is asked."""

    service: str
    conditions: tuple[Condition, ...]
    limits: tuple[Limit, ...]
    span: Span


# ---- prices ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` minor units of `currency`: each cycle, or once at the start or purchase. `by_day`: of a first, partial cycle
    its part, rounded down."""

    amount: int
    currency: str
    each_cycle: bool
    by_day: bool
    span: Span
    each_line: bool = False  # for each line that shares, beside the owner's


class FeeFor(StrEnum):
    """What a fee for leaving early is counted by."""

    ALL = "the contract"  # what is left of it, of the whole
    MONTH_LEFT = "each month left"
    MONTH_USED = "each month used"  # what is left of the contract, of the sum


@dataclass(frozen=True, slots=True)
class LeavingFee:
    """`amount` minor units of `currency`, by `per`. What is left of the contract is counted in days where it is `by_day`, else
    in months; one that has begun is left."""

    amount: int
    currency: str
    per: FeeFor
    by_day: bool
    span: Span


# ---- order of use ---------------------------------------------------------------------------------------------------


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


# ---- packs, promotions, claims --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pack:
    """Bought by the subscriber. Grants and prices `each_cycle` come again at every boundary of the plan's cycle. It is sold
    where all `conditions` hold and within all `limits`, else refused."""

    name: str
    grants: tuple[Grant, ...]
    rules: tuple[Rule, ...]
    prices: tuple[Price, ...]
    span: Span
    conditions: tuple[Condition, ...] = ()
    limits: tuple[Limit, ...] = ()


class Joins(StrEnum):
    """When a promotion applies to a line, in its window."""

    START = "at its start"  # or at that of the line
    RENEWAL = "at the next renewal"
    OPT_IN = "on opt-in"


@dataclass(frozen=True, slots=True)
class Promotion:
    """Applies once to a line of its plans, from `start` on and before `end` (local midnights), when it `joins`. Grants
    `each_cycle`, and what is multiplied, come with each cycle that begins in that time, of lines to which it applies."""

    name: str
    plans: tuple[str, ...]
    start: date
    end: date
    grants: tuple[Grant, ...]
    rules: tuple[Rule, ...]
    times: tuple[int, int]  # what the plan grants in a cycle is multiplied by this fraction
    span: Span
    joins: Joins = Joins.START


@dataclass(frozen=True, slots=True)
class NeverAbove:
    """`ensure`: the usable balance of `service`, promotions left out, is never above `amount`. It limits nothing."""

    service: str
    amount: int
    span: Span


@dataclass(frozen=True, slots=True)
class Assumption:
    """A choice the text leaves open: `topic` for sorting, `rule` as it would be written, `text` for people."""

    topic: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a text says of one plan, with what its file adds to it; `assumptions` are the choices it leaves open.

    Where rules have dates, these are the rules before the first of them, and `later` what holds from each date on, in order.
    Only grants, orders, rules, running out, what counts, prices and packs differ there. The assumptions here are those of all
    times.
    """

    name: str
    kind: Kind
    zone: str
    data_step: int
    cycle: Cycle
    contract_months: int  # 0: none
    grants: tuple[Grant, ...]
    orders: tuple[Order, ...]
    rules: tuple[Rule, ...]
    runs_out: tuple[RunsOut, ...]
    prices: tuple[Price, ...]
    packs: tuple[Pack, ...]
    promotions: tuple[Promotion, ...]
    claims: tuple[NeverAbove, ...]
    assumptions: tuple[Assumption, ...]
    span: Span
    renewal: Renewal = Renewal()
    changes: tuple[Change, ...] = ()
    leaving: tuple[LeavingFee, ...] = ()
    shares: tuple[Share, ...] = ()
    by_lines: tuple[ByLines, ...] = ()
    group: tuple[str, ...] = ()  # the plans of the group it is in, from small to big
    counting: Counting = Counting()
    later: tuple[Later, ...] = ()

    @property
    def services(self) -> tuple[str, ...]:
        """What it grants at some time."""
        plans = (self, *(later.plan for later in self.later))
        return tuple(dict.fromkeys(grant.service for plan in plans for grant in plan.grants))

    def on(self, day: date) -> Plan:
        """The plan by its rules of a day."""
        return next((later.plan for later in reversed(self.later) if later.start <= day), self)

    loans: tuple[Loan, ...] = ()

    def allowance(self, service: str) -> int:
        """What a whole cycle grants of a service, in base units: the `plan` of `cap 2x plan`."""
        grants = [grant for grant in self.grants if grant.each_cycle and not grant.per_renewals]
        return sum(grant.amount for grant in grants if grant.service == service)

    def is_unlimited(self, service: str) -> bool:
        """Whether it grants a service without a limit, for any use."""
        return any(grant.unlimited and grant.service == service and grant.scope == ANY_USE for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Later:
    """A plan from the midnight at which `start` begins; it has no `later` of its own."""

    start: date
    plan: Plan
