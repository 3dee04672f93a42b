"""What a plan claims with `ensure`, and the use it assumes for that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from dsl import nodes
from dsl.context import MOST_CYCLES, Context, is_plan, named_service
from dsl.nodes import Line
from dsl.plan import Bounded, CarriedNeverAbove, Claim, CycleNeverAbove, MostUsed, NeverAbove, NeverExpires, NeverWorse
from dsl.units import is_money


def claims(context: Context, lines: Sequence[Line], plan: str) -> tuple[Claim, ...]:
    """The claims of the plan of that name."""
    found = [_claim(context, line, line.statement, plan) for line in lines if isinstance(line.statement, nodes.Ensure)]
    return tuple(claim for claim in found if claim)


def _claim(context: Context, line: Line, statement: nodes.Ensure, plan: str) -> Claim | None:
    match statement.claim:
        case nodes.NeverAbove() as said:
            return _never_above(context, line, statement, said)
        case nodes.NeverExpires() as said:
            service = named_service(context.amounts, line, said.service, context.currency)
            cycles = context.amounts.count(line, said.number.text, said.number.at, MOST_CYCLES) if said.number else 0
            if service is None or cycles is None:
                return None
            return NeverExpires(service, cycles, said.with_promotions, line.span(statement.at))
        case nodes.NeverWorse() as said:
            return _never_worse(context, line, statement, said, plan)
        case _:
            assert_never(statement.claim)


def _never_above(context: Context, line: Line, statement: nodes.Ensure, said: nodes.NeverAbove) -> Claim | None:
    figure = said.figure.text.lower() if said.figure else ""
    if not _is_by_cycle(context, line, said):
        return None
    if said.service is None:
        amount = _money(context, line, said.quantity)
    else:
        service = named_service(context.amounts, line, said.service, context.currency)
        found = None if service is None else context.amounts.of_service(line, said.quantity, service)
        amount = None if service is None or found is None else (service, found)
    if amount is None:
        return None
    span = line.span(statement.at)
    if figure in ("", "carried"):
        return (CarriedNeverAbove if figure else NeverAbove)(*amount, said.with_promotions, span)
    return CycleNeverAbove(Bounded(figure), *amount, span)


def _money(context: Context, line: Line, quantity: nodes.Quantity) -> tuple[str, int] | None:
    found = context.amounts.quantity(line, quantity)
    if found and not is_money(found.service):
        unit = quantity.unit.text
        context.amounts.findings.add("R109", line.span(quantity.at), unit=unit, service=found.service, wanted="money")
        return None
    return (found.service, found.amount) if found else None


def _is_by_cycle(context: Context, line: Line, said: nodes.NeverAbove | nodes.Assume) -> bool:
    """Whether `a month`, where it is said, means a cycle; reported, where it does not."""
    wrong = said.every == "month" and bool(context.cycle_words)
    if wrong:
        words = context.cycle_words
        context.amounts.findings.add("R219", line.span(said.at), said="a month", cycle=words, instead="`a cycle`")
    return not wrong


def _never_worse(context: Context, line: Line, statement: nodes.Ensure, said: nodes.NeverWorse, plan: str) -> NeverWorse | None:
    findings, plans = context.amounts.findings, context.names.plans
    known = [is_plan(findings, line, name, plans) for name in (said.plan, said.than)]
    if not all(known):
        return None
    names = said.plan.text, said.than.text
    if names[0] == names[1]:
        findings.add("R272", line.span(said.than.at))
        return None
    if plan not in names:
        findings.add("R273", line.span(said.at), name=names[0])
        return None
    return NeverWorse(*names, line.span(statement.at))


def most_used(context: Context, lines: Sequence[Line]) -> tuple[MostUsed, ...]:
    """What the claims of a plan assume of use."""
    found: list[MostUsed] = []
    findings = context.amounts.findings
    for line in lines:
        said = line.statement
        if not isinstance(said, nodes.Assume) or not _is_by_cycle(context, line, said):
            continue
        service = named_service(context.amounts, line, said.service, context.currency) if said.service else ""
        amount = context.amounts.quantity(line, said.quantity)
        if service is None or amount is None:
            continue
        unit = said.quantity.unit.text
        if service and service != amount.service:
            findings.add("R109", line.span(said.quantity.at), unit=unit, service=amount.service, wanted=service)
        else:
            found.append(MostUsed(amount.service, amount.amount, line.span(said.at)))
    return tuple(found)
