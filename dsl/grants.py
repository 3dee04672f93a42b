"""What is granted: an amount with its class and its life."""

from __future__ import annotations

from dsl import nodes
from dsl.context import MOST_CYCLES, Context, is_service, misplaced
from dsl.lives import Ends, is_end, read
from dsl.nodes import Flag, Line
from dsl.plan import Grant, Life, LotClass, UntilDay, WithPack


def grant(
    context: Context,
    line: Line,
    item: nodes.Amount | nodes.Fill,
    default_class: LotClass,
    *,
    each_cycle: bool,
    default_life: Life,
) -> Grant | None:
    amounts, findings = context.amounts, context.amounts.findings
    quantity = amounts.quantity(line, item.quantity, zero_help="write how much, or leave the grant out")
    if isinstance(item, nodes.Fill) and quantity and not is_service(findings, line, item.service, quantity.service):
        return None
    cycles: int | None = 1
    class_said = False
    ends = Ends(context, "how long it lives")
    lot_class, from_first_use, sound = default_class, False, quantity is not None
    for mark in item.marks:
        match mark:
            case nodes.ClassMark() if not class_said:
                lot_class, class_said = mark.lot_class, True
            case nodes.ClassMark():
                findings.add("R213", line.span(mark.at), what="the class")
            case nodes.Word() if quantity is not None:
                sound &= is_service(findings, line, mark, quantity.service)
            case nodes.Word():
                pass
            case nodes.Said(flag=Flag.FROM_FIRST_USE):
                from_first_use = True
            case nodes.InCycles() if not each_cycle:
                cycles = amounts.count(line, mark.number, mark.at, MOST_CYCLES)
            case _ if is_end(mark):
                ends.add(line, mark, read(context, line, mark))
            case _:
                misplaced(context, line, mark, "grant", "say how long it lives with `for 30 days`")
                sound = False
    sound &= ends.sound
    if from_first_use and ends.sound and all(isinstance(life, UntilDay | WithPack) for life in ends.lives):
        instead = "say how long it lives: `for 7 days from first use`"
        what = "a grant with a last day" if ends.lives else "a grant without a life"
        findings.add("R212", line.span(item.at), item=what, instead=instead)
        sound = False
    if not sound or quantity is None or cycles is None:
        return None
    return Grant(
        quantity.service, quantity.amount, lot_class, ends.life(default_life), from_first_use, each_cycle, line.span(item.at),
        cycles, isinstance(item, nodes.Fill),
    )  # fmt: skip
