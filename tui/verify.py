"""`rollover test`: runs the examples in plans and the scenarios beside them, and tells what did not come out and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dsl import scenario_file, units
from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic, render
from dsl.plan import NeverAbove
from dsl.scenario import Figure, Scenario
from dsl.source import Source, Span, place, printable, quoted
from engine.explain import movements
from engine.history import HistoryError
from engine.judge import Broken, Missed, broken, missed
from engine.reached import reached
from engine.run import Run, run
from tui import claims, expected, files, folders
from tui.checking import read_plan, use_grammar_cache


@dataclass(slots=True)
class Case:
    """One example or scenario; `told` is what went wrong, and empty where nothing did."""

    name: str
    told: tuple[str, ...]


@dataclass(slots=True)
class Tested:
    """A plan that was tested: its cases, what to write in the plan in the place of what did not come out, and where the parts
    of it stand that they reached."""

    checked: Checked
    cases: list[Case] = field(default_factory=list)
    came_to: list[tuple[Span, str]] = field(default_factory=list)
    reached: set[Span] = field(default_factory=set)


@dataclass(slots=True)
class Report:
    """`lines` are for people; `passed` and `failed` count scenarios, `unreadable` files that can't be read or have errors."""

    lines: list[str] = field(default_factory=list)
    passed: int = 0
    failed: int = 0
    unreadable: int = 0
    files: list[Tested] = field(default_factory=list)


def plan_files(paths: list[Path]) -> list[Path]:
    """The plans to test: those named or found, and those beside the scenario files named."""
    found = folders.found(paths, folders.PLAN, *folders.SCENARIOS)
    return list(dict.fromkeys(folders.plan_beside(path) if folders.is_scenario(path) else path for path in found))


def verify(paths: list[Path], step: Callable[[], None] = lambda: None) -> Report:
    """Tests every plan of the paths. `step` is called before each scenario, and may raise to end it."""
    use_grammar_cache()
    report = Report()
    for path in plan_files(paths):
        report.lines.append(printable(str(path)))
        try:
            _verify_plan(path, report, step)
        except files.FileError as error:
            report.unreadable += 1
            report.lines.append(f"  {printable(str(error))}")
    return report


def _verify_plan(path: Path, report: Report, step: Callable[[], None]) -> None:
    source = read_plan(path)
    checked = check(source)
    if _errors(checked.diagnostics, source, report):
        return
    report.files.append(Tested(checked))
    for scenario in checked.scenarios:
        step()
        _verify(checked, source, scenario, report)
    for beside in folders.scenarios_beside(path):
        scenario_source = files.read(beside)
        scenarios, diagnostics = scenario_file.read(scenario_source, checked)
        if not _errors(diagnostics, scenario_source, report):
            for scenario in scenarios:
                step()
                _verify(checked, scenario_source, scenario, report)


def _errors(diagnostics: tuple[Diagnostic, ...], source: Source, report: Report) -> bool:
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.is_error]
    for diagnostic in errors:
        report.lines += [f"  {line}" for line in render(diagnostic, source).split("\n")]
    report.unreadable += bool(errors)
    return bool(errors)


def _verify(checked: Checked, source: Source, scenario: Scenario, report: Report) -> None:
    """Runs one scenario; `source` is the text its expectations stand in."""
    plan = checked.plan(scenario.plan)
    assert plan is not None, "scenarios are read against the plans of their file"
    named, tested = f"{printable(scenario.plan)}: {printable(scenario.name) or 'scenario'}", report.files[-1]
    try:
        found = run(plan, scenario, checked.plans)
    except HistoryError as error:
        told = [f"{place(source, error.span)}: {error.problem}; {error.instead}"]
    else:
        wrong = missed(found)
        told = [line for miss in wrong for line in _told(checked, source, found.line(miss.line), miss)]
        told += [line for claim in broken(found, checked.plans) for line in _claimed(checked, source, found, claim)]
        tested.reached |= reached(found)
        if source is checked.source:
            tested.came_to += [
                (miss.expectation.span, expected.written_now(source, found.line(miss.line), miss)) for miss in wrong
            ]
    tested.cases.append(Case(named, tuple(told)))
    report.passed += not told
    report.failed += bool(told)
    report.lines += [f"  {'FAIL' if told else 'ok  '}  {named}", *(f"    {line}" for line in told)]


def _told(checked: Checked, source: Source, found: Run, miss: Missed) -> Iterator[str]:
    yield from expected.told(checked.source, source, found, miss)
    if miss.expectation.figure is not Figure.ENDS:
        yield from _explained(checked, source, found, miss.cycle, miss.expectation.service)


def _explained(checked: Checked, source: Source, found: Run, cycle: int, service: str) -> Iterator[str]:
    """What was there of a service when a cycle began, and what happened to it."""
    moved = movements(found, cycle, service)
    yield f"  what happened to {service} in cycle {cycle}:{'' if moved else ' nothing'}"
    for movement in moved:
        amount = units.exact(service, movement.amount, found.plan.data_step)
        rule = expected.rule(checked.source, source, found, movement.span)
        yield f"    {amount:>16}  {movement.what}: {movement.reason}{f' ({rule})' if rule else ''}"


def _claimed(checked: Checked, source: Source, found: Run, claim: Broken) -> Iterator[str]:
    yield f"{place(checked.source, claim.claim.span)}: this does not hold: {printable(claims.came_to(found, claim))}"
    yield f"  {quoted(checked.source, claim.claim.span)}"
    # A balance is that of the cycle it stands at the beginning of; all else is shown at the end of its cycle.
    at = claim.at if isinstance(claim.claim, NeverAbove) else claim.at - 1
    yield from _explained(checked, source, found, found.calendar.cycle_at(at), claim.service)
