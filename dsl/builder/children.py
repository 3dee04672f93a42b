"""What the rules share: reading the tokens and nodes a rule is reduced from.

Children are in the order written. Lark's tokens end here: a node holds plain text and columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from lark import Token

from dsl import nodes
from dsl.nodes import At, Flag, Word
from dsl.plan import Occasion, Pick

Child = Any  # a Token, or a node: each has its place
Node = TypeVar("Node")


def at_of(children: list[Child]) -> At:
    return place_of(children[0])[0], place_of(children[-1])[1]


def place_of(child: Child) -> At:
    at: At = (child.start_pos or 0, child.end_pos or 0) if isinstance(child, Token) else child.at
    return at


def word_of(token: Token) -> Word:
    text = token[1:-1] if token.type == "NAME" else str(token)
    return Word(text, (token.start_pos or 0, token.end_pos or 0))


def words_of(children: list[Child], *types: str) -> list[Word]:
    return [word_of(child) for child in children if isinstance(child, Token) and child.type in types]


def has(children: list[Child], *types: str) -> bool:
    return any(isinstance(child, Token) and child.type in types for child in children)


def word_in(children: list[Child], *types: str) -> Word | None:
    return next(iter(words_of(children, *types)), None)


def all_of(children: Iterable[Child], kind: type[Node]) -> tuple[Node, ...]:
    return tuple(child for child in children if isinstance(child, kind))


def first_of(children: Iterable[Child], kind: type[Node]) -> Node | None:
    return next((child for child in children if isinstance(child, kind)), None)


def items_of(children: list[Child]) -> tuple[nodes.Item, ...]:
    return tuple(child for child in children if isinstance(child, nodes.Item))


def choices_of(children: list[Child]) -> tuple[nodes.CycleChoice, ...]:
    return tuple(child for child in children if isinstance(child, nodes.CycleChoice))


# Words of a tag that are written in one of two ways.
PLAIN = {"WEEKEND": "weekends", "WORKDAY": "weekdays", "DAY": "day"}


class Picked(NamedTuple):
    """`oldest`, `newest`, `soonest to end`; it ends with the parser."""

    pick: Pick
    at: At


class Numbered(NamedTuple):
    """`2 7 GB`: for so many lines; it ends with the parser."""

    number: str
    amount: nodes.Amount
    at: At


class Expected(NamedTuple):
    """What follows `->`; it ends with the parser."""

    expectations: tuple[nodes.Expectation, ...]
    at: At


def expected_of(children: list[Child]) -> tuple[nodes.Expectation, ...]:
    found = first_of(children, Expected)
    return found.expectations if found else ()


def target_of(child: Child) -> Word | nodes.NextBill:
    """What something is converted to."""
    return child if isinstance(child, nodes.NextBill) else word_of(child)


def without_expected(children: list[Child]) -> list[Child]:
    """A step without what it expects."""
    return [child for child in children if not isinstance(child, Expected)]


def amount_put(children: list[Child]) -> nodes.Amount:
    """What a step puts, before what it expects."""
    amount = without_expected(children)
    return nodes.Amount(True, amount[0], tuple(amount[1:]), at_of(amount))


def digits_of(ordinal: Token) -> str:
    return ordinal.rstrip("stndrhSTNDRH")


def says(flag: Flag) -> Any:
    """A rule that is only words becomes the flag it says."""
    return lambda _builder, children: nodes.Said(flag, at_of(children))


def names_event(occasion: Occasion) -> Any:
    """Words that name an event, and the pack it is about."""
    return lambda _builder, children: nodes.Event(occasion, word_in(children, "NAME"), (), at_of(children))


def with_mark(item: nodes.Item, mark: nodes.Renewals) -> nodes.Item:
    """The item with one mark more, where it grants."""
    return item._replace(marks=(*item.marks, mark)) if isinstance(item, nodes.Amount | nodes.Fill) else item
