"""What is looked for in a text: words as they stand or a regular expression, where they match, and what replaces them."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from tui.saying import say

MAX_MATCHES = 100_000
# A regular expression may take longer than the universe for a line; nobody waits for that.
MAX_SECONDS = 0.5

Place = tuple[int, int]  # row and column, both from 0


class PatternError(ValueError):
    """Says in a sentence why nothing can be looked for so."""


@dataclass(frozen=True)
class Pattern:
    """Matches lie within a line. Raises PatternError where the regular expression is none."""

    text: str
    match_case: bool = False
    whole_word: bool = False
    is_regex: bool = False

    def __post_init__(self) -> None:
        assert self.expression

    @cached_property
    def expression(self) -> re.Pattern[str]:
        text = self.text if self.is_regex else re.escape(self.text)
        if self.whole_word:
            text = rf"(?<!\w)(?:{text})(?!\w)"
        try:
            return re.compile(text, 0 if self.match_case else re.IGNORECASE)
        except (re.error, OverflowError, RecursionError) as error:
            raise PatternError(say("this is no regular expression: {why}", why=str(error))) from None

    def spans(self, line: str) -> list[tuple[int, int]]:
        """Where it matches in a line; a match of nothing counts for none. Raises PatternError where it takes too long."""
        with _bounded():
            return [found.span() for found in self.expression.finditer(line) if found.group()]

    def matches(self, lines: Sequence[str]) -> list[tuple[Place, Place]]:
        """Where it matches in a text, from its beginning on. Raises PatternError where it takes too long."""
        found: list[tuple[Place, Place]] = []
        with _bounded():
            for row, line in enumerate(lines):
                found += [((row, one.start()), (row, one.end())) for one in self.expression.finditer(line) if one.group()]
                if len(found) > MAX_MATCHES:
                    break
        return found[:MAX_MATCHES]

    def replaced(self, line: str, by: str) -> tuple[str, int]:
        """A line with something else in the place of every match, and how many there were."""
        count = 0

        def other(found: re.Match[str]) -> str:
            nonlocal count
            if not found.group():
                return ""
            count += 1
            return self._expanded(found, by)

        with _bounded():
            return self.expression.sub(other, line), count

    def replacement(self, line: str, span: tuple[int, int], by: str) -> str | None:
        """What comes in the place of the match at a span; None where none is."""
        with _bounded():
            found = next((one for one in self.expression.finditer(line) if one.span() == span and one.group()), None)
        return self._expanded(found, by) if found else None

    def _expanded(self, found: re.Match[str], by: str) -> str:
        """With `\\1` for the first group, where the pattern is a regular expression."""
        if not self.is_regex:
            return by
        try:
            return found.expand(by)
        except (re.error, IndexError) as error:
            raise PatternError(say("this can't replace anything: {why}", why=str(error))) from None


def nearest(matches: Sequence[tuple[Place, Place]], at: Place, by: int) -> int | None:
    """The number of the match after (1) a place or before it (-1), round the end; None where there is none."""
    if not matches:
        return None
    if by > 0:
        return next((number for number, (start, _) in enumerate(matches) if start >= at), 0)
    return max((number for number, (start, _) in enumerate(matches) if start < at), default=len(matches) - 1)


@contextmanager
def _bounded() -> Iterator[None]:
    """Ends what takes longer than MAX_SECONDS, where the system can; raises PatternError then."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: object) -> None:
        raise PatternError(say("this regular expression takes too long"))

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, MAX_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
