"""Written conditions to conditions: what must hold for a line to act."""

from __future__ import annotations

from dsl import nodes
from dsl.context import MOST_CYCLES, Context, is_plan, is_service, named_service
from dsl.diagnostics import naming, suggestion
from dsl.nodes import Flag, Line
from dsl.phrase import phrase
from dsl.plan import (
    AfterFirstCycle,
    Changes,
    Condition,
    CyclesInARow,
    Direction,
    HeldAtLeast,
    HeldWholeCycle,
    InGroup,
    IsIn,
    LeftAtMost,
    Not,
    Plain,
    Renewed,
    RenewedBefore,
    RenewedHow,
    RenewedWithin,
    SamePlan,
    SizeAtLeast,
    State,
    TenureAtLeast,
    UsedAtLeast,
    UseIs,
)

_DIRECTIONS = {
    Flag.UP: Direction.UP, Flag.DOWN: Direction.DOWN, Flag.BIGGER: Direction.BIGGER, Flag.SMALLER: Direction.SMALLER,
}  # fmt: skip
_RENEWED = {
    Flag.ON_TIME: RenewedHow.ON_TIME, Flag.RENEWED_EARLY: RenewedHow.EARLY, Flag.BY_HAND: RenewedHow.BY_HAND,
}  # fmt: skip
_STATES = {Flag.PAID: State.PAID, Flag.ACTIVE: State.ACTIVE, Flag.OPTED_IN: State.OPTED_IN}


def condition(context: Context, line: Line, said: nodes.Condition, *, of_use: bool = False) -> Condition | None:
    """What is said, or None, and reported, where that is no condition. `of_use`: there is a use that it can ask about."""
    if not isinstance(said, nodes.Not):
        return _plain(context, line, said, of_use=of_use)
    found = _plain(context, line, said.condition, of_use=of_use)
    return Not(found, line.span(said.at)) if found else None


def _plain(context: Context, line: Line, said: nodes.Plain, *, of_use: bool) -> Plain | None:
    span = line.span(said.at)
    match said:
        case nodes.UsedAtLeast():
            used = context.amounts.quantity(line, said.quantity, zero_help=phrase("leave the condition out"))
            return UsedAtLeast(used.service, used.amount, span) if used else None
        case nodes.TenureAtLeast():
            life = context.amounts.lasts(line, said.period)
            return TenureAtLeast(life, span) if life else None
        case nodes.HeldAtLeast():
            life = context.amounts.lasts(line, said.period)
            return HeldAtLeast(life, span) if life else None
        case nodes.InARow():
            count = context.amounts.count(line, said.number, said.at, MOST_CYCLES)
            return CyclesInARow(count, span) if count else None
        case nodes.NoneLeft():
            service = named_service(context.amounts, line, said.service, context.currency)
            return LeftAtMost(service, said.lot_class, 0, span) if service else None
        case nodes.LittleLeft():
            left = context.amounts.quantity(line, said.quantity)
            if left is None or (said.service and not is_service(context.amounts, line, said.service, left.service)):
                return None
            return LeftAtMost(left.service, said.lot_class, left.amount, span)
        case nodes.RenewedWithin():
            life = context.amounts.lasts(line, said.period)
            if life is None:
                return None
            return RenewedBefore(life, span) if said.before else RenewedWithin(life, span)
        case nodes.InGroup():
            found = members(context, line, said)
            return InGroup(found, span) if found else None
        case nodes.SizeSmaller():
            steps = context.amounts.count(line, said.number, said.at, MOST_CYCLES)
            if steps and not context.group:
                context.amounts.findings.add("R236", span)
                return None
            return SizeAtLeast(steps, context.group, span) if steps else None
        case nodes.Said(flag=Flag.SAME_OR_BIGGER):
            return SizeAtLeast(0, context.group, span)
        case nodes.Said(flag=Flag.SAME_PLAN):
            return SamePlan(span)
        case nodes.Said(flag=flag) if flag in _DIRECTIONS:
            return Changes(_DIRECTIONS[flag], context.group, span)
        case nodes.Said(flag=flag) if flag in _RENEWED:
            return Renewed(_RENEWED[flag], span)
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


def members(context: Context, line: Line, said: nodes.InGroup) -> tuple[str, ...]:
    """The plans of a group, or the one plan that is named; none, and reported, where there is no such thing."""
    names, findings = context.names, context.amounts.findings
    if said.is_plan:
        return (said.name.text,) if is_plan(findings, line, said.name, names.plans) else ()
    groups = dict(names.groups)
    if said.name.text not in groups:
        help_ = suggestion(
            said.name.text,
            groups,
            phrase('add a line such as group "{name}": "A", "B" at the top of the file', name=said.name.text),
        )
        span = line.span(said.name.at)
        findings.add("R120", span, fix=naming(span, said.name.text, groups), name=said.name.text, meant=help_)
    return groups.get(said.name.text, ())
