"""Why a history can't be run, and which of its steps keeps it from that."""

from __future__ import annotations

from dataclasses import replace

from dsl.scenario import Scenario
from dsl.source import Span
from engine.history import HistoryError
from engine.run import run
from tui import steps
from tui.saying import say
from tui.steps import Place
from tui.timeline.subject import Subject


def problem_of(of: Subject) -> tuple[str, Place | None]:
    """Why the history can't be run, and the step that keeps it from that, where it is one."""
    dated = tuple(replace(one, span=Span(0, index, index + 1)) for index, one in enumerate(of.scenario.dated))
    error = _error(of, replace(of.scenario, dated=dated))
    if error is None:
        return "", None
    problem = say("{problem}: {instead}", problem=error.problem, instead=error.instead)
    if error.span.end:
        return problem, Place(dated=error.span.start)
    for place, _, _ in steps.acts(of.scenario):
        if place.dated < 0 and _error(of, steps.without(of.scenario, place)) is None:
            return problem, place
    return problem, None


def _error(of: Subject, scenario: Scenario) -> HistoryError | None:
    try:
        run(of.plan, scenario, of.others)
    except HistoryError as error:
        return error
    return None
