"""What is computed in a process of its own: its answers, its errors, and that it can be killed."""

from __future__ import annotations

import math
import multiprocessing
import time

import pytest

from tui.apart import Apart, EndedError


def nothing() -> None:
    return


def test_it_answers_and_raises_as_a_call_does() -> None:
    with Apart("math", "sqrt", nothing) as root:
        assert root(9) == math.sqrt(9)
        with pytest.raises(ValueError, match=r"\w"):
            root(-1)
        assert root(16) == 4
    assert not multiprocessing.active_children()


def test_who_does_not_want_to_wait_any_more_need_not() -> None:
    def look() -> None:
        raise KeyError("stopped")

    begun = time.monotonic()
    with pytest.raises(KeyError), Apart("time", "sleep", look) as sleep:
        sleep(600)
    assert time.monotonic() - begun < 60
    assert not multiprocessing.active_children()


def test_a_process_that_ends_by_itself_is_told() -> None:
    with pytest.raises(EndedError), Apart("os", "_exit", nothing) as leave:
        leave(1)
