"""A plan of a file and a history of it to an outcome, and the outcome as table, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic, render
from dsl.plan import Assumption, LotClass, Plan
from dsl.scenario import Scenario, Use
from dsl.scenario_file import FIRST_YEAR, LAST_YEAR
from dsl.source import Source, place, printable_lines
from engine.history import HistoryError
from engine.run import Run, run
from engine.statement import as_json
from tui.checking import read_plan, use_grammar_cache
from tui.session import with_assumption
from tui.table import as_csv, table


class UnusableError(Exception):
    """Input that can't be run; the message is for people and may hold several findings. `misuse`: the command was wrong."""

    def __init__(self, message: str, *, misuse: bool = False) -> None:
        super().__init__(printable_lines(message))
        self.misuse = misuse


def checked_plans(path: Path) -> Checked:
    """The plans of a file without an error. Raises files.FileError and UnusableError."""
    use_grammar_cache()
    source = read_plan(path)
    checked = check(source)
    refuse(checked.diagnostics, source)
    return checked


def refuse(diagnostics: tuple[Diagnostic, ...], source: Source, *, misuse: bool = False) -> None:
    """Raises UnusableError where there is an error among them."""
    errors = [render(diagnostic, source) for diagnostic in diagnostics if diagnostic.is_error]
    if errors:
        raise UnusableError("\n".join(errors), misuse=misuse)


def chosen(checked: Checked, name: str) -> Plan:
    """The plan of that name, or the first of the file."""
    if name:
        plan = checked.plan(name)
        if plan is None:
            names = ", ".join(f'"{other.name}"' for other in checked.plans)
            raise UnusableError(f'{checked.source.name} has no plan "{name}"; it has {names or "none"}', misuse=True)
        return plan
    if not checked.plans:
        raise UnusableError(no_plan([checked]), misuse=bool(checked.regulations))
    return checked.plans[0]


def no_plan(files: Sequence[Checked]) -> str:
    """What to say where these files have none."""
    if not files:
        return "no plan files there; plan files end in .plan"
    name = files[0].source.name
    if len(files) == 1 and files[0].regulations:
        return f"{name} has no plan, but what plans must do: rollover check PLANS --against {name}"
    whose = f"{name} has no plan" if len(files) == 1 else f"none of {len(files)} files has a plan"
    return f'{whose}; start one with a line such as plan "Prepaid 10" prepaid'


def refuse_year(option: str, at: datetime | None) -> None:
    """Raises UnusableError where dates could not be counted on from a time."""
    if at and not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise UnusableError(f"{option} should be from {FIRST_YEAR} to {LAST_YEAR}, not {at.date()}", misuse=True)


@dataclass(frozen=True, slots=True)
class History:
    """A scenario of a plan, the text it stands in, and what was assumed to make it."""

    plan: Plan
    scenario: Scenario
    source: Source
    assumed: tuple[Assumption, ...] = ()
    others: tuple[Plan, ...] = ()  # of the file


def played(history: History, start: datetime | None) -> Run:
    """Runs a history, from `start` on where that is given. Raises UnusableError."""
    refuse_year("--start", start)
    scenario, assumed = history.scenario, list(history.assumed)
    if start is not None:
        scenario = replace(scenario, start=start)
    elif scenario.start_is_assumed:
        day = f"{scenario.start:%Y-%m-%d}"
        assumed.append(Assumption("start", f"--start {day}", "the line starts on {day}", (("day", day),)))
    try:
        found = run(history.plan, scenario, history.others)
    except HistoryError as error:
        # What was said on the command line is what there is to change.
        instead = error.instead.replace("`start`", "`--start`") if start else error.instead
        raise UnusableError(f"{place(history.source, error.span)}: {error.problem}; {instead}") from None
    if _spread_matters(found):
        assumed.append(Assumption("use", "records with a date each", "use of a cycle is spread evenly over its days"))
    for assumption in assumed:
        found = with_assumption(found, assumption)
    return found


def _spread_matters(found: Run) -> bool:
    """Whether a lot begins or ends inside a cycle that was given a total use. Blocks are sold when they are used."""
    if not any(isinstance(act, Use) and act.amount for steps in found.scenario.cycles for act in steps.acts):
        return False
    edges = {found.calendar.boundary(number) for number in range(len(found.statement.cycles) + 1)}
    last = max(edges)
    lots = [lot for lot in found.lots if lot.lot_class is not LotClass.SOLD]
    return any(at not in edges and at < last for lot in lots for at in (lot.born, lot.end))


def shown(found: Run, layout: str, columns: int) -> str:
    """The outcome in a layout: `table`, `json` or `csv`."""
    match layout:
        case "json":
            told = as_json(found.statement, found.calendar)
            if found.others:
                told["lines"] = {name: as_json(one.statement, one.calendar) for name, one in found.others}
            return json.dumps(told, indent=2) + "\n"
        case "csv":
            return as_csv(found)
        case _:
            return table(found, columns)
