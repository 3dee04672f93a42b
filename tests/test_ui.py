"""The app as people meet it: keys in, rows of text out. Screens are compared with goldens (ROLLOVER_UPDATE=1 renews them)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, click_on, opened, pressed, rows, screen, settled, shown
from textual.color import Color
from textual.events import Key
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, OptionList

from dsl.check import Checked
from engine.run import Run
from tui.workbench.app import RolloverApp
from tui.workbench.dialogs import Ask, AskPath, Help, OpenFile
from tui.workbench.editor import ERROR_MARK, PlanEditor
from tui.workbench.outcome import Outcome
from tui.workbench.page import Page
from tui.workbench.usage_strip import UsageStrip

GOLDENS = Path(__file__).parent / "goldens" / "ui"


def put_cursor(app: RolloverApp, line: int, column: int = 0) -> None:
    """Both as people count them in the editor: lines from 1, columns from 0."""
    app.query_one(PlanEditor).move_cursor((line - 1, column))


# ---- what is typed shows at once


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_what_is_typed_changes_the_months(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        put_cursor(app, 5, 21)  # behind the 2 of 20 GB
        await pressed(pilot, "5")
        assert app.query_one(PlanEditor).document.get_line(4) == "  every month grant 250 GB data, 300 minutes and 100 sms"
        await pressed(pilot, *([] if size != SMALL else ["f6"]))
        assert "250 GB" in "\n".join(rows(app)[13:] if size == MIDDLE else [row[-62:] for row in rows(app)])


async def test_the_months_are_those_of_the_plan_under_the_cursor() -> None:
    async with opened() as (app, pilot):
        assert "Flex 20 · postpaid · contract 24 months" in screen(app)
        put_cursor(app, 12)
        await settled(pilot)
        assert "Prepaid 10 · prepaid" in screen(app)


async def test_each_figure_of_the_worked_example_stands_in_the_table() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7")
        for amount in ("6", "25", "20", "31.5", "0"):
            await pressed(pilot, *amount, "enter", "right")
        table = [row[58:].split() for row in rows(app) if "Jan  " in row[58:] or " GB" in row[58:]]
        text = "\n".join(" ".join(row) for row in table)
        assert "1 Jan 20 GB 6 GB 10 GB 4 GB - -" in text
        assert "1 Apr 25 GB 25 GB - - - 6.5 GB" in text
        assert "1 May 20 GB - 10 GB 6.67 GB 3.33 GB -" in text


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_lines_with_an_error_are_told_wherever_the_rest_of_the_plan_is_shown(size: tuple[int, int]) -> None:
    async with opened(PLAN.replace("contract 24", "contrct 24"), size=size) as (app, pilot):
        put_cursor(app, 5)
        await pressed(pilot, "f6")
        for _ in range(6):
            assert "▲ without the lines in error" in screen(app)
            await pressed(pilot, "f4")


async def test_lines_with_an_error_leave_the_rest_of_the_plan_on_show() -> None:
    async with opened() as (app, pilot):
        put_cursor(app, 8, 0)
        await pressed(pilot, *"xx ")
        assert "without the lines in error" in screen(app)
        assert "1 Jan     20 GB" in screen(app)


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (PLAN.replace("grant 10GB", "grnt 10GB"), False),
        (PLAN + 'pack "P"\n  grnt 1 GB\n', False),
        (PLAN.replace("contract 24", "contrct 24"), True),
        (PLAN.replace("rate 1", "rte 1"), True),
        (PLAN.replace('0" postpaid', '0" like "Prepaid 10"').replace("grant 10GB", "grnt 10GB"), True),
        (PLAN + 'promotion "P" for "Flex 20"\n  from 2026-01-01 until 2026-02-01\n  grnt 1 GB\n', True),
    ],
    ids=["of another plan", "of a pack", "its own", "of the file", "of one it is like", "of its promotion"],
)
async def test_only_errors_that_a_plan_goes_without_are_told_with_it(text: str, lacks: bool) -> None:
    async with opened(text) as (app, pilot):
        put_cursor(app, 4)
        await settled(pilot)
        assert "● " in screen(app)
        assert "Flex 20" in screen(app)
        assert ("without the lines in error" in screen(app)) == lacks


async def test_a_plan_whose_header_breaks_stays_as_it_was() -> None:
    async with opened() as (app, pilot):
        put_cursor(app, 3)
        await pressed(pilot, '"')
        assert "Flex 20  ▲ as before the last change" in screen(app)
        assert "20 GB" in screen(app)


# ---- problems


async def test_problems_are_marked_said_and_visited() -> None:
    text = PLAN.replace("carry 1 month,", "carrry 1 month,").replace("prepaid\n  grant", "prepaid\n  grantt")
    async with opened(text) as (app, pilot):
        marked = [row for row in rows(app) if row.startswith(("7" + ERROR_MARK, " 7" + ERROR_MARK))]
        assert marked
        assert "● 2 problems" in screen(app)
        await pressed(pilot, "f8")
        assert app.query_one(PlanEditor).cursor_location == (6, 15)
        assert "`carrry` is not a word that can stand here" in screen(app)
        await pressed(pilot, "f8")
        assert app.query_one(PlanEditor).cursor_location == (10, 2)
        await pressed(pilot, "f8")
        assert app.query_one(PlanEditor).cursor_location == (6, 15)
        await pressed(pilot, "shift+f8")
        assert app.query_one(PlanEditor).cursor_location == (10, 2)


async def test_the_stretch_of_a_problem_is_underlined() -> None:
    async with opened(PLAN.replace("carry 1 month,", "carrry 1 month,")) as (app, _pilot):
        line = app.query_one(PlanEditor).get_line(6)
        underlined = {line.plain[span.start : span.end] for span in line.spans if getattr(span.style, "underline", False)}
        assert underlined == {"carrry"}


async def test_words_numbers_names_and_comments_have_styles_of_their_own() -> None:
    async with opened('plan "Flex 20" prepaid # ours\n  grant 1 GB\n') as (app, _pilot):
        line = app.query_one(PlanEditor).get_line(0)
        styled = {line.plain[span.start : span.end]: span.style for span in line.spans}
        assert list(styled) == ["plan", '"Flex 20"', "prepaid", "# ours"]
        assert len({str(style) for style in styled.values()}) == 4


# ---- pages


async def test_pages_are_turned_by_key_by_number_and_by_a_click() -> None:
    async with opened() as (app, pilot):
        assert "[Months]" in screen(app)
        await pressed(pilot, "f4")
        assert "[Card]" in screen(app)
        assert app.focused is app.editor  # nobody who types is taken elsewhere
        await click_on(pilot, "Months")
        assert "[Months]" in screen(app)
        await pressed(pilot, "2")
        assert "[Card]" in screen(app)
        assert app.focused is app.query_one(Outcome).page


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_the_side_with_the_focus_fills_the_screen_and_makes_room_again(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        before = screen(app)
        await pressed(pilot, "f5")
        assert "1 Jan" not in screen(app)
        await pressed(pilot, "f6")
        assert "1 Jan" in screen(app)
        assert "rate 1 GB" not in screen(app)
        await pressed(pilot, "f5", "shift+f6")
        assert screen(app) == before


async def test_a_change_of_the_usage_is_taken_back_and_made_again() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7", "up", "up", "ctrl+z")
        assert "1 Jan     20 GB  7 GB" in screen(app)
        await pressed(pilot, "ctrl+z")
        assert "Usage of data (a sample)" in screen(app)
        await pressed(pilot, "ctrl+y", "ctrl+y")
        assert "1 Jan     20 GB  8 GB" in screen(app)
        await pressed(pilot, "ctrl+z", "ctrl+z", "ctrl+z")
        await shown(pilot, "There is no change of the history to take back")


# ---- usage


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


# ---- files


async def test_saving_writes_the_file_and_keeps_its_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "mine.plan"
    path.write_bytes(b'plan "A" prepaid\r\n  grant 1 GB')
    async with opened(path.read_bytes().decode(), path=path) as (app, pilot):
        assert "not saved" not in screen(app)
        put_cursor(app, 2, 12)
        await pressed(pilot, "enter", *"carry 1 month")
        assert "mine.plan · not saved" in screen(app)
        await pressed(pilot, "ctrl+s")
        assert path.read_bytes() == b'plan "A" prepaid\r\n  grant 1 GB\r\n  carry 1 month'
        assert "not saved" not in screen(app)


async def test_an_unnamed_text_asks_for_a_name(tmp_path: Path) -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+s")
        assert isinstance(app.screen, AskPath)
        await pressed(pilot, *str(tmp_path / "new"), "enter")
        assert (tmp_path / "new.plan").read_text() == PLAN
        assert app.buffer.path == tmp_path / "new.plan"


@pytest.mark.parametrize("typed", ["/", ".", "..", "~", "folder", "folder/", "nosuch/", "made", ""])
async def test_a_folder_is_no_name_to_save_under(typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("folder", "made.plan"):
        (tmp_path / name).mkdir()
    async with opened() as (app, pilot):
        await pressed(pilot, "x", "ctrl+s", *typed, "enter")
        assert isinstance(app.screen, AskPath)
        await shown(pilot, "Not saved: " + ("" if typed else "write a name"))
        assert typed == "" or "is a folder; add a name" in screen(app)
        await pressed(pilot, "escape")
        assert app.text == "x" + PLAN
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "made.plan"]


@pytest.mark.parametrize("name", ["x" * 300, "loop.plan", "loop.plan/x", "file/x"], ids=lambda name: name[:20])
async def test_what_no_file_can_be_called_is_a_message(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    (tmp_path / "loop.plan").symlink_to("loop.plan")
    async with opened() as (app, pilot):
        await pressed(pilot, "x", "f12")
        app.screen.query_one(Input).value = name
        await pressed(pilot, "enter")
        await shown(pilot, "Not saved: ")
        assert app.text == "x" + PLAN
        await pressed(pilot, "ctrl+o")
        await pressed(pilot, "d")  # discard
        app.screen.query_one(Input).value = name
        await pressed(pilot, "enter")
        await shown(pilot, "can't be read")
        assert app.text == "x" + PLAN


async def test_a_file_with_line_ends_of_several_kinds_is_saved_as_it_came(tmp_path: Path) -> None:
    path = tmp_path / "mixed.plan"
    path.write_bytes(b'plan "A" prepaid\r\n  grant 1 GB\n')
    async with opened(path.read_bytes().decode(), path=path) as (app, pilot):
        assert "not saved" not in screen(app)
        await pressed(pilot, "ctrl+q")
    assert app.return_value == 0


async def test_names_of_files_reach_the_terminal_only_in_printable_form(tmp_path: Path) -> None:
    evil = "\x1b[31mred\x9b2J\u202e.plan"
    (tmp_path / evil).write_text(PLAN)
    async with opened(path=tmp_path / evil) as (app, pilot):
        await pressed(pilot, "ctrl+o")
        await shown(pilot, "red")
        for keys in ((), ("escape", "f12"), ("escape",)):
            await pressed(pilot, *keys)
            assert not {"\x1b", "\x9b", "\u202e"} & set(screen(app))


async def test_a_file_that_changed_on_disk_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "mine.plan"
    path.write_text(PLAN)
    async with opened(path=path) as (app, pilot):
        path.write_text("# somebody else's\n")
        await pressed(pilot, "x", "ctrl+s")
        assert isinstance(app.screen, Ask)
        await pressed(pilot, "c")
        assert path.read_text() == "# somebody else's\n"
        await pressed(pilot, "ctrl+s", "o")
        assert path.read_text() == "x" + PLAN


async def test_a_failed_save_says_why_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "gone" / "mine.plan"
    async with opened(path=path) as (app, pilot):
        await pressed(pilot, "x", "ctrl+s")
        await shown(pilot, "Not saved")
        assert app.text == "x" + PLAN
        assert app.buffer.is_changed(app.text)


async def test_quitting_asks_only_for_what_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "mine.plan"
    path.write_text(PLAN)
    async with opened(path=path) as (app, pilot):
        await pressed(pilot, "x", "ctrl+q")
        assert isinstance(app.screen, Ask)
        await pressed(pilot, "escape")
        assert not isinstance(app.screen, Ask)
        await pressed(pilot, "ctrl+q", "s")
        assert path.read_text() == "x" + PLAN
    assert app.return_value == 0
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+q")
    assert app.return_value == 0


async def test_answers_can_be_chosen_with_the_arrows() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "x", "ctrl+q")
        assert app.screen.query_one(OptionList).option_count == 3
        await pressed(pilot, "down", "enter")
    assert app.return_value == 0


async def test_opening_reads_another_file(tmp_path: Path) -> None:
    (tmp_path / "other.plan").write_text('plan "Other" prepaid\n  grant 7 GB\n')
    async with opened(path=tmp_path / "mine.plan") as (app, pilot):
        await pressed(pilot, "ctrl+o")
        assert isinstance(app.screen, OpenFile)
        await pressed(pilot, *"other.plan", "enter")
        assert "Other · prepaid" in screen(app)
        assert "other.plan" in screen(app)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "no such file"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * 5_000_000, "larger than"),
        (b"x" * 30_000, "line of more"),
    ],
)
async def test_a_file_that_cant_be_shown_is_a_message(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "bad.plan").write_bytes(content)
    async with opened(path=tmp_path / "mine.plan") as (app, pilot):
        await pressed(pilot, "ctrl+o", *"bad.plan", "enter")
        await shown(pilot, said)
        assert app.text == PLAN


# ---- an empty start, help, commands


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


# ---- text from files is text


async def test_markup_and_escape_sequences_show_as_text() -> None:
    text = 'plan "[bold]A[/bold]\x1b[31m\u202eB" prepaid\n  grant 1 GB \x9b2J\n'
    for size in (MIDDLE, LARGE):
        async with opened(text, size=size) as (app, _pilot):
            shown = screen(app)
            assert "[bold]A[/bold]" in shown
            assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
            assert "␛[31m" in shown
            assert "\\x1b[31m" in shown


async def test_a_plan_whose_name_looks_like_a_title_keeps_it() -> None:
    async with opened('plan "Flex · 20" prepaid\n  grant 1 GB\n  carrry 1 month\n') as (app, _pilot):
        assert "Flex · 20  ▲ without" in screen(app)


async def test_lines_end_where_the_language_ends_them() -> None:
    text = 'plan "A\u2028B" prepaid\n  grant 1 GB\x0c\n'
    async with opened(text) as (app, pilot):
        assert app.query_one(PlanEditor).document.line_count == 3
        assert app.text == text
        put_cursor(app, 1, 0)
        await pressed(pilot, "x", "ctrl+z")
        assert app.text == text


async def test_keys_lead_to_both_ends_of_the_text() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+end")
        assert "Prepaid 10 · prepaid" in screen(app)
        await pressed(pilot, "ctrl+home")
        assert app.query_one(PlanEditor).cursor_location == (0, 0)


async def test_undo_and_redo() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "x")
        assert app.text == "x" + PLAN
        await pressed(pilot, "ctrl+z")
        assert app.text == PLAN
        await pressed(pilot, "ctrl+y")
        assert app.text == "x" + PLAN


async def test_a_mistake_of_our_own_is_told_and_the_text_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as (app, pilot):

        def fails(_source: object) -> None:
            raise AssertionError

        monkeypatch.setattr("tui.forecast.check", fails)
        await pressed(pilot, "x")
        await shown(pilot, "Rollover failed on this text (AssertionError)")
        assert app.text == "x" + PLAN


# ---- long files, small screens


async def test_a_long_file_is_checked_and_shown() -> None:
    block = '\nplan "P {0}" prepaid\n  grant 10 GB\n  carry 1 month\n'
    text = PLAN + "".join(block.format(number) for number in range(1_000))
    async with opened(text) as (app, pilot):
        put_cursor(app, 2_000)
        await shown(pilot, "P 496 · prepaid")


async def test_a_narrow_screen_shows_a_side_at_a_time() -> None:
    async with opened(size=SMALL) as (app, pilot):
        assert "rate 1 GB" in screen(app)
        assert "available" not in screen(app)
        assert "f6 Next pane" in rows(app)[-1]
        await pressed(pilot, "f6")
        assert "available" in screen(app)
        assert "rate 1 GB" not in screen(app)
        await pressed(pilot, "f6", "f6")
        assert "rate 1 GB" in screen(app)


async def test_the_screen_can_be_resized() -> None:
    async with opened(size=LARGE) as (app, pilot):
        await pressed(pilot, "f6")
        await pilot.resize_terminal(*SMALL)
        await settled(pilot)
        assert "available" in screen(app)
        assert max(map(len, rows(app))) <= 44
        await pilot.resize_terminal(*MIDDLE)
        await settled(pilot)
        assert "rate 1 GB" in screen(app)
        assert "available" in screen(app)


# ---- whole screens


async def _flex(pilot: Pilot[int]) -> None:
    await settled(pilot)


async def _months(pilot: Pilot[int]) -> None:
    await pressed(pilot, "f6")


async def _usage(pilot: Pilot[int]) -> None:
    await pressed(pilot, "f7", "right", "up")


async def _mistake(pilot: Pilot[int]) -> None:
    app = pilot.app
    assert isinstance(app, RolloverApp)
    put_cursor(app, 7, 17)
    await pressed(pilot, "r")


SCREENS = {
    "80x24": (MIDDLE, _flex),
    "80x24_usage": (MIDDLE, _usage),
    "80x24_mistake": (MIDDLE, _mistake),
    "120x40": (LARGE, _flex),
    "120x40_mistake": (LARGE, _mistake),
    "200x50": ((200, 50), _flex),
    "44x20_text": (SMALL, _flex),
    "44x20_months": (SMALL, _months),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_screen(name: str, tmp_path: Path) -> None:
    size, act = SCREENS[name]
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    async with opened(size=size, path=path) as (app, pilot):
        await act(pilot)
        shown = screen(app)
    assert max(map(len, shown.splitlines())) <= size[0]
    golden = GOLDENS / f"{name}.txt"
    if os.environ.get("ROLLOVER_UPDATE"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == golden.read_text(encoding="utf-8")


LEAST_CONTRAST = 1.9  # what is quiet on purpose is 2 and more; text that vanishes in its background is 1


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, (200, 50)])
async def test_both_themes_show_the_same_and_nothing_vanishes_in_its_background(theme: str, size: tuple[int, int]) -> None:
    async with opened(PLAN.replace("carry 1 month,", "carrry 1 month,"), size=size) as (app, pilot):
        before = screen(app)
        app.theme = theme
        await settled(pilot)
        assert screen(app) == before
        for keys in (["f6"], ["f4"], ["f4"], ["f4"], ["f4"], ["f4"]):
            await pressed(pilot, *keys)
            faint = {text for text, contrast in contrasts(app) if contrast < LEAST_CONTRAST}
            assert not faint


def contrasts(app: RolloverApp) -> Iterator[tuple[str, float]]:
    """Each stretch of text on the screen, with how much its colours differ (WCAG's ratio)."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
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


@pytest.mark.parametrize("kind", [Checked, Run])
async def test_nothing_writes_out_a_whole_file_or_run_while_somebody_types(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trap: Textual describes a worker by what it is called with, which of a long text took seconds a key."""
    written: list[str] = []
    monkeypatch.setattr(kind, "__repr__", lambda _self: written.append(kind.__name__) or "...")
    async with opened() as (app, pilot):
        await pressed(pilot, "x", "backspace", "f6", *["f4"] * 6)
        await app.workers.wait_for_complete()
        await settled(pilot)
    assert not written
