"""How what a run is made of is named to people: amounts, days and instants, lots, and the words of a rule. All safe to show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dsl.source import Source, Span, printable, quoted
from engine.calendar import NEVER, Instant
from engine.ledger import Lot
from engine.run import Run
from tui.language import message
from tui.saying import amount_text, say, spoken


def day_labels(days: Sequence[date]) -> list[str]:
    """Days in a few columns, with their year where there are several."""
    years = len({day.year for day in days}) > 1
    return [spoken().short_date(day, with_year=years) for day in days]


_CLASSES = (
    message("allowance"), message("carried"), message("bonus"), message("add-on"), message("gift"), message("converted"),
    message("sold"), message("borrowed"), message("credit"),
)  # fmt: skip  # what a class of lots is called


_REASONS = (
    message("held when the history starts"), message("granted for the cycle"), message("granted once"),
    message("granted for renewals"), message("bought"), message("topped up"), message("added by the operator"),
    message("removed by the operator"), message("voided"), message("given by a promotion"),
    message("sold when the rest ran out"), message("used"), message("covered without limit"),
    message("covered by another unit"), message("counts more or less than was used"), message("not covered by any lot"),
    message("charged for what was sold"), message("the price"), message("carried"), message("carried in whole steps"),
    message("converted"), message("its end was moved"), message("its end moved with the clock"),
    message("waits for a renewal"), message("frozen"), message("usable again"),
    message("paid back for the days that were left"), message("used by a line that shares it"), message("given"),
    message("goes to a line that does not share"), message("the line ended"), message("charged for leaving early"),
    message("was not kept"), message("reached its end"), message("was carried once and reached its end"),
    message("was above the cap"), message("was left over by the conversion"),
    message("was above the cap of the conversion"), message("was told to expire"), message("paid from credit"),
    message("borrowed"), message("not covered by any lot, and owed"), message("pays back what is owed"),
    message("pays what is owed before anything else"), message("the fee of the conversion"), message("past a limit"),
    message("a condition does not hold"), message("there is not so much"), message("it makes nothing whole"),
    message("no rule allows it"),
)  # fmt: skip  # why something is posted


class Names:
    """Of one run, whose rules stand in `source`."""

    def __init__(self, run: Run, source: Source | None = None) -> None:
        self.run = run
        self.calendar = run.calendar
        self._source = source
        cycles = run.statement.cycles
        years = {self.calendar.local(cycle.start).year for cycle in cycles}
        self.has_years = len(years) > 1  # a day is told with its year

    def amount(self, service: str, amount: int) -> str:
        return amount_text(service, amount, self.run.plan.data_step)

    def some(self, service: str, amount: int) -> str:
        """As a cell of a table: `-` for nothing."""
        return self.amount(service, amount) if amount else "-"

    # ---- instants

    def iso(self, at: Instant) -> str:
        """`2026-01-31`, and the time of day where it is no midnight."""
        return f"{self.calendar.local(at):%Y-%m-%d %H:%M}".removesuffix(" 00:00")

    def day(self, at: Instant) -> str:
        """`31 Jan`, with the year where the run has several."""
        if at >= NEVER:
            return say("never")
        return spoken().short_date(self.calendar.local(at), with_year=self.has_years)

    def moment(self, at: Instant) -> str:
        """`31 Jan`, and the time of day where it is no midnight."""
        if at >= NEVER:
            return say("never")
        clock = f" {self.calendar.local(at):%H:%M}"
        return self.day(at) + (clock if clock != " 00:00" else "")

    def month(self, at: Instant) -> str:
        return spoken().month(self.calendar.local(at))

    # ---- lots and rules

    def kind(self, lot: Lot, of: str = "") -> str:
        """`carried`, `add-on "Travel 7"`, `allowance only at night`; `of` stands before the scope."""
        pack = f' "{printable(lot.pack)}"' if lot.pack else ""
        tags = [say(" or ").join(printable(tag) for tag in sorted(some)) for some in sorted(lot.scope, key=sorted)]
        only = "".join(say(" only {tags}", tags=one) for one in tags)
        return f"{say(lot.lot_class)}{pack}{of}{only}"

    def rule(self, span: Span) -> str:
        """The words of a rule; empty where no rule stands there."""
        return quoted(self._source, span) if self._source else ""
