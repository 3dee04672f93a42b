"""The dates before a rule: which statements can have them, and what they make of a line.

A block has one set of rules for each time between the dates that its lines name. In each the dated lines that hold act as the
own lines of a plan made `like` the undated ones: `merge` of dsl/pieces.py says what they replace.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dsl import nodes
from dsl.amounts import Amounts
from dsl.diagnostics import Findings
from dsl.nodes import Dates, Line
from dsl.phrase import phrase
from dsl.units import DEFAULT_DATA_STEP

ALWAYS = date.min  # the first day of what holds before any date


def undated(findings: Findings, line: Line, header: nodes.Statement | None) -> Line | None:
    """The line without the dates it begins with, which it knows from here on; as it is where it has none, and None where they
    can't be read. `header` is of the block it stands in. What can't have dates is reported, and read as if it had none."""
    dated = line.statement
    if not isinstance(dated, nodes.Dated):
        return line
    plain = line._replace(statement=dated.statement)
    if reason := _why_never(dated, header):
        what, instead = reason
        findings.add("R240", line.span(dated.at), what=what, instead=instead)
        # A promotion that gets its dates wrong is not told besides that it has none.
        return None if isinstance(header, nodes.PromotionHeader) and isinstance(dated.statement, nodes.Rules) else plain
    amounts = Amounts(findings, DEFAULT_DATA_STEP)  # dates have no units
    start = amounts.day(line, dated.start) if dated.start else date.min
    end = amounts.end_of(line, dated.last) if dated.last else date.max
    if start is None or end is None:
        return None
    if end <= start:
        findings.add("R241", line.span(dated.at))
        return None
    return plain._replace(dates=Dates(start, end))


def _why_never(dated: nodes.Dated, header: nodes.Statement | None) -> tuple[str, str] | None:
    """What a statement that can't have dates is called, and what to do."""
    statement = dated.statement
    match statement:
        case nodes.PromotionHeader():
            return phrase("a promotion"), phrase("write them on the line below it: `from 2026-10-01 until 2026-10-08`")
        case nodes.PlanHeader() | nodes.PackHeader():
            return phrase("a plan") if isinstance(statement, nodes.PlanHeader) else phrase("a pack"), phrase(
                "write them before the rules that change"
            )
        case nodes.RegulationHeader():
            return phrase("a regulation"), phrase("write them before what it asks since then")
        case nodes.Excepted():
            return phrase("what is left out of a regulation"), phrase("take them out")
        case nodes.ExampleHeader():
            return phrase("an example"), phrase("write `start 2026-10-01` in it")
        case nodes.Equation(is_rate=True) | nodes.Counted() | nodes.Weight() | nodes.More() | nodes.InUnit() if header is None:
            return phrase("what holds for the whole file"), phrase("put it in the plan in which it changes")
        case nodes.Equation(is_rate=False) | nodes.Timezone() | nodes.Group() | nodes.Unit():
            return phrase("what holds for the whole file"), phrase("take them out")
        case nodes.Cycle():
            return phrase("a cycle"), phrase("take them out: cycles are counted from one day on, and never change")
        case nodes.Contract():
            return phrase("a contract"), phrase("take them out: it is what was agreed at the start")
        case nodes.Ensure():
            return phrase("a claim"), phrase("take them out: it is about every day")
        case nodes.Assume():
            return phrase("what is assumed"), phrase("take them out: claims are about every day")
        case nodes.Window() | nodes.Dated():
            return phrase("a line of dates"), phrase("write them once")
        case _ if isinstance(statement, nodes.Step):
            return phrase("a step of an example"), phrase("write `on {day}` in their place", day=_some_day(dated))
        case _ if isinstance(header, nodes.PromotionHeader):
            return phrase("a rule of a promotion"), phrase("give them a line of their own: they say when the promotion is on")
    return None


def _some_day(dated: nodes.Dated) -> str:
    words = [dated.start, dated.last.date if dated.last else None]
    return next(word.text for word in words if word)


def days(lines: Iterable[Line]) -> tuple[date, ...]:
    """The first days of the times of which each has its own rules: that before any date, and the dates of `lines`."""
    dates = {day for line in lines if line.dates for day in (line.dates.start, line.dates.end)}
    return tuple(sorted({ALWAYS, *dates} - {date.max}))
