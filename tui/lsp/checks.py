"""Documents checked as they change: a moment after the last key, one after another, in a thread of its own.

A check that a newer text has made pointless does not begin, or stops between two lines: a text of 48,000 lines takes seconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from dsl import scenario_file
from dsl.check import Checked
from dsl.diagnostics import Diagnostic, finding
from dsl.lints import lint
from dsl.parse import parse_line
from dsl.source import Span
from tui.lsp.views import View, checked

AFTER_A_KEY = 0.15  # seconds without another

Publish = Callable[[View, Iterable[Diagnostic]], None]


class _OutdatedError(Exception):
    """There is a newer text."""


class Checks:
    """Checks what `view` gives for a URI, None where the document is closed, and publishes what is found."""

    def __init__(self, view: Callable[[str], View | None], publish: Publish) -> None:
        self._view = view
        self._publish = publish
        self._thread = ThreadPoolExecutor(1, "check")
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.last: dict[str, Checked] = {}

    def soon(self, uri: str, seconds: float = AFTER_A_KEY) -> None:
        """Checks a document when so much time has gone by without being asked again."""
        if before := self._tasks.pop(uri, None):
            before.cancel()
        self._tasks[uri] = asyncio.get_running_loop().create_task(self._check(uri, seconds))

    def forget(self, uri: str) -> None:
        if task := self._tasks.pop(uri, None):
            task.cancel()
        self.last.pop(uri, None)

    def close(self) -> None:
        for task in self._tasks.values():
            task.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _check(self, uri: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        view = self._view(uri)
        if view is None:
            return
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._thread, self._found, view)
        except _OutdatedError:
            return
        if self._is_current(view):
            self._publish(view, found)

    def _is_current(self, view: View) -> bool:
        now = self._view(view.text.uri)
        return now is not None and now.text is view.text

    def _found(self, view: View) -> tuple[Diagnostic, ...]:
        plan = view.plan_text
        if view.text.is_scenario and not plan.uri:
            said = "there is no plan file beside this scenario that can be read"
            instead = f"put it beside a plan called {view.plan_path.name}"
            return (finding("S005", Span(1, 0, 1), problem=said, instead=instead),)
        for number, line in enumerate(plan.lines):
            if number % 100 == 0 and not self._is_current(view):
                raise _OutdatedError
            parse_line(line)  # kept: the check that follows finds it read
        found = checked(plan.source)
        if view.text.is_scenario:
            return scenario_file.read(view.text.source, found)[1]
        self.last[view.text.uri] = found
        return (*found.diagnostics, *lint(found))
