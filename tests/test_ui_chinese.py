"""The app in Simplified Chinese: what is always on screen, in columns that line up though a character takes two."""

from __future__ import annotations

import pytest
from screens import LARGE, MIDDLE, SMALL, is_golden, opened, pressed, rows, screen, shown

from dsl.source import Source, width
from tui.language import CHINESE, ENGLISH
from tui.settings import read
from tui.workbench import bindings
from tui.workbench.outcome import TABS


@pytest.mark.parametrize("size", [MIDDLE, LARGE], ids=lambda size: str(size[0]))
async def test_the_first_screen(size: tuple[int, int]) -> None:
    async with opened(size=size, language=CHINESE) as (app, _):
        is_golden(f"zh_months_{size[0]}", screen(app))


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE], ids=lambda size: str(size[0]))
async def test_no_row_is_wider_than_the_screen_on_any_page(size: tuple[int, int]) -> None:
    async with opened(size=size, language=CHINESE) as (app, pilot):
        for _ in range(6):
            await pressed(pilot, "f4")
            assert max(width(row) for row in rows(app)) <= size[0], screen(app)


async def test_the_columns_of_the_table_end_below_their_heads() -> None:
    async with opened(size=LARGE, language=CHINESE) as (app, _):
        lines = rows(app)
        at = next(number for number, row in enumerate(lines) if "起始" in row and "可用" in row)
        head, first = lines[at], lines[at + 1]
        assert "20 GB" in first
        assert width(head[: head.index("可用") + 2]) == width(first[: first.index("20 GB") + 5])


async def test_a_click_on_a_tab_and_on_a_key_hits_what_stands_there() -> None:
    async with opened(size=LARGE, language=CHINESE) as (app, pilot):
        row, line = next((number, row) for number, row in enumerate(rows(app)) if "批次" in row)
        await pilot.click(offset=(width(line[: line.index("批次")]) + 3, row))  # the last column of its two characters
        await shown(pilot, "[批次]")
        row, line = next((number, row) for number, row in enumerate(rows(app)) if "帮助" in row)
        await pilot.click(offset=(width(line[: line.index("帮助")]) + 3, row))
        await shown(pilot, "Esc 关闭")


async def test_help_and_the_palette_speak_it() -> None:
    async with opened(size=LARGE, language=CHINESE) as (_, pilot):
        await pressed(pilot, "f4", "f6", "f1")
        words = await shown(pilot, "用户在某一时刻所看到的")
        assert "后一天。" in words
        await pressed(pilot, "escape", "ctrl+p", *"窗格")
        assert "转到下一个窗格。" in await shown(pilot, "下个窗格")


async def test_each_command_of_the_palette_has_a_name_of_its_own() -> None:
    async with opened(language=CHINESE) as (app, pilot):
        for page in range(len(TABS)):
            await app.outcome.action_page(page)
            titles = [command.title for command in app.get_system_commands(app.screen)]
            assert sorted(titles) == sorted(set(titles)), TABS[page]
            await pilot.pause()


async def test_the_next_app_speaks_english_again() -> None:
    async with opened(language=CHINESE) as (app, _):
        assert "没有问题" in screen(app)
    async with opened(language=ENGLISH) as (app, _):
        assert "no problems" in screen(app)
        assert not any(character >= "\u4e00" for character in screen(app))


@pytest.mark.parametrize(("name", "wrong"), [("zh", 0), ("zh-Hans", 0), ("en", 0), ("klingon", 1)])
def test_a_language_that_nobody_speaks_is_told(name: str, wrong: int) -> None:
    found = bindings.wrong_language(read(Source("settings.yaml", f"language: {name}\n")))
    assert len(found) == wrong
    assert all("zh_CN" in one.help for one in found)
