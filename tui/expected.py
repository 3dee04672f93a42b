"""An expectation that did not come out: what came out instead, why, and how it would be written now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from dsl import units
from dsl.scenario import Figure
from dsl.source import NOWHERE, Source, Span, place, printable, quoted
from engine.calendar import NEVER
from engine.causes import Part
from engine.judge import Missed
from engine.run import Run

_AMOUNT = re.compile(r"\d[\d.]*\s*[A-Za-z][\w-]*")
_END = re.compile(r"never\b|\d{4}-\d\d-\d\d(\s+\d\d:\d\d)?", re.IGNORECASE)


def told(plan: Source, source: Source, found: Run, miss: Missed) -> Iterator[str]:
    """Where it stands in `source`, what was got, and, where it says why, what made the figure: rules stand in the text `plan`.
    `found` is the run of its line."""
    expectation = miss.expectation
    who = f'"{printable(miss.line)}", ' if miss.line else ""
    is_end = expectation.figure is Figure.ENDS
    wanted = _moment(expectation.until) if is_end else _exact(found, miss, expectation.amount)
    head = f"{place(source, expectation.span)}: {who}cycle {miss.cycle}: expected {expectation.figure} {wanted}"
    if expectation.because is None:
        yield f"{head}, got {_got(found, miss)}{'' if is_end else f' ({_difference(found, miss)})'}"
        return
    each = [f"{amount} because {why}" for amount, why in _made(plan, found, miss, miss.parts)]
    yield printable(f"{head} because {expectation.because}, got {' and '.join(each) or _got(found, miss)}")
    for part in miss.parts:
        stands = rule(plan, source, found, part.span)
        yield f"  {_exact(found, miss, part.amount)} because {part.cause}{f' ({stands})' if stands else ''}"


def written_now(source: Source, found: Run, miss: Missed) -> str:
    """An expectation as it is written in a plan, with what came out; one that says why is written once for each reason that
    none beside it says."""
    span, because = miss.expectation.span, miss.expectation.because
    written = source.lines[span.line - 1][span.start : span.end]
    if because is None:
        return _with(miss, written, _got(found, miss))
    head, why = written[: because.span.start - span.start], written[because.span.start - span.start :]
    others = [_with(miss, head, amount) + reason for amount, reason in _made(source, found, miss, miss.unsaid)]
    is_end = miss.expectation.figure is Figure.ENDS
    is_made = len(miss.unsaid) < len(miss.parts) if is_end else miss.got != 0
    own = [_with(miss, head, _got(found, miss)) + why] if is_made or not others else []
    return ", ".join([*own, *others])


def rule(plan: Source, source: Source, found: Run, span: Span) -> str:
    """The line of a rule, or of a step of the history, and what stands there; "" where none does."""
    text = source if span in found.scenario.puts else plan
    return f"line {span.line}: {quoted(text, span)}" if span != NOWHERE else ""


def _made(plan: Source, found: Run, miss: Missed, parts: Sequence[Part]) -> list[tuple[str, str]]:
    """What parts come to together, and why, in the way in which the expectation says it: by cause, or by words of rules."""
    because = miss.expectation.because
    sums: dict[str, int] = {}
    for part in parts:
        words = quoted(plan, part.span) if because and not because.cause and part.span not in found.scenario.puts else ""
        why = f'"{words}"' if words and '"' not in words else str(part.cause)
        sums[why] = sums.get(why, 0) + part.amount
    if miss.expectation.figure is Figure.ENDS:
        return [(_got(found, miss), why) for why in sums]
    return [(_exact(found, miss, amount), why) for why, amount in sums.items()]


def _with(miss: Missed, written: str, now: str) -> str:
    """An expectation as it is written, with another amount or end."""
    pattern = _END if miss.expectation.figure is Figure.ENDS else _AMOUNT
    return pattern.sub(lambda _: now, written, count=1)


def _got(found: Run, miss: Missed) -> str:
    """What was got instead, as it would be written."""
    if miss.expectation.figure is not Figure.ENDS:
        return _exact(found, miss, miss.got)
    return _moment(found.calendar.local(miss.got) if miss.got != NEVER else None)


def _exact(found: Run, miss: Missed, amount: int) -> str:
    return units.exact(miss.expectation.service, amount, found.plan.data_step)


def _difference(found: Run, miss: Missed) -> str:
    more = miss.got - miss.expectation.amount
    return f"{_exact(found, miss, abs(more))} {'more' if more > 0 else 'less'}"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}".removesuffix(" 00:00") if at else "never"
