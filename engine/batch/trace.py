"""A plan's cycles as straight-line steps: the reference engine, run on amounts that nobody knows.

Dates, classes, flags and orders never depend on amounts, so one run tells what is computed for all subscribers with the same
plan, start and kinds of lots. Where an amount would steer, there is no step, and `NotTracedError` says which rule is the
reason. That the figures of a cycle balance is checked for all amounts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, assert_never, cast

from dsl.phrase import phrase
from dsl.plan import (
    Advance,
    AfterFirstCycle,
    Block,
    Condition,
    CyclesInARow,
    Grant,
    HeldWholeCycle,
    IsIn,
    Lasts,
    Owe,
    Period,
    Plan,
    RunsOut,
    Sell,
    Slow,
    Tags,
    UseIs,
)
from dsl.scenario import MAX_CYCLES
from dsl.source import NOWHERE, Span
from dsl.units import called
from engine.batch.course import Closed, Course, Held, Inside, Piece
from engine.batch.terms import Memory, SteeringError, Tape
from engine.claims import expires, full_cycles
from engine.history import HistoryError
from engine.ledger import Posting, Reason
from engine.statement import BEYOND, COLUMNS

MOST = 1 << 44  # that a cycle uses of a service, or a lot holds, in base units: 17 TB; what is more is settled a row at a time

MOST_PIECES = 400  # that a line holds at a boundary; what is more is settled a row at a time


class NotTracedError(Exception):
    """Why a plan's cycles are no straight line, and where that is written."""

    def __init__(self, reason: str, span: Span = NOWHERE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.span = span

    @property
    def told(self) -> str:
        line = self.span.line
        return phrase("{why} (line {line})", why=self.reason, line=line) if line else self.reason


@dataclass(frozen=True, slots=True)
class Moved:
    """Postings of one kind: what a rule, a cap or an end did."""

    service: str
    reason: str
    span: Span


class Ended(NamedTuple):
    """What expires of a service so many full cycles after it came."""

    service: str
    cycles: int


@dataclass(frozen=True, slots=True)
class Step:
    """What one cycle computes. Inputs of the tape are first what is used, by service, then what is held, in order. Each figure
    and what is held when it has closed are amounts of the tape. `inside`: what makes days matter, and not only what the cycle
    uses in all."""

    number: int
    tape: Tape
    uses: tuple[str, ...]
    opening: tuple[Piece, ...]
    figures: Mapping[str, int]
    closing: Held
    moved: Mapping[Moved, int]
    inside: Inside | None = None
    expired: Mapping[Ended, int] = field(default_factory=dict)

    @property
    def by_sum(self) -> bool:
        return self.inside is None


@dataclass(frozen=True, slots=True)
class Most:
    """How much of each piece is held at most, and of some of them together."""

    each: Mapping[Piece, int]
    together: tuple[tuple[frozenset[Piece], int], ...] = ()


FIGURES = (*COLUMNS, "left", "repaid")


def trace(
    plan: Plan, start: datetime, uses: Sequence[str], cycles: int, *, first: int = 1, opening: Sequence[Piece] = (),
    others: Mapping[str, Plan] | None = None, memory: Memory | None = None, most: int = MOST, held: Most | None = None,
    alone: bool = False,
) -> list[Step]:  # fmt: skip
    """The steps of cycles `first` and those behind it, of a line that uses these services. It opens with `opening`, and, if not
    with that `alone`, with what it would hold then at the most. No use and no lot is above `most`, and what it opens with not
    above `held`. Raises NotTracedError."""
    _refuse(plan)
    tracer = _Tracer(tuple(uses), first, opening, memory or Memory(), most, held or Most({}), alone=alone)
    try:
        course = _Course(plan, start, others, tracer.boundary)
        while course.cycle < first:
            course.close()
        for _ in range(cycles):
            tracer.inside = course.use_by_parts(tracer.amounts)
            course.close()
    except SteeringError as steers:
        raise NotTracedError(steers.args[0]) from steers
    except HistoryError as error:
        raise NotTracedError(error.problem, error.span) from error
    return tracer.steps


class _Course(Course):
    def _holds(self, condition: Condition, tags: Tags = frozenset()) -> bool:
        try:
            return super()._holds(condition, tags)
        except SteeringError as steers:
            raise NotTracedError(phrase("it depends on an amount"), condition.span) from steers


class _Tracer:
    """Gives each cycle a tape of its own: at its begin all that is held becomes an input, and is read when it has closed."""

    def __init__(
        self, uses: tuple[str, ...], first: int, opening: Sequence[Piece], memory: Memory, most: int, held: Most, *, alone: bool
    ) -> None:  # fmt: skip
        self.alone = alone
        self.most = most
        self.held = held
        self.memory = memory
        self.uses = uses
        self.first = first
        self.opening = opening
        self.steps: list[Step] = []
        self.amounts: dict[str, int] = {}
        self.inside: Inside | None = None
        self._tape = Tape(memory)
        self._pieces: tuple[Piece, ...] = ()

    def boundary(self, course: Course) -> None:
        if course.cycle < self.first:
            return
        if course.cycle > self.first:
            closed = course.closed(self.uses)
            self._read(closed, _expired(course, closed.postings))
        pieces = [piece for piece, _ in course.held()]
        if len(pieces) > MOST_PIECES:
            raise NotTracedError(phrase("more than {limit} lots come to be held", limit=MOST_PIECES), pieces[-1].span)
        held = Most({})
        if course.cycle == self.first:
            besides = () if self.alone else (piece for piece in pieces if piece not in self.opening)
            pieces = [*self.opening, *besides]
            held = self.held
        numbers = {piece: len(self.uses) + index for index, piece in enumerate(pieces)}
        together = tuple((frozenset(numbers[piece] for piece in some), most) for some, most in held.together)
        self._tape = Tape(self.memory, together)
        self.amounts = {service: self._tape.input(f"u{index}", self.most) for index, service in enumerate(self.uses)}
        self._pieces = tuple(pieces)
        lots = [self._tape.input(f"s{index}", held.each.get(piece, self.most)) for index, piece in enumerate(pieces)]
        course.lay(list(zip(pieces, lots, strict=True)))

    def _read(self, closed: Closed, expired: Mapping[Ended, int]) -> None:
        figures: dict[str, int] = {}
        for service, found in closed.sums.services.items():
            if found.imbalance != 0:
                raise NotTracedError(phrase("that {service} balances is not seen for all amounts", service=called(service)))
            figures |= {f"{service}_{name}": getattr(found, name) for name in FIGURES}
        figures |= {f"{currency}_charged": amount for currency, amount in closed.sums.charged.items()}
        figures |= {f"{currency}_due": amount for currency, amount in closed.sums.due.items()}
        moved: dict[Moved, int] = {}
        for posting in closed.postings:
            key = moved_by(posting.service, posting.reason, posting.span)
            moved[key] = moved.get(key, 0) + posting.amount
        self.steps.append(
            Step(closed.number, self._tape, self.uses, self._pieces, figures, closed.held, moved, self.inside, expired)
        )


def _expired(course: Course, postings: Iterable[Posting]) -> dict[Ended, int]:
    """What expires, by how long it was there; what is sold or borrowed comes inside a cycle, whenever it runs out."""
    found: dict[Ended, int] = {}
    for posting in filter(expires, postings):
        lot = course.ledger.lots[cast("int", posting.source)]
        cycles = 0 if lot.lot_class in BEYOND else full_cycles(course.calendar, lot.born, posting.at, MAX_CYCLES)
        key = Ended(posting.service, cycles)
        found[key] = found.get(key, 0) + posting.amount
    return found


def moved_by(service: str, reason: Reason, span: Span) -> Moved:
    """Whether it was the rate or the ceiling that left something over depends on amounts; here both are one."""
    reason = Reason.NOT_CONVERTED if reason is Reason.ABOVE_CEILING else reason
    return Moved(service, str(reason), span)


# ---- what is known before


def _refuse(plan: Plan) -> None:
    """What would be traced wrongly: it depends on when in a cycle something is used."""
    for rules in (plan, *(later.plan for later in plan.later)):
        if rules.cycle.from_first_use:
            raise NotTracedError(phrase("its cycles begin with the first use"), rules.span)
        if rules.counting.units:
            raise NotTracedError(
                phrase("one unit pays for several services, in the order of use"), rules.counting.units[0].span
            )
        promoted = [grant for promotion in rules.promotions for grant in promotion.grants]
        for grant in (*rules.grants, *promoted):
            _refuse_grant(grant)
        for rule in rules.runs_out:
            _refuse_remedies(rule)


def _refuse_grant(grant: Grant) -> None:
    if grant.from_first_use:
        raise NotTracedError(phrase("its time begins with the first use"), grant.span)


def _refuse_remedies(rule: RunsOut) -> None:
    for condition in rule.conditions:
        if not isinstance(condition, UseIs | IsIn | AfterFirstCycle | HeldWholeCycle | CyclesInARow):
            raise NotTracedError(phrase("it depends on when in a cycle something is used"), condition.span)
    for remedy in rule.remedies:
        match remedy:
            case Sell(life=Lasts(count=1, period=Period.CYCLE)):
                pass
            case Sell():
                raise NotTracedError(phrase("what is sold lives from when it is sold"), remedy.span)
            case Advance() | Owe() | Slow() | Block():
                pass
            case _:
                assert_never(remedy)
