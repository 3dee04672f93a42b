"""The months: a cycle is chosen and opened, and the cursor of the text lights up what a rule moved."""

from __future__ import annotations

import pytest
from screens import LARGE, MIDDLE, SMALL, click_on, opened, pressed, put_cursor, rows, screen, settled
from textual.content import Content

from tui.workbench.app import RolloverApp
from tui.workbench.editor import PlanEditor
from tui.workbench.lines import Lines
from tui.workbench.outcome import Outcome

CARRY = 7  # the line of the rule that carries, in the text of tests/screens.py


def marked(app: RolloverApp) -> list[str]:
    return [row[row.index("▸") + 1 :].split("  ")[0].strip() for row in rows(app) if "▸" in row]


# ---- a cycle is chosen


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, (200, 50)])
async def test_a_cycle_is_chosen_by_keys_and_opened(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        await pressed(pilot, "f6")
        assert all(row.startswith("1 Jan") for row in marked(app))
        await pressed(pilot, "down", "down", "up", "j", "k")
        assert {row[:5] for row in marked(app)} == {"1 Feb"}
        await pressed(pilot, "end", "down", "enter")
        assert "Lots of cycle 6" in screen(app)
        await pressed(pilot, "escape", "home", "enter")
        assert "Lots of cycle 1" in screen(app)


async def test_a_cycle_is_chosen_by_a_click_and_opened_by_two() -> None:
    async with opened() as (app, pilot):
        await click_on(pilot, "1 Apr     25 GB")
        assert {row[:5] for row in marked(app)} == {"1 Apr"}
        row, column = next((number, row.index("1 Feb")) for number, row in enumerate(rows(app)) if "1 Feb     30 GB" in row)
        await pilot.click(offset=(column, row), times=2)
        await settled(pilot)
        assert "Lots of cycle 2" in screen(app)


async def test_the_cycle_that_is_chosen_scrolls_into_view() -> None:
    async with opened(size=SMALL) as (app, pilot):
        await pressed(pilot, "f6", *["down"] * 5)
        assert any("▸ 1 Jun" in row for row in rows(app))


# ---- bars


async def test_the_bars_split_what_was_used_and_show_the_cap() -> None:
    async with opened() as (app, _pilot):
        text = screen(app)
        assert "█ allowance used  ■ carried used  ▓ carried" in text
        assert "│ cap 10 GB" in text
        assert "▓│▒" in text


async def test_a_cap_that_is_typed_moves_its_mark() -> None:
    async with opened() as (app, pilot):
        line = app.query_one(PlanEditor).document.get_line(CARRY - 1)
        app.query_one(PlanEditor).move_cursor((CARRY - 1, line.index("10GB") + 1))
        await pressed(pilot, "delete", "2")
        assert "│ cap 12 GB" in screen(app)


# ---- what a rule moved


@pytest.mark.parametrize("size", [MIDDLE, LARGE, (200, 50)])
async def test_the_cursor_on_a_rule_lights_up_what_it_moved(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        before = screen(app)
        assert "•" not in before
        put_cursor(app, CARRY)
        await settled(pilot)
        text = screen(app)
        assert "•10 GB" in text
        assert "•3.33 GB" in text
        assert "• line 7: carried 40 GB, converted 17.33 GB" in " ".join(text.split())
        put_cursor(app, 4)
        await settled(pilot)
        assert "•" not in screen(app)


async def test_what_is_lit_has_a_style_of_its_own_too() -> None:
    async with opened() as (app, pilot):
        put_cursor(app, CARRY)
        await settled(pilot)
        shown = app.query_one("#rows", Lines)._shown
        assert isinstance(shown, Content)
        lit = {shown.plain[span.start : span.end] for span in shown.spans if "underline" in str(span.style)}
        assert "10 GB" in lit
        assert any("▓" in text for text in lit)


async def test_where_it_is_narrow_the_figures_of_a_rule_are_marked_as_well() -> None:
    async with opened(size=SMALL) as (app, pilot):
        put_cursor(app, CARRY)
        await pressed(pilot, "f6")
        assert "•carried 10 GB" in screen(app)


async def test_a_rule_that_moved_nothing_says_so() -> None:
    text = 'plan "A" prepaid\n  grant 10 GB\n  when data runs out: slow to 128 kbps\n'
    async with opened(text, size=MIDDLE) as (app, pilot):
        await pressed(pilot, "f7", *"3GB", "enter", "minus", "minus", "minus", "minus", "minus", "f6")
        put_cursor(app, 3)
        await settled(pilot)
        assert "line 3 moved nothing here" in screen(app)


# ---- the lines of an account

FAMILY = """\
plan "Family" postpaid
  grant 20 GB
  share with up to 4 lines
plan "Kid" prepaid
  grant 2 GB
"""


async def family(app: RolloverApp) -> None:
    """A history with a second line, as a scenario makes it."""
    from datetime import datetime

    from dsl.scenario import Dated, Start, Use
    from dsl.source import NOWHERE

    outcome = app.query_one(Outcome)
    assert outcome.draft
    kid = (
        Dated(datetime(2026, 1, 1), Start("Kid", member=True), NOWHERE, line="Ki[b]d\x1b"),
        Dated(datetime(2026, 1, 9), Use("data", 10**9), NOWHERE, line="Ki[b]d\x1b"),
    )
    outcome.put(outcome.draft.with_dated(*kid))


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_each_line_of_an_account_has_its_months(size: tuple[int, int]) -> None:
    async with opened(FAMILY, size=size) as (app, pilot):
        await pressed(pilot, "f6")
        assert "[first line]" not in screen(app)
        await family(app)
        await settled(pilot)
        assert "[first line] Ki[b]d\\x1b" in " ".join(screen(app).split())
        await pressed(pilot, "l")
        text = screen(app)
        assert "[Ki[b]d\\x1b]" in text
        assert "Kid · prepaid" in text
        assert "Usage of data by Ki[b]d\\x1b" in text
        await click_on(pilot, "first line")
        assert "Family · postpaid" in screen(app)


async def test_a_line_that_is_gone_gives_way_to_the_first() -> None:
    async with opened(FAMILY) as (app, pilot):
        await family(app)
        await pressed(pilot, "f6", "l", "ctrl+z")
        assert "Family · postpaid" in screen(app)
        assert "first line" not in screen(app)
