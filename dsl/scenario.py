"""What happens to a line, and what is expected of it: the other half of the waist, beside the checked plan.

Amounts are whole base units, times are local times of the plan's zone. Whether it was written in a plan or in a file of its own
no longer matters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from dsl.plan import ANY_USE, GENERAL, Grant, LotClass, Scope, State, Tags
from dsl.source import Span

MAX_CYCLES = 1_200  # a century of months: as far as a history may reach


@dataclass(frozen=True, slots=True)
class Use:
    """`amount` base units of a service are used; `tags` say what the use is. One `in_all` is of a whole cycle, or a part of it:
    a total of what counted already, so that it is not rounded to the steps of a record."""

    service: str
    amount: int
    tags: Tags = GENERAL
    in_all: bool = False


@dataclass(frozen=True, slots=True)
class Buy:
    """The pack of that name is bought."""

    pack: str


NEXT_BILL = "the next bill"


@dataclass(frozen=True, slots=True)
class Exchange:
    """`amount` base units of a service are asked to be turned into another, or into money off the NEXT_BILL."""

    service: str
    amount: int
    to: str


@dataclass(frozen=True, slots=True)
class Save:
    """`amount` base units of a service more are to be carried when the cycle ends."""

    service: str
    amount: int


@dataclass(frozen=True, slots=True)
class Borrow:
    """`amount` base units of a service are asked for from what the next cycle grants."""

    service: str
    amount: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """The pack of that name ends now, and comes no more."""

    pack: str


@dataclass(frozen=True, slots=True)
class Add:
    """The operator puts a lot."""

    grant: Grant


@dataclass(frozen=True, slots=True)
class Remove:
    """The operator takes `amount` base units of a service: of the lots of one class, of one pack, or, with None and "", of all.
    Where there is not so much it takes all there is `to_zero`, or is refused."""

    service: str
    amount: int
    lot_class: LotClass | None
    pack: str
    to_zero: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Void:
    """All lots of the pack of that name are gone, and no more come: it should not have been sold."""

    pack: str
    span: Span


@dataclass(frozen=True, slots=True)
class TopUp:
    """A lot is bought that is no pack."""

    grant: Grant


@dataclass(frozen=True, slots=True)
class SetState:
    """From now on the line is, or is not, in a state."""

    state: State
    on: bool


@dataclass(frozen=True, slots=True)
class Renew:
    """The plan is renewed by hand, or another taken in its place."""

    plan: str = ""


@dataclass(frozen=True, slots=True)
class DoNotRenew:
    """From now on no cycle is renewed by itself, until one is by hand."""


@dataclass(frozen=True, slots=True)
class ChangeTo:
    """Another plan is asked for."""

    plan: str


@dataclass(frozen=True, slots=True)
class Leave:
    """The line ends."""


@dataclass(frozen=True, slots=True)
class GiveAway:
    """`amount` base units of a service are given to another line, by its name."""

    service: str
    amount: int
    to: str


@dataclass(frozen=True, slots=True)
class Start:
    """A further line starts: a `member` that shares what this line has, with a plan of its own or, with "", without; or one
    that only is there, to give to."""

    plan: str
    member: bool


Act = (
    Use
    | Buy
    | Cancel
    | Save
    | Borrow
    | Exchange
    | Add
    | Remove
    | Void
    | TopUp
    | SetState
    | Renew
    | DoNotRenew
    | ChangeTo
    | Leave
    | Start
    | GiveAway
)


class Figure(StrEnum):
    """What an expectation may name, each a column of the statement; `left` is what is usable just before the boundary."""

    AVAILABLE = "available"
    LEFT = "left"
    USED = "used"
    OVERAGE = "overage"
    CARRIED = "carried"  # carried_out
    CONVERTED = "converted"  # converted_in of the service it became, converted_out of the one it was
    EXPIRED = "expired"
    GRANTED = "granted"
    RECEIVED = "received"
    GIVEN = "given"
    REFUSED = "refused"  # asked for and not done
    CHARGED = "charged"
    DUE = "due"  # charged, and not paid by credit
    REPAID = "repaid"
    ENDS = "ends"  # when what is there, or what lives on, ends first
    OWED = "owed"  # borrowed or used, and not paid back yet


class Cause(StrEnum):
    """What makes a figure: a clause, a remedy, a step, or that nothing claimed what was there. The words are those written
    behind `because`."""

    GRANT = "grant"
    CARRY = "carry"
    CAP = "cap"
    CONVERT = "convert"
    EXTEND = "extend"
    KEEP = "keep"
    FREEZE = "freeze"
    EXPIRE = "expire"
    GIVE = "give"
    SHARE = "share"
    SELL = "sell"
    BORROW = "borrow"
    OWE = "owe"
    SLOW = "slow"
    BLOCK = "block"
    USES = "uses"
    PRICE = "price"
    LEAVING = "leaving early"
    START = "start"
    TOP_UP = "top up"
    ADD = "add"
    REMOVE = "remove"
    VOID = "void"
    END = "the end"
    NOT_KEPT = "not kept"
    LINE_ENDS = "the line ends"
    LIMIT = "limit"
    CONDITION = "if"
    TOO_LITTLE = "too little"
    NO_RULE = "no rule"


@dataclass(frozen=True, slots=True)
class Because:
    """Why a figure is what it is: a cause; or, where that is None, the rules at `places` of the plan's text: those of the pack
    or promotion of that `name`, as `kind` says, or, with no kind, those that hold the words `name`. It stands at `span`."""

    span: Span
    cause: Cause | None
    kind: str = ""
    name: str = ""
    places: tuple[Span, ...] = ()

    def __str__(self) -> str:
        return str(self.cause) if self.cause else f'{self.kind} "{self.name}"'.strip()


@dataclass(frozen=True, slots=True)
class Expectation:
    """That a figure of a service comes to `amount`: of the lots of `lot_class`, or of all where it is None, and of those whose
    scope asks for all that `scope` does. Of ENDS it is that the first end is `until`, a local time, or, None, that none ends;
    the service may be "", any. With `because` it is that so much of it, and what others beside it say of the same figure is
    all the rest, was made by that."""

    figure: Figure
    service: str
    amount: int
    span: Span
    lot_class: LotClass | None = None
    scope: Scope = ANY_USE
    until: datetime | None = None
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What a line has when its history starts. `until` is a local time; None: to the end of the first cycle."""

    service: str
    amount: int
    lot_class: LotClass
    until: datetime | None
    span: Span
    scope: Scope = ANY_USE
    owed: bool = False  # no lot: so much was borrowed before


@dataclass(frozen=True, slots=True)
class OtherSteps:
    """What another line does in a cycle of the first, and what is expected of it."""

    line: str
    acts: tuple[Act, ...]
    expectations: tuple[Expectation, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class CycleSteps:
    """One cycle: what happens in it and what is expected of it. Acts but uses happen at its start; uses are spread over it."""

    acts: tuple[Act, ...]
    expectations: tuple[Expectation, ...]
    others: tuple[OtherSteps, ...] = ()


@dataclass(frozen=True, slots=True)
class Dated:
    """An act at a local time of the plan's zone, and what is expected right after all that happens at that time. `act` None:
    nothing is done, only looked at. `line` is "" for the line the scenario is about, else another's name."""

    at: datetime
    act: Act | None
    span: Span
    expectations: tuple[Expectation, ...] = ()
    line: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A history of a line, and of others beside it, with expectations. `start` is a local time of the plan's zone;
    `start_is_assumed` where the file that tells it does not say when."""

    name: str
    plan: str
    start: datetime
    cycles: tuple[CycleSteps, ...]
    dated: tuple[Dated, ...]
    span: Span
    opening: tuple[Held, ...] = ()
    start_is_assumed: bool = False

    @property
    def expectations(self) -> Iterator[Expectation]:
        """All of them, wherever they stand."""
        for cycle in self.cycles:
            yield from cycle.expectations
            for other in cycle.others:
                yield from other.expectations
        for dated in self.dated:
            yield from dated.expectations

    def expecting(self, one: Callable[[Expectation], Expectation]) -> Scenario:
        """The same history with another expectation in the place of each."""

        def each(expectations: tuple[Expectation, ...]) -> tuple[Expectation, ...]:
            return tuple(map(one, expectations))

        cycles = tuple(
            replace(
                cycle, expectations=each(cycle.expectations),
                others=tuple(replace(other, expectations=each(other.expectations)) for other in cycle.others),
            )
            for cycle in self.cycles
        )  # fmt: skip
        dated = tuple(replace(dated, expectations=each(dated.expectations)) for dated in self.dated)
        return replace(self, cycles=cycles, dated=dated)

    @property
    def puts(self) -> frozenset[Span]:
        """Where it says, and no plan, what is put and taken."""
        acts = [act for steps in self.cycles for act in (*steps.acts, *(one for other in steps.others for one in other.acts))]
        acts += [dated.act for dated in self.dated if dated.act]
        found = {act.grant.span for act in acts if isinstance(act, TopUp | Add)}
        found |= {act.span for act in acts if isinstance(act, Remove | Void)}
        return frozenset(found | {held.span for held in self.opening})
