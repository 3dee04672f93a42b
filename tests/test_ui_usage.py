"""The strip of what is used: changed by keys and by typing, and the table follows."""

from __future__ import annotations

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, opened, pressed, rows, screen, settled
from textual.events import Key

from tui.workbench.usage_strip import UsageStrip


async def test_a_plan_that_grants_nothing_has_nothing_to_use() -> None:
    async with opened('plan "A" prepaid\n') as (app, pilot):
        assert "Usage: the plan grants nothing" in screen(app)
        await pressed(pilot, "f7", "5", "up", "enter", "tab")
        assert "Usage: the plan grants nothing" in screen(app)


async def test_keys_of_the_strip_are_shown_again_once_an_amount_is_set() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7")
        before = rows(app)[-1]
        await pressed(pilot, "7")
        assert rows(app)[-1] != before
        await pressed(pilot, "enter")
        assert rows(app)[-1] == before


@pytest.mark.parametrize("key", ["enter", "tab", "shift+tab", "f6", "up"])
async def test_what_was_typed_is_set_however_one_goes_on(key: str) -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7", "9", key)
        assert "1 Jan     20 GB  9 GB" in screen(app)
        assert "Usage of data" in screen(app)


async def test_what_was_typed_is_set_by_a_click_elsewhere_and_stays_where_it_can_not_be() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7", "7")
        await pilot.click(UsageStrip, offset=(16, 2))
        await settled(pilot)
        assert "1 Jan     20 GB  7 GB" in screen(app)
        assert app.query_one(UsageStrip)._selected == 1
        await pressed(pilot, *"8 sms", "f6")
        assert "sms is not a unit of data" in screen(app)
        assert "8 sms_" in screen(app)


async def test_what_was_sold_is_charged_with_its_service() -> None:
    text = 'plan "A" prepaid\n  grant 5 GB, 10 minutes\n  when voice runs out: sell 10 minutes at 1 EUR\n'
    for size in (LARGE, SMALL):
        async with opened(text, size=size) as (app, pilot):
            await pressed(pilot, "f6")
            assert "charged" not in screen(app)
            await pressed(pilot, "s")
            assert "charged" in screen(app)
            assert "1 EUR" in screen(app)


async def test_the_strip_changes_usage_and_the_table_follows() -> None:
    async with opened() as (app, pilot):
        assert "Usage of data (a sample)" in screen(app)
        await pressed(pilot, "f7", "up", "up")
        assert "[ 8 GB]" in screen(app)
        assert "1 Jan     20 GB  8 GB" in screen(app)
        await pressed(pilot, "shift+up")
        assert "[18 GB]" in screen(app)
        await pressed(pilot, "r")
        assert "Usage of data (a sample)" in screen(app)
        assert "1 Jan     20 GB  6 GB" in screen(app)


async def test_an_amount_is_typed_with_or_without_its_unit() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7", *"512MB", "enter")
        assert "512 MB" in screen(app)
        await pressed(pilot, *"31.5", "enter")
        assert "31.5 GB" in screen(app)
        await pressed(pilot, *"6 sms", "enter")
        assert "sms is not a unit of data" in screen(app)
        await pressed(pilot, "escape")
        assert "31.5 GB" in screen(app)


async def test_keys_that_come_at_once_go_where_the_first_of_them_leads() -> None:
    async with opened() as (app, pilot):
        for key in ("f7", "7", "enter"):
            app.post_message(Key(key, key if key == "7" else None))
        await settled(pilot)
        assert app.text == PLAN
        assert "1 Jan     20 GB  7 GB" in screen(app)


async def test_cycles_come_and_go() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7", "plus")
        assert "1 Jul" in screen(app)
        await pressed(pilot, "minus", "minus")
        assert "1 Jul" not in screen(app)
        assert "1 Jun" not in screen(app)


async def test_twelve_cycles_scroll_with_the_selected_one_in_view() -> None:
    async with opened(size=MIDDLE) as (app, pilot):
        await pressed(pilot, "f7", *["plus"] * 6, "end")
        assert app.query_one(UsageStrip)._selected == 11
        assert "1 Dec" in rows(app)[-3]
        assert "‹" in rows(app)[-2]


async def test_services_switch_by_key() -> None:
    async with opened() as (app, pilot):
        assert "[data]" in screen(app)
        await pressed(pilot, "f9")
        assert "[voice]" in screen(app)
        assert "Usage of voice" in screen(app)
        await pressed(pilot, "f7", "s")
        assert "[sms]" in screen(app)
