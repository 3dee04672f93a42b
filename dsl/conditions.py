"""Written conditions to conditions: what must hold for a line to act."""

from __future__ import annotations

from dsl import nodes
from dsl.context import Context, named_service
from dsl.nodes import Flag, Line
from dsl.plan import AfterFirstCycle, Condition, HeldWholeCycle, IsIn, NoneLeft, Not, State, TenureAtLeast, UsedAtLeast, UseIs

_STATES = {Flag.PAID: State.PAID, Flag.ACTIVE: State.ACTIVE, Flag.OPTED_IN: State.OPTED_IN}


def condition(context: Context, line: Line, said: nodes.Condition, *, of_use: bool = False) -> Condition | None:
    """What is said, or None, and reported, where that is no condition. `of_use`: there is a use that it can ask about."""
    if not isinstance(said, nodes.Not):
        return _plain(context, line, said, of_use=of_use)
    found = _plain(context, line, said.condition, of_use=of_use)
    return Not(found, line.span(said.at)) if found else None


def _plain(
    context: Context, line: Line, said: nodes.UsedAtLeast | nodes.TenureAtLeast | nodes.NoneLeft | nodes.Said | nodes.Tag,
    *, of_use: bool,
) -> UsedAtLeast | AfterFirstCycle | HeldWholeCycle | TenureAtLeast | NoneLeft | IsIn | UseIs | None:  # fmt: skip
    span = line.span(said.at)
    match said:
        case nodes.UsedAtLeast():
            used = context.amounts.quantity(line, said.quantity, zero_help="leave the condition out")
            return UsedAtLeast(used.service, used.amount, span) if used else None
        case nodes.TenureAtLeast():
            life = context.amounts.lasts(line, said.period)
            return TenureAtLeast(life, span) if life else None
        case nodes.NoneLeft():
            service = named_service(context.amounts, line, said.service, context.currency)
            return NoneLeft(service, said.lot_class, span) if service else None
        case nodes.Tag():
            if not of_use:
                context.amounts.findings.add("R254", span, tag=said.text)
                return None
            return UseIs(said.text, span)
        case nodes.Said(flag=Flag.AFTER_FIRST):
            return AfterFirstCycle(span)
        case nodes.Said(flag=Flag.HELD_WHOLE):
            return HeldWholeCycle(span)
        case nodes.Said(flag=flag):
            return IsIn(_STATES[flag], span)
