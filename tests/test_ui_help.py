"""What teaches the app: an empty start, hints, help on a pane, the palette, keys of one's own."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from command_line import rollover
from screens import MIDDLE, opened, pressed, rows, screen, shown
from textual.widget import Widget
from textual.widgets import Static

from tui.workbench.dialogs import Help, OpenFile
from tui.workbench.page import Page
from tui.workbench.usage_strip import UsageStrip


async def test_an_empty_text_says_what_to_type() -> None:
    async with opened("", size=MIDDLE) as (app, pilot):
        assert "Nothing to show yet" in screen(app)
        assert "start with a line such as" in screen(app)
        await pressed(pilot, *'plan "A" prepaid', "enter", *"grant 4 GB")
        assert app.text == 'plan "A" prepaid\n  grant 4 GB'
        assert "A · prepaid" in screen(app)


async def test_a_hint_shows_until_it_is_dismissed() -> None:
    async with opened(hint="This is an example.") as (app, pilot):
        assert rows(app)[0].strip() == "This is an example."
        await pressed(pilot, "escape")
        assert "This is an example." not in screen(app)


async def test_a_hint_goes_once_the_text_has_a_file(tmp_path: Path) -> None:
    async with opened(path=tmp_path / "a.plan", hint="This is an example.") as (app, pilot):
        await pressed(pilot, "ctrl+s")
        assert "This is an example." not in screen(app)


@pytest.mark.parametrize(("keys", "title"), [([], "The text"), (["f6"], "Months"), (["f7"], "The usage")])
async def test_help_is_about_the_focused_pane(keys: list[str], title: str) -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, *keys, "f1")
        assert isinstance(app.screen, Help)
        assert title in screen(app)
        await pressed(pilot, "escape")
        assert not isinstance(app.screen, Help)


async def test_help_tells_each_key_by_itself() -> None:
    """In the line of keys `↑↓` is short for two; here it stood beside `The cycle before.`, above a `↓` of its own."""
    async with opened() as (app, pilot):
        await pressed(pilot, "f6", "f1")
        keys = str(app.screen.query_one("#help-keys", Static).render())
        told = [row.split(None, 1) for row in keys.split("\n") if row.strip()]
        assert ["↑", "The cycle before."] in told
        assert ["↓", "The next cycle."] in told
        assert not [key for key, _ in told if key == "↑↓"]


async def test_commands_stand_in_the_palette_with_a_sentence_and_a_key() -> None:
    async with opened() as (app, _pilot):
        commands = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert commands["Save"] == "Write the text to its file. (^s)"
        assert {"Open", "Save as", "Quit", "Problem", "Usage", "Next pane"} <= set(commands)
        assert len(commands) == len([*app.get_system_commands(app.screen)]), "each once, whatever keys it has"


@pytest.mark.parametrize(("typed", "then"), [("usage", UsageStrip), ("next pane", Page), ("quit", None)])
async def test_commands_are_run_from_the_palette(typed: str, then: type[Widget] | None) -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+p", *typed)
        await shown(pilot, typed.capitalize())
        await pressed(pilot, "enter", "enter")
        if then:
            assert isinstance(app.focused, then)
    assert then or app.return_value == 0


async def test_the_palette_does_not_open_over_a_dialog() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+o", "ctrl+p")
        assert isinstance(app.screen, OpenFile)


async def test_keys_can_be_remapped() -> None:
    async with opened() as (app, pilot):
        app.set_keymap({"app.usage": "f10"})
        await pressed(pilot, "f10")
        assert isinstance(app.focused, UsageStrip)


def test_the_list_of_keys_fits_a_window() -> None:
    """One action with many keys made every row 190 columns wide."""
    listed = rollover("keys").stdout.split("\n")
    assert max(map(len, listed)) <= 128
    after = dict(pairwise(listed))
    row = next(row for row in listed if row.startswith("files.next "))
    assert row.split(maxsplit=2) == ["files.next", "ctrl+pagedown,", "Go on to the next file."]
    assert after[row].strip() == "alt+full_stop"
