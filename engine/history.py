"""A scenario as events in the order of time: uses of a whole cycle are spread over its days, dated acts stand as they are."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.scenario import MAX_CYCLES, Act, Scenario, Use
from dsl.source import NOWHERE, Span
from engine.arithmetic import spread
from engine.calendar import Calendar, Instant


class HistoryError(ValueError):
    """A history that can't be run: what is wrong, and where it was written."""

    def __init__(self, problem: str, instead: str, span: Span) -> None:
        super().__init__(problem)
        self.problem = problem
        self.instead = instead
        self.span = span


@dataclass(frozen=True, slots=True)
class Event:
    """`rank` 0 is bought, topped up or another state, 1 is use: at one instant, use comes last."""

    at: Instant
    rank: int
    act: Act
    span: Span


def events(scenario: Scenario, calendar: Calendar) -> tuple[list[Event], int]:
    """The events, and how many cycles they and the scenario's own cycles make. Raises HistoryError."""
    found: list[Event] = []
    for number, steps in enumerate(scenario.cycles, 1):
        days = calendar.days(number)
        for act in steps.acts:
            if isinstance(act, Use):
                parts = zip(days, spread(act.amount, len(days)), strict=True)
                found += [Event(at, 1, Use(act.service, part, act.tags, in_all=True), NOWHERE) for at, part in parts if part]
            else:
                found.append(Event(days[0], 0, act, NOWHERE))
    cycles = len(scenario.cycles)
    start = calendar.boundary(0)
    for held in scenario.opening:
        if held.until and calendar.instant(held.until) <= start:
            raise HistoryError("this has ended before the start", "give it a later date, or leave it out", held.span)
    # Boundaries are worked out as far as they are asked for, so the last allowed one only where it may matter.
    limit = calendar.boundary(MAX_CYCLES) if scenario.dated else start
    for dated in scenario.dated:
        at = calendar.instant(dated.at)
        if at < start:
            raise HistoryError("this is before the start", "give `start` an earlier date", dated.span)
        if at >= limit:
            raise HistoryError(f"this is more than {MAX_CYCLES} cycles after the start", "start later", dated.span)
        cycles = max(cycles, calendar.cycle_at(at))
        if dated.act and (not isinstance(dated.act, Use) or dated.act.amount):
            found.append(Event(at, 1 if isinstance(dated.act, Use) else 0, dated.act, dated.span))
    return sorted(found, key=_turn), cycles


def _turn(event: Event) -> tuple[Instant, int, str, list[str], int]:
    """Uses at one instant come in an order of their own, so that the one in which they were recorded makes no difference."""
    act = event.act
    return (event.at, event.rank, *((act.service, sorted(act.tags), act.amount) if isinstance(act, Use) else ("", [], 0)))
