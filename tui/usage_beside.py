"""What the examples of a plan and the scenarios beside its file use, cycle by cycle. They were written since something
happens in them, so a proof tries them, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dsl import scenario_file
from dsl.check import Checked
from dsl.plan import Plan
from dsl.scenario import Scenario, Use
from engine.calendar import Calendar
from engine.history import HistoryError, events
from engine.prove.verdict import History
from tui import files, folders


def usage_beside(path: Path, checked: Checked, plan: Plan) -> list[History]:
    """Of each history of a plan what its line uses in each cycle; nothing of those that can't be read or run, which a check
    tells."""
    scenarios = [*checked.scenarios, *_beside(path, checked)]
    found = [_used(plan, one) for one in scenarios if one.plan == plan.name]
    return list(filter(None, found))


def _beside(path: Path, checked: Checked) -> Iterator[Scenario]:
    for one in folders.scenarios_beside(path) if path.name else ():
        try:
            yield from scenario_file.read(files.read(one), checked)[0]
        except files.FileError:
            continue


def _used(plan: Plan, scenario: Scenario) -> History:
    calendar = Calendar(plan.cycle, plan.zone, scenario.start)
    try:
        found, many = events(scenario, calendar)
    except HistoryError:
        return ()
    cycles = [Counter[str]() for _ in range(many)]
    for event in found:
        if isinstance(event.act, Use) and not event.line:
            cycles[calendar.cycle_at(event.at) - 1][event.act.service] += event.act.amount
    return tuple(map(dict, cycles)) if any(cycles) else ()
