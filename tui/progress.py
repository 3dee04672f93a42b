"""Long work, told as it goes and stopped where nobody wants it any more. No terminal: what shows it reads it now and then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

T = TypeVar("T")


class StoppedError(Exception):
    """Somebody stopped the work; what it did so far stands."""


class Progress:
    """`name` says what is done, as a sentence without its end, safe to show; `done` of `total` pieces are, where `total` is
    known. One thread works and calls `step` or `each`; another may read, and `stop`."""

    def __init__(self, name: str, total: int = 0) -> None:
        self.name = name
        self.done = 0
        self.total = total
        self._is_stopped = False

    def stop(self) -> None:
        self._is_stopped = True

    def step(self, pieces: int = 1) -> None:
        """So many pieces more are done. Raises StoppedError where the work is to stop."""
        self.done += pieces
        if self._is_stopped:
            raise StoppedError

    def each(self, pieces: Iterable[T]) -> Iterator[T]:
        """The pieces, one after the other, each a step when it is done with. Raises StoppedError."""
        if isinstance(pieces, Sized):
            self.total = self.done + len(pieces)
        for piece in pieces:
            self.step(0)
            yield piece
            self.step()
