"""The app without a terminal: it is opened, keys are pressed, and its screen is rows of text."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from textual.color import Color
from textual.pilot import Pilot

from tui.language import ENGLISH
from tui.settings import Settings
from tui.workbench.app import RolloverApp
from tui.workbench.editor import PlanEditor

SMALL, MIDDLE, LARGE, WIDE = (44, 20), (80, 24), (120, 40), (200, 50)
GOLDENS = Path(__file__).parent / "goldens" / "ui"

PLAN = """\
rate 1 GB = 30 minutes

plan "Flex 20" postpaid
  contract 24 months
  every month grant 20 GB data, 300 minutes and 100 sms
  use carried data first
  unused data: carry 1 month, cap 10GB, convert the rest to minutes, cap 200 minutes
  when data runs out: slow to 128 kbps

plan "Prepaid 10" prepaid
  grant 10GB
  carry 1 month
"""


@asynccontextmanager
async def opened(
    text: str = PLAN,
    size: tuple[int, int] = LARGE,
    path: Path | None = None,
    hint: str = "",
    settings: Settings = Settings(),  # noqa: B008  (frozen)
    language: str = ENGLISH,
    largest: bool = False,
    more: Sequence[tuple[Path, str]] = (),
    folder: Path | None = None,
    has_tour: bool = False,
) -> AsyncIterator[tuple[RolloverApp, Pilot[int]]]:
    app = RolloverApp(path, text, hint=hint, settings=settings, language=language, more=more, folder=folder, has_tour=has_tour)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        app.query_one(PlanEditor).cursor_blink = False
        app.pane.tells_largest = largest  # it comes when nobody types, and screens should not depend on how long that was
        await settled(pilot)
        yield app, pilot


def put_cursor(app: RolloverApp, line: int, column: int = 0) -> None:
    """Both as people count them in the editor: lines from 1, columns from 0."""
    app.editor.move_cursor((line - 1, column))


async def settled(pilot: Pilot[int]) -> None:
    for _ in range(4):
        await pilot.pause()


async def pressed(pilot: Pilot[int], *keys: str) -> None:
    await pilot.press(*keys)
    await settled(pilot)


async def click_on(pilot: Pilot[int], text: str) -> None:
    """Clicks where a text first stands on the screen."""
    app = pilot.app
    assert isinstance(app, RolloverApp)
    row, column = next((number, row.index(text)) for number, row in enumerate(rows(app)) if text in row)
    await pilot.click(offset=(column, row))
    await settled(pilot)


async def shown(pilot: Pilot[int], text: str) -> str:
    """Waits until a text is on the screen, in one row or over several; the words of the screen."""
    app = pilot.app
    assert isinstance(app, RolloverApp)
    for _ in range(200):
        words = " ".join(screen(app).split())
        if text in words:
            break
        await pilot.pause(0.05)
    assert text in words
    return words


def rows(app: RolloverApp) -> list[str]:
    """The screen as it stands, a text a row."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def screen(app: RolloverApp) -> str:
    return "\n".join(rows(app)) + "\n"


def is_golden(name: str, drawn: str) -> None:
    """A screen is as it was when somebody read it; ROLLOVER_UPDATE=1 writes it, to be read as a diff."""
    golden = GOLDENS / f"{name}.txt"
    if os.environ.get("ROLLOVER_UPDATE"):
        golden.write_text(drawn, encoding="utf-8", newline="\n")
    assert drawn == golden.read_text(encoding="utf-8")


# ---- colours

LEAST_CONTRAST = 1.9  # what is quiet on purpose is 2 and more; text that vanishes in its background is 1


def faint(app: RolloverApp) -> set[str]:
    """What of the screen can hardly be read; what a dialog dims behind it is not to be read."""
    return {text for text, contrast in contrasts(app) if contrast < LEAST_CONTRAST}


def contrasts(app: RolloverApp) -> Iterator[tuple[str, float]]:
    """Each stretch of text on the screen, with how much its colours differ (WCAG's ratio)."""
    on_top = [one.region for one in app.screen.query("*") if not one.children]
    for row, strip in enumerate(app.screen._compositor.render_strips()):
        column = 0
        for segment in strip:
            style, at = segment.style, column
            column += segment.cell_length
            if not any(region.contains(at, row) for region in on_top):
                continue
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
