"""What is done, in order, when a service runs out."""

from __future__ import annotations

from collections.abc import Sequence

from dsl import nodes, units
from dsl.context import MOST_CYCLES, Context
from dsl.nodes import Line
from dsl.plan import NO_CEILING, Block, Remedy, Sell, Slow


def remedies(context: Context, line: Line, items: Sequence[nodes.Item], service: str) -> tuple[Remedy, ...]:
    """What is done, in order, with use no lot covers."""
    found: list[Remedy] = []
    for item in items:
        span = line.span(item.at)
        last = found[-1] if found else None
        if last and not (isinstance(last, Sell) and last.most != NO_CEILING):
            context.amounts.findings.add("R225", span, before=type(last).__name__.lower())
            return tuple(found)
        match item:
            case nodes.Sell():
                if sell := _sell(context, line, item, service):
                    found.append(sell)
            case nodes.Slow():
                speed = _speed(context, line, item.quantity)
                if speed:
                    found.append(Slow(speed, span))
            case nodes.Block():
                found.append(Block(span))
            case _:
                context.amounts.findings.add(
                    "R202", span, what="this", block="a line about running out", instead="write sell, slow or block"
                )
    return tuple(found)


def _sell(context: Context, line: Line, item: nodes.Sell, service: str) -> Sell | None:
    amounts, findings = context.amounts, context.amounts.findings
    block = amounts.of_service(line, item.block, service, zero_help="write how much is sold at a time")
    price = amounts.quantity(line, item.price)
    if price is not None and not units.is_money(price.service):
        findings.add("R109", line.span(item.price.at), unit=item.price.unit.text, service=price.service, wanted="money")
        price = None
    most = NO_CEILING
    if isinstance(item.up_to, nodes.Times):
        times = amounts.count(line, item.up_to.number, item.up_to.at, MOST_CYCLES)
        return Sell(block, price.amount, price.service, times, line.span(item.at)) if block and price and times else None
    limit = amounts.quantity(line, item.up_to, zero_help="write `block` instead") if item.up_to else None
    if item.up_to and limit is None:
        return None
    if item.up_to and limit and block is not None and price is not None:
        if limit.service not in (service, price.service):
            findings.add("R109", line.span(item.up_to.at), unit=item.up_to.unit.text, service=limit.service, wanted=service)
            return None
        if limit.service != service and not price.amount:
            findings.add(
                "R220", line.span(item.price.at), what="this price", instead="write the limit as an amount of what is sold"
            )
            return None
        most = limit.amount // (block if limit.service == service else price.amount)
        if most == 0:
            written, block_written = (
                f"{item.up_to.number} {item.up_to.unit.text}",
                f"{item.block.number} {item.block.unit.text}",
            )
            findings.add("R230", line.span(item.up_to.at), limit=written, block=block_written)
            return None
    if block is None or price is None:
        return None
    return Sell(block, price.amount, price.service, most, line.span(item.at))


def _speed(context: Context, line: Line, quantity: nodes.Quantity) -> int | None:
    size = units.bits_per_second(quantity.unit.text)
    speed = units.whole(quantity.number, size) if size else None
    if not speed:
        written = f"{quantity.number} {quantity.unit.text}"
        context.amounts.findings.add("R116", line.span(quantity.at), word=written)
    return speed
