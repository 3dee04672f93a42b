"""The page of events as people meet it: a timeline, its steps by key and mouse, presets, histories opened and kept, tests."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from command_line import rollover
from screens import LARGE, MIDDLE, SMALL, click_on, is_golden, opened, pressed, rows, screen, settled, shown
from textual.pilot import Pilot
from textual.widgets import Input

from benchmarks.terminal import Terminal
from dsl.scenario import TopUp
from tui.bulk_records import SMALL_BYTES
from tui.workbench.app import RolloverApp
from tui.workbench.editor import PlanEditor
from tui.workbench.events_page import EventsPage
from tui.workbench.history_dialogs import AskPreset, Reading
from tui.workbench.outcome import TABS, Outcome
from tui.workbench.step_dialog import AskStep
from tui.workbench.step_line import StepLine

ROOT = Path(__file__).parent.parent
ROLLOVER = [sys.executable, "-c", "from tui.cli import main; main(prog_name='rollover')"]
PLAN = """\
plan "Flex" postpaid
  grant 20 GB
  carry 1 month, cap 10 GB
  when asked, unused data: give

  example "rolls"
    use 6 GB -> left 14 GB, carried 9 GB

pack "Travel"
  grant 3 GB data for 7 days
  price 3 EUR
  sold at most 1 time a cycle

plan "Small" prepaid
  grant 1 GB

promotion "Week" for "Flex"
  from 2026-02-10 until 2026-02-20
  grant 5 GB bonus data for 30 days
"""


async def on_events(pilot: Pilot[int]) -> EventsPage:
    """Goes to the page."""
    app = pilot.app
    assert isinstance(app, RolloverApp)
    await app.query_one(Outcome).action_page(TABS.index("Events"))
    await settled(pilot)
    app._go(app.query_one(Outcome).page)
    await settled(pilot)
    page = app.query_one(Outcome).page
    assert isinstance(page, EventsPage)
    return page


async def added(pilot: Pilot[int], text: str) -> None:
    await pressed(pilot, "a")
    pilot.app.screen.query_one(Input).value = text
    await pressed(pilot, "enter")
    await pilot.app.workers.wait_for_complete()
    await settled(pilot)


async def said(pilot: Pilot[int], text: str) -> None:
    """Waits until the app has told something; where it stands on the screen it is wrapped beside what else is there."""
    for _ in range(200):
        told = " ".join(one.message for one in pilot.app._notifications)
        if text in told:
            break
        await pilot.pause(0.05)
    assert text in told


def steps(page: EventsPage) -> list[str]:
    """The dated steps of the history, as they are shown."""
    assert page._timeline
    found = [one for one in page._timeline.entries if one.place and one.place.expectation < 0]
    return [f"{page._timeline.calendar.local(one.at):%m-%d} {one.words}" for one in found]


# ---- a step is put, moved, changed, taken out; all of it can be undone


async def test_a_step_is_put_at_the_cursor_and_taken_back() -> None:
    async with opened(PLAN) as (app, pilot):
        page = await on_events(pilot)
        await pressed(pilot, "right", "right")
        await pressed(pilot, "a")
        assert isinstance(app.screen, AskStep)
        assert 'buy "Travel"  grant 3 GB data for 7 days, price 3 EUR' in screen(app)
        await pressed(pilot, "down", "enter")
        assert steps(page) == ['02-02 buy "Travel"']
        assert page.chosen
        assert page.chosen.words == 'buy "Travel"'
        assert 'buy "Travel"' in screen(app)
        await pressed(pilot, "ctrl+z")
        assert steps(page) == []
        await pressed(pilot, "ctrl+y")
        assert steps(page) == ['02-02 buy "Travel"']


async def test_what_is_typed_is_read_by_the_language() -> None:
    async with opened(PLAN) as (app, pilot):
        page = await on_events(pilot)
        await pressed(pilot, "a", *"byu", "enter")
        assert "did you mean `buy`?" in screen(app)
        app.screen.query_one(Input).value = "on 2026-03-17 top up 5 GB"
        await pressed(pilot, "enter")
        assert steps(page) == ["03-17 top up 5 GB"]
        await pressed(pilot, "a", "escape")
        assert steps(page) == ["03-17 top up 5 GB"]


async def test_typing_narrows_what_is_offered() -> None:
    async with opened(PLAN) as (app, pilot):
        await on_events(pilot)
        await pressed(pilot, "a", *"small")
        assert 'change to "Small"' in screen(app)
        assert 'buy "Travel"' not in screen(app)
        await pressed(pilot, *"zz")
        assert "Nothing like this is offered" in screen(app)


async def test_a_step_moves_by_days_weeks_and_cycles() -> None:
    async with opened(PLAN) as (_, pilot):
        page = await on_events(pilot)
        await added(pilot, "on 2026-03-03 top up 5 GB")
        for key, day in [
            ("shift+right", "03-04"), ("greater_than_sign", "03-11"), ("right_curly_bracket", "04-11"),
            ("left_curly_bracket", "03-11"), ("less_than_sign", "03-04"), ("shift+left", "03-03"),
        ]:  # fmt: skip
            await pressed(pilot, key)
            assert steps(page) == [f"{day} top up 5 GB"]
        for _ in range(3):
            await pressed(pilot, "ctrl+z")
        assert steps(page) == ["04-11 top up 5 GB"]


async def test_a_step_is_copied_changed_and_taken_out() -> None:
    async with opened(PLAN) as (app, pilot):
        page = await on_events(pilot)
        await added(pilot, "on 2026-01-03 top up 5 GB")
        await pressed(pilot, "c", "c")
        assert steps(page) == ["01-03 top up 5 GB", "02-03 top up 5 GB", "03-03 top up 5 GB"]
        await pressed(pilot, "e")
        assert app.screen.query_one(Input).value == "on 2026-03-03 top up 5 GB"
        app.screen.query_one(Input).value = "on 2026-03-04 top up 6 GB"
        await pressed(pilot, "enter")
        assert steps(page)[-1] == "03-04 top up 6 GB"
        await pressed(pilot, "d")
        assert steps(page) == ["01-03 top up 5 GB", "02-03 top up 5 GB"]
        await pressed(pilot, "ctrl+z")
        assert len(steps(page)) == 3


async def test_what_the_plan_does_by_itself_stays() -> None:
    async with opened(PLAN) as (app, pilot):
        page = await on_events(pilot)
        await pressed(pilot, "home", "d", "e", "shift+right", "c")
        assert steps(page) == []
        await said(pilot, "There is no step here to change")
        assert len(app.screen_stack) == 1


async def test_the_cursor_goes_by_days_weeks_cycles_and_from_one_to_the_next() -> None:
    async with opened(PLAN) as (_, pilot):
        page = await on_events(pilot)

        async def at(*keys: str) -> str:
            await pressed(pilot, *keys)
            return f"{page._local(page._at):%m-%d}"

        assert await at() == "01-31"
        assert await at("right") == "02-01"
        assert await at("full_stop") == "02-08"
        assert await at("down") == "02-10"
        assert await at("comma", "left") == "02-02"
        assert await at("pagedown") == "03-01"
        assert await at("up") == "02-20"
        assert await at("home") == "01-01"
        assert await at("left") == "01-01"  # there is nothing before the start
        assert await at("end", "right", "full_stop") == "06-09"


# ---- by mouse


async def test_a_step_is_dragged_along_the_line() -> None:
    async with opened(PLAN) as (app, pilot):
        page = await on_events(pilot)
        await added(pilot, "on 2026-02-03 08:30 top up 5 GB")
        line = app.query_one(StepLine)
        shown_axis = line.axis
        assert shown_axis
        assert page.chosen
        start = shown_axis.column(page.chosen.at)
        await pilot.mouse_down(line, offset=(start, 1))
        await pilot.hover(line, offset=(start + 9, 1))
        await pilot.mouse_up(line, offset=(start + 9, 1))
        await settled(pilot)
        day = shown_axis.day(start + 9)
        assert steps(page) == [f"{day:%m-%d} top up 5 GB"]
        draft = app.query_one(Outcome).draft
        assert draft
        assert draft.scenario.dated[0].at.hour == 8
        await pressed(pilot, "ctrl+z")
        assert steps(page) == ["02-03 top up 5 GB"]


async def test_a_click_on_the_line_goes_to_a_day_and_one_on_a_row_chooses_it() -> None:
    async with opened(PLAN) as (app, pilot):
        page = await on_events(pilot)
        line = app.query_one(StepLine)
        assert line.axis
        day = line.axis.day(30)
        await pilot.click(line, offset=(30, 1))
        await settled(pilot)
        assert page._local(page._at).date() == day
        await click_on(pilot, 'promotion "Week" ends')
        assert page.chosen
        assert page.chosen.words == 'promotion "Week" ends'


# ---- how it went


async def test_a_refused_step_says_why_and_leads_to_the_rule() -> None:
    async with opened(PLAN) as (app, pilot):
        await on_events(pilot)
        await added(pilot, 'on 2026-02-03 buy "Travel"')
        await added(pilot, 'on 2026-02-04 buy "Travel"')
        await shown(pilot, "refused: past a limit (line 12: at most 1 time a cycle)")
        await pressed(pilot, "enter")
        assert app.focused is app.query_one(PlanEditor)
        assert app.query_one(PlanEditor).selected_text == "at most 1 time a cycle"


async def test_a_history_that_can_not_be_run_says_so_at_the_step() -> None:
    async with opened(PLAN) as (app, pilot):
        page = await on_events(pilot)
        await added(pilot, 'on 2026-02-03 give 1 GB to "Kid"')
        await shown(pilot, 'there is no other line "Kid"')
        assert page.chosen
        assert page.chosen.words == 'give 1 GB to "Kid"'
        await pressed(pilot, "t")
        await said(pilot, "This history can't be run, so it is no test")
        await added(pilot, 'on 2026-02-01 "Kid" starts on "Small"')
        assert 'there is no other line "Kid"' not in screen(app).split("This history")[0]


async def test_what_an_example_expects_is_met_or_missed() -> None:
    async with opened(PLAN) as (app, pilot):
        await on_events(pilot)
        await pressed(pilot, "o", "enter")
        text = screen(app)
        assert 'Usage of data (example "rolls")' in text
        assert "✓ 31 Jan  expected: left 14 GB" in text
        assert "✗ 31 Jan  expected: carried 9 GB  came to 10 GB" in text
        await pressed(pilot, "ctrl+z")
        assert "(a sample)" in screen(app)


# ---- presets


async def test_a_preset_is_the_usage_of_all_services() -> None:
    async with opened(PLAN) as (app, pilot):
        await pressed(pilot, "f7", "p")
        assert isinstance(app.screen, AskPreset)
        await pressed(pilot, "down", "down", "enter")
        assert "Usage of data (steady)" in screen(app)
        assert app.query_one(Outcome).draft
        assert rows(app)[-3].count("16 GB") == 6
        await pressed(pilot, "ctrl+z")
        assert "(a sample)" in screen(app)


async def test_chance_shows_its_seed_and_another_can_be_rolled() -> None:
    async with opened(PLAN) as (app, pilot):
        await on_events(pilot)
        await pressed(pilot, "p")
        dialog = app.screen
        assert isinstance(dialog, AskPreset)
        seeds = {dialog._seed}
        for _ in range(4):
            await pressed(pilot, "r")
            seeds.add(dialog._seed)
            assert f"by the seed {dialog._seed}" in " ".join(screen(app).split())
        assert len(seeds) > 1
        await pressed(pilot, "enter")
        assert f"(random, seed {dialog._seed})" in screen(app)


# ---- histories of files


SCENARIOS = """\
scenario: one
plan: Flex
cycles:
  - use: 6 GB
    expect: {left: 14 GB}
---
scenario: two
plan: Small
start: 2026-05-01
cycles:
  - {buy: Travel, use: 3 GB}
"""


async def test_a_scenario_of_a_file_is_looked_at_with_its_plan(tmp_path: Path) -> None:
    path = tmp_path / "flex.plan"
    (tmp_path / "flex.scenario.yaml").write_text(SCENARIOS)
    async with opened(PLAN, path=path) as (app, pilot):
        page = await on_events(pilot)
        await pressed(pilot, "o", "down", "enter")
        await shown(pilot, "Histories of flex.scenario.yaml")
        await pressed(pilot, "down", "enter")
        assert "Small · prepaid" in screen(app)
        assert "(flex.scenario.yaml: two)" in screen(app)
        assert steps(page) == ['05-01 buy "Travel"']


async def test_records_are_read_and_their_mistakes_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("at,use\n2026-03-02 10:00,1 GB\n2026-04-03,2 GB\n")
    (tmp_path / "b.csv").write_text("at,use\n2026-03-02,1 GB\n2026-03-02,1 GBB\n")
    async with opened(PLAN, path=tmp_path / "flex.plan") as (_, pilot):
        page = await on_events(pilot)
        await pressed(pilot, "o", "down", "down", "enter")
        await said(pilot, "b.csv:3:14: `GBB` is not a unit")
        await pressed(pilot, "o", "down", "enter")
        await shown(pilot, "(a.csv)")
        assert steps(page) == ["03-02 use 1 GB", "04-03 use 2 GB"]
        await pressed(pilot, "1")
        await shown(pilot, "2 Apr")


async def test_very_many_records_show_how_far_they_are_and_can_be_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui import arrow_sums

    monkeypatch.setattr(arrow_sums, "add", lambda *_: False)  # which would be through before a key is pressed
    start = datetime(2026, 3, 1)
    records = (f"{start + timedelta(seconds=number):%Y-%m-%d %H:%M:%S},{number} KB\n" for number in range(600_000))
    path = tmp_path / "day.csv"
    path.write_text("at,use\n" + "".join(records))
    assert path.stat().st_size > SMALL_BYTES
    async with opened(PLAN, path=tmp_path / "flex.plan") as (app, pilot):
        await on_events(pilot)
        await pilot.press("o", "down", "enter")
        for _ in range(100):
            await pilot.pause(0.02)
            if isinstance(app.screen, Reading):
                break
        assert isinstance(app.screen, Reading)
        await pilot.press("escape")
        await said(pilot, "Reading was cancelled")
        assert "(a sample)" in screen(app)


async def test_a_history_is_kept_and_never_over_another_unasked(tmp_path: Path) -> None:
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    async with opened(PLAN, path=path) as (_, pilot):
        await on_events(pilot)
        await added(pilot, "on 2026-02-03 top up 5 GB")
        await pressed(pilot, "w", "enter")
        kept = tmp_path / "flex.scenario.yaml"
        first = kept.read_text()
        assert "top up: 5 GB" in first
        await pressed(pilot, "w", "enter")
        await shown(pilot, "is there already")
        await pressed(pilot, "escape")
        assert kept.read_text() == first
        await pressed(pilot, "w", "enter", "a")
        assert kept.read_text() == f"{first}---\n{first}"
        await pressed(pilot, "w", "enter", "o")
        assert kept.read_text() == first


# ---- a test by one key


async def test_what_is_on_screen_becomes_an_example_that_passes_and_can_be_undone(tmp_path: Path) -> None:
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    async with opened(PLAN, path=path) as (app, pilot):
        await on_events(pilot)
        await added(pilot, 'on 2026-02-03 buy "Travel"')
        await pressed(pilot, "t")
        await said(pilot, "Written at line 9 as an example. Save it, then run: rollover test")
        text = app.query_one(PlanEditor).text
        assert text.startswith(PLAN[: PLAN.index("\npack")])
        assert 'on 2026-02-03 buy "Travel"' in text
        await pressed(pilot, "ctrl+s")
        result = rollover("test", str(path))
        assert "ok    Flex: a history" in result.output
        app.set_focus(app.query_one(PlanEditor))
        await pressed(pilot, "ctrl+z")
        assert app.query_one(PlanEditor).text == PLAN


async def test_what_an_example_can_not_say_goes_to_a_file_beside_the_plan(tmp_path: Path) -> None:
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    (tmp_path / "s.scenario.yaml").write_text("plan: Flex\nstart: 2026-01-01 10:30\ncycles: [{use: 6 GB}]\n")
    async with opened(PLAN, path=path) as (app, pilot):
        await on_events(pilot)
        await pressed(pilot, "o", "down", "enter")
        await pressed(pilot, "ctrl+t")
        await said(pilot, "An example can't say this")
        assert app.query_one(PlanEditor).text == PLAN
        kept = tmp_path / "flex.scenario.yaml"
        assert "left: 14 GB" in kept.read_text()
        assert "ok    Flex: s.scenario.yaml" in rollover("test", str(path)).output


# ---- harmless whatever is in a name


async def test_names_of_files_reach_the_screen_as_text() -> None:
    evil = "[red]\u202e\u4e2d"
    text = f'plan "A" prepaid\n  grant 1 GB\npack "{evil}"\n  grant 1 GB\n'
    async with opened(text) as (app, pilot):
        page = await on_events(pilot)
        await added(pilot, f'buy "{evil}"')
        assert app.query_one(Outcome).draft
        assert 'buy "[red]\\u202e\u4e2d"' in screen(app)
        assert len(steps(page)) == 1
        await pressed(pilot, "t")
        assert "\u202e" not in screen(app)


async def test_steps_show_as_they_are_put() -> None:
    async with opened(PLAN) as (app, pilot):
        await on_events(pilot)
        await added(pilot, "top up 5 GB")
        draft = app.query_one(Outcome).draft
        assert draft
        assert isinstance(draft.scenario.dated[0].act, TopUp)
        assert draft.source == ""


async def test_without_a_plan_it_says_so() -> None:
    async with opened("") as (app, pilot):
        await on_events(pilot)
        await pressed(pilot, "a", "d", "e", "c", "enter", "l", "left", "up", "p", "o", "w", "t")
        assert "There is no plan" in screen(app)


# ---- laid out on purpose


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, (200, 50)])
async def test_the_page_at_every_width(size: tuple[int, int]) -> None:
    async with opened(PLAN, size) as (app, pilot):
        await on_events(pilot)
        for step in ('on 2026-02-03 buy "Travel"', "on 2026-04-15 18:30 top up 5 GB", 'on 2026-02-14 buy "Travel"'):
            await added(pilot, step)
        is_golden(f"events-{size[0]}x{size[1]}", screen(app))


# ---- a journey through a real terminal


def test_from_a_purchase_on_the_timeline_to_a_test_that_passes(tmp_path: Path) -> None:
    path = tmp_path / "flex.plan"
    path.write_text(PLAN)
    with Terminal([*ROLLOVER, str(path)], ROOT) as terminal:
        terminal.wait_for("Usage of data (a sample)", 60)
        terminal.keys("\x1b[17~")  # F6
        for _ in range(TABS.index("Events")):
            terminal.keys("\x1bOS")  # F4
        terminal.wait_for("cycle 1 begins", 30)
        terminal.keys("a")
        terminal.wait_for("What happens on 2026-01-31", 30)
        terminal.keys('on 2026-02-03 buy "Travel"\r')
        terminal.wait_for('3 Feb  buy "Travel"', 30)
        terminal.keys("\x1b[1;2C")  # Shift and right
        terminal.wait_for('4 Feb  buy "Travel"', 30)
        terminal.keys("t")
        terminal.wait_for("Written at line 9", 30)
        terminal.keys("\x13")  # Ctrl+S
        terminal.wait_for("Saved", 30)
    assert 'on 2026-02-04 buy "Travel"' in path.read_text()
    assert "ok    Flex: a history" in rollover("test", str(path)).output
