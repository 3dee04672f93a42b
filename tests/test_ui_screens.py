"""Whole screens, compared with goldens (ROLLOVER_UPDATE=1 renews them), and their colours in both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, WIDE, faint, is_golden, opened, pressed, put_cursor, screen, settled
from textual.pilot import Pilot

from tui.workbench.app import RolloverApp


async def _flex(pilot: Pilot[int]) -> None:
    await settled(pilot)


async def _months(pilot: Pilot[int]) -> None:
    await pressed(pilot, "f6")


async def _usage(pilot: Pilot[int]) -> None:
    await pressed(pilot, "f7", "right", "up")


async def _mistake(pilot: Pilot[int]) -> None:
    app = pilot.app
    assert isinstance(app, RolloverApp)
    put_cursor(app, 7, 17)
    await pressed(pilot, "r")


SCREENS = {
    "80x24": (MIDDLE, _flex),
    "80x24_usage": (MIDDLE, _usage),
    "80x24_mistake": (MIDDLE, _mistake),
    "120x40": (LARGE, _flex),
    "120x40_mistake": (LARGE, _mistake),
    "200x50": (WIDE, _flex),
    "44x20_text": (SMALL, _flex),
    "44x20_months": (SMALL, _months),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_screen(name: str, tmp_path: Path) -> None:
    size, act = SCREENS[name]
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    async with opened(size=size, path=path) as (app, pilot):
        await act(pilot)
        shown = screen(app)
    assert max(map(len, shown.splitlines())) <= size[0]
    is_golden(name, shown)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, WIDE])
async def test_both_themes_show_the_same_and_nothing_vanishes_in_its_background(theme: str, size: tuple[int, int]) -> None:
    async with opened(PLAN.replace("carry 1 month,", "carrry 1 month,"), size=size) as (app, pilot):
        before = screen(app)
        app.theme = theme
        await settled(pilot)
        assert screen(app) == before
        for keys in (["f6"], ["f4"], ["f4"], ["f4"], ["f4"], ["f4"]):
            await pressed(pilot, *keys)
            assert not faint(app)
