"""Packs and promotions: what a file offers beside its plans, read as each plan's cycle needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dsl import nodes, terms
from dsl.at_once import in_force, once
from dsl.conditions import condition
from dsl.context import NEXT_CYCLE, Context
from dsl.document import Block
from dsl.file_scope import Scope
from dsl.grants import grant
from dsl.hand_rules import rules
from dsl.limits import Action, limits
from dsl.lower import allowances_of, rate
from dsl.pieces import OWN_CLASS, GrantPiece, HandPiece, Piece, PieceReader, StatementPiece
from dsl.plan import Condition, Cycle, Joins, Limit, Pack, Promotion
from dsl.prices import prices
from dsl.units import is_money


def pack(scope: Scope, block: Block, cycle: Cycle) -> Pack:
    """A pack as a plan with that cycle sells it, by its rules of `scope.day`."""
    reader = PieceReader(scope.amounts, "pack")
    ever = reader.grants(block)
    recurring = any(piece.every for piece in ever)
    pieces = [piece for piece in in_force(scope, ever) if isinstance(piece, GrantPiece)]
    words = terms.cycle_words(cycle)
    amounts = scope.amounts
    grants = []
    for piece in pieces:
        if piece.every == "month" and words:
            scope.findings.add("R219", piece.line.span(piece.item.at), said="every month", cycle=words, instead="`every cycle`")
        made = grant(
            Context(amounts, {}, {}, words, names=scope.names), piece.line, piece.item, OWN_CLASS["pack"],
            each_cycle=bool(piece.every), default_life=NEXT_CYCLE,
        )  # fmt: skip
        if made:
            grants.append(made)
    services = tuple(dict.fromkeys(piece.key[1] for piece in ever if piece.key[1]))
    others = in_force(scope, reader.others(block, services, grants_known=block.sound))
    context = Context(
        amounts, _rates(scope, others), allowances_of(services, grants), words,
        dated=not recurring, rates_known=scope.rates_known, grants_known=len(grants) == len(pieces) and block.sound,
        sound=block.sound, names=scope.names, currency=next((service for service in services if is_money(service)), ""),
    )  # fmt: skip
    hands = [piece for piece in others if isinstance(piece, HandPiece)]
    lines = [piece.line for piece in others if isinstance(piece, StatementPiece)]
    return Pack(
        block.name, tuple(grants), rules(context, hands, scope, block.name, f' of pack "{block.name}"'),
        prices(amounts, lines, words, in_pack=True), block.header.span(block.header.statement.at),
        *_sold(context, lines, services),
    )  # fmt: skip


def _sold(
    context: Context, lines: Sequence[nodes.Line], services: Sequence[str]
) -> tuple[tuple[Condition, ...], tuple[Limit, ...]]:
    """What must hold for a pack to be sold, and how often it is."""
    for line in lines:
        if isinstance(line.statement, nodes.Sold):
            said = line.statement
            conditions = tuple(met for one in said.conditions if (met := condition(context, line, one)))
            return conditions, limits(context, line, said.limits, services, Action.BUY)
    return (), ()


def _rates(scope: Scope, pieces: Sequence[Piece]) -> Mapping[tuple[str, str], tuple[int, int]]:
    found = dict(scope.rates)
    for piece in pieces:
        if isinstance(piece.line.statement, nodes.Equation) and (made := rate(scope.amounts, piece.line, piece.line.statement)):
            found[made[0]] = made[1]
    return found


_JOINS = {nodes.Flag.AT_NEXT_RENEWAL: Joins.RENEWAL, nodes.Flag.ON_OPT_IN: Joins.OPT_IN}


def promotion(scope: Scope, block: Block, cycle: Cycle) -> Promotion | None:
    """A promotion as it applies to a plan with that cycle."""
    reader = PieceReader(scope.amounts, "promotion")
    header = block.header.statement
    assert isinstance(header, nodes.PromotionHeader)
    amounts, words = scope.amounts, terms.cycle_words(cycle)
    context = Context(amounts, scope.rates, {}, words, dated=True, names=scope.names)
    grants = [
        made
        for piece in reader.grants(block)
        if (
            made := grant(
                context, piece.line, piece.item, OWN_CLASS["promotion"], each_cycle=bool(piece.every), default_life=NEXT_CYCLE
            )
        )
    ]
    others = reader.others(block, (), grants_known=block.sound)
    once(scope.findings, others)
    window: tuple[date, date] | None = None
    joins = Joins.START
    has_window = False
    times = (1, 1)
    for piece in others:
        match piece.line.statement:
            case nodes.Window() as said:
                has_window = True
                window = terms.window(amounts, piece.line, said)
                joins = _JOINS[said.joins.flag] if said.joins else joins
            case nodes.Multiply() as said:
                times = terms.times(amounts, piece.line, said) or times
    if not has_window and block.sound:
        scope.findings.add("R215", block.header.span(header.name.at))
    if window is None:
        return None
    hands = [piece for piece in others if isinstance(piece, HandPiece)]
    names = tuple(word.text for word in header.plans)
    made_rules = rules(context, hands, scope, of=f' of promotion "{header.name.text}"')
    return Promotion(
        header.name.text,
        names,
        window[0],
        window[1],
        tuple(grants),
        made_rules,
        times,
        block.header.span(header.at),
        joins,
    )
