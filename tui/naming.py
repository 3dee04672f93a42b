"""How what a run is made of is named to people: amounts, days and instants, lots, and the words of a rule. All safe to show."""

from __future__ import annotations

from dsl import units
from dsl.source import NOWHERE, Source, Span, printable
from engine.calendar import NEVER, Instant
from engine.ledger import Lot
from engine.run import Run

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Names:
    """Of one run, whose rules stand in `source`."""

    def __init__(self, run: Run, source: Source | None = None) -> None:
        self.run = run
        self.calendar = run.calendar
        self._lines = source.lines if source else []
        cycles = run.statement.cycles
        years = {self.calendar.local(cycle.start).year for cycle in cycles}
        self.has_years = len(years) > 1  # a day is told with its year

    def amount(self, service: str, amount: int) -> str:
        return units.show(service, amount, self.run.plan.data_step)

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
            return "never"
        local = self.calendar.local(at)
        return f"{local.day} {_MONTHS[local.month - 1]}" + (f" {local.year % 100:02}" if self.has_years else "")

    def moment(self, at: Instant) -> str:
        """`31 Jan`, and the time of day where it is no midnight."""
        if at >= NEVER:
            return "never"
        clock = f" {self.calendar.local(at):%H:%M}"
        return self.day(at) + (clock if clock != " 00:00" else "")

    def month(self, at: Instant) -> str:
        return _MONTHS[self.calendar.local(at).month - 1]

    # ---- lots and rules

    def kind(self, lot: Lot, of: str = "") -> str:
        """`carried`, `add-on "Travel 7"`, `allowance only at night`; `of` stands before the scope."""
        pack = f' "{printable(lot.pack)}"' if lot.pack else ""
        only = "".join(f" only {printable(' or '.join(sorted(tags)))}" for tags in sorted(lot.scope, key=sorted))
        return f"{lot.lot_class}{pack}{of}{only}"

    def rule(self, span: Span) -> str:
        """The words of a rule; empty where no rule stands there."""
        if span == NOWHERE or not 1 <= span.line <= len(self._lines):
            return ""
        return printable(self._lines[span.line - 1][span.start : span.end])
