"""Lots that begin and end together are used as they were made, so lines side by side keep that order, each its own: what other
lines hold must not decide it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from engine.batch.course import Piece

Item = TypeVar("Item", bound=Hashable)


def alike(piece: Piece) -> Hashable:
    """Equal for pieces that nothing but the order in which they were made tells apart when something is used."""
    return piece.service, piece.born, piece.end, piece.by_cycles


def turns(pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Piece]]:
    """Of what a line holds, in the order made: each two that follow each other among those that are alike."""
    last: dict[Hashable, Piece] = {}
    for piece in pieces:
        key = alike(piece)
        if key in last:
            yield last[key], piece
        last[key] = piece


def as_made(items: Sequence[Item], before: Iterable[tuple[Item, Item]]) -> list[Item]:
    """The items in an order in which of each two the first comes before the other; the rest as they stand. Where lines say both
    of two, the one that stands first comes first."""
    place = {item: index for index, item in enumerate(items)}
    pairs = {(place[one], place[other]) for one, other in before}
    if all(one < other for one, other in pairs):
        return list(items)
    slots = sorted({index for pair in pairs for index in pair})
    left, found = list(slots), list(items)
    for slot in slots:
        waits = {other for one, other in pairs if one in left}
        free = next((index for index in left if index not in waits), left[0])
        left.remove(free)
        found[slot] = items[free]
    return found
