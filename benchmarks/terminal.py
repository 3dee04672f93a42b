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

QUIET_SECONDS = 0.15


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

    def wait_for(self, wanted: str, seconds: float) -> float:
        """Seconds from the start of the program until the screen shows a text. Raises TimeoutError with the screen."""
        return self._until(lambda screen: wanted in screen, seconds) - self.started

    def ended(self, seconds: float) -> int:
        """The exit code of a program that ends by itself, -1 where it does not in time."""
        self.program.timeout = seconds
        with contextlib.suppress(pexpect.TIMEOUT):
            self.program.expect(pexpect.EOF)
            self.program.close()
        return -1 if self.program.exitstatus is None else self.program.exitstatus

    def time_until(self, key: str, reached: Callable[[str], bool], seconds: float = 5) -> float:
        """Seconds from a key press to a screen of which `reached` says yes."""
        start = time.perf_counter()
        self.keys(key)
        return self._until(reached, seconds) - start

    def _until(self, reached: Callable[[str], bool], seconds: float) -> float:
        """When what makes `reached` say yes had arrived. Drawing it here, in Python, takes longer than the program took to
        write it: so all is read first, until the program is quiet, and drawn afterwards."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            found = None
            for at, written in self._arrived():
                self.stream.feed(written)
                if found is None and reached(self.text()):
                    found = at
            if found is not None:
                return found
        raise TimeoutError(f"not on the screen after {seconds} s:\n{self.text()}")

    def _arrived(self) -> list[tuple[float, bytes]]:
        """What the program writes until it is quiet for a moment, each piece with the time of its arrival."""
        pieces = []
        with contextlib.suppress(pexpect.TIMEOUT):
            while True:
                written = self.program.read_nonblocking(65536, timeout=QUIET_SECONDS)
                pieces.append((time.perf_counter(), written))
        return pieces
