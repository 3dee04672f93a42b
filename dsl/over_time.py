"""Rules with dates, read: once for each time between the dates, and put together to one plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from dsl import dated
from dsl.diagnostics import Findings
from dsl.document import Block
from dsl.file_scope import Scope
from dsl.phrase import phrase
from dsl.plan import Later, Plan

Read = TypeVar("Read")


def each(scope: Scope, blocks: Sequence[Block], read: Callable[[Scope], Read]) -> dict[date, Read]:
    """What is read from `blocks` for each time between the dates of their rules, by its first day.

    All mistakes are told; that a line can never act only where that is so whenever the line holds.
    """
    lines = [line for block in blocks for line in block.lines]
    scopes = [replace(scope, findings=Findings(), day=day, in_force=set(), undated=set()) for day in dated.days(lines)]
    found = {one.day: read(one) for one in scopes}
    told = [(one.in_force, one.findings.sorted()) for one in scopes]
    for _, findings in told:
        scope.findings.extend(
            one for one in findings
            if one.is_error or all(one in others for in_force, others in told if one.span.line in in_force)
        )  # fmt: skip
    never = set[int]().union(*(one.undated for one in scopes)).difference(*(one.in_force for one in scopes))
    for line in lines:
        if line.number in never:
            why, instead = phrase("lines with dates take its place at all times"), phrase("take it out, or let one of them end")
            scope.findings.add("R293", line.span(line.statement.at), why=why, instead=instead)
    return found


def latest(found: Mapping[date, Read], day: date) -> Read:
    """What holds on a day, of what is given for the first day of each time."""
    return found[max(start for start in found if start <= day)]


def joined(plans: Mapping[date, Plan]) -> Plan:
    """One plan of what it is from each day on, in order."""
    first, *others = plans.values()
    later: list[Later] = []
    for start, plan in plans.items():
        if plan != (later[-1].plan if later else first):
            later.append(Later(start, plan))
    assumptions = dict.fromkeys(one for plan in plans.values() for one in plan.assumptions)
    return replace(first, assumptions=tuple(assumptions), later=tuple(later)) if others else first
