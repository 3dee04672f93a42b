"""`rollover run`: which plan, which history, and the outcome as table, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dsl import record_file, scenario_file, units
from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic, Findings, render
from dsl.examples import DEFAULT_START
from dsl.plan import Assumption, LotClass, Plan
from dsl.scenario import MAX_CYCLES, CycleSteps, Scenario, Use
from dsl.scenario_file import FIRST_YEAR, LAST_YEAR, Reader
from dsl.source import NOWHERE, Source, Span, place, printable_lines
from dsl.yaml_text import Text
from engine.history import HistoryError
from engine.run import Run, run
from engine.statement import as_json
from tui import files
from tui.checking import read_plan, use_grammar_cache
from tui.session import sample_usage, usage_scenario, with_assumption
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
        raise UnusableError(f'{checked.source.name} has no plan; start one with a line such as plan "Prepaid 10" prepaid')
    return checked.plans[0]


@dataclass(frozen=True, slots=True)
class History:
    """A scenario of a plan, the text it stands in, and what was assumed to make it."""

    plan: Plan
    scenario: Scenario
    source: Source
    assumed: tuple[Assumption, ...] = ()
    others: tuple[Plan, ...] = ()  # of the file


def outcome(
    path: Path, plan_name: str, start: datetime | None, use: str | None, scenario: Path | None, usage: Path | None
) -> Run:
    """Runs a plan of a file on the history asked for. Raises files.FileError and UnusableError."""
    _, history = told(path, plan_name, use, scenario, usage)
    return played(history, start)


def told(path: Path, plan_name: str, use: str | None, scenario: Path | None, usage: Path | None) -> tuple[Checked, History]:
    """The plans of a file, and the history asked for. Raises files.FileError and UnusableError."""
    checked = checked_plans(path)
    if scenario is not None:
        return checked, _from_scenario(checked, scenario, plan_name)
    return checked, _history(checked, chosen(checked, plan_name), use, usage)


def played(history: History, start: datetime | None) -> Run:
    """Runs a history, from `start` on where that is given. Raises UnusableError."""
    if start and not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise UnusableError(f"--start should be from {FIRST_YEAR} to {LAST_YEAR}, not {start.date()}", misuse=True)
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


def _from_scenario(checked: Checked, path: Path, plan_name: str) -> History:
    source = files.read(path)
    scenarios, diagnostics = scenario_file.read(source, checked)
    refuse(diagnostics, source)
    about = [scenario for scenario in scenarios if plan_name in ("", scenario.plan)]
    if not about:
        raise UnusableError(f'{path} has no scenario of plan "{plan_name}"')
    return History(chosen(checked, about[0].plan), about[0], source, others=checked.plans)


def _history(checked: Checked, plan: Plan, use: str | None, usage: Path | None) -> History:
    """What is told without a scenario: records, use by cycles, or nothing at all."""
    if usage is not None:
        source = files.read(usage)
        dated, diagnostics = record_file.read(source, checked)
        refuse(diagnostics, source)
        if not dated:
            raise UnusableError(f"{usage} holds no records")
        first = min(record.at for record in dated)
        start = datetime(first.year, first.month, first.day)
        return History(plan, Scenario("", plan.name, start, (), dated, NOWHERE, start_is_assumed=True), source)
    source = Source("--use", use or "")
    if use is not None:
        cycles = _cycles(checked, source)
        return History(plan, Scenario("", plan.name, DEFAULT_START, cycles, (), NOWHERE, start_is_assumed=True), source)
    sample = sample_usage(plan)
    assumed = Assumption("usage", f'--use "{_written(plan, sample)}"', "a sample of light and heavy months is used")
    return History(plan, replace(usage_scenario(plan, sample), start_is_assumed=True), source, (assumed,))


def _written(plan: Plan, usage: Sequence[Mapping[str, int]]) -> str:
    """Usage per cycle as `_cycles` reads it."""
    return ", ".join(
        " and ".join(units.exact(service, amount, plan.data_step) for service, amount in cycle.items()) for cycle in usage
    )


def _cycles(checked: Checked, source: Source) -> tuple[CycleSteps, ...]:
    """`6GB,25GB and 30 minutes` as one cycle a comma."""
    findings = Findings()
    reader = Reader(checked, findings, expect="leave it out: `--use` is only what is used")
    cycles, column = [], 0
    for part in source.text.split(","):
        start = column + len(part) - len(part.lstrip())
        text = Text(part.strip(), Span(1, start, start + max(1, len(part.strip()))))
        cycles.append(CycleSteps(tuple(reader.acts("use", text)), ()))
        column += len(part) + 1
    refuse(findings.sorted(), source, misuse=True)
    if len(cycles) > MAX_CYCLES:
        raise UnusableError(f"--use has {len(cycles)} cycles; it may have {MAX_CYCLES}", misuse=True)
    return tuple(cycles)


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
