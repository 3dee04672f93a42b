"""`rollover run`: which plan, which history, and the outcome as table, JSON or CSV."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dsl import record_file, scenario_file
from dsl.amounts import Amounts
from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic, Findings, render
from dsl.examples import DEFAULT_START, acts
from dsl.nodes import Line, UseStep
from dsl.parse import parse_line
from dsl.plan import Assumption, CycleSteps, Plan, Scenario
from dsl.source import NOWHERE, Source, printable
from engine.history import HistoryError
from engine.run import Run, run
from engine.statement import as_json
from tui import files, folders
from tui.checking import use_grammar_cache
from tui.session import sample_usage, usage_scenario, with_assumption
from tui.table import as_csv, table


class UnusableError(Exception):
    """Input that can't be run; the message is for people and may hold several findings. `misuse`: the command was wrong."""

    def __init__(self, message: str, *, misuse: bool = False) -> None:
        super().__init__(message)
        self.misuse = misuse


def checked_plans(path: Path) -> Checked:
    """The plans of a file without an error. Raises files.FileError and UnusableError."""
    use_grammar_cache()
    source = files.read(path)
    checked = check(source)
    _refuse(checked.diagnostics, source)
    return checked


def _refuse(diagnostics: tuple[Diagnostic, ...], source: Source, *, misuse: bool = False) -> None:
    errors = [render(diagnostic, source) for diagnostic in diagnostics if diagnostic.is_error]
    if errors:
        raise UnusableError("\n".join(errors), misuse=misuse)


def chosen(checked: Checked, name: str) -> Plan:
    """The plan of that name, or the first of the file."""
    if name:
        plan = checked.plan(name)
        if plan is None:
            names = ", ".join(f'"{printable(other.name)}"' for other in checked.plans)
            raise UnusableError(f'{checked.source.name} has no plan "{printable(name)}"; it has {names or "none"}', misuse=True)
        return plan
    if not checked.plans:
        raise UnusableError(f'{checked.source.name} has no plan; start one with a line such as plan "Prepaid 10" prepaid')
    return checked.plans[0]


def outcome(path: Path, plan_name: str, start: datetime | None, use: str, scenario: Path | None, usage: Path | None) -> Run:
    """Runs a plan of a file on the history asked for. Raises files.FileError and UnusableError."""
    checked = checked_plans(path)
    assumed: list[Assumption] = []
    if scenario is not None:
        history = _from_scenario(checked, scenario, plan_name)
        plan = chosen(checked, history.plan)
    else:
        plan = chosen(checked, plan_name)
        history = _history(checked, plan, use, usage, assumed)
    if start is not None:
        history = replace(history, start=start)
    elif scenario is None and usage is None:
        text = f"the line starts on {DEFAULT_START:%Y-%m-%d}"
        assumed.append(Assumption("start", f"--start {DEFAULT_START:%Y-%m-%d}", text))
    try:
        found = run(plan, history)
    except HistoryError as error:
        raise UnusableError(f"{error.problem}; {error.instead}") from None
    if _spread_matters(found):
        text = "use of a cycle is spread evenly over its days"
        assumed.append(Assumption("use", "records with a date each", text))
    for assumption in assumed:
        found = with_assumption(found, assumption)
    return found


def _from_scenario(checked: Checked, path: Path, plan_name: str) -> Scenario:
    source = files.read(path)
    scenarios, diagnostics = scenario_file.read(source, checked)
    _refuse(diagnostics, source)
    about = [scenario for scenario in scenarios if plan_name in ("", scenario.plan)]
    if not about:
        raise UnusableError(f'{path} has no scenario of plan "{printable(plan_name)}"')
    return about[0]


def _history(checked: Checked, plan: Plan, use: str, usage: Path | None, assumed: list[Assumption]) -> Scenario:
    if usage is not None:
        source = files.read(usage)
        dated, diagnostics = record_file.read(source, checked)
        _refuse(diagnostics, source)
        if not dated:
            raise UnusableError(f"{usage} holds no records")
        first = min(record.at for record in dated)
        return Scenario("", plan.name, datetime(first.year, first.month, first.day), (), dated, NOWHERE)
    if use:
        return Scenario("", plan.name, DEFAULT_START, tuple(_cycles(checked, use)), (), NOWHERE)
    assumed.append(Assumption("usage", "--use 6GB,25GB,20GB", "a sample of light and heavy months is used"))
    return usage_scenario(plan, sample_usage(plan))


def _cycles(checked: Checked, use: str) -> list[CycleSteps]:
    """`6GB,25GB and 30 minutes` as one cycle a comma."""
    cycles = []
    for part in use.split(","):
        text = f"use {part.strip()}"
        if not part.strip()[:1].isdigit():
            raise UnusableError(f"`{printable(part.strip())}` is no amount; write --use 6GB,25GB,20GB", misuse=True)
        findings = Findings()
        parsed = parse_line(text)
        findings.extend(parsed.findings)
        if isinstance(parsed.statement, UseStep):
            amounts = Amounts(findings, checked.data_step)
            line = Line(1, parsed.statement, parsed.sound)
            cycles.append(CycleSteps(tuple(acts(amounts, line, parsed.statement, ())), ()))
        _refuse(tuple(finding.on_line(1) for finding in findings.sorted()), Source("--use", text), misuse=True)
    return cycles


def _spread_matters(found: Run) -> bool:
    """Whether a lot begins or ends inside a cycle that was given a total use."""
    if not any(steps.acts for steps in found.scenario.cycles):
        return False
    edges = {found.calendar.boundary(number) for number in range(len(found.statement.cycles) + 1)}
    last = max(edges)
    return any(at not in edges and at < last for lot in found.lots for at in (lot.born, lot.end))


def shown(found: Run, layout: str, columns: int) -> str:
    """The outcome in a layout: `table`, `json` or `csv`."""
    match layout:
        case "json":
            return json.dumps(as_json(found.statement, found.calendar), indent=2) + "\n"
        case "csv":
            return as_csv(found)
        case _:
            return table(found, columns)


def scenario_for(path: Path) -> Path | None:
    """The scenario file beside a plan, where there is one."""
    beside = folders.scenario_beside(path)
    return beside if beside.is_file() else None
