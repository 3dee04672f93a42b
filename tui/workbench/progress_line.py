"""Long work of the workbench, done in a thread: a row above the keys tells how far it is, until it ends or Esc stops it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from textual.content import Content
from textual.widget import Widget

from tui.progress import Progress, StoppedError
from tui.saying import say, spoken
from tui.workbench.aside import aside

T = TypeVar("T")

PATIENCE_SECONDS = 0.3  # what is quicker than this is not worth a row that comes and goes
LOOK_SECONDS = 0.1
BAR_COLUMNS = 20


class ProgressLine(Widget):
    """Of several pieces of work at once it shows the one that began last; Esc stops that one."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._works: list[Progress] = []

    def on_mount(self) -> None:
        self.display = False

    async def run(self, progress: Progress, work: Callable[[Progress], T]) -> T | None:
        """What `work` returns, or None where it was stopped. In a thread it steps through `progress`, and it writes nothing."""
        task = asyncio.create_task(aside(_until_stopped, work, progress))
        await asyncio.wait([task], timeout=PATIENCE_SECONDS)
        self._works.append(progress)
        try:
            while not task.done():
                self.display = True
                self.refresh()
                await asyncio.wait([task], timeout=LOOK_SECONDS)
            return await task
        finally:
            progress.stop()  # where the app is left, or the worker was cancelled: the thread would go on else
            self._works.remove(progress)
            self.display = bool(self._works)
            self.refresh()

    def stop(self) -> bool:
        """Whether there was something to stop."""
        if self._works:
            self._works[-1].stop()
        return bool(self._works)

    def render(self) -> Content:
        if not self._works:
            return Content("")
        work = self._works[-1]
        done, total = spoken().number(work.done), spoken().number(work.total)
        count = say("{done} of {total}", done=done, total=total) if work.total else done
        filled = BAR_COLUMNS * min(work.done, work.total) // work.total if work.total else 0
        bar = ("█" * filled + "░" * (BAR_COLUMNS - filled) + "  ") if work.total and self.size.width >= 70 else ""
        return Content.assemble(
            (f"{work.name}  ", "bold"), (bar, "$text-primary"), f"{count}  ", ("esc", "bold $text-accent"), " " + say("Stop")
        )


def _until_stopped(work: Callable[[Progress], T], progress: Progress) -> T | None:
    try:
        return work(progress)
    except StoppedError:
        return None
