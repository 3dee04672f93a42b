"""What the start waits for, and what it does not: pages, rows and commands are loaded and made when somebody asks for them."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest
from command_line import ENTRY, ROOT, environment, process
from screens import opened, pressed

from benchmarks.terminal import Terminal
from tui import commands
from tui.cli import main
from tui.workbench.editor.find_bar import FindBar
from tui.workbench.outcome import TABS, page_class
from tui.workbench.page import Page

PATIENCE_SECONDS = 60
F4, CTRL_F = "\x1bOS", "\x06"
PLAN = 'plan "Small" prepaid\n  grant 10 GB\n  carry 1 month\n'


def loaded(code: str) -> set[str]:
    """The modules that a piece of Python loads."""
    told = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], capture_output=True, env=environment(), check=True
    )
    return set(told.stdout.decode().split())


def test_the_first_screen_waits_neither_for_the_language_nor_for_other_pages() -> None:
    found = loaded("import tui.workbench.app; from tui.workbench.outcome import page_class; page_class('Months')")
    assert "tui.workbench.months_page" in found
    assert not found & {f"tui.workbench.{tab.lower()}_page" for tab in TABS[1:]}
    assert not found & {"lark", "dsl.check", "engine.run", "tui.workbench.history_dialogs"}


def test_a_command_does_not_wait_for_the_others() -> None:
    found = loaded("from tui.cli import main\nmain(['check', '--help'], standalone_mode=False)")
    assert "tui.commands.check" in found
    assert not found & {f"tui.commands.{name}" for name in commands.NAMES if name != "check"}


def test_each_page_and_each_command_is_called_as_its_file() -> None:
    assert [page_class(tab).TAB for tab in TABS] == [*TABS]
    names = {path.stem for path in (ROOT / "tui" / "commands").glob("*.py")} - {"__init__"}
    own = {name: getattr(import_module(f"tui.commands.{name}"), name, None) for name in names}
    assert {*commands.NAMES} == {name for name, command in own.items() if isinstance(command, click.Command)}
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert command is not None
        assert command.name == name


def test_a_shell_completes_commands_that_are_not_loaded() -> None:
    told = process(_ROLLOVER_COMPLETE="bash_complete", COMP_WORDS="rollover des", COMP_CWORD="1").stdout
    assert b"plain,describe" in told


async def test_pages_and_the_rows_to_find_are_made_when_somebody_asks() -> None:
    async with opened(PLAN) as (app, pilot):
        assert [page.TAB for page in app.query(Page)] == ["Months"]
        assert not app.query(FindBar)
        await pressed(pilot, "f4", "f4", "shift+f4")
        assert [page.TAB for page in app.query(Page)] == ["Months", "Card", "Lots"]
        await pressed(pilot, "ctrl+f", *"carry", "escape", "ctrl+f")
        assert len(app.query(FindBar)) == 1


async def test_keys_that_come_at_once_find_each_page_made() -> None:
    async with opened(PLAN) as (app, pilot):
        await pressed(pilot, "f6")
        await pilot.press("2", "3", "down", "4", "down", "5", "down", "6", "down", "f4", "f4", "down")
        await pressed(pilot)
        assert app.outcome.page.TAB == "Card"
        assert app.focused is app.outcome.page


@pytest.mark.parametrize(
    ("keys", "seen"),
    [(F4, "[Card]"), (F4 * 5, "[Advice]"), (f"{CTRL_F}carry", "1 of 1"), (f"{F4}{F4}{CTRL_F}grant", "1 of 1")],
)
def test_keys_before_the_first_screen_do_what_they_do(
    keys: str, seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.plan").write_text(PLAN)
    with Terminal([*ENTRY, "small.plan"], ROOT) as terminal:
        terminal.keys(keys)  # while Python starts
        terminal.wait_for(seen, PATIENCE_SECONDS)
        terminal.wait_for("Small · prepaid", PATIENCE_SECONDS)
