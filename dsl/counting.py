"""What of a use counts: steps of records, weights, what counts more, and the units that a service uses."""

from __future__ import annotations

from collections.abc import Sequence

from dsl import nodes, scopes
from dsl.amounts import Amounts
from dsl.context import Context, is_service, misplaced, named_service
from dsl.nodes import Line
from dsl.phrase import phrase
from dsl.plan import CountedInSteps, Counting, InUnit, More, Weight
from dsl.units import ratio

MOST_TIMES = 1_000


def counting(context: Context, lines: Sequence[Line]) -> Counting:
    """What the counting lines of a plan say, each kind in the order written."""
    steps, weights, more, units = list[CountedInSteps](), list[Weight](), list[More](), list[InUnit]()
    for line in lines:
        match line.statement:
            case nodes.Counted() as said:
                steps += _steps(context, line, said)
            case nodes.Weight() as said:
                weights += _weight(context.amounts, line, said)
            case nodes.More() as said:
                more += _more(context.amounts, line, said)
            case nodes.InUnit() as said:
                units += _in_unit(context, line, said)
    return Counting(tuple(steps), tuple(weights), tuple(more), tuple(units))


def _steps(context: Context, line: Line, said: nodes.Counted) -> list[CountedInSteps]:
    amounts = context.amounts
    service = named_service(amounts, line, said.service, context.currency)
    if service is None:
        return []
    first = amounts.of_service(line, said.first, service, zero_help=_A_STEP)
    then = amounts.of_service(line, said.then, service, zero_help=_A_STEP) if said.then else first
    return (
        [CountedInSteps(service, 0 if said.nearest else first, then, said.nearest, line.span(said.at))]
        if first and then
        else []
    )


_A_STEP = phrase("write how much a step is, such as 1 KB or 6 seconds")


def _weight(amounts: Amounts, line: Line, said: nodes.Weight) -> list[Weight]:
    many, over = ratio(said.number.text)
    if many > MOST_TIMES * over:
        amounts.findings.add("R114", line.span(said.number.at), number=said.number.text, limit=MOST_TIMES)
        return []
    return [Weight(said.tag.text, (many, over), line.span(said.at))]


def _more(amounts: Amounts, line: Line, said: nodes.More) -> list[More]:
    found = amounts.quantity(line, said.quantity, zero_help=phrase("leave the line out"))
    return [More(said.tag.text, found.service, found.amount, line.span(said.at))] if found else []


def _in_unit(context: Context, line: Line, said: nodes.InUnit) -> list[InUnit]:
    amounts = context.amounts
    scope = scopes.scope(amounts, line, said.marks, of_lot=False)
    taken = amounts.quantity(line, said.quantity, zero_help=phrase("write how much uses how much"))
    unit = amounts.quantity(line, said.unit, zero_help=phrase("write how much uses how much"))
    for mark in said.marks:
        if isinstance(mark, nodes.Word) and taken and not is_service(amounts, line, mark, taken.service):
            return []
        if not isinstance(mark, nodes.Word | nodes.Scope):
            misplaced(
                context, line, mark, phrase("what a use is"), phrase('say which use it is: `1 minute "roaming" uses 2 flex`')
            )
            return []
    if taken is None or unit is None or scope is None:
        return []
    if taken.service == unit.service:
        amounts.findings.add("R253", line.span(said.at))
        return []
    return [InUnit(taken.service, taken.amount, unit.service, unit.amount, scope, line.span(said.at))]
