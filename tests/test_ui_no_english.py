"""The app in Chinese, over every page and dialog and over plans with mistakes: nothing it says is left in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from chinese import english
from screens import LARGE, MIDDLE, is_golden, opened, pressed, rows, screen, settled
from test_mistakes import WRONG
from textual.pilot import Pilot
from textual.widgets import Input

from dsl.source import width
from tui.language import CHINESE
from tui.workbench.app import RolloverApp
from tui.workbench.dialogs import Help
from tui.workbench.editor import PlanEditor
from tui.workbench.editor.popup import Choices, Note
from tui.workbench.outcome import TABS, Outcome

PLAN = """\
plan "Flex" postpaid
  grant 20 GB, 100 minutes
  unused data: carry 1 month, cap 10 GB
  when asked, unused data: give
  price 10 EUR a month

  example "rolls"
    use 6 GB -> left 14 GB, carried 9 GB

pack "Travel"
  grant 3 GB data for 7 days
  price 3 EUR
  sold at most 1 time a cycle

plan "Small" prepaid
  grant 1 GB
  price 4 EUR a month

promotion "Week" for "Flex"
  from 2026-02-10 until 2026-02-20
  grant 5 GB bonus data for 30 days
"""
SCENARIO = "plan: Flex\nstart: 2026-01-01\ncycles:\n  - use: 6 GB\n    expect: {left: 13 GB}\n"
# What the tests type, and call their files.
TYPED = "zq apples bad broken flex folder rec recs sub unnamed zzz rolls another"


class Watched:
    """Looks at all that is said; `found` are the rows with words of English in them."""

    def __init__(self, app: RolloverApp, pilot: Pilot[int]) -> None:
        self.app, self.pilot = app, pilot
        self.found: dict[str, list[str]] = {}

    def look(self) -> None:
        told = [one.message for one in self.app._notifications]
        self.look_at(*rows(self.app), *told)
        assert [row for row in rows(self.app) if width(row) > self.app.size.width] == [], "a row is wider than the screen"

    def look_at(self, *texts: str) -> None:
        typed = self.app.query_one(PlanEditor).text
        for text in texts:
            if words := english(text, typed, TYPED):
                self.found[text.strip()] = words

    def look_over_the_text(self) -> None:
        """At what stands over the text alone: it cuts words of the text."""
        note, choices = self.app.query_one(Note), self.app.query_one(Choices)
        assert note.display or choices.display, self.app.query_one(PlanEditor).cursor_location
        told = str(note.render()).split("\n") if note.display else []
        self.look_at(*told, *(str(one.prompt) for one in choices.options))
        assert [row for row in told if row.strip() not in screen(self.app)] == [], "a character is lost at the edge of a pane"

    async def press(self, *keys: str) -> None:
        await pressed(self.pilot, *keys)
        await self.wait()

    async def wait(self, until: Callable[[], bool] = lambda: True) -> None:
        for _ in range(100):
            await settled(self.pilot)
            if until():
                break
            await self.pilot.pause(0.05)
        self.look()

    async def turn_to(self, tab: str) -> None:
        outcome = self.app.query_one(Outcome)
        await outcome.action_page(TABS.index(tab))
        await settled(self.pilot)
        self.app._go(outcome.page)
        await self.wait()

    async def close(self) -> None:
        while len(self.app.screen_stack) > 1:
            await pressed(self.pilot, "escape")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "folder"
    (home / "sub").mkdir(parents=True)
    (home / "flex.plan").write_text(PLAN)
    (home / "flex.scenario.yaml").write_text(SCENARIO)
    (home / "bad.plan").write_text("grnt 1 GB\n")
    (home / "rec.csv").write_text("at,use\n2026-01-20 18:30,350 MB\n")
    (home / "recs.csv").write_text("at,use\n2026-01-20 18:30,350 apples\n")
    return home


@contextmanager
def nothing_in_english(watched: Watched) -> Iterator[Watched]:
    watched.look()
    yield watched
    assert watched.found == {}


@pytest.mark.parametrize("tab", TABS)
async def test_every_page_and_its_help(tab: str, folder: Path) -> None:
    async with opened(PLAN, language=CHINESE, path=folder / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            await watched.turn_to(tab)
            for key in ("down", "enter", "down", "f", "escape"):
                if app.focused is app.query_one(Outcome).page:
                    await watched.press(key)
                await watched.close()
            await watched.turn_to(tab)
            await watched.press("f1", "end")
            await watched.close()


async def test_the_text_the_usage_and_the_commands(folder: Path) -> None:
    async with opened(PLAN, language=CHINESE, path=folder / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            await watched.press("f1")
            for _ in range(6):
                await watched.press("pagedown")
            await watched.close()
            await watched.press("f7", "f1")
            await watched.close()
            await watched.press("ctrl+p")
            for _ in range(12):
                await watched.press("pagedown")
            await watched.close()
            await watched.press("alt+t")


async def test_steps_and_histories(folder: Path) -> None:
    async with opened(PLAN, language=CHINESE, path=folder / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            await watched.turn_to("Events")
            await watched.press("a")
            for _ in range(5):
                await watched.press("pagedown")
            for wrong in ("top up 5 apples", "carry 1 month", "", "zzz"):
                app.screen.query_one(Input).value = wrong
                await watched.press("enter")
            await watched.close()
            # The last ones are refused, or can't be: the pack is sold once, and there is no such line.
            for step in ('buy "Travel"', 'change to "Small"', '"Kid" starts on "Small"', 'buy "Travel"', 'give 1 GB to "Max"'):
                await watched.press("a")
                app.screen.query_one(Input).value = step
                await watched.press("enter")
            await watched.press("l", "e")
            await watched.close()
            await watched.press("p", "r")
            await watched.press("enter")
            for name in ("rec.csv", "recs.csv", "no.csv", "flex.scenario.yaml"):
                await watched.press("o")
                app.screen.query_one(Input).value = str(folder / name)
                await watched.press("enter")
                await watched.close()
            await watched.press("w", "enter")
            await watched.close()
            await watched.press("t")


async def test_dialogs_of_files_and_of_the_text(folder: Path) -> None:
    async with opened(PLAN, language=CHINESE, path=folder / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            app.query_one(PlanEditor).focus()
            for keys in (("f12",), ("ctrl+o",), ("ctrl+f", "z", "q"), ("ctrl+g", "z", "enter"), ("x", "ctrl+q")):
                await watched.press(*keys)
                await watched.close()
                await watched.press("escape")
            for action in ("rename", "references", "definition", "fix", "fix_all", "format", "problems"):
                app.query_one(PlanEditor).move_cursor((0, 7))
                getattr(app.pane, f"action_{action}")()
                await watched.wait()
                await watched.close()
                await watched.press("escape")
            (folder / "flex.plan").write_text(PLAN + "\n# theirs\n")
            app._outside.look()
            await watched.wait()


# Places of PLAN of which something is told, and where something could be written: words, amounts, names.
TOLD = [(0, 2), (0, 7), (1, 3), (1, 9), (1, 20), (2, 3), (2, 9), (2, 17), (4, 9), (6, 13), (12, 3), (18, 12)]
OFFERED = [(1, 2), (1, 8), (1, 11), (2, 8), (2, 15), (4, 9), (7, 4), (18, 21)]


@pytest.mark.parametrize("size", [MIDDLE, LARGE])
async def test_what_is_offered_and_what_words_mean(size: tuple[int, int], folder: Path) -> None:
    """tests/test_explanations_in_chinese.py looks at each text; here is that they are shown as they are said there."""
    async with opened(PLAN, size=size, language=CHINESE, path=folder / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            app.query_one(PlanEditor).focus()
            for row, column in TOLD:
                app.query_one(PlanEditor).move_cursor((row, column))
                await settled(pilot)
                await pressed(pilot, "f2")
                watched.look_over_the_text()
                await pressed(pilot, "escape")
            for row, column in OFFERED:
                app.query_one(PlanEditor).move_cursor((row, column))
                await settled(pilot)
                await pressed(pilot, "ctrl+@")
                for _ in range(100):
                    if not app.query_one(Choices).display:
                        await pilot.pause(0.03)
                watched.look_over_the_text()
                await pressed(pilot, "escape")


async def test_of_a_problem_its_page(folder: Path) -> None:
    path = folder / "flex.plan"
    path.write_text(PLAN.replace("carry 1 month", "cary 1 month"))
    async with opened(path.read_text(), language=CHINESE, path=path) as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            await pressed(pilot, "f8", "f2")
            watched.look_over_the_text()
            await watched.press("f2")
            assert isinstance(app.screen, Help)
            await watched.close()


async def test_what_no_command_is_called(folder: Path) -> None:
    async with opened(PLAN, language=CHINESE, path=folder / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            await watched.press("ctrl+p", "z", "z", "z")
            await watched.wait(lambda: "没有匹配的命令" in screen(app))
            assert "没有匹配的命令" in screen(app)


async def test_another_plan_beside_and_the_usage_on_which_they_differ_most(folder: Path) -> None:

    async with opened(PLAN, language=CHINESE, path=folder / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            await watched.turn_to("Compare")
            for keys in (("c",), ("w",)):
                await pressed(pilot, *keys)
                watched.look()
                await watched.press("enter")
                await watched.close()


WITH_MISTAKES = ["empty", "in-the-wrong-place", "lives-amounts-and-money", "what-is-asked"]


@pytest.mark.parametrize("path", [path for path in WRONG if path.stem in WITH_MISTAKES], ids=lambda path: path.stem)
async def test_plans_with_mistakes(path: Path) -> None:
    """A few of those of which tests/test_findings_in_chinese.py looks at every finding."""
    async with opened(path.read_text("utf-8"), size=MIDDLE, language=CHINESE, path=path) as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            for _ in range(3):
                await watched.press("f8")
            app.pane.action_problems()
            await settled(pilot)
            for _ in range(len(app.pane.problems)):
                await watched.press("down")


@pytest.mark.parametrize("name", ["events", "compare", "advice", "mistake", "step"])
async def test_screens_at_80_columns(name: str, tmp_path: Path) -> None:

    text = PLAN.replace("grant 20 GB", "grnt 20 GB") if name == "mistake" else PLAN
    async with opened(text, size=MIDDLE, language=CHINESE, path=tmp_path / "flex.plan") as (app, pilot):
        watched = Watched(app, pilot)
        match name:
            case "events" | "step":
                await watched.turn_to("Events")
            case "compare":
                await watched.turn_to("Compare")
            case "advice":
                await watched.turn_to("Advice")
        if name == "step":
            await pressed(pilot, "a")
        elif name != "mistake":
            await pressed(pilot, "f5")
        await watched.wait(lambda: "……" not in screen(app))
        is_golden(f"zh_{name}_80", screen(app))
        assert watched.found == {}
