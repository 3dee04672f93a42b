"""What is expected of a history, and whether it came out so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dsl import units
from dsl.scenario import Expectation, Figure
from dsl.source import printable
from dsl.step_words import UnsayableError, moment
from engine.calendar import NEVER, Instant
from engine.judge import Judged, judged
from tui.saying import amount_text, say, spoken
from tui.steps import Place
from tui.timeline.entries import Entry, Kind, State
from tui.timeline.subject import Subject, said_of


def expected(of: Subject, boundaries: tuple[Instant, ...]) -> Iterator[Entry]:
    """An entry each; `boundaries` are those of the cycles."""
    came = judged(of.run) if of.run else None
    for place, at, line, expectation in _expectations(of, boundaries):
        who = said_of(line)
        entry = Entry(at, Kind.EXPECTED, who + say("expected: {what}", what=printable(_said(of, expectation))), place)
        one = next(came) if came else None
        if one and one.is_met:
            entry = replace(entry, state=State.MET)
        elif one:
            entry = replace(entry, state=State.MISSED, why=say("came to {what}", what=_got(of, one)))
        yield entry


def _expectations(of: Subject, boundaries: tuple[Instant, ...]) -> Iterator[tuple[Place, Instant, str, Expectation]]:
    """In the order in which they are judged."""
    for cycle, told in enumerate(of.scenario.cycles):
        at = boundaries[cycle + 1] - 1
        for index, one in enumerate(told.expectations):
            yield Place(cycle=cycle, expectation=index), at, "", one
        for number, other in enumerate(told.others):
            for index, one in enumerate(other.expectations):
                yield Place(cycle=cycle, other=number, expectation=index), at, other.line, one
    for number, dated in enumerate(of.scenario.dated):
        for index, one in enumerate(dated.expectations):
            yield Place(dated=number, expectation=index), of.instant(dated), dated.line, one


def _said(of: Subject, expectation: Expectation) -> str:
    try:
        return of.words.expected(expectation)
    except UnsayableError as error:
        return say(error.told)


def _got(of: Subject, one: Judged) -> str:
    is_end = one.expectation.figure is Figure.ENDS
    if one.parts and not is_end:
        return spoken().every([f"{_amount(of, one, part.amount)} because {part.cause}" for part in one.parts])
    if not is_end:
        return _amount(of, one, one.got)
    end = say("never") if one.got == NEVER else moment(of.calendar.local(one.got))
    causes = dict.fromkeys(str(part.cause) for part in one.parts)
    return f"{end} because {spoken().every([*causes])}" if causes else end


def _amount(of: Subject, one: Judged, amount: int) -> str:
    """As people say it, but where that would be what was expected."""
    service, step = one.expectation.service, of.plan.data_step
    shown = amount_text(service, amount, step)
    is_told = amount == one.wanted or shown != amount_text(service, one.wanted, step)
    return shown if is_told else units.exact(service, amount, step)
