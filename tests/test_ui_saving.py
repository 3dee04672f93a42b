"""A text becomes a file, and nothing is lost on the way: save, save as, open, quit."""

from __future__ import annotations

from pathlib import Path

import pytest
from screens import PLAN, opened, pressed, put_cursor, screen, shown
from textual.widgets import Input, OptionList

from tui.workbench.dialogs import Ask, AskPath, OpenFile
from tui.workbench.history_dialogs import AskScenarioPath


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


@pytest.mark.parametrize("typed", ["folder/", "nosuch/", "made", ""])
async def test_nor_to_keep_a_history_under(typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("folder", "made.scenario.yaml"):
        (tmp_path / name).mkdir()
    async with opened() as (app, pilot):
        app.push_screen(AskScenarioPath(None))
        await pressed(pilot, *typed, "enter")
        assert isinstance(app.screen, AskScenarioPath)
        await shown(pilot, "Not written: " + ("" if typed else "write a name, such as my.scenario.yaml"))


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
