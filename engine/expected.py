"""A history with what it came to as its expectations: what is on screen, as a test.

Each expectation is worked out by what judges it, so that the history passes the moment it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dsl.scenario import CycleSteps, Expectation, Figure, OtherSteps, Scenario
from dsl.source import NOWHERE
from engine.history import first_use
from engine.judge import figure
from engine.run import Run
from engine.statement import CycleStatement

_ALWAYS = (Figure.AVAILABLE, Figure.USED, Figure.LEFT, Figure.CARRIED)  # where there is anything of a service
_FIGURES = (
    *_ALWAYS, Figure.RECEIVED, Figure.OVERAGE, Figure.CONVERTED, Figure.GIVEN, Figure.EXPIRED, Figure.REPAID, Figure.OWED,
    Figure.REFUSED,
)  # fmt: skip


def expected(run: Run) -> Scenario:
    """The scenario of a run, in which each cycle expects what it came to, of each line. What was expected of dated steps
    stays."""
    scenario = _with_all_cycles(run)
    cycles = tuple(_cycle(run, number, steps) for number, steps in enumerate(scenario.cycles, 1))
    return replace(scenario, cycles=cycles)


def _with_all_cycles(run: Run) -> Scenario:
    """With those cycles, too, that only dated steps reach; unless their being told would begin the first at another time."""
    scenario = run.scenario
    missing = len(run.statement.cycles) - len(scenario.cycles)
    longer = replace(scenario, cycles=(*scenario.cycles, *(CycleSteps((), ()),) * missing))
    return longer if first_use(longer) == first_use(scenario) else scenario


def _cycle(run: Run, number: int, steps: CycleSteps) -> CycleSteps:
    others = [replace(other, expectations=()) for other in steps.others]
    for name, line in run.others:
        # The cycle of that line which the end of this one's falls in, as it is judged.
        in_cycle = line.calendar.cycle_at(run.calendar.boundary(number) - 1)
        if any(cycle.number == in_cycle for cycle in line.statement.cycles):
            _expect(others, name, tuple(_of_line(line, in_cycle)))
    return CycleSteps(steps.acts, tuple(_of_line(run, number)), tuple(others))


def _expect(others: list[OtherSteps], name: str, found: tuple[Expectation, ...]) -> None:
    """Puts expectations behind the last that a line does in a cycle."""
    last = max((index for index, other in enumerate(others) if other.line == name), default=-1)
    if last >= 0:
        others[last] = replace(others[last], expectations=found)
    elif found:
        others.append(OtherSteps(name, (), found, NOWHERE))


def _of_line(run: Run, number: int) -> Iterator[Expectation]:
    """Figure by figure, as a reader compares them, of each service that has any."""
    cycle = run.statement.cycle(number)
    came: list[Expectation] = []
    for service in cycle.services:
        wanted = [Expectation(one, service, 0, NOWHERE) for one in _FIGURES]
        of_service = [replace(one, amount=figure(run, number, one)) for one in wanted]
        if any(one.amount for one in of_service):
            came += [one for one in of_service if one.amount > 0 or (not one.amount and one.figure in _ALWAYS)]
    yield from sorted(came, key=lambda one: _FIGURES.index(one.figure))
    yield from _money(run, cycle)


def _money(run: Run, cycle: CycleStatement) -> Iterator[Expectation]:
    """What is charged, in each currency in which anything ever is; and what is due where that is not the same."""
    for currency in dict.fromkeys(currency for one in run.statement.cycles for currency in one.charged):
        charged, due = cycle.charged.get(currency, 0), cycle.due.get(currency, 0)
        if charged >= 0:  # no text can expect what is paid back
            yield Expectation(Figure.CHARGED, currency, charged, NOWHERE)
        if 0 <= due != charged:
            yield Expectation(Figure.DUE, currency, due, NOWHERE)
