"""Whole screens, compared with goldens (ROLLOVER_UPDATE=1 renews them), and their colours in both themes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, WIDE, is_golden, opened, pressed, put_cursor, screen, settled
from textual.color import Color
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


LEAST_CONTRAST = 1.9  # what is quiet on purpose is 2 and more; text that vanishes in its background is 1


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
            faint = {text for text, contrast in contrasts(app) if contrast < LEAST_CONTRAST}
            assert not faint


def contrasts(app: RolloverApp) -> Iterator[tuple[str, float]]:
    """Each stretch of text on the screen, with how much its colours differ (WCAG's ratio)."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            is_text = any(character.isalnum() for character in segment.text)  # and no part of a bar
            if is_text and style and style.color and style.bgcolor:
                front, back = (Color.from_rich_color(one) for one in (style.color, style.bgcolor))
                yield segment.text, ratio(front, back)


def ratio(front: Color, back: Color) -> float:
    light, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
