"""Texts so long that they are checked aside: what is shown is always the last that was typed, and keys wait for nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from screens import LARGE, opened, pressed, screen, shown
from textual.pilot import Pilot

from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.source import Source
from tui import remarks
from tui.workbench import checked_app
from tui.workbench.app import RolloverApp
from tui.workbench.checked_app import SHORT_LINES

HEAD = 'plan "First" prepaid\n  grant 20 GB\n  carry 1 month, cap 10 GB\n\n'
PLANS = SHORT_LINES // 3 + 1
TEXT = HEAD + "".join(f'plan "P{number}" prepaid\n  grant 1 GB\n\n' for number in range(PLANS))


async def until(pilot: Pilot[int], holds: Callable[[], bool]) -> None:
    for _ in range(400):
        if holds():
            return
        await pilot.pause(0.02)
    raise AssertionError("it never was so")


def behind_the_grant(app: RolloverApp) -> None:
    app.editor.move_cursor((1, len("  grant 20")))


async def test_what_a_long_text_does_is_shown_as_it_is_typed() -> None:
    async with opened(TEXT, LARGE) as (app, pilot):
        await shown(pilot, "30 GB")
        behind_the_grant(app)
        await pressed(pilot, "1")
        await shown(pilot, "211 GB")
        await pressed(pilot, "2", "backspace", "backspace", "5")
        await shown(pilot, "215 GB")
        assert "211 GB" not in screen(app)


async def test_a_text_that_is_being_read_is_not_said_to_have_no_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    check = RolloverApp._check

    def waits(app: RolloverApp, source: Source) -> Checked | str:
        go_on.wait(20)
        return check(app, source)

    monkeypatch.setattr(RolloverApp, "_check", waits)
    async with opened(TEXT, LARGE) as (_, pilot):
        words = await shown(pilot, "reading…")
        assert "no problems" not in words
        go_on.set()
        assert "reading…" not in await shown(pilot, "no problems")


async def test_one_check_runs_at_a_time_and_the_last_is_of_the_last_text(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = [], []
    whole = RolloverApp._check

    def slow(self: RolloverApp, source: Source) -> Checked | str:
        running.append(threading.get_ident())
        most.append(len(running))
        time.sleep(0.4)  # longer than a key takes, so that keys come meanwhile
        found = whole(self, source)
        running.pop()
        return found

    monkeypatch.setattr(RolloverApp, "_check", slow)
    async with opened(TEXT, LARGE) as (app, pilot):
        await shown(pilot, "30 GB")
        behind_the_grant(app)
        before = len(most)
        await pilot.press(*"123456", *["backspace"] * 6, "3")
        await shown(pilot, "213 GB")
        assert max(most) == 1
        assert len(most) - before < 13, "what nobody looks at any more is not checked"
        assert app.checked is not None
        assert app.checked.source.text == app.text


async def test_what_lints_say_comes_where_somebody_typed_and_took_it_back_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checked_app, "LONG_LINT_SECONDS", 0.05)
    monkeypatch.setattr(remarks, "BREATH_SECONDS", 0.02)  # so that they are not through before something is typed
    begun: list[Checked] = []
    whole = remarks.found

    def found(checked: Checked, is_wanted: Callable[[], bool]) -> tuple[Diagnostic, ...] | None:
        begun.append(checked)
        return whole(checked, is_wanted)

    monkeypatch.setattr(remarks, "found", found)
    wrong = TEXT.replace("cap 10 GB", "cap 90 GB")  # which is never reached: a lint says so
    async with opened(wrong, LARGE) as (app, pilot):
        await until(pilot, lambda: bool(begun))
        app.editor.insert("1", (1, len("  grant 20")))
        app.editor.undo()
        await shown(pilot, "1 problem")
        assert len(begun) == 2, "they were stopped, and read the same text again"
        assert begun[0] is begun[1]
