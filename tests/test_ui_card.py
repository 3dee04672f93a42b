"""The card: what the subscriber sees at a moment, and the cursor over the year that sets it, by keys and by mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, WIDE, is_golden, opened, pressed, rows, screen, settled, shown

from tui.workbench.outcome import Outcome
from tui.workbench.year_line import YearLine

CARD = ("f6", "2")


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, WIDE])
async def test_the_card_has_used_remaining_and_accumulated(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        await pressed(pilot, *CARD, "down", *["left_square_bracket"] * 20)
        text = " ".join(screen(app).replace("·", " ").split())
        assert "8 Feb 2026 23:59" in text
        assert "used 7.14 GB remaining 22.86 GB accumulated 2.86 GB" in text
        assert "Next: 22.86 GB of data end on 1 Mar; in this history: 5 GB carried." in text


async def test_days_cycles_events_and_the_ends() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, *CARD)

        def moment() -> str:
            forecast = app.query_one(Outcome).forecast
            assert forecast
            assert forecast.run
            return f"{forecast.run.calendar.local(forecast.moment):%d %b %H:%M}"

        for keys, then in [
            (["home"], "01 Jan 00:00"),
            (["right", "right"], "03 Jan 00:00"),
            (["left"], "02 Jan 00:00"),
            (["e"], "01 Feb 00:00"),
            (["E"], "01 Jan 00:00"),
            (["down"], "28 Feb 23:59"),
            (["shift+right"], "31 Mar 23:59"),
            (["up", "shift+left"], "31 Jan 23:59"),
            (["end"], "01 Jul 00:00"),
            (["right", "e"], "01 Jul 00:00"),
        ]:
            await pressed(pilot, *keys)
            assert moment() == then, keys


async def test_the_moment_is_the_same_on_every_page() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, *CARD, "down", "down", "enter")
        assert "Lots of cycle 3" in screen(app)
        await pressed(pilot, "1")
        assert any("▸1 Mar" in row for row in rows(app))


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_the_cursor_is_set_and_dragged_with_the_mouse(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        await pressed(pilot, *CARD)
        line = app.query_one(YearLine)
        row = line.size.height - 2
        await pilot.mouse_down(line, offset=(1, row))
        await settled(pilot)
        assert "1 Jan 2026 00:00" in screen(app)
        await pilot.hover(line, offset=(line.size.width - 2, row))
        await settled(pilot)
        assert "after the last cycle" in screen(app)
        await pilot.mouse_up(line, offset=(line.size.width - 2, row))
        await pilot.hover(line, offset=(3, row))
        await settled(pilot)
        assert "after the last cycle" in screen(app), "it was let go"


async def test_the_service_that_is_chosen_is_the_one_of_the_area_and_the_sentences() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, *CARD)
        assert "of data end on 1 Feb" in screen(app)
        await pressed(pilot, "s")
        text = screen(app)
        assert "of voice end on 1 Feb" in text
        assert "voice that remains, up to" in text


async def test_keys_of_the_page_stand_in_the_palette_and_in_its_help() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, *CARD)
        commands = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert commands["Event"] == "To the next time at which something comes, ends or is done. (e E)"
        assert commands["Card"] == "Show the page Card. (2)"
        await pressed(pilot, "ctrl+p", *"event")
        await shown(pilot, "To the next time at which")
        await pressed(pilot, "enter")
        assert "1 Feb 2026 00:00" in screen(app)
        await pressed(pilot, "f1")
        assert "To the next time at which" in screen(app)


async def test_a_plan_without_limit_says_so() -> None:
    async with opened('plan "A" prepaid\n  grant unlimited data\n') as (app, pilot):
        await pressed(pilot, *CARD)
        assert "without limit" in screen(app)


async def test_nothing_to_show_is_said() -> None:
    for text in ("", 'plan "A" prepaid\n'):
        async with opened(text, size=MIDDLE) as (app, pilot):
            await pressed(pilot, *CARD, "e", "E", "home", "end", "left", "up", "enter")
            assert "[Lots]" in screen(app)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, WIDE], ids=lambda size: f"{size[0]}x{size[1]}_card")
async def test_screen(size: tuple[int, int], tmp_path: Path) -> None:
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    async with opened(size=size, path=path) as (app, pilot):
        await pressed(pilot, *CARD, "down", *["left"] * 20)
        drawn = screen(app)
    assert max(map(len, drawn.splitlines())) <= size[0]
    is_golden(f"{size[0]}x{size[1]}_card", drawn)
