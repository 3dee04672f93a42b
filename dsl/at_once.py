"""What holds at one time: dated lines in the place of what they replace, and what is said twice."""

from __future__ import annotations

from collections.abc import Sequence

from dsl import nodes
from dsl.diagnostics import Findings
from dsl.file_scope import Scope
from dsl.nodes import Line
from dsl.phrase import phrase
from dsl.pieces import GrantPiece, HandPiece, Piece, merge
from dsl.plan import LotClass, Occasion


def in_force(scope: Scope, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of a block that hold on `scope.day`: the dated ones in the place of what they replace."""
    always = [piece for piece in pieces if piece.line.dates is None]
    now = [piece for piece in pieces if piece.line.dates and piece.line.dates.hold(scope.day)]
    once(scope.findings, always)
    once(scope.findings, now)
    found = merge(always, now)
    scope.in_force |= {piece.line.number for piece in found}
    scope.undated |= {piece.line.number for piece in always}
    return found


def once(findings: Findings, pieces: Sequence[Piece]) -> None:
    """Reports what pieces that hold at one time say twice, and lines whose lots a line before has in hand."""
    seen: list[Piece] = []
    for piece in pieces:
        alike = [one for one in seen if one.key == piece.key]
        first = next((one for one in alike if isinstance(one, GrantPiece) or not one.conditions), None)
        hand = next((one for one in seen if isinstance(one, HandPiece) and _takes_all(one, piece)), None)
        at = piece.at if isinstance(piece, HandPiece) else piece.line.statement.at
        other = next((one for one in alike if one.line.dates != piece.line.dates), None)
        if other:
            _at_one_time(findings, other.line, piece.line)
        elif isinstance(piece, GrantPiece):
            pass  # two grants are both granted
        elif first:
            where = ((first.line.span(first.line.statement.at), phrase("it is said here first")),)
            code = "R229" if isinstance(piece, HandPiece) else "R213"
            findings.add(code, piece.line.span(at), what=phrase("this"), also=where)
        elif hand:
            where = ((hand.line.span(hand.at), phrase("they are in hand here")),)
            why, instead = (
                phrase("its lots are in hand before"),
                phrase("put it first, or give the other line a condition with `if`"),
            )
            findings.add("R293", piece.line.span(at), why=why, instead=instead, also=where)
        seen.append(piece)


def _at_one_time(findings: Findings, one: Line, other: Line) -> None:
    """Reports two dated lines about one thing whose times overlap, and what would part them."""
    assert one.dates
    assert other.dates
    first, second = sorted((one.dates, other.dates))
    part = f"until {second.start}" if first.start < second.start else f"from {first.end}"
    also = ((one.span(one.statement.at), phrase("the other stands here")),)
    findings.add("R242", other.span(other.statement.at), also=also, instead=part)


def _takes_all(first: HandPiece, later: Piece) -> bool:
    """Whether a hand leaves nothing for a later one: it has no condition, and takes its lots, which with a `carry` at a close
    are also those it carried before."""
    if not isinstance(later, HandPiece) or first.conditions or first.service != later.service:
        return False
    if first.occasion is Occasion.ASKED or (first.occasion, first.about) != (later.occasion, later.about):
        return False
    carries = isinstance(first.line.statement, nodes.HandRules | nodes.Rules)
    carries &= any(isinstance(item, nodes.Carry) for _, item in first.items)
    return first.pack in ("", later.pack) and later.classes <= first.classes | ({LotClass.CARRIED} if carries else set())
