"""What is told for a moment and goes: in rows that end where they may, and as it was said."""

from __future__ import annotations

import pytest
from screens import LARGE, MIDDLE, SMALL, WIDE, opened, rows, settled

from dsl.source import width
from tui.language import CHINESE
from tui.wrap import wrapped

LONG = "这会在 2026 年 3 月 1 日违反 `ensure data never above 30 GB`。F6 和各页面显示经过；Ctrl+T 把它变成测试。"


async def told(text: str, size: tuple[int, int], language: str) -> list[str]:
    """The rows of a notice on the screen."""
    async with opened(size=size, language=language) as (app, pilot):
        app.notify(text)
        await settled(pilot)
        return [row.partition("▌ ")[2].split("   ")[0] for row in rows(app) if "▌ " in row]


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, WIDE])
async def test_chinese_fills_the_rows_of_a_notice(size: tuple[int, int]) -> None:
    """Whoever draws it breaks a row at its spaces alone, so a row that is too long would leave a short one behind it."""
    drawn = [row for row in await told(LONG, size, CHINESE) if row]
    assert len(drawn) > 1
    assert "".join(drawn).replace(" ", "") == LONG.replace(" ", "")
    assert drawn == wrapped(LONG, max(map(width, drawn)))


async def test_in_a_small_window_it_ends_amid_chinese_and_before_no_full_stop() -> None:
    assert [row for row in await told(LONG, MIDDLE, CHINESE) if row] == [
        "这会在 2026 年 3 月 1 日违反 `ensure",
        "data never above 30 GB`。F6 和各页面",
        "显示经过；Ctrl+T 把它变成测试。",
    ]


async def test_brackets_in_what_is_told_are_no_markup() -> None:
    assert "There is no plan [red] here." in await told("There is no plan [red] here.", LARGE, "en")
