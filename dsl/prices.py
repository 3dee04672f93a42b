"""Lines about prices to prices."""

from __future__ import annotations

from collections.abc import Sequence

from dsl import nodes
from dsl.amounts import Amounts
from dsl.context import MOST_CYCLES
from dsl.nodes import Flag, Line
from dsl.phrase import phrase
from dsl.plan import Price
from dsl.units import is_money


def prices(amounts: Amounts, lines: Sequence[Line], words: str, *, in_pack: bool = False) -> tuple[Price, ...]:
    """The prices among the lines of a plan or pack; `words` as in `Context.cycle_words`."""
    found = []
    for line in lines:
        if not isinstance(line.statement, nodes.Price):
            continue
        said, span = line.statement, line.span(line.statement.at)
        price = amounts.quantity(line, said.quantity)
        if price and not is_money(price.service):
            unit = said.quantity.unit.text
            amounts.findings.add("R109", line.span(said.quantity.at), unit=unit, service=price.service, wanted="money")
        elif said.every == "month" and words:
            amounts.findings.add("R219", span, said="a month", cycle=words, instead="`a cycle`")
        elif price:
            by_day = said.part is not None and said.part.flag is Flag.BY_DAY
            cycles = amounts.count(line, said.number.text, said.number.at, MOST_CYCLES) if said.number else 1
            if said.number and (by_day or in_pack):
                item = phrase("a price of several cycles") if by_day else phrase("the price of a pack")
                amounts.findings.add("R212", span, item=item, instead=phrase("write `a cycle`"))
            elif cycles:
                found.append(Price(price.amount, price.service, bool(said.every), by_day, span, said.each_line, cycles))
    return tuple(found)
