"""Written limits of an action to limits: how much, how often, how much at least, what must remain."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum, auto

from dsl import nodes
from dsl.conditions import members
from dsl.context import MOST_CYCLES, Context
from dsl.nodes import Line
from dsl.phrase import either, phrase
from dsl.plan import AtLeast, AtMost, InSteps, Keeping, Lasts, Limit, Over
from dsl.units import called

_OVER = {
    "day": Over.DAY, "week": Over.WEEK, "calendar month": Over.MONTH, "year": Over.YEAR, "cycle": Over.CYCLE,
    "ever": Over.EVER, "held": Over.HELD, "at a time": Over.ACTION,
}  # fmt: skip


class Action(Enum):
    """What a limit may be about."""

    BUY = auto()
    BORROW = auto()
    EXCHANGE = auto()
    GIVE = auto()


def limits(
    context: Context, line: Line, written: Sequence[nodes.ActionLimit], services: Collection[str], action: Action
) -> tuple[Limit, ...]:
    """The limits of an action that brings `services`; those that can't be read are reported and left out."""
    return tuple(found for said in written if (found := limit(context, line, said, services, action)))


def limit(context: Context, line: Line, said: nodes.ActionLimit, services: Collection[str], action: Action) -> Limit | None:
    """A limit of an action that moves `services`; None, and reported, where it can't be read."""
    span = line.span(said.at)
    match said:
        case nodes.AtMost(received=True) if action is not Action.GIVE:
            context.amounts.findings.add(
                "R212", span, item=phrase("what no other line receives"), instead=phrase("leave `received` out")
            )
            return None
        case nodes.AtMost(group=nodes.InGroup()) if action is not Action.BUY:
            context.amounts.findings.add(
                "R212", span, item=phrase("what is no purchase"), instead=phrase("leave the group out")
            )
            return None
        case nodes.Keeping() if action in (Action.BUY, Action.BORROW):
            context.amounts.findings.add("R212", span, item=phrase("what takes from no lot"), instead=phrase("leave it out"))
            return None
        case nodes.AtMost(most=nodes.Times() as times):
            count = context.amounts.count(line, times.number, times.at, MOST_CYCLES)
            over = _over(context, line, said)
            if over is Over.ACTION:
                context.amounts.findings.add("R260", span, limit=f"at most {times.number} times", number=times.number)
                return None
            packs = members(context, line, said.group) if said.group else ()
            return AtMost(count, "", over, span, said.received, packs) if count and over else None
        case nodes.AtMost():
            assert not isinstance(said.most, nodes.Times)
            found = _amount(context, line, said.most, services)
            over = _over(context, line, said)
            packs = members(context, line, said.group) if said.group else ()
            return AtMost(*found, over, span, said.received, packs) if found and over else None
        case nodes.AtLeast():
            found = _amount(context, line, said.quantity, services)
            return AtLeast(*found, span) if found else None
        case nodes.Keeping():
            found = _amount(context, line, said.quantity, services)
            return Keeping(*found, span) if found else None
        case nodes.Steps():
            found = _amount(context, line, said.quantity, services)
            return InSteps(*found, span) if found else None


def _amount(context: Context, line: Line, written: nodes.Limit, services: Collection[str]) -> tuple[int, str] | None:
    """An amount of one of the services, or a part of what the plan grants of the only one."""
    findings = context.amounts.findings
    if isinstance(written, nodes.Quantity):
        found = context.amounts.quantity(line, written, zero_help=phrase("leave the limit out"))
        if found and found.service not in services:
            wanted = either([called(service) for service in services])
            findings.add("R109", line.span(written.at), unit=written.unit.text, service=found.service, wanted=wanted)
            return None
        return (found.amount, found.service) if found else None
    if isinstance(written, nodes.TimesPlan) and written.new:
        findings.add("R212", line.span(written.at), item=phrase("an action"), instead=phrase("write `2x plan`, or an amount"))
        return None
    if len(services) != 1:
        findings.add(
            "R212",
            line.span(written.at),
            item=phrase("an action that moves several services"),
            instead=phrase("write an amount"),
        )
        return None
    (service,) = services
    if not context.grants_known and not context.allowances.get(service):
        return None
    amount = context.amounts.part_of_plan(line, written, service, context.allowances.get(service, 0))
    return (amount, service) if amount else None


def _over(context: Context, line: Line, said: nodes.AtMost) -> Over | Lasts | None:
    """What a limit counts over: a month is a cycle where cycles are months. Where nothing is said, one action."""
    match said.over:
        case None:
            return Over.ACTION
        case nodes.Period() as period:
            return context.amounts.lasts(line, period)
        case nodes.Over(unit="month") as month:
            if context.cycle_words:
                instead = either(["`a cycle`", "`a calendar month`"])
                context.amounts.findings.add(
                    "R219", line.span(month.at), said="a month", cycle=context.cycle_words, instead=instead
                )
                return None
            return Over.CYCLE
        case nodes.Over(unit=unit):
            return _OVER[unit]
