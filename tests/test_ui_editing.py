"""The editor as an editor: find and replace, go to, mend, lay out, somebody's own editor and keys."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, opened, pressed, put_cursor, rows, screen, settled, shown
from textual.widgets import Input

from dsl.source import Source
from tui import settings
from tui.workbench.app import RolloverApp
from tui.workbench.dialogs import Help
from tui.workbench.editor import PlanEditor
from tui.workbench.editor.find_bar import FindBar
from tui.workbench.editor.problem_list import ProblemList

WRONG = PLAN.replace("carry 1 month,", "carrry 1 month,").replace("10GB\n  carry", "10GB\n  carrry")


def cursor(app: RolloverApp) -> tuple[int, int]:
    return app.editor.cursor_location


# ---- find and replace


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_what_is_looked_for_is_counted_and_gone_to(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        await pressed(pilot, "ctrl+f", *"month")
        assert "1 of 4" in screen(app)
        assert app.editor.selected_text == "month"
        await pressed(pilot, "enter", "enter")
        assert "3 of 4" in screen(app)
        await pressed(pilot, "up")
        assert "2 of 4" in screen(app)
        await pressed(pilot, "escape", "f3")
        assert isinstance(app.focused, PlanEditor)
        assert cursor(app)[0] == 6
        await pressed(pilot, "shift+f3", "shift+f3", "shift+f3", "shift+f3")
        assert cursor(app)[0] == 6


async def test_every_match_is_marked() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+f", *"GB")
        line = app.editor.get_line(6)
        assert "gb" in {line.plain[span.start : span.end].lower() for span in line.spans}
        await pressed(pilot, "escape")
        line = app.editor.get_line(6)
        assert "gb" not in {line.plain[span.start : span.end].lower() for span in line.spans}


async def test_words_case_and_expressions() -> None:
    async with opened("a month\nmonths\nMonth\n") as (app, pilot):
        await pressed(pilot, "ctrl+f", *"month")
        assert "1 of 3" in screen(app)
        await pressed(pilot, "alt+c")
        assert "1 of 2" in screen(app)
        await pressed(pilot, "alt+w")
        assert "1 of 1" in screen(app)
        await pressed(pilot, "alt+w", "alt+c", "alt+r", "s", "question_mark")
        assert "1 of 3" in screen(app)
        await pressed(pilot, "left_parenthesis")
        await shown(pilot, "this is no regular expression")


async def test_an_expression_that_takes_for_ever_ends() -> None:
    async with opened(f"# {'a' * 60}b\n") as (app, pilot):
        await pressed(pilot, "ctrl+f", "alt+r")
        app.query_one("#find-text", Input).value = "(a+)+$"
        await shown(pilot, "takes too long")


async def test_replacing_one_and_all_is_a_step_each() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+f", *"month", "tab", *"cycle", "enter")
        assert app.text == PLAN.replace("month", "cycle", 1)
        assert "1 of 3" in screen(app)
        await pressed(pilot, "ctrl+r")
        assert app.text == PLAN.replace("month", "cycle")
        assert "3 replaced" in screen(app)
        await pressed(pilot, "escape", "ctrl+z")
        assert app.text == PLAN.replace("month", "cycle", 1)
        await pressed(pilot, "ctrl+z")
        assert app.text == PLAN
        await pressed(pilot, "ctrl+y", "ctrl+y")
        assert app.text == PLAN.replace("month", "cycle")


async def test_groups_of_an_expression_are_written_back() -> None:
    async with opened("a 1 GB\nb 2 GB\n") as (app, pilot):
        await pressed(pilot, "ctrl+f", "alt+r", *r"(\d) GB", "tab", *r"\2", "ctrl+r")
        assert app.text == "a 1 GB\nb 2 GB\n", "there is no second group"
        app.query_one("#find-by", Input).value = r"\g<1>000 MB"
        await pressed(pilot, "ctrl+r")
        assert app.text == "a 1000 MB\nb 2000 MB\n"


async def test_keys_that_come_at_once_go_to_the_bar() -> None:
    from textual.events import Key

    async with opened() as (app, pilot):
        app.post_message(Key("ctrl+f", None))
        for character in "month":
            app.post_message(Key(character, character))
        await settled(pilot)
        assert app.text == PLAN
        assert app.query_one("#find-text", Input).value == "month"


async def test_what_is_selected_is_looked_for() -> None:
    async with opened() as (app, pilot):
        put_cursor(app, 3, 6)
        await pressed(pilot, *["shift+right"] * 4, "ctrl+f")
        assert app.query_one("#find-text", Input).value == "Flex"
        assert app.query_one(FindBar).display


# ---- going to a line


async def test_a_line_is_gone_to_by_its_number() -> None:
    async with opened(size=MIDDLE) as (app, pilot):
        await pressed(pilot, "ctrl+g")
        assert "Go to line, 1 to 13:" in screen(app)
        await pressed(pilot, *"10:6", "enter")
        assert cursor(app) == (9, 5)
        await pressed(pilot, "ctrl+g", *"x", "enter")
        assert "write a number" in screen(app)
        await pressed(pilot, "backspace", *"999999", "enter")
        assert cursor(app) == (12, 0)


# ---- problems


async def test_a_problem_is_said_at_the_end_of_its_line_and_of_the_cursors_line_below() -> None:
    async with opened(WRONG) as (app, pilot):
        assert any(row.startswith("12") and "● `carrry` is not" in row for row in rows(app))
        put_cursor(app, 12)
        await settled(pilot)
        assert not any(row.startswith("12") and "is not" in row[:58] for row in rows(app))
        assert "● `carrry` is not a word" in screen(app)


async def test_a_line_without_room_says_nothing_behind_it() -> None:
    async with opened(WRONG, size=SMALL) as (app, _pilot):
        assert max(map(len, rows(app))) <= 44
        assert not any("carry 1 month" in row and "is not" in row for row in rows(app))


async def test_lints_come_after_a_while_and_stay_with_their_line() -> None:
    text = 'rate 1 GB = 30 minutes\n\nplan "A" prepaid\n  grant 10 GB\n  carry 1 month, cap 40 GB\n'
    async with opened(text) as (app, pilot):
        await shown(pilot, "▲ 2 problems")
        lints = [(one.code, one.span.line) for one in app._problems]
        put_cursor(app, 2)
        await pressed(pilot, "enter")
        assert [(one.code, one.span.line) for one in app._problems] == [(code, line + (line > 2)) for code, line in lints]


async def test_the_list_of_problems_leads_to_each_mends_and_says_why() -> None:
    async with opened(WRONG, size=MIDDLE) as (app, pilot):
        await pressed(pilot, "ctrl+l")
        assert isinstance(app.screen, ProblemList)
        words = screen(app)
        assert "2 problems, 2 to be changed" in words
        assert "● R002    7  `carrry` is not a word" in words
        assert "did you mean `carry`?" in words
        assert "x mends it" in " ".join(words.split())
        await pressed(pilot, "f1")
        assert isinstance(app.screen, Help)
        assert "Avoid:" in screen(app)
        await pressed(pilot, "escape", "x")
        assert app.text == WRONG.replace("carrry", "carry", 1)
        assert "1 problem, 1 to be changed" in screen(app)
        await pressed(pilot, "enter")
        assert cursor(app) == (11, 2)
        assert isinstance(app.focused, PlanEditor)
        await pressed(pilot, "ctrl+z")
        assert app.text == WRONG


async def test_the_list_leads_to_the_text_where_only_one_side_has_room() -> None:
    async with opened(WRONG, size=SMALL) as (app, pilot):
        await pressed(pilot, "f6", "ctrl+p", *"list of")
        await shown(pilot, "All problems of the text.")
        await pressed(pilot, "enter")
        await shown(pilot, "2 problems, 2 to be changed")
        await pressed(pilot, "enter")
        assert cursor(app) == (6, 15)
        assert "carrry" in screen(app)


async def test_a_text_without_problems_has_an_empty_list() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+l")
        assert "No problems" in screen(app)
        await pressed(pilot, "x", "enter", "escape")
        assert app.text == PLAN


async def test_the_problem_at_the_cursor_is_mended() -> None:
    async with opened(WRONG) as (app, pilot):
        await pressed(pilot, "f8", "ctrl+r")
        assert app.text == WRONG.replace("carrry", "carry", 1)
        assert cursor(app) == (6, 15)
        await pressed(pilot, "ctrl+r")
        await shown(pilot, "There is no problem on this line. f8 goes to the next.")


async def test_all_that_is_certain_is_mended_as_one_step() -> None:
    async with opened(WRONG) as (app, pilot):
        await pressed(pilot, "alt+a")
        await shown(pilot, "Mended what is certain")
        assert app.text == PLAN
        await pressed(pilot, "ctrl+z")
        assert app.text == WRONG


# ---- layout


async def test_the_text_is_laid_out_and_the_cursor_stays_with_its_word() -> None:
    text = 'plan  "A"   prepaid\n      grant   10GB\n\n\n\n      carry 1 month  # keep\n'
    async with opened(text) as (app, pilot):
        put_cursor(app, 6, 14)  # before the month
        await pressed(pilot, "alt+f")
        await shown(pilot, 'plan "A" prepaid')
        assert app.text == 'plan "A" prepaid\n  grant 10 GB\n\n  carry 1 month  # keep\n'
        assert cursor(app) == (3, 10)
        await pressed(pilot, "ctrl+z")
        assert app.text == text


async def test_a_text_with_a_line_that_can_not_be_read_is_left_alone() -> None:
    async with opened(WRONG) as (app, pilot):
        await pressed(pilot, "alt+f")
        await shown(pilot, "a line in it can't be read")
        assert app.text == WRONG


# ---- somebody's own editor


@pytest.fixture
def own_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    script = tmp_path / "own editor"
    script.write_text('#!/bin/sh\nls -A "$(dirname "$1")" > "$0.seen"\nsed -i \'s/Flex/Own/\' "$1"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VISUAL", f"'{script}'")
    return script


async def test_the_text_comes_back_from_somebodys_own_editor(
    own_editor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(RolloverApp, "suspend", lambda _app: nullcontext())
    folder = tmp_path / "plans"
    folder.mkdir()
    async with opened(path=folder / "mine.plan") as (app, pilot):
        put_cursor(app, 12, 3)
        await pressed(pilot, "alt+e")
        assert app.text == PLAN.replace("Flex", "Own")
        assert cursor(app) == (11, 3)
        await pressed(pilot, "ctrl+z")
        assert app.text == PLAN
    seen = Path(f"{own_editor}.seen").read_text()
    assert seen.startswith(".mine-")
    assert seen.endswith(".plan\n")
    assert not [*folder.iterdir()]


@pytest.mark.parametrize(
    ("command", "said"), [("false", "ended with 1"), ("nosuch-editor", "is not there"), ("'", "can't be read")]
)
async def test_an_editor_that_fails_leaves_the_text_alone(command: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    monkeypatch.setattr(RolloverApp, "suspend", lambda _app: nullcontext())
    monkeypatch.setenv("VISUAL", command)
    async with opened() as (app, pilot):
        await pressed(pilot, "alt+e")
        await shown(pilot, said)
        assert app.text == PLAN


# ---- vi keys


async def test_vi_keys_are_off_until_asked_for_and_say_their_mode() -> None:
    async with opened(size=MIDDLE) as (app, pilot):
        await pressed(pilot, "x")
        assert app.text == "x" + PLAN
        await pressed(pilot, "ctrl+z", "alt+v")
        assert "NORMAL  unnamed" in screen(app)
        await pressed(pilot, *"dd")
        assert app.text == PLAN.partition("\n")[2]
        await pressed(pilot, *"p", *"Ahello", "escape", "u", "u", "u")
        assert app.text == PLAN
        await pressed(pilot, "ctrl+r")
        assert app.text == PLAN.partition("\n")[2]
        await pressed(pilot, "i")
        assert "INSERT  unnamed" in screen(app)
        await pressed(pilot, "escape", *"2d")
        assert "NORMAL 2d" in screen(app)
        await pressed(pilot, "escape", "alt+v", "u")
        assert app.text.startswith("u")


async def test_vi_keys_select_delete_and_undo_over_lines() -> None:
    async with opened() as (app, pilot):
        app.pane.use_vi(wanted=True)
        await pressed(pilot, *"3GVjd")
        assert app.text == "".join(line for number, line in enumerate(PLAN.splitlines(keepends=True)) if number not in (2, 3))
        assert cursor(app) == (2, 2)
        await pressed(pilot, *"ofirst", "enter", *"second", "escape", *"u")
        assert "second" not in app.text
        await pressed(pilot, *"u")
        assert app.text == PLAN
        assert app.editor.wrapped_document.height == app.editor.document.line_count + 2


async def test_vi_looks_for_words_goes_to_lines_and_saves(tmp_path: Path) -> None:
    async with opened(path=tmp_path / "a.plan") as (app, pilot):
        app.pane.use_vi(wanted=True)
        await pressed(pilot, "slash", *"grant", "enter")
        assert cursor(app) == (4, 14)
        await pressed(pilot, "n")
        assert cursor(app) == (10, 2)
        await pressed(pilot, "N")
        assert cursor(app) == (4, 14)
        await pressed(pilot, "colon", *"7", "enter")
        assert cursor(app) == (6, 0)
        await pressed(pilot, "d", "d", "colon", "w", "enter")
        assert "unused data" not in (tmp_path / "a.plan").read_text()
        await pressed(pilot, "colon", *"nonsense", "enter")
        assert "no such command" in screen(app)
        await pressed(pilot, "escape", "d", "d", "colon", *"q!", "enter")
    assert app.return_value == 0


async def test_vi_leaves_only_what_is_saved() -> None:
    async with opened() as (app, pilot):
        app.pane.use_vi(wanted=True)
        await pressed(pilot, "x", "colon", "q", "enter")
        assert "has changes that are not saved" in screen(app)


# ---- settings


def with_settings(text: str) -> settings.Settings:
    return settings.read(Source("settings.yaml", text))


async def test_settings_give_keys_colours_and_vi() -> None:
    own = with_settings("vi: true\ntheme: textual-light\nkeys:\n  text.find: alt+z\n")
    async with opened(settings=own) as (app, pilot):
        assert app.theme == "textual-light"
        assert "NORMAL" in screen(app)
        await pressed(pilot, "alt+z")
        assert app.query_one(FindBar).display
        commands = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert commands["Find"] == "Find in the text, and replace. (alt+z)"


async def test_bad_settings_are_told_and_stop_nothing() -> None:
    async with opened(settings=with_settings("vi: maybe\nkeys:\n  text.fnd: alt+z\n"), size=LARGE) as (app, pilot):
        words = await shown(pilot, "settings.yaml:1:5: `vi`")
        assert "settings.yaml:3:13:" in words
        assert "did you mean `text.find`?" in words
        assert app.text == PLAN


async def test_commands_of_the_text_stand_in_the_palette() -> None:
    async with opened() as (app, pilot):
        commands = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert {"Find", "Go to line", "List of problems", "Mend", "Mend all", "Format", "Own editor", "Vi keys"} <= set(
            commands
        )
        await pressed(pilot, "f6", "ctrl+p", *"vi keys")
        await shown(pilot, "Vi keys, on or off.")
        await pressed(pilot, "enter", "enter")
        assert app.pane.mode == "NORMAL"


# ---- several files


async def test_what_was_looked_for_and_vi_stay_with_the_pane_and_not_with_a_file(tmp_path: Path) -> None:
    other = tmp_path / "other.plan"
    other.write_text('plan "Other" prepaid\n  grant 10 GB\n  carry 1 month, cap 40 GB\n')
    async with opened(WRONG, path=tmp_path / "mine.plan") as (app, pilot):
        app.pane.use_vi(wanted=True)
        await pressed(pilot, "slash", *"GB", "enter")
        await app.open_file(other)
        await shown(pilot, "Other · prepaid")
        assert app.pane.mode == "NORMAL"
        await pressed(pilot, "f3")
        assert cursor(app) == (1, 13)
        await pressed(pilot, *"dd")
        assert app.text == 'plan "Other" prepaid\n  carry 1 month, cap 40 GB\n'
        assert all(one.span.line <= 2 for one in app._problems), "what was wrong there is not wrong here"


async def test_a_scenario_is_not_mended_and_laid_out_as_a_plan(tmp_path: Path) -> None:
    (tmp_path / "a.plan").write_text('plan "A" prepaid\n  grant 1 GB\n')
    scenario = tmp_path / "a.scenario.yaml"
    scenario.write_text("plan:   A\ncycles:\n  - use: 1GB\n")
    async with opened(scenario.read_text(), path=scenario) as (app, pilot):
        await pressed(pilot, "alt+f")
        await shown(pilot, "Only plans have a layout of their own.")
        await pressed(pilot, "alt+a")
        await shown(pilot, "There is nothing to mend")
        assert app.text == scenario.read_text()
