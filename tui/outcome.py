"""The side of the screen that shows what a plan does: the months, and below them the usage that makes them so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from dsl.source import printable
from tui.preview_pane import PreviewPane, ServiceSwitch
from tui.usage_strip import Cells, UsageStrip

if TYPE_CHECKING:  # loaded after the first screen, see `RolloverApp._start`
    from dsl.check import Checked
    from dsl.plan import Plan
    from tui.forecast import Forecast


class Outcome(Vertical):
    """Owns the forecast and the usage, and which service is shown; hands them to its two panes."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.forecast: Forecast | None = None
        self._service = ""
        self._line = 1

    def compose(self) -> ComposeResult:
        yield PreviewPane(id="preview")
        yield UsageStrip(id="usage")

    def start(self) -> None:
        """With nothing known of any plan."""
        from tui.forecast import Forecast

        self.forecast = Forecast()

    def show(self, checked: Checked, line: int) -> None:
        """What a text does, of which `line` (from 1) holds the cursor."""
        if self.forecast:
            self.forecast.checked = checked
            self.move(line)

    def move(self, line: int) -> None:
        """The cursor is on another line of the same text."""
        self._line = line
        if self.forecast:
            self.forecast.look(line)
            self._draw()

    def next_service(self) -> None:
        services = self.forecast.services() if self.forecast else ()
        if services:
            self._service = services[(services.index(self._service) + 1) % len(services)]
            self._draw()

    def _draw(self) -> None:
        assert self.forecast
        services = self.forecast.services()
        if self._service not in services:
            self._service = next(iter(services), "")
        self.query_one(PreviewPane).show(self.forecast.view(self._service))
        self.query_one(UsageStrip).show(self._cells())

    def _cells(self) -> Cells:
        from tui.months import Months

        assert self.forecast
        plan, run = self.forecast.plan, self.forecast.run
        if plan is None or run is None:
            return Cells("Usage", (), ())
        if not self._service:
            return Cells("Usage: the plan grants nothing that could be used", (), ())
        months = Months(run, self._service)
        amounts = tuple(months.amount(cycle.get(self._service, 0)) for cycle in self.forecast.book.of(plan))
        whose = " (a sample)" if self.forecast.book.is_sample(plan) else ""
        return Cells(f"Usage of {printable(self._service)}{whose}", tuple(months.labels()), amounts)

    # ---- the usage changes

    @property
    def _plan(self) -> Plan | None:
        return self.forecast.plan if self.forecast else None

    @on(UsageStrip.Changed)
    def _stepped(self, event: UsageStrip.Changed) -> None:
        from tui.usage import step

        if self.forecast and self._plan:
            now = self.forecast.book.of(self._plan)[event.cycle].get(self._service, 0)
            self._set(event.cycle, now + event.steps * step(self._plan, self._service))

    @on(UsageStrip.Typed)
    def _typed(self, event: UsageStrip.Typed) -> None:
        from tui.usage import read_amount

        if self._plan:
            amount = read_amount(self._plan, self._service, event.text)
            if isinstance(amount, str):
                self.query_one(UsageStrip).refuse(amount, event.cycle)
            else:
                self.query_one(UsageStrip).accept()
                self._set(event.cycle, amount)

    def _set(self, cycle: int, amount: int) -> None:
        assert self.forecast
        assert self._plan
        self.forecast.book.put(self._plan, cycle, self._service, amount)
        self.move(self._line)

    @on(UsageStrip.CyclesAsked)
    def _cycles_asked(self, event: UsageStrip.CyclesAsked) -> None:
        if self.forecast and self._plan:
            (self.forecast.book.add_cycle if event.by > 0 else self.forecast.book.drop_cycle)(self._plan)
            self.move(self._line)

    @on(UsageStrip.SampleAsked)
    def _sample_asked(self) -> None:
        if self.forecast and self._plan:
            self.forecast.book.forget(self._plan)
            self.move(self._line)

    @on(UsageStrip.ServiceAsked)
    @on(ServiceSwitch.Next)
    def _service_asked(self) -> None:
        self.next_service()
