"""Very many lines of one plan as columns: what each used, what it opened with, what each cycle came to and what is held then.

Columns are arrays of int64, cycle by line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from dsl.plan import Convert, Plan, Sell
from engine.batch.course import Piece
from engine.batch.trace import Moved
from engine.batch.turns import as_made
from engine.statement import COLUMNS, in_order

Array = Any  # of numpy, which is loaded only where lines are settled


class Form(StrEnum):
    NUMBA = "numba"
    NUMPY = "numpy"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Records:
    """What lines used, record by record: when, in seconds of local time, and how much, by service. Those of a line are from its
    `begin` to its `end`."""

    at: Array
    used: Mapping[str, Array]
    begin: Array
    end: Array

    def of(self, line: int) -> Iterator[tuple[datetime, str, int]]:
        its = slice(int(self.begin[line]), int(self.end[line]))
        times = [datetime.fromtimestamp(at, UTC).replace(tzinfo=None) for at in self.at[its].tolist()]
        for service, used in self.used.items():
            yield from ((at, service, amount) for at, amount in zip(times, used[its].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Lines:
    """`start_of` and `first` say of each line which of `starts` is its own, and the number of the first cycle told here;
    `cycles` how many are, which never grows from line to line. `uses` have as many rows as the first line has cycles. Of
    `opening` each piece has an amount for each line, 0 where it holds no such; the order is that in which they were made.

    With `records` what cycles use is their sum, or, where the sum is more than a column holds, the most that it does; what they
    come to is never approximated by it. Without, it is used evenly over the days of the cycle."""

    starts: Sequence[datetime]
    start_of: Array
    first: Array
    cycles: Array
    uses: Mapping[str, Array]
    opening: Sequence[tuple[Piece, Array]] = ()
    records: Records | None = None

    @property
    def count(self) -> int:
        return len(self.start_of)

    @property
    def most_cycles(self) -> int:
        return int(self.cycles[0]) if self.count else 0


@dataclass(slots=True)
class Settled:
    """Arrays belong to the batch: they hold while it settles the next lines, until the ones after them, so that somebody can
    write them meanwhile. Behind the last cycle of a line they say nothing.
    `closing` is in no order: `turns` say what was made before what.
    `refused` are lines, by number, whose figures no column can hold, or that come to hold too many lots: all they have is
    zero."""

    columns: dict[str, Array]
    figures: Array  # the same, column by cycle by line
    closing: dict[Piece, Array]
    moved: dict[Moved, int]
    by_rows: Counter[NotTraced] = field(default_factory=Counter)
    refused: dict[int, str] = field(default_factory=dict)
    turns: set[tuple[Piece, Piece]] = field(default_factory=set)

    @property
    def held(self) -> list[tuple[Piece, Array]]:
        """What is held, in an order that is for each line that in which it was made."""
        return [(piece, self.closing[piece]) for piece in as_made(list(self.closing), self.turns)]


@dataclass(frozen=True, slots=True)
class NotTraced:
    """Why lines ran one at a time: a reason, and the line of the plan's text that is it; 0 where it is the amounts."""

    reason: str
    line: int


def columns_of(plan: Plan, uses: Sequence[str]) -> tuple[str, ...]:
    """The figures of each service that a plan's lines can have, as a statement calls them, and what they cost by currency."""
    services, currencies = {*uses}, set[str]()
    for rules in (plan, *(later.plan for later in plan.later)):
        grants = [*rules.grants, *(grant for promotion in rules.promotions for grant in promotion.grants)]
        clauses = [clause for rule in rules.rules for clause in rule.clauses]
        services |= {grant.service for grant in grants} | {rule.service for rule in rules.rules}
        services |= {rule.service for rule in rules.runs_out}
        services |= {clause.to_service for clause in clauses if isinstance(clause, Convert)}
        services |= {unit.unit for unit in rules.counting.units}
        currencies |= {price.currency for price in rules.prices}
        currencies |= {clause.currency for clause in clauses if isinstance(clause, Convert) and clause.fee}
        currencies |= {
            remedy.currency for rule in rules.runs_out for remedy in rule.remedies if isinstance(remedy, Sell)
        }  # fmt: skip
    return (
        *(f"{service}_{name}" for service in in_order(services) for name in COLUMNS),
        *(f"{currency}_{what}" for currency in sorted(currencies) for what in ("charged", "due")),
    )


def those(lines: Lines, where: Array) -> Lines:
    """Some of the lines, by their numbers, ascending."""
    cycles = lines.cycles[where]
    uses = {service: column[: cycles[0], where] for service, column in lines.uses.items()}
    opening = [(piece, amounts[where]) for piece, amounts in lines.opening]
    records = lines.records
    if records:
        records = replace(records, begin=records.begin[where], end=records.end[where])
    return Lines(
        lines.starts, lines.start_of[where], lines.first[where], cycles, uses, [one for one in opening if one[1].any()], records
    )
