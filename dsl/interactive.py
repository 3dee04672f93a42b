"""Lark's parser, fed word by word: for reading on past a mistake, and for asking what could stand next."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from lark import Token, UnexpectedToken
from lark.parsers.lalr_analysis import Shift
from lark.parsers.lalr_interactive_parser import InteractiveParser

from dsl import grammar
from dsl.lexemes import JUNK, Lexeme


def fresh() -> InteractiveParser:
    return grammar.parser().parse_interactive("")


def feed(parser: InteractiveParser, lexeme: Lexeme) -> bool:
    """Whether the parser takes a word here; it has moved on if so."""
    if lexeme.kind == JUNK:
        return False
    try:
        parser.feed_token(Token(lexeme.kind, lexeme.text, lexeme.start, 1, lexeme.start + 1, 1, lexeme.end + 1, lexeme.end))
    except UnexpectedToken:
        return False
    return True


def accepts(parser: InteractiveParser) -> set[str]:
    """The terminals that could stand here; `$END` where the line may end."""
    return Reading(parser.parser_state.state_stack).possible()


def copy(parser: InteractiveParser) -> InteractiveParser:
    """A parser to try something with. Values too: lists that are being read would be shared, and a trial would add to them."""
    copied: InteractiveParser = parser.copy()  # type: ignore[no-untyped-call]
    return copied


class _Table(NamedTuple):
    states: dict[Any, dict[str, tuple[Any, Any]]]
    start: Any


@cache
def _table() -> _Table:
    state = fresh().parser_state
    return _Table(state.parse_conf.states, state.parse_conf.start_state)


class Reading:
    """How far a line has been read, and no more: no values, no nodes. Asking Lark (`InteractiveParser.accepts`) copies a parser
    and builds nodes for each terminal there is, which takes a hundred times as long."""

    def __init__(self, stack: list[Any] | None = None) -> None:
        self._stack = list(stack) if stack is not None else [_table().start]

    def copy(self) -> Reading:
        return Reading(self._stack)

    def take(self, terminal: str) -> bool:
        """Whether a word of that kind could stand here; it has been read if so."""
        stack = self._after(terminal)
        self._stack = stack or self._stack
        return bool(stack)

    def possible(self) -> set[str]:
        """The terminals that could stand here; `$END` where the line may end."""
        return {one for one in _table().states[self._stack[-1]] if one.isupper() and self._after(one)}

    def _after(self, terminal: str) -> list[Any] | None:
        """The states after a terminal; None where it can't stand here."""
        states = _table().states
        stack = list(self._stack)
        while (found := states[stack[-1]].get(terminal)) is not None:
            action, to = found
            if action is Shift:
                stack.append(to)
                return stack
            if size := len(to.expansion):
                del stack[-size:]
            _, state = states[stack[-1]][to.origin.name]
            stack.append(state)
            if terminal == "$END" and to.origin.name == "start":
                return stack
        return None
