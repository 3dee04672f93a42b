"""Lines about lots to rules."""

from __future__ import annotations

from collections.abc import Sequence

from dsl import nodes
from dsl.clauses import Clauses
from dsl.conditions import condition
from dsl.context import Context, is_pack
from dsl.file_scope import Scope
from dsl.pieces import GRANTED, HandPiece
from dsl.plan import Extend, Give, LotClass, Occasion, Rule


def rules(context: Context, hands: Sequence[HandPiece], scope: Scope, owner_pack: str = "", of: str = "") -> tuple[Rule, ...]:
    """The rules of a block in order. `owner_pack` is the pack they belong to; `of` tells their names from other blocks'."""
    found: list[Rule] = []
    for piece in hands:
        if piece.pack and not _known_hand_pack(scope, piece):
            continue
        if piece.about and not _known_pack_of_event(scope, piece):
            continue
        clauses = Clauses(context, piece.service, piece.occasion).read(piece.items)
        if not clauses:
            continue
        if piece.occasion is Occasion.CLOSE:
            for clause in clauses:
                if isinstance(clause, Extend):
                    scope.findings.add("R294", clause.span)
        for clause in clauses:
            if isinstance(clause, Give) and clause.life and LotClass.GIFT in piece.classes:
                scope.findings.add("R299", clause.span)
        conditions = tuple(met for said in piece.conditions if (met := condition(context, piece.line, said)))
        pack = owner_pack or piece.pack
        named = "granted" if piece.classes == GRANTED else "+".join(sorted(piece.classes))
        name = f"{named} {piece.service}{of}" + (f' of "{piece.pack}"' if piece.pack else "")
        span = piece.line.span(piece.at)
        found.append(Rule(name, piece.service, piece.classes, pack, conditions, clauses, span, piece.occasion, piece.about))
    return tuple(found)


def _known_pack_of_event(scope: Scope, piece: HandPiece) -> bool:
    statement = piece.line.statement
    assert isinstance(statement, nodes.OnEvent)
    assert statement.event.about
    return is_pack(scope.findings, piece.line, statement.event.about, scope.names.packs)


def _known_hand_pack(scope: Scope, piece: HandPiece) -> bool:
    statement = piece.line.statement
    assert isinstance(statement, nodes.HandRules | nodes.OnEvent)
    named = next(pick.pack for pick in statement.hand.picks if pick.pack and pick.pack.text == piece.pack)
    return is_pack(scope.findings, piece.line, named, scope.names.packs)
