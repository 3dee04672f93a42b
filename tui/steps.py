"""The steps of a history, as somebody changes them: read as the language writes them, put, moved along the time, taken out.

Every step here has a `Place` in its scenario; a change gives back another scenario, so that it can be undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from dsl import examples, nodes
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, Findings
from dsl.parse import parse_line
from dsl.same import without_places
from dsl.scenario import Act, CycleSteps, Dated, Scenario, Use
from dsl.scenario_file import Reader
from dsl.source import NOWHERE
from dsl.step_words import StepWords, moment, quoted
from engine.calendar import Calendar
from tui.saying import say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in a scenario, counted from 0: in `dated`, or among the acts of a `cycle`, those of `other` lines in
    it apart. Of a step, or of a cycle, it may be an `expectation`."""

    dated: int = -1
    cycle: int = -1
    other: int = -1
    act: int = -1
    expectation: int = -1


class StepError(ValueError):
    """A step that can't be read: what is wrong and what to write instead, as sentences for people."""


# ---- read


def read(checked: Checked, text: str, at: datetime) -> tuple[Dated, ...]:
    """A step of the language, such as `buy "Travel 7"`, done at `at` unless it says when: `on 2026-03-17 buy "Travel 7"`.
    Raises StepError."""
    written = " ".join(text.split())
    if not written:
        raise StepError(say('write what happens, such as `top up 5 GB` or `buy "Travel 7"`'))
    is_dated = written.split(" ")[0].lower() == "on"
    parsed = parse_line(written if is_dated else f"on {moment(at.replace(second=0, microsecond=0))} {written}")
    findings = Findings()
    findings.extend(parsed.findings)
    reader = Reader(checked, findings)
    found: list[Dated] = []
    if isinstance(parsed.statement, nodes.DatedStep):
        line = nodes.Line(0, parsed.statement, parsed.sound)
        found = examples.dated_step(reader.amounts, line, parsed.statement, reader.names)
    elif not parsed.findings:
        raise StepError(say('this is a rule, not what happens: write a step such as `top up 5 GB` or `buy "Travel 7"`'))
    wrong = [finding for finding in findings.sorted() if finding.is_error]
    if wrong:
        raise StepError(_said(wrong[0]))
    return without_places(tuple(found))


def _said(finding: Diagnostic) -> str:
    if not finding.help:
        return say(finding.message)
    return say("{problem}: {instead}", problem=finding.message, instead=finding.help)


# ---- looked at


def acts(scenario: Scenario) -> Iterator[tuple[Place, str, Act]]:
    """All that is done but what is only used of a cycle, with who does it ("" for the line the history is about)."""
    for number, steps in enumerate(scenario.cycles):
        told = [(-1, "", steps.acts)] + [(index, other.line, other.acts) for index, other in enumerate(steps.others)]
        for other, line, done in told:
            places = ((Place(cycle=number, other=other, act=index), line, act) for index, act in enumerate(done))
            yield from (one for one in places if not isinstance(one[2], Use))
    for index, dated in enumerate(scenario.dated):
        if dated.act is not None:
            yield Place(dated=index), dated.line, dated.act


def line_names(scenario: Scenario) -> tuple[str, ...]:
    """The other lines of a history, in the order in which they are named."""
    named = [other.line for steps in scenario.cycles for other in steps.others] + [one.line for one in scenario.dated]
    return tuple(dict.fromkeys(name for name in named if name))


def step_at(scenario: Scenario, place: Place, calendar: Calendar) -> Dated:
    """The step of a place as a dated one: those of a cycle are done at its start."""
    if place.dated >= 0:
        return scenario.dated[place.dated]
    steps = scenario.cycles[place.cycle]
    line, done = ("", steps.acts) if place.other < 0 else (steps.others[place.other].line, steps.others[place.other].acts)
    return Dated(calendar.local(calendar.days(place.cycle + 1)[0]), done[place.act], NOWHERE, (), line)


def as_text(step: Dated, data_step: int) -> str:
    """The step as the language writes it, with its date. Raises dsl.step_words.UnsayableError."""
    words = StepWords(data_step)
    who = f" {quoted(step.line)}" if step.line else ""
    act = f" {words.act(step.act)}" if step.act else ""
    behind = f" -> {', '.join(map(words.expected, step.expectations))}" if step.expectations else ""
    return f"on {moment(step.at)}{who}{act}{behind}"


# ---- changed


def put(scenario: Scenario, *steps: Dated) -> tuple[Scenario, Place]:
    """With these dated steps among those there are, behind those of their time; and where the last of them stands."""
    dated = sorted([*scenario.dated, *steps], key=lambda one: one.at)
    index = max(number for number, one in enumerate(dated) if one is steps[-1])
    return replace(scenario, dated=tuple(dated)), Place(dated=index)


def without(scenario: Scenario, place: Place) -> Scenario:
    """Without the step, or the expectation, of a place."""
    if place.dated >= 0:
        return replace(scenario, dated=_dated_without(scenario.dated, place))
    steps = scenario.cycles[place.cycle]
    return replace(scenario, cycles=_replaced(scenario.cycles, place.cycle, _cycle_without(steps, place)))


def _dated_without(dated: tuple[Dated, ...], place: Place) -> tuple[Dated, ...]:
    if place.expectation < 0:
        return _gone(dated, place.dated)
    step = dated[place.dated]
    left = replace(step, expectations=_gone(step.expectations, place.expectation))
    return _replaced(dated, place.dated, left) if left.act or left.expectations else _gone(dated, place.dated)


def _cycle_without(steps: CycleSteps, place: Place) -> CycleSteps:
    if place.other < 0:
        if place.expectation >= 0:
            return replace(steps, expectations=_gone(steps.expectations, place.expectation))
        return replace(steps, acts=_gone(steps.acts, place.act))
    other = steps.others[place.other]
    if place.expectation >= 0:
        left = replace(other, expectations=_gone(other.expectations, place.expectation))
    else:
        left = replace(other, acts=_gone(other.acts, place.act))
    others = _replaced(steps.others, place.other, left) if left.acts or left.expectations else _gone(steps.others, place.other)
    return replace(steps, others=others)


def _gone(items: tuple[T, ...], index: int) -> tuple[T, ...]:
    return (*items[:index], *items[index + 1 :])


def _replaced(items: tuple[T, ...], index: int, item: T) -> tuple[T, ...]:
    return (*items[:index], item, *items[index + 1 :])


def moved(scenario: Scenario, place: Place, to: datetime, calendar: Calendar) -> tuple[Scenario, Place]:
    """With the step of a place done at another time, not before the start; and where it stands then."""
    step = replace(step_at(scenario, place, calendar), at=max(to, scenario.start))
    return put(without(scenario, place), step)


def cycle_later(at: datetime, calendar: Calendar, cycles: int = 1) -> datetime:
    """The same day of a later cycle, or, with less than 0, an earlier one; its last where it is shorter. At the same time of
    day."""
    number = calendar.cycle_at(calendar.instant(at))
    to = max(1, number + cycles)
    start, first, following = (calendar.local(calendar.boundary(one)) for one in (number - 1, to - 1, to))
    last = max(first.date(), following.date() - timedelta(days=1))
    return datetime.combine(min(first.date() + (at.date() - start.date()), last), at.time())


def at_midnight(day: date) -> datetime:
    return datetime.combine(day, time())
