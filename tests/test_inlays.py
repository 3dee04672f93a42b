"""The largest balance behind each allowance, dim, while somebody writes: where it stands, and when it does not."""

from __future__ import annotations

import pytest
from screens import LARGE, MIDDLE, PLAN, opened, pressed, put_cursor, rows, screen, settled, shown

from dsl.check import check
from dsl.source import Source
from tui.inlays import Inlays, inlays
from tui.settings import read
from tui.workbench.app import RolloverApp

GROWS = 'plan "A" prepaid\n  grant 10 GB\n  carry without end\n'


def told(text: str) -> dict[int, str]:
    checked = check(Source("", text))
    found: dict[int, str] = {}
    for one in inlays(checked, 1, len(checked.source.lines)):
        found |= one
    return found


def test_each_allowance_is_told_behind_its_line() -> None:
    assert told(PLAN) == {4: "↑ at most 30 GB unused; at most 500 min unused", 10: "↑ at most 20 GB unused"}
    assert told(GROWS) == {1: "↑ grows: 240 GB unused after 24 cycles"}
    assert told(GROWS.replace("carry", "cary")) == {}


def test_what_is_known_goes_with_its_line_until_the_text_is_in_error() -> None:
    known = Inlays()
    known.put(Source("", PLAN), told(PLAN))
    assert [*known.of(check(Source("", "# one\n# two\n" + PLAN)))] == [6, 12]
    assert known.of(check(Source("", PLAN + "xx\n"))) == {}


def behind(app: RolloverApp, text: str) -> str:
    """What stands behind a text in its row."""
    row = next(row for row in rows(app) if text in row)
    return row[row.index(text) + len(text) :].strip()


@pytest.mark.parametrize("size", [MIDDLE, LARGE])
async def test_it_is_told_when_the_typing_pauses(size: tuple[int, int]) -> None:
    async with opened(GROWS.replace("without end", "1 month"), size, largest=True) as (app, pilot):
        await shown(pilot, "grant 10 GB ↑ at most 20 GB unused")
        put_cursor(app, 2, 9)
        await pressed(pilot, "5")
        await shown(pilot, "grant 150 GB ↑ at most 300 GB unused")
        put_cursor(app, 1)
        await pressed(pilot, "x")
        assert "↑" not in screen(app), "a text in error says nothing"


async def test_a_problem_has_the_end_of_its_line_for_itself() -> None:
    async with opened('plan "A" prepaid\n  grant 10 GB\n  carry 1 month\n', largest=True) as (app, pilot):
        await shown(pilot, "↑ at most 20 GB unused")
        await app.workers.wait_for_complete()  # the lints have said that they have nothing to say
        one = check(Source("", "plan")).diagnostics[0].on_line(2)
        app.pane.show_problems([one])
        await settled(pilot)
        assert "↑" not in screen(app)
        assert one.message[:20] in behind(app, "grant 10 GB")


async def test_it_can_be_turned_off_and_on() -> None:
    async with opened(GROWS, largest=True) as (app, pilot):
        await shown(pilot, "↑ grows: 240 GB unused")
        await pressed(pilot, "alt+l")
        assert "↑" not in screen(app)
        await pressed(pilot, "alt+l")
        await shown(pilot, "↑ grows: 240 GB unused")


async def test_a_setting_keeps_it_off() -> None:
    settings = read(Source("settings.yaml", "largest: false\n"))
    assert not settings.largest
    async with opened(GROWS, settings=settings, largest=settings.largest) as (app, pilot):
        await pilot.pause(0.5)
        assert "↑" not in screen(app)


async def test_it_comes_for_lines_that_are_scrolled_to() -> None:
    text = PLAN + "#\n" * 400 + GROWS
    async with opened(text, largest=True) as (_app, pilot):
        await shown(pilot, "↑ at most 30 GB unused")
        await pressed(pilot, "ctrl+end")
        await shown(pilot, "↑ grows: 240 GB unused")
