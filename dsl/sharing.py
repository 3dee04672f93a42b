"""What the lines of an account share: terms of the plan of the line that owns it."""

from __future__ import annotations

from collections.abc import Sequence

from dsl import nodes
from dsl.context import NEXT_CYCLE, Context, is_pack, named_service
from dsl.grants import grant
from dsl.nodes import Flag, Line
from dsl.phrase import phrase
from dsl.plan import NO_CEILING, ByLines, LotClass, Share

MOST_LINES = 1_000


def shares(context: Context, lines: Sequence[Line]) -> tuple[Share, ...]:
    """The `share` lines of a plan, one rule a service that they name."""
    return tuple(
        share for line in lines if isinstance(line.statement, nodes.Share) for share in _share(context, line, line.statement)
    )


def _share(context: Context, line: Line, statement: nodes.Share) -> list[Share]:
    amounts, findings = context.amounts, context.amounts.findings
    most: int | None = NO_CEILING
    if statement.number:
        most = amounts.count(line, statement.number, statement.at, MOST_LINES)
    limits, adds, shared_first, orders = [], [], False, 0
    for item in statement.items:
        match item:
            case nodes.EachUpTo():
                if item.every == "month" and context.cycle_words:
                    findings.add("R219", line.span(item.at), said="a month", cycle=context.cycle_words, instead="`a cycle`")
                elif limit := amounts.quantity(
                    line, item.quantity, zero_help=phrase("leave the lines out that may use nothing")
                ):
                    limits.append((limit.service, limit.amount))
            case nodes.EachAdds():
                made = grant(context, line, item.amount, LotClass.ALLOWANCE, each_cycle=True, default_life=NEXT_CYCLE)
                adds += [made] if made else []
            case nodes.Said():
                orders += 1
                shared_first = item.flag is Flag.SHARED_FIRST
                if orders > 1:
                    findings.add("R213", line.span(item.at), what=phrase("what goes first"))
    picked: dict[str, tuple[set[LotClass], set[str]]] = {}
    for pick in statement.picks:
        service = named_service(amounts, line, pick.service, context.currency)
        if service is not None:
            classes, packs = picked.setdefault(service, (set(), set()))
            if pick.pack:
                packs.update({pick.pack.text} if is_pack(findings, line, pick.pack, context.names.packs) else ())
            else:
                classes.update({pick.lot_class} if pick.lot_class else LotClass)
    if most is None or len(picked) < len({pick.service.text for pick in statement.picks}):
        return []
    span = line.span(statement.at)
    found = [
        Share(service, frozenset(classes), frozenset(packs), most, tuple(limits), tuple(adds), shared_first, span)
        for service, (classes, packs) in picked.items()
    ]
    return found or [Share("", frozenset(), frozenset(), most, tuple(limits), tuple(adds), shared_first, span)]


def by_lines(context: Context, lines: Sequence[Line]) -> tuple[ByLines, ...]:
    """What is granted by the number of lines."""
    found = []
    for line in lines:
        if isinstance(line.statement, nodes.ByLines):
            for number, amount in line.statement.amounts:
                count = context.amounts.count(line, number, amount.at, MOST_LINES)
                made = grant(context, line, amount, LotClass.ALLOWANCE, each_cycle=True, default_life=NEXT_CYCLE)
                if count and made:
                    found.append(ByLines(count, made))
    return tuple(found)
