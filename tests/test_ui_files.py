"""Files in the workbench: several open, a folder beside, changes from outside; long work, the tour, and complete help."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, click_on, opened, pressed, rows, screen, settled, shown
from textual.binding import Binding
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widget import Widget

from dsl.source import Span
from tui import workbench
from tui.opening import Opening, opening
from tui.progress import Progress
from tui.workbench.app import RolloverApp
from tui.workbench.dialogs import Ask, Help
from tui.workbench.editor import PlanEditor
from tui.workbench.file_tabs import FileTabs
from tui.workbench.folder_pane import FolderPane
from tui.workbench.outcome import Outcome
from tui.workbench.page import Page, RuleAsked
from tui.workbench.progress_line import ProgressLine
from tui.workbench.tour_line import TourLine
from tui.workbench.two_texts import TwoTexts
from tui.workbench.usage_strip import UsageStrip
from tui.wrap import cut

BROAD = (200, 50)
OTHER = 'plan "Other" prepaid\n  grant 7 GB\n'
EVIL = "[bold]é\x1b[31m漢字\u202e.plan"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tui.workbench.folder_tree.QUIET_SECONDS", 0)


def made(**texts: str) -> None:
    for name, text in texts.items():
        Path(f"{name}.plan").write_text(text)


@asynccontextmanager
async def started(
    *paths: str, size: tuple[int, int] = LARGE, found: Opening | None = None
) -> AsyncIterator[tuple[RolloverApp, Pilot[int]]]:
    """The app as `rollover PATHS` starts it."""
    found = found or opening([Path(path) for path in paths])
    app = RolloverApp(found.path, found.text, hint=found.hint, more=found.more, folder=found.folder, has_tour=found.has_tour)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        app.query_one(PlanEditor).cursor_blink = False
        await settled(pilot)
        yield app, pilot


def told(app: RolloverApp) -> list[str]:
    return [one.message for one in app._notifications]


async def until(pilot: Pilot[int], done: Callable[[], object]) -> None:
    for _ in range(200):
        if done():
            return
        await pilot.pause(0.05)
    raise AssertionError(screen(pilot.app) if isinstance(pilot.app, RolloverApp) else "")


def head(app: RolloverApp) -> str:
    """The tabs, as far as the text reaches."""
    row = next(row for row in rows(app) if "×" in row)
    return row[: app.query_one(FileTabs).region.right].rstrip()


# ---- several files


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, BROAD])
async def test_each_open_file_keeps_its_text_cursor_usage_and_undo(size: tuple[int, int]) -> None:
    made(a=PLAN, b=OTHER)
    async with started("a.plan", "b.plan", size=size) as (app, pilot):
        assert head(app).split() == ["a.plan", "×", "b.plan", "×"]
        app.editor.move_cursor((2, 4))
        await pressed(pilot, "x", "f7", "up", "ctrl+pagedown")
        assert "b.plan" in screen(app)
        assert "a.plan•×" in head(app)
        assert app.text == OTHER
        await pressed(pilot, "y", "ctrl+pageup")
        assert app.editor.cursor_location == (2, 5)
        assert app.editor is app.focused
        await pressed(pilot, "f7")
        assert "7 GB" in "".join(rows(app)[-5:])
        await pressed(pilot, "ctrl+pageup", "ctrl+z")
        assert app.text == OTHER
        assert "b.plan•" not in head(app)


async def test_one_file_has_no_tabs_and_what_is_opened_stands_beside_it() -> None:
    made(a=PLAN, b=OTHER)
    async with started("a.plan") as (app, pilot):
        assert not app.query(FileTabs)
        await pressed(pilot, "ctrl+o", *"b.plan", "enter")
        assert head(app).split() == ["a.plan", "×", "b.plan", "×"]
        assert "Other · prepaid" in screen(app)
        await pressed(pilot, "ctrl+o", *"a.plan", "enter")
        assert len(app.desk.files) == 2, "it is open already"
        assert "Flex 20 · postpaid" in screen(app)


async def test_a_text_nobody_touched_makes_room() -> None:
    made(b=OTHER)
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+o", *"b.plan", "enter")
        assert [file.buffer.name for file in app.desk.files] == ["b.plan"]
        assert len(app.query(PlanEditor)) == 1


async def test_a_file_is_closed_after_a_question_and_opened_again() -> None:
    made(a=PLAN, b=OTHER)
    async with started("a.plan", "b.plan") as (app, pilot):
        await pressed(pilot, "x", "ctrl+f4")
        assert isinstance(app.screen, Ask)
        await pressed(pilot, "escape")
        assert len(app.desk.files) == 2
        await pressed(pilot, "ctrl+f4", "d")
        assert [file.buffer.name for file in app.desk.files] == ["b.plan"]
        await pressed(pilot, "alt+o")
        assert app.text == PLAN
        await pressed(pilot, "ctrl+f4", "ctrl+f4")
        assert app.text == ""
        assert "Ctrl+O opens a file, Ctrl+B shows the folder" in screen(app)
        await pressed(pilot, "alt+o", "alt+o", "alt+o")
        await until(pilot, lambda: "No file was closed that could be opened again." in told(app))


async def test_tabs_are_clicked_and_their_crosses_close() -> None:
    made(a=PLAN, b=OTHER)
    async with started("a.plan", "b.plan") as (app, pilot):
        await click_on(pilot, "b.plan")
        assert app.text == OTHER
        column = head(app).index("×")
        await pilot.click(FileTabs, offset=(column, 0))
        await settled(pilot)
        assert [file.buffer.name for file in app.desk.files] == ["b.plan"]


async def test_the_shown_tab_is_always_among_those_that_fit() -> None:
    names = [f"plan-number-{number}" for number in range(30)]
    made(**dict.fromkeys(names, OTHER))
    async with started(*(f"{name}.plan" for name in names), size=SMALL) as (app, pilot):
        assert len(app.query(PlanEditor)) == 1, "those that were not shown cost nothing"
        await pressed(pilot, "ctrl+pageup")
        assert "plan-number-29.plan" in head(app)
        assert head(app).startswith("‹")
        await pressed(pilot, "ctrl+pagedown")
        assert "plan-number-0.plan" in head(app)
        assert head(app).endswith("›")


async def test_of_keys_that_come_at_once_none_is_lost() -> None:
    made(a=PLAN, b=OTHER, c=OTHER, d=OTHER)
    async with started("a.plan", "b.plan", "c.plan", "d.plan") as (app, pilot):
        for _ in range(3):
            app.post_message(Key("ctrl+pagedown", None))
        await until(pilot, lambda: app.buffer.name == "d.plan")


async def test_the_rule_of_a_figure_of_a_scenario_stands_in_the_plan_beside_it() -> None:
    made(flex=PLAN)
    Path("flex.scenario.yaml").write_text("plan: Flex 20\ncycles:\n  - use: 21 GB\n")
    async with started("flex.scenario.yaml") as (app, pilot):
        app.query_one(Outcome).page.post_message(RuleAsked(Span(7, 2, 13)))
        await until(pilot, lambda: app.buffer.name == "flex.plan")
        await settled(pilot)
        assert app.editor.selected_text == "unused data"


async def test_names_are_text_whatever_they_hold() -> None:
    Path(EVIL).write_text(OTHER)
    made(a=PLAN)
    async with started(EVIL, "a.plan") as (app, pilot):
        await pressed(pilot, "ctrl+b")
        await shown(pilot, "✓")
        assert "[bold]é\\x1b[31m漢字\\u202e.p" in screen(app)
        assert not {"\x1b", "\u202e"} & set(screen(app))


def test_a_name_is_cut_by_columns() -> None:
    assert cut("漢字漢字", 8) == "漢字漢字"
    assert cut("漢字漢字", 6) == "漢字…"


async def test_leaving_asks_once_for_all_that_is_not_saved() -> None:
    made(a=PLAN, b=OTHER)
    async with started("a.plan", "b.plan") as (app, pilot):
        await pressed(pilot, "x", "ctrl+pagedown", "y", "ctrl+q")
        assert "2 files have changes that are not saved: a.plan, b.plan." in " ".join(screen(app).split())
        await pressed(pilot, "s")
    assert app.return_value == 0
    assert Path("a.plan").read_text() == "x" + PLAN
    assert Path("b.plan").read_text() == "y" + OTHER


async def test_a_name_of_another_open_file_is_refused() -> None:
    made(a=PLAN, b=OTHER)
    async with started("a.plan", "b.plan") as (app, pilot):
        await pressed(pilot, "f12", *["backspace"] * 6, *"b.plan", "enter")
        await until(pilot, lambda: told(app))
        assert "b.plan is open, too" in told(app)[0]
        assert Path("b.plan").read_text() == OTHER


async def test_a_scenario_file_runs_the_plan_beside_it() -> None:
    made(flex=PLAN)
    text = "scenario: heavy\nplan: Flex 20\ncycles:\n  - use: 21 GB\n---\nplan: Prepaid 10\ncycles:\n  - use: 3 GB\n"
    Path("flex.scenario.yaml").write_text(text)
    async with started("flex.scenario.yaml") as (app, pilot):
        assert "✓ no problems" in screen(app)
        assert "Flex 20 · postpaid" in screen(app)
        assert "Usage of data (heavy)" in screen(app)
        app.editor.move_cursor((6, 0))
        await settled(pilot)
        assert "Prepaid 10 · prepaid" in screen(app)
        app.editor.move_cursor((3, 10))
        await pressed(pilot, "x")
        assert "● 1 problem" in screen(app)


# ---- what others do to the files


async def test_a_file_that_changed_outside_is_read_again_with_the_cursor_where_it_was() -> None:
    made(a=PLAN)
    async with started("a.plan") as (app, pilot):
        app.editor.move_cursor((4, 21))
        Path("a.plan").write_text(PLAN.replace("20 GB", "40 GB"))
        app._outside.look()
        await until(pilot, lambda: "40 GB" in app.text)
        assert told(app) == ["a.plan was changed by another program and is read again."]
        assert app.editor.cursor_location == (4, 21)
        await settled(pilot)
        assert "not saved" not in screen(app)
        await pressed(pilot, "ctrl+z")
        assert "20 GB" in app.text


@pytest.mark.parametrize(("key", "mine", "then"), [("k", True, PLAN), ("l", False, OTHER), ("escape", True, OTHER)])
async def test_of_two_changes_one_is_chosen(key: str, mine: bool, then: str) -> None:
    made(a=PLAN)
    async with started("a.plan") as (app, pilot):
        await pressed(pilot, "x")
        Path("a.plan").write_text(OTHER)
        app._outside.look()
        await shown(pilot, "a.plan was changed by another program, and here, too.")
        await pressed(pilot, "s")
        assert isinstance(app.screen, TwoTexts)
        await pressed(pilot, "escape", key)
        assert app.text == ("x" + PLAN if mine else OTHER)
        await pressed(pilot, "ctrl+s")
        # Who chose is not asked once more; who put it off is.
        assert isinstance(app.screen, Ask) == (key == "escape")
        assert (Path("a.plan").read_text() == "x" + PLAN) == (key == "k")
        assert then


async def test_a_file_that_is_gone_is_told_once_and_asked_for_on_leaving() -> None:
    made(a=PLAN)
    async with started("a.plan") as (app, pilot):
        await pilot.pause(0.1)
        Path("a.plan").unlink()
        app._outside.look()
        await until(pilot, lambda: told(app))
        app._outside.look()
        await pilot.pause(0.2)
        assert told(app) == ["a.plan is not there any more: its text is only here. Ctrl+S writes it again."]
        assert "a.plan · not saved" in screen(app)
        await pressed(pilot, "ctrl+q")
        assert isinstance(app.screen, Ask)
        await pressed(pilot, "s")
    assert Path("a.plan").read_text() == PLAN


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is closed to whoever owns the machine")
async def test_a_folder_that_may_not_be_written_is_told_and_editing_goes_on(tmp_path: Path) -> None:
    made(a=PLAN)
    tmp_path.chmod(0o500)
    async with started("a.plan") as (app, pilot):
        await pressed(pilot, "x", "ctrl+s")
        await until(pilot, lambda: told(app))
        assert "Not saved" in told(app)[0]
        assert app.text == "x" + PLAN


# ---- the folder


def pane(app: RolloverApp) -> FolderPane:
    return app.query_one(FolderPane)


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, BROAD])
async def test_a_folder_shows_how_its_files_stand_and_opens_them(size: tuple[int, int]) -> None:
    made(good=PLAN, wrong=OTHER.replace("grant", "grnt"), fails=OTHER + '  example "e"\n    use 0 GB -> left 8 GB\n')
    async with started(".", size=size) as (app, pilot):
        assert app.focused is pane(app)
        await shown(pilot, "fails.plan")
        columns = pane(app).size.width
        await until(pilot, lambda: not any(".plan" in row and row[:columns].rstrip().endswith("…") for row in rows(app)))
        lines = [row[:columns].rstrip() for row in rows(app)]
        assert any(line.strip().startswith("fails.plan") and line.split()[1:3] == ["✗0/1", "✓"] for line in lines)
        assert any(line.split()[:2] == ["good.plan", "✓"] for line in lines)
        assert any(line.split()[:2] == ["wrong.plan", "●1"] for line in lines)
        await pressed(pilot, "down", "enter")
        assert app.text == PLAN
        assert app.focused is app.editor
        assert pane(app).display == (size == BROAD), "it stands over the text only as long as it is used"
        assert [file.buffer.name for file in app.desk.files] == ["good.plan"]


async def test_the_key_shows_the_folder_of_the_file_and_hides_it() -> None:
    made(a=PLAN)
    async with started("a.plan") as (app, pilot):
        await pressed(pilot, "ctrl+b")
        await shown(pilot, "a.plan ✓")
        assert app.focused is pane(app)
        await pressed(pilot, "ctrl+b")
        assert not pane(app).display
        assert app.focused is app.editor
        await pressed(pilot, "ctrl+b", "escape")
        assert not pane(app).display


async def test_states_follow_saves_and_what_others_write() -> None:
    made(a=PLAN)
    async with started("a.plan", ".", size=BROAD) as (_, pilot):
        await shown(pilot, "a.plan ✓")
        await pressed(pilot, "home", "x")
        await shown(pilot, "a.plan • ✓")
        await pressed(pilot, "ctrl+s")
        await shown(pilot, "a.plan ●1")
        made(b=OTHER)
        await shown(pilot, "b.plan ✓")


async def test_a_plan_is_made_renamed_and_deleted_from_the_tree() -> None:
    made(a=PLAN)
    async with started("a.plan", ".", size=BROAD) as (app, pilot):
        await pressed(pilot, "ctrl+b", "ctrl+b")
        await shown(pilot, "a.plan ✓")
        await pressed(pilot, "n", *"a.plan", "enter")
        await shown(pilot, "is there already")
        await pressed(pilot, *["backspace"] * 6, *"small 5", "enter")
        await until(pilot, lambda: app.buffer.name == "small 5.plan")
        await pressed(pilot, "ctrl+b", "ctrl+b")
        assert app.focused is pane(app)
        await pressed(pilot, "r", *["backspace"] * 12, *"tiny", "enter")
        await until(pilot, lambda: app.buffer.name == "tiny.plan")
        assert Path("tiny.plan").exists()
        await shown(pilot, "tiny.plan 1/1 ✓")
        await pressed(pilot, "d")
        await shown(pilot, "Delete tiny.plan? u takes it back.")
        await pressed(pilot, "d")
        assert sorted(path.name for path in Path().iterdir()) == ["a.plan", "tiny.plan~"]
        await pressed(pilot, "u")
        assert Path("tiny.plan").exists()
        await pressed(pilot, "u", "u", "u")
        assert sorted(path.name for path in Path().iterdir()) == ["a.plan", "small 5.plan~"]
        assert "There is nothing done to files to take back." in told(app)


async def test_ten_thousand_files_are_listed_and_only_those_that_are_seen_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(10_000):
        Path(f"{number:05}.plan").touch()
    read: list[Path] = []

    def state_of(path: Path, *_: object) -> object:
        from tui.file_state import FileState

        read.append(path)
        return FileState()

    monkeypatch.setattr("tui.file_state.state_of", state_of)
    async with started(".", size=MIDDLE) as (app, pilot):
        await shown(pilot, "1/10000")
        await until(pilot, lambda: len(read) >= 20)
        await pressed(pilot, "end")
        await shown(pilot, "09999.plan ✓")
        assert len(read) < 60
        assert pane(app).has_focus


async def test_the_whole_folder_is_checked_with_progress_and_stopped_by_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    made(**{f"p{number}": OTHER for number in range(30)})

    def slow(_path: Path, *_: object) -> object:
        from tui.file_state import FileState

        time.sleep(0.05)
        return FileState(passed=1)

    monkeypatch.setattr("tui.file_state.state_of", slow)
    async with started(".", size=MIDDLE) as (app, pilot):
        await shown(pilot, "1/30")
        await pressed(pilot, "c")
        await shown(pilot, "Checking and testing the folder")
        await shown(pilot, "of 30 esc Stop")
        await pilot.press("escape")
        await until(pilot, lambda: "Stopped. What was checked so far is shown." in told(app))
        assert pane(app).has_focus, "Esc leads back to the text only where there is nothing to stop"
        await pressed(pilot, "c")
        await until(pilot, lambda: "30 files checked: 0 with errors. 30 tests: 0 failed." in told(app))
        assert not app.query_one(ProgressLine).display


async def test_what_fails_in_long_work_is_raised_where_it_was_asked_for() -> None:
    async with opened() as (app, _):

        def fails(_progress: Progress) -> None:
            raise ValueError("why")

        with pytest.raises(ValueError, match="why"):
            await app.run_aside(Progress("Failing"), fails)
        assert not app.query_one(ProgressLine).display


# ---- the tour, and help


async def test_the_tour_goes_on_with_each_key_it_asks_for_and_is_not_shown_again() -> None:
    async with started(size=MIDDLE) as (app, pilot):
        line = app.query_one(TourLine)

        async def at(step: str) -> None:
            await until(pilot, lambda: rows(app)[0].split()[0] == step)

        await at("1/8")
        assert app.query_one("#text").has_class("-pointed")
        await pressed(pilot, "x")
        await at("2/8")
        await pressed(pilot, "f7", "up")
        await at("3/8")
        await pressed(pilot, "f4")
        await at("4/8")
        await pressed(pilot, "f6")
        await at("5/8")
        await pressed(pilot, "f8")
        await at("6/8")
        await pressed(pilot, "ctrl+z")
        await at("7/8")
        await pressed(pilot, "ctrl+s", "escape")
        await at("8/8")
        await pressed(pilot, "ctrl+p", "escape")
        await until(pilot, lambda: not line.display)
    assert not opening([]).has_tour


async def test_escape_ends_the_tour_and_the_palette_starts_it_again() -> None:
    async with started(size=MIDDLE) as (app, pilot):
        await pressed(pilot, "escape")
        assert not app.query_one(TourLine).display
        assert not app.query(".-pointed")
        await pressed(pilot, "ctrl+p", *"tour")
        await shown(pilot, "A tour of what the keys do")
        await pressed(pilot, "enter")
        await shown(pilot, "1/8")


async def test_who_names_a_file_is_left_in_peace() -> None:
    made(a=PLAN)
    async with started("a.plan") as (app, _):
        assert not app.query(TourLine)
        assert opening([]).has_tour, "it is for the first start without one"


def bindings() -> list[tuple[str, Binding]]:
    """Every binding of the workbench, but those of dialogs, which say their keys themselves."""
    found = []
    for module in pkgutil.walk_packages(workbench.__path__, f"{workbench.__name__}."):
        for name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name and "BINDINGS" in vars(kind) and not issubclass(kind, ModalScreen):
                found += [(name, one) for one in kind.BINDINGS]
    return found


def test_every_key_has_a_name_by_which_it_is_remapped_and_a_sentence() -> None:
    found = bindings()
    assert len(found) > 60
    lacking = [f"{name}: {one.key}" for name, one in found if not one.id or not one.tooltip or not one.tooltip.endswith(".")]
    assert lacking == []
    ids = [one.id for _, one in found]
    assert len(ids) == len(set(ids))


async def test_the_palette_has_the_keys_of_the_focused_pane_each_with_its_sentence() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7")
        commands = {command.title: command.help for command in app.get_system_commands(app.screen)}
        assert commands["Sample"] == "Go back to the sample. (r)"
        assert commands["Folder"] == "Show the folder of plans, or hide it. (^b)"
        await pressed(pilot, "up", "ctrl+p", *"sample")
        await shown(pilot, "Go back to the sample.")
        await pressed(pilot, "enter")
        await shown(pilot, "Usage of data (a sample)")


async def test_every_pane_explains_itself() -> None:
    made(a=PLAN)
    async with started("a.plan", ".", size=BROAD) as (app, pilot):
        await shown(pilot, "a.plan ✓")
        panes: list[Widget] = [app.editor, app.query_one(UsageStrip), pane(app)]
        for one in panes:
            app.set_focus(one)
            await pressed(pilot, "f1")
            assert isinstance(app.screen, Help)
            assert one.HELP
            assert " ".join(one.HELP.split())[:40] in " ".join(screen(app).split())
            await pressed(pilot, "escape")
        for page in app.query(Page):
            assert len(page.HELP or "") > 80


async def test_what_is_empty_says_which_key_is_next() -> None:
    async with opened("", size=LARGE) as (app, pilot):
        assert "Ctrl+O opens a file, Ctrl+B shows the folder, F1 helps." in screen(app)
        assert "there is no plan yet. F6 leads to the text" in screen(app)
        await pressed(pilot, "ctrl+b")
        await shown(pilot, "no plans here")
