"""Work in a thread for which nobody who leaves the app has to wait."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def aside(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function gives that only computes: the first check of 5,000 lines takes seconds, and can't be stopped within.

    A thread of asyncio's would be waited for when the app ends; this one ends with the program. What writes is not run so."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[T] = loop.create_future()
    context = contextvars.copy_context()

    def tell(put: Callable[[], None]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is there to be told
            loop.call_soon_threadsafe(lambda: None if found.done() else put())

    def run() -> None:
        try:
            given = context.run(work, *arguments, **named)
        except BaseException as error:
            told = error  # which has its name no longer than the clause
            tell(lambda: found.set_exception(told))
        else:
            tell(lambda: found.set_result(given))

    threading.Thread(target=run, name="aside", daemon=True).start()
    return await found
