"""What is computed aside: its answer comes, or its mistake; and who leaves does not wait for it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from tui.workbench.aside import aside

LEFT_AT_ONCE = """
import asyncio, threading
from tui.workbench.aside import aside

async def left():
    asyncio.ensure_future(aside(threading.Event().wait))
    await asyncio.sleep(0)

asyncio.run(left())
print("left")
"""

LEFT_WITH_PROGRESS = """
import asyncio, threading
from tui.progress import Progress
from tui.workbench.app import RolloverApp

async def left():
    app = RolloverApp(None, "")
    async with app.run_test() as pilot:
        app.run_worker(app.run_aside(Progress("long"), lambda _: threading.Event().wait()))
        await pilot.pause(1)
        assert app.query_one("#progress").display

asyncio.run(left())
print("left")
"""


async def test_the_answer_comes() -> None:
    assert await aside(lambda one, *, other: (one, other), 1, other=2) == (1, 2)
    assert await aside(threading.get_ident) != threading.get_ident()


async def test_a_mistake_comes_as_one() -> None:
    with pytest.raises(ZeroDivisionError):
        await aside(lambda: 1 // 0)


async def test_an_answer_that_nobody_wants_any_more_disturbs_nobody() -> None:
    go = threading.Event()
    task = asyncio.ensure_future(aside(go.wait))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    assert await aside(lambda: "next") == "next"


@pytest.mark.parametrize("left", [LEFT_AT_ONCE, LEFT_WITH_PROGRESS])
def test_who_leaves_does_not_wait_for_it(left: str) -> None:
    """It never ends: were it waited for, this would not, either."""
    ended = subprocess.run([sys.executable, "-c", left], capture_output=True, text=True, timeout=120, check=False)
    assert (ended.stdout, ended.stderr, ended.returncode) == ("left\n", "", 0)
