"""`rollover explain FILE`: how a balance came about, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dsl import units
from dsl.check import Checked
from dsl.scenario import Dated, Scenario
from dsl.source import NOWHERE, Span, printable
from engine.calendar import NEVER
from engine.ledger import Lot, Sink
from engine.origin import Came, Explanation, Origin, Went, explanation
from engine.run import Run
from tui import asking, running
from tui.asking import Asked
from tui.naming import Names

SCHEMA = "rollover.explanation/1"


class Explained:
    """A balance of one service of one line at an instant, with the text its rules stand in."""

    def __init__(self, checked: Checked, run: Run, found: Explanation) -> None:
        self.checked = checked
        self.run = run
        self.found = found
        self.calendar = run.calendar
        self.names = Names(run, checked.source)

    # ---- text

    def text(self) -> Iterator[str]:
        found = self.found
        of = f"{printable(self.run.plan.name)}, {found.service} at {self.names.iso(found.at)}, in cycle {found.cycle}"
        yield f"{of}: {self._amount(found.usable)} usable"
        for origin in found.lots:
            frozen = "" if origin.is_usable else ", not usable"
            end = "never ends" if origin.end == NEVER else f"ends {self.names.iso(origin.end)}"
            yield f"  {self._amount(origin.left)}  {self._lot(origin.lot)}, {end}{frozen}"
            yield from (f"    {line}" for line in self._story(origin))
        if found.gone:
            yield f"what went in cycle {found.cycle}:"
            yield from (f"  {self._went(one, found.service)}" for one in found.gone)
        soonest = min((one.end for one in found.lots if one.is_usable), default=NEVER)
        if soonest != NEVER:
            lost = sum(one.left for one in found.lots if one.end == soonest)
            yield f"next: {self._amount(lost)} end {self.names.iso(soonest)}"

    def _story(self, origin: Origin, child: int | None = None) -> Iterator[str]:
        """What came to a lot, and from where; what went, but for what became the lot `child`, which is told already."""
        service = origin.lot.service
        for came in origin.came:
            yield f"+ {self._amount(came.amount, service)} {came.reason}{self._rule(came.span)}, {self.names.iso(came.at)}"
            for of in came.of:
                yield f"  of {self._lot(of.lot)}"
                yield from (f"    {line}" for line in self._story(of, origin.lot.number))
        yield from (self._went(went, service) for went in origin.went if went.to != child)

    def _went(self, went: Went, service: str) -> str:
        where = str(went.to) if isinstance(went.to, Sink) else self._lot(self.run.lots[went.to])
        why = "" if str(went.reason) == where else f": {went.reason}"
        return f"- {self._amount(went.amount, service)} {where}{why}{self._rule(went.span)}, {self.names.iso(went.at)}"

    def _lot(self, lot: Lot) -> str:
        of = f" {lot.service}" if lot.service != self.found.service else ""
        return f"{self.names.kind(lot, of)} of {self.names.iso(lot.born)[:10]}"

    def _amount(self, amount: int, service: str = "") -> str:
        return self.names.amount(service or self.found.service, amount)

    def _rule(self, span: Span) -> str:
        words = self.names.rule(span)
        return f" (line {span.line}: {words})" if words else ""

    # ---- JSON

    def json(self) -> str:
        found = self.found
        told = {
            "schema": SCHEMA,
            "plan": self.run.plan.name,
            "service": found.service,
            "unit": units.base_unit(found.service),
            "at": self.calendar.iso(found.at),
            "cycle": found.cycle,
            "usable": found.usable,
            "lots": [self._origin(one) for one in found.lots],
            "gone": [self._went_json(one) for one in found.gone],
        }
        return json.dumps(told, indent=2, ensure_ascii=False) + "\n"

    def _origin(self, origin: Origin) -> dict[str, object]:
        lot = origin.lot
        return {
            "service": lot.service,
            "class": str(lot.lot_class),
            "pack": lot.pack,
            "born": self.calendar.iso(lot.born),
            "end": None if origin.end == NEVER else self.calendar.iso(origin.end),
            "usable": origin.is_usable,
            "left": origin.left,
            "came": [self._came_json(one) for one in origin.came],
            "went": [self._went_json(one) for one in origin.went],
        }

    def _came_json(self, came: Came) -> dict[str, object]:
        return {**self._moved(came), "of": [self._origin(one) for one in came.of]}

    def _went_json(self, went: Went) -> dict[str, object]:
        to = str(went.to) if isinstance(went.to, Sink) else self._lot(self.run.lots[went.to])
        return {**self._moved(went), "to": to}

    def _moved(self, one: Came | Went) -> dict[str, object]:
        rule = {"line": one.span.line, "text": self.names.rule(one.span)} if self.names.rule(one.span) else None
        return {"amount": one.amount, "reason": str(one.reason), "at": self.calendar.iso(one.at), "rule": rule}


def explained(
    path: Path, plan: str, use: str | None, scenario: Path | None, example: str, at: datetime, service: str, line: str
) -> Explained:
    """Raises files.FileError and running.UnusableError."""
    checked, history = asking.told(path, plan, Asked(use=use, scenario=scenario))
    if example:
        told = [one for one in checked.scenarios if one.name == example and plan in ("", one.plan)]
        if not told:
            raise running.UnusableError(f'{path} has no example "{example}"', misuse=True)
        history = replace(history, plan=running.chosen(checked, told[0].plan), scenario=told[0], others=checked.plans)
    until = _looked_at(history.scenario, at)
    found = running.played(replace(history, scenario=until, others=checked.plans), None)
    if line and line not in [name for name, _ in found.others]:
        raise running.UnusableError(f'there is no line "{line}" in this history', misuse=True)
    of_line = found.line(line)
    start = of_line.calendar.boundary(0)
    if of_line.calendar.instant(at) < start:
        raise running.UnusableError(f"the line starts on {of_line.calendar.local(start):%Y-%m-%d}", misuse=True)
    return Explained(checked, of_line, explanation(of_line, service, of_line.calendar.instant(at)))


def _looked_at(scenario: Scenario, at: datetime) -> Scenario:
    """The history up to a look at that time, so that it is run so far."""
    return replace(scenario, dated=(*scenario.dated, Dated(at, None, NOWHERE, ())))
