"""What is done, in order, when a service runs out."""

from __future__ import annotations

from collections.abc import Sequence

from dsl import nodes, units
from dsl.amounts import Amount
from dsl.context import MOST_CYCLES, Context
from dsl.nodes import Line
from dsl.phrase import phrase
from dsl.plan import NO_CEILING, Advance, Block, Lasts, Owe, Period, Remedy, Sell, Slow


def remedies(context: Context, line: Line, items: Sequence[nodes.Item], service: str) -> tuple[Remedy, ...]:
    """What is done, in order, with use no lot covers."""
    found: list[Remedy] = []
    for item in items:
        span = line.span(item.at)
        last = found[-1] if found else None
        if last and _serves_all(last):
            before = "borrow" if isinstance(last, Advance) else type(last).__name__.lower()
            context.amounts.findings.add("R225", span, before=before, also=((last.span, phrase("served here")),))
            return tuple(found)
        match item:
            case nodes.Sell():
                if sell := _sell(context, line, item, service):
                    found.append(sell)
            case nodes.Borrow():
                if advance := _borrow(context, line, item, service):
                    found.append(advance)
            case nodes.Owe():
                found.append(Owe(span))
            case nodes.Slow():
                speed = _speed(context, line, item.quantity)
                if speed:
                    found.append(Slow(speed, span))
            case nodes.Block():
                found.append(Block(span))
            case _:
                context.amounts.findings.add(
                    "R202",
                    span,
                    what=phrase("this"),
                    block=phrase("a line about running out"),
                    instead=phrase("write sell, borrow, owe, slow or block"),
                )
    return tuple(found)


def _serves_all(remedy: Remedy) -> bool:
    if isinstance(remedy, Sell) and remedy.from_credit:
        return False
    return not isinstance(remedy, Sell | Advance) or remedy.most == NO_CEILING


def _sell(context: Context, line: Line, item: nodes.Sell, service: str) -> Sell | None:
    amounts, findings = context.amounts, context.amounts.findings
    block = amounts.of_service(line, item.block, service, zero_help=phrase("write how much is sold at a time"))
    price = amounts.quantity(line, item.price)
    if price is not None and not units.is_money(price.service):
        findings.add("R109", line.span(item.price.at), unit=item.price.unit.text, service=price.service, wanted="money")
        price = None
    life = amounts.life(line, item.life) if item.life else Lasts(1, Period.CYCLE)
    if life is None or block is None or price is None:
        return None
    most = _most_blocks(context, line, item, (block, service), price)
    if most is None:
        return None
    return Sell(block, price.amount, price.service, most, line.span(item.at), life, item.from_credit)


def _most_blocks(context: Context, line: Line, item: nodes.Sell, block: tuple[int, str], price: Amount) -> int | None:
    """How many blocks, which are so much of a service, a cycle may have; None, and reported, where that can't be said."""
    amounts, findings, (size, service) = context.amounts, context.amounts.findings, block
    match item.up_to:
        case None:
            return NO_CEILING
        case nodes.Times():
            return amounts.count(line, item.up_to.number, item.up_to.at, MOST_CYCLES)
        case nodes.Quantity():
            limit = amounts.quantity(line, item.up_to, zero_help=phrase("write `block` instead"))
    if limit is None:
        return None
    if limit.service not in (service, price.service):
        findings.add("R109", line.span(item.up_to.at), unit=item.up_to.unit.text, service=limit.service, wanted=service)
        return None
    if limit.service != service and not price.amount:
        instead = phrase("write the limit as an amount of what is sold")
        findings.add("R220", line.span(item.price.at), what=phrase("this price"), instead=instead)
        return None
    most = limit.amount // (size if limit.service == service else price.amount)
    if most == 0:
        _holds_no_block(context, line, item.up_to, item.block)
        return None
    return most


def _borrow(context: Context, line: Line, item: nodes.Borrow, service: str) -> Advance | None:
    amounts, span = context.amounts, line.span(item.at)
    block = amounts.of_service(line, item.block, service, zero_help=phrase("write how much is borrowed at a time"))
    if not is_lent(context, line, item.at, service) or block is None:
        return None
    match item.up_to:
        case None:
            return Advance(block, NO_CEILING, span)
        case nodes.Times():
            times = amounts.count(line, item.up_to.number, item.up_to.at, MOST_CYCLES)
            return Advance(block, times, span) if times else None
        case nodes.Quantity():
            most = amounts.of_service(line, item.up_to, service, zero_help=phrase("write `block` instead"))
            if most is not None and most < block:
                _holds_no_block(context, line, item.up_to, item.block)
                return None
            return Advance(block, most // block, span) if most else None


def is_lent(context: Context, line: Line, at: nodes.At, service: str) -> bool:
    """Whether the plan grants the service, so that it can be given back; reported, where it does not."""
    if context.grants_known and not context.allowances.get(service):
        context.amounts.findings.add("R264", line.span(at), service=service)
        return False
    return True


def _holds_no_block(context: Context, line: Line, limit: nodes.Quantity, block: nodes.Quantity) -> None:
    written, block_written = f"{limit.number} {limit.unit.text}", f"{block.number} {block.unit.text}"
    context.amounts.findings.add("R230", line.span(limit.at), limit=written, block=block_written)


def _speed(context: Context, line: Line, quantity: nodes.Quantity) -> int | None:
    size = units.bits_per_second(quantity.unit.text)
    speed = units.whole(quantity.number, size) if size else None
    if not speed:
        written = f"{quantity.number} {quantity.unit.text}"
        context.amounts.findings.add("R116", line.span(quantity.at), word=written)
    return speed
