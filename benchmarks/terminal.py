"""A program in a pseudo-terminal whose screen can be read: what a person at a terminal sees, and when."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pexpect
import pyte


class Terminal:
    """Runs `command` in a terminal of 120 by 40. Use it in a `with`; the program is killed at the end."""

    def __init__(self, command: list[str], folder: Path, columns: int = 120, rows: int = 40) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(folder), "COLORTERM": "truecolor"}
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.started = time.perf_counter()
        self.program: pexpect.spawn[bytes] = pexpect.spawn(
            command[0], command[1:], dimensions=(rows, columns), env=environment, timeout=None
        )
        # pexpect waits 50 ms before it sends, for programs that ask for passwords.
        self.program.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.program.close(force=True)

    def keys(self, text: str) -> None:
        self.program.send(text)

    def text(self) -> str:
        """The screen as it is now."""
        return "\n".join(self.screen.display)

    def read(self, seconds: float) -> None:
        """Takes in what the program has written, waiting at most so long for more."""
        with contextlib.suppress(pexpect.TIMEOUT):
            self.stream.feed(self.program.read_nonblocking(65536, timeout=seconds))

    def wait_for(self, wanted: str, seconds: float) -> float:
        """Seconds from the start of the program until the screen shows a text. Raises TimeoutError with the screen."""
        self._until(lambda screen: wanted in screen, seconds)
        return time.perf_counter() - self.started

    def time_until(self, key: str, reached: Callable[[str], bool], seconds: float = 5) -> float:
        """Seconds from a key press to a screen of which `reached` says yes."""
        start = time.perf_counter()
        self.keys(key)
        self._until(reached, seconds)
        return time.perf_counter() - start

    def _until(self, reached: Callable[[str], bool], seconds: float) -> None:
        end = time.perf_counter() + seconds
        while not reached(self.text()):
            if time.perf_counter() > end:
                raise TimeoutError(f"not on the screen after {seconds} s:\n{self.text()}")
            self.read(0.05)
