"""From a cycle to its lots, to the postings of one, to the rule in the text: by keys, by mouse, through a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from command_line import ROOT
from screens import LARGE, MIDDLE, PLAN, SMALL, WIDE, click_on, is_golden, opened, pressed, rows, screen, settled, shown

from benchmarks.terminal import Terminal
from engine.ledger import Reason
from engine.run import Run
from tui.workbench.editor import PlanEditor
from tui.workbench.lots_page import LotsPage
from tui.workbench.outcome import Outcome
from tui.workbench.rows import Rows

TO_MAY = ("f6", *["down"] * 4, "enter")  # the cycle in which 3.33 GB expire

LIKE = """\
plan "Small" prepaid
  grant 1 GB
  carry 1 month
pack "P"
  grant 2 GB data for 7 days
plan "Big" like "Small"
  grant 9 GB
promotion "Week" for "Big"
  from 2026-01-10 until 2026-01-20
  grant 5 GB bonus data for 30 days
"""


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, WIDE])
async def test_why_a_gigabyte_expired(size: tuple[int, int]) -> None:
    """Months, the cycle, its lot, its last posting, the rule."""
    async with opened(size=size) as (app, pilot):
        await pressed(pilot, *TO_MAY)
        assert "Lots of cycle 5" in screen(app)
        await pressed(pilot, "enter", "end")
        assert "▸" in screen(app)
        assert "-3.33 GB  expired" in screen(app)
        await pressed(pilot, "enter")
        editor = app.query_one(PlanEditor)
        assert app.focused is editor
        assert editor.selected_text == "convert the rest to minutes"
        await pressed(pilot, "f6")
        assert "-3.33 GB  expired" in screen(app), "one is where one was"
        await pressed(pilot, "escape")
        assert "Lots of cycle 5" in screen(app)
        await pressed(pilot, "escape")
        assert "[Months]" in screen(app)


async def test_the_same_by_mouse() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, *TO_MAY)
        for text in ("allowance  1 May", "expired: was above"):
            row, column = next((number, line.index(text)) for number, line in enumerate(rows(app)) if text in line)
            if text.startswith("allowance"):
                await pilot.click(offset=(column, row), times=2)
                await settled(pilot)
        await click_on(pilot, "-3.33 GB")
        assert any("▸" in line and "-3.33 GB" in line for line in rows(app))


async def test_the_selected_lot_tells_its_story_where_there_is_room() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, *TO_MAY)
        text = screen(app)
        assert "What moved it" in text
        assert "-6.67 GB  converted" in text
        await pressed(pilot, "down")
        assert "+10 GB  carried, from allowance of 1 May" in screen(app)


async def test_alike_postings_are_one_row_until_each_is_asked_for() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f6", "enter", "enter")
        assert "used, 31 times" in screen(app)
        assert "1 of 4" in screen(app)
        await pressed(pilot, "f", "down", "down")
        assert "3 of 34" in screen(app)
        assert " 2 Jan  -193.55 MB  used" in screen(app)


async def test_the_other_lot_of_a_posting() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f6", "down", "enter", "enter")
        assert "carried of 1 Jan" in screen(app)
        await pressed(pilot, "o")
        assert "allowance of 1 Jan" in screen(app)
        await pressed(pilot, "o")
        await shown(pilot, "This posting is of no other lot.")
        await pressed(pilot, "escape", "escape")
        assert "Lots of cycle 2" in screen(app)


async def test_use_without_a_lot_is_a_row_of_its_own() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f6", *["down"] * 3, "enter", "end", "enter")
        assert "What moved no lot in cycle 4" in screen(app)
        assert "5 GB  not covered by any lot" in screen(app)
        await pressed(pilot, "enter")
        assert app.query_one(PlanEditor).selected_text == "slow to 128 kbps"


@pytest.mark.parametrize(
    ("wanted", "selected"),
    [
        ("carried", "carry 1 month"),  # of a plan it is like
        ("bonus", "grant 5 GB bonus data for 30 days"),  # of a promotion
    ],
)
async def test_a_rule_of_another_block_is_shown_and_the_plan_stays(wanted: str, selected: str) -> None:
    async with opened(LIKE, size=(120, 44)) as (app, pilot):
        app.query_one(PlanEditor).move_cursor((6, 0))
        await pressed(pilot, "f6", "enter")
        assert "Big · prepaid" in screen(app)
        lots = app.query_one(LotsPage)
        assert lots._lots
        kinds = [lots._lots.row(index).kind for index in range(len(lots._lots))]
        await pressed(
            pilot,
            "home",
            *["down"] * next(at for at, kind in enumerate(kinds) if kind.startswith(wanted)),
            "enter",
            "home",
            "enter",
        )
        assert app.query_one(PlanEditor).selected_text == selected
        assert "Big · prepaid" in screen(app)
        assert "•" in screen(app)


async def test_time_moves_while_lots_are_shown() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f6", "down", "enter", "left", "left")
        assert "at 26 Feb 23:59" in screen(app)
        await pressed(pilot, "right_square_bracket", "right_curly_bracket")
        assert "Lots of cycle 3" in screen(app)
        await pressed(pilot, "left_curly_bracket", "E")
        assert "Lots of cycle 2, 1 Feb to 1 Mar, at 23 Feb" in screen(app), "the voice runs out"
        await pressed(pilot, "E", "e")
        assert "at 23 Feb" in screen(app)


async def test_what_is_typed_changes_the_lots_that_are_shown() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f6", "enter", "shift+f6")
        app.query_one(PlanEditor).move_cursor((4, 21))
        await pressed(pilot, "5")
        assert "250 GB" in screen(app).replace("grant 250 GB", "")


async def test_nothing_to_show_is_said() -> None:
    for text in ("", 'plan "A" prepaid\n'):
        async with opened(text, size=MIDDLE) as (app, pilot):
            await pressed(pilot, "f6", "3", "enter", "o", "f", "down", "end", "escape")
            assert "[Months]" in screen(app)


# ---- a million


def with_many(found: Run, count: int) -> Run:
    """The same run with so many uses in the place of those it has."""
    used = [one for one in found.postings if one.reason is Reason.USED and one.service == "data"]
    rest = [one for one in found.postings if one not in used]
    day = [used[0]._replace(at=used[0].at + number * 86_400 // count, amount=1) for number in range(count)]
    granted = [one for one in rest if one.reason is Reason.GRANTED]
    return replace(found, postings=(*granted, *day, *(one for one in rest if one.reason is not Reason.GRANTED)))


async def test_of_many_postings_only_those_that_are_seen_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'plan "A" prepaid\n  grant 20 GB\n'
    async with opened(text) as (app, pilot):
        await pressed(pilot, "f7", *["minus"] * 5)
        forecast = app.query_one(Outcome).forecast
        assert forecast
        assert forecast.run
        forecast.run = with_many(forecast.run, 200_000)
        await pressed(pilot, "shift+f6", "3", "enter")
        assert "used, 200,000 times" in screen(app)
        made: list[int] = []
        row: Callable[..., object] = __import__("tui.lots", fromlist=["Story"]).Story.row
        monkeypatch.setattr("tui.lots.Story.row", lambda story, index: made.append(index) or row(story, index))
        await pressed(pilot, "f", "pagedown", "end")
        assert "of 200,0" in screen(app)
        assert len(app.query_one(Rows).seen) < 40
        assert len(set(made)) < 1_000


# ---- text from files is text


async def test_names_of_packs_move_no_column() -> None:
    text = 'plan "A" prepaid\n  grant 1 GB\npromotion "[b]日本\x1b[31m\u202e" for "A"\n' + (
        "  from 2026-01-02 until 2026-01-20\n  grant 5 GB bonus data for 30 days\n"
    )
    async with opened(text, size=(120, 40)) as (app, pilot):
        await pressed(pilot, "f6", "enter", "enter")
        assert not {"\x1b", "\u202e"} & set(screen(app))


# ---- whole screens


SCREENS = {
    "44x20_lots": (SMALL, TO_MAY),
    "80x24_lots": (MIDDLE, TO_MAY),
    "80x24_postings": (MIDDLE, (*TO_MAY, "enter", "end")),
    "120x40_lots": (LARGE, TO_MAY),
    "200x50_lots": (WIDE, TO_MAY),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_screen(name: str, tmp_path: Path) -> None:
    size, keys = SCREENS[name]
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    async with opened(size=size, path=path) as (app, pilot):
        app.query_one(PlanEditor).move_cursor((6, 4))
        await pressed(pilot, *keys)
        drawn = screen(app)
    assert max(map(len, drawn.splitlines())) <= size[0]
    is_golden(name, drawn)


# ---- through a real terminal


def test_finding_out_why_a_gigabyte_expired_in_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "flex.plan").write_text(PLAN)
    command = [sys.executable, "-c", "from tui.cli import main; main(prog_name='rollover')", str(tmp_path / "flex.plan")]
    with Terminal(command, ROOT) as terminal:
        terminal.wait_for("3.33 GB", 30)
        terminal.keys("\x1b[17~" + "\x1b[B" * 4)  # F6, down
        terminal.wait_for("▸1 May", 30)
        terminal.keys("\r")
        terminal.wait_for("Lots of cycle 5", 30)
        terminal.keys("\r")
        terminal.wait_for("-3.33 GB  expired: was above the cap", 30)
        terminal.keys("\x1b[F\r")  # End, Enter
        terminal.wait_for("• line 7: carried", 30)
