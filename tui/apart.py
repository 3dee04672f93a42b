"""What only computes, in a process of its own that can be killed: a solver looks at no clock, its library bears one thread."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stderr
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any

LOOK_SECONDS = 0.1


class EndedError(Exception):
    """The process ended before it answered."""


class Apart:
    """Calls `name` of a module there, once for each call here; what goes to and fro can be pickled. `look` is called while it
    computes, and may raise, which ends the call. The process begins with the first call, and is killed when this is left."""

    def __init__(self, module: str, name: str, look: Callable[[], None]) -> None:
        self._what = module, name
        self._look = look
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Raises what the function raises, what `look` raises, and EndedError."""
        if self._connection is None:
            self._begin()
        assert self._connection
        try:
            self._connection.send(arguments)
            while not self._connection.poll(LOOK_SECONDS):
                self._look()
            is_found, answer = self._connection.recv()
        except (EOFError, BrokenPipeError, ConnectionResetError) as error:
            raise EndedError from error
        if is_found:
            return answer
        raise answer

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._process and self._connection:
            self._process.kill()
            self._process.join()
            self._connection.close()

    def _begin(self) -> None:
        context = get_context("spawn")  # a fork would share the threads and the terminal of an app
        here, there = context.Pipe()
        process = context.Process(target=_answer, args=(there, *self._what), daemon=True)
        with redirect_stderr(sys.__stderr__):  # what an app puts in its place has no number that a process could be given
            process.start()
        there.close()
        self._process, self._connection = process, here


def _answer(connection: Connection, module: str, name: str) -> None:
    """In the process: answers until nobody asks any more."""
    function = getattr(import_module(module), name)
    while True:
        try:
            arguments = connection.recv()
        except EOFError:
            return
        try:
            answer = True, function(*arguments)
        except Exception as error:
            answer = False, error
        connection.send(answer)
