"""What is granted: an amount with its class and its life."""

from __future__ import annotations

from dsl import nodes
from dsl.amounts import Amount
from dsl.conditions import members
from dsl.context import MOST_CYCLES, Context, is_service, misplaced, named_service
from dsl.lives import Ends, is_end, read
from dsl.nodes import Flag, Line
from dsl.phrase import phrase
from dsl.plan import Grant, Life, LotClass, PerRenewals, UntilDay, WithPack
from dsl.scopes import scope
from dsl.units import is_money


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
    unlimited = isinstance(item.quantity, nodes.Unlimited)
    quantity = _quantity(context, line, item)
    if isinstance(item, nodes.Fill) and quantity and not is_service(amounts, line, item.service, quantity.service):
        return None
    cycles: int | None = 1
    whole_cycles, per_renewals = False, None
    class_said = False
    ends = Ends(context, phrase("how long it lives"))
    lot_class, from_first_use, sound = default_class, False, quantity is not None
    for mark in item.marks:
        match mark:
            case nodes.ClassMark() if not class_said:
                lot_class, class_said = mark.lot_class, True
            case nodes.ClassMark():
                findings.add("R213", line.span(mark.at), what=phrase("the class"))
            case nodes.Word() if quantity is not None:
                sound &= is_service(amounts, line, mark, quantity.service)
            case nodes.Word() | nodes.Scope():
                pass
            case nodes.Said(flag=Flag.FROM_FIRST_USE):
                from_first_use = True
            case nodes.InCycles() if not each_cycle:
                cycles = amounts.count(line, mark.number, mark.at, MOST_CYCLES)
                whole_cycles = mark.whole
            case nodes.Renewals() if each_cycle and not per_renewals:
                per_renewals = _per_renewals(context, line, mark)
                sound &= per_renewals is not None
            case nodes.Renewals() if each_cycle:
                findings.add("R213", line.span(mark.at), what=phrase("for how many renewals"))
            case nodes.Renewals():
                misplaced(context, line, mark, phrase("what is granted once"), phrase("write `every cycle grant`"))
                sound = False
            case _ if is_end(mark):
                ends.add(line, mark, read(context, line, mark))
            case _:
                misplaced(context, line, mark, "grant", phrase("say how long it lives with `for 30 days`"))
                sound = False
    sound &= ends.sound
    if from_first_use and ends.sound and all(isinstance(life, UntilDay | WithPack) for life in ends.lives):
        instead = phrase("say how long it lives: `for 7 days from first use`")
        what = phrase("a grant with a last day") if ends.lives else phrase("a grant without a life")
        findings.add("R212", line.span(item.at), item=what, instead=instead)
        sound = False
    only = scope(amounts, line, item.marks)
    if not sound or quantity is None or cycles is None or only is None:
        return None
    return Grant(
        quantity.service, quantity.amount, lot_class, ends.life(default_life), from_first_use, each_cycle, line.span(item.at),
        cycles, isinstance(item, nodes.Fill), whole_cycles, per_renewals, only, unlimited,
    )  # fmt: skip


def _quantity(context: Context, line: Line, item: nodes.Amount | nodes.Fill) -> Amount | None:
    """How much of what; of what is unlimited, nothing."""
    said = item.quantity
    if isinstance(said, nodes.Quantity):
        return context.amounts.quantity(line, said, zero_help=phrase("write how much, or leave the grant out"))
    service = named_service(context.amounts, line, said.service, context.currency)
    if service and is_money(service):
        context.amounts.findings.add("R212", line.span(said.at), item=phrase("money"), instead=phrase("write how much"))
        return None
    return Amount(service, 0) if service else None


def _per_renewals(context: Context, line: Line, said: nodes.Renewals) -> PerRenewals | None:
    count = context.amounts.count(line, said.number, said.at, MOST_CYCLES)
    plans = members(context, line, said.group) if said.group else ()
    if count is None or (said.group and not plans):
        return None
    in_a_row = said.how is not None and said.how.flag is Flag.IN_A_ROW
    return PerRenewals(count, said.grows, in_a_row, plans)
