"""What a timeline is told of: a scenario of a plan, what it came to, and the text of the plan."""

from __future__ import annotations

from dataclasses import dataclass

from dsl.plan import Plan
from dsl.scenario import Dated, Scenario
from dsl.source import NOWHERE, Source, Span, printable
from dsl.step_words import StepWords
from engine.calendar import Calendar, Instant
from engine.run import Run
from tui.steps import Place


@dataclass(frozen=True, slots=True)
class Subject:
    """`run` is None where the scenario can't be run."""

    plan: Plan
    scenario: Scenario
    run: Run | None
    others: tuple[Plan, ...]
    source: Source
    calendar: Calendar

    @property
    def words(self) -> StepWords:
        return StepWords(self.plan.data_step)

    def instant(self, dated: Dated) -> Instant:
        return self.calendar.instant(dated.at)

    def at(self, place: Place) -> Instant:
        """When a step is done."""
        if place.dated >= 0:
            return self.instant(self.scenario.dated[place.dated])
        return self.calendar.days(place.cycle + 1)[0]

    def in_text(self, span: Span) -> Span:
        """The span, where it is one of the plan's text: steps that were typed or loaded have no place there."""
        return span if 1 <= span.line <= len(self.source.lines) else NOWHERE

    def quoted(self, span: Span) -> str:
        return printable(self.source.lines[span.line - 1][span.start : span.end]) if span != NOWHERE else ""


def said_of(line: str) -> str:
    """Whose step it is, before what it says; nothing for the line that the history is about."""
    return f'"{printable(line)}" ' if line else ""
