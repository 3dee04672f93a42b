"""A scenario as events in the order of time: uses of a whole cycle are spread over its days, dated acts stand as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dsl.phrase import Phrase, phrase
from dsl.scenario import MAX_CYCLES, Act, ChangeTo, CycleSteps, Leave, Renew, Scenario, Use
from dsl.source import NOWHERE, Span
from engine.arithmetic import spread
from engine.calendar import Calendar, Instant


class HistoryError(ValueError):
    """A history that can't be run: what is wrong, and where it was written."""

    def __init__(self, problem: Phrase, instead: Phrase, span: Span) -> None:
        super().__init__(problem)
        self.problem = problem
        self.instead = instead
        self.span = span


@dataclass(frozen=True, slots=True)
class Event:
    """At one instant by `rank`: -1 is what decides what follows a cycle that ends then, 0 what else is done, 1 use."""

    at: Instant
    rank: int
    act: Act
    span: Span
    line: str = ""


def events(scenario: Scenario, calendar: Calendar) -> tuple[list[Event], int]:
    """The events, and how many cycles they and the scenario's own cycles make. Raises HistoryError."""
    found: list[Event] = []
    for number, steps in enumerate(scenario.cycles, 1):
        days = calendar.days(number)
        found += acts_of_cycle(steps, days[0])
        told = [("", act, NOWHERE) for act in steps.acts]
        for line, act, span in told + [(other.line, act, other.span) for other in steps.others for act in other.acts]:
            if isinstance(act, Use):
                parts = zip(days, spread(act.amount, len(days)), strict=True)
                found += [Event(at, 1, Use(act.service, part, act.tags, in_all=True), span, line) for at, part in parts if part]
        if calendar.boundary(number) == days[0] and any(isinstance(act, Use) and act.amount for act in steps.acts):
            problem = phrase("a renewal ends this cycle at the instant at which it begins, so nothing can be used in it")
            raise HistoryError(problem, phrase("give the renewal a date: `on 2026-01-20 renew`"), scenario.span)
    start = calendar.boundary(0)
    for held in scenario.opening:
        if held.until and calendar.instant(held.until) <= start:
            raise HistoryError(
                phrase("this has ended before the start"), phrase("give it a later date, or leave it out"), held.span
            )
    dated = dated_events(scenario, calendar)
    cycles = max([len(scenario.cycles), *(calendar.cycle_at(calendar.instant(one.at)) for one in scenario.dated)])
    # A dated renewal may be what begins a cycle, so it comes before what is done at its start.
    first, later = [one for one in dated if one.rank < 0], [one for one in dated if one.rank >= 0]
    return sorted(first + found + later, key=_turn), cycles


def first_use(scenario: Scenario) -> datetime | None:
    """When the line of a history is first used, which may begin its first cycle. What a cycle is told to use it uses from its
    start on; a history without use is closed as if it were used after all that is told."""
    of_first_cycle = any(isinstance(act, Use) and act.amount for steps in scenario.cycles[:1] for act in steps.acts)
    uses = [dated.at for dated in scenario.dated if isinstance(dated.act, Use) and dated.act.amount and not dated.line]
    told = [] if scenario.cycles else [dated.at for dated in scenario.dated]
    if of_first_cycle or not (uses or told):
        return scenario.start
    return min(uses, default=max([scenario.start, *told]))


def acts_of_cycle(steps: CycleSteps, start: Instant) -> list[Event]:
    """What is done at the start of a cycle."""
    told = [("", act, NOWHERE) for act in steps.acts] + [
        (other.line, act, other.span) for other in steps.others for act in other.acts
    ]
    return [Event(start, rank(act), act, span, line) for line, act, span in told if not isinstance(act, Use)]


def comes_first(act: Act) -> bool:
    """Whether an act decides what follows a cycle that ends at its instant, and so comes before the close."""
    return isinstance(act, Renew | ChangeTo | Leave)


def rank(act: Act) -> int:
    """As in `Event`."""
    return -1 if comes_first(act) else int(isinstance(act, Use))


def dated_events(scenario: Scenario, calendar: Calendar) -> list[Event]:
    """What is done at its own time, in order. Raises HistoryError for times outside the history."""
    found = []
    start = calendar.boundary(0)
    # Boundaries are worked out as far as they are asked for, so the last allowed one only where it may matter.
    limit = calendar.boundary(MAX_CYCLES) if scenario.dated else start
    for dated in scenario.dated:
        at = calendar.instant(dated.at)
        if at < start:
            raise HistoryError(phrase("this is before the start"), phrase("give `start` an earlier date"), dated.span)
        if at >= limit:
            raise HistoryError(
                phrase("this is more than {cycles} cycles after the start", cycles=MAX_CYCLES),
                phrase("start later"),
                dated.span,
            )
        if dated.act and (not isinstance(dated.act, Use) or dated.act.amount):
            found.append(Event(at, rank(dated.act), dated.act, dated.span, dated.line))
    return sorted(found, key=_turn)


def _turn(event: Event) -> tuple[Instant, int, str, str, list[str], int]:
    """Uses at one instant come in an order of their own, so that the one in which they were recorded makes no difference."""
    act = event.act
    of_use = (event.line, act.service, sorted(act.tags), act.amount) if isinstance(act, Use) else ("", "", [], 0)
    return (event.at, event.rank, *of_use)
