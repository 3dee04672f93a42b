"""Where something of the user's could be lost, mixed up or not be told: files, the cache, the usage and the keys of the app."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import rollover, written
from reading import GB, plan_of
from screens import PLAN, click_on, opened, pressed, put_cursor, rows, screen

from tui import cache, usage
from tui.draft import Drafts
from tui.workbench.dialogs import Ask
from tui.workbench.editor import ERROR_MARK

SMALL = 'plan "A" prepaid\n  grant 1 GB\n'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def _usual_mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


# ---- the cache


def test_a_scenario_is_checked_again_where_its_plan_has_changed() -> None:
    written("a.plan", SMALL)
    written("a.scenario.yaml", "plan: A\ncycles:\n  - use: 1 GB\n")
    assert rollover("check", "a.scenario.yaml").exit_code == 0
    written("a.plan", SMALL.replace('"A"', '"B"'))
    assert "R105" in rollover("check", "a.scenario.yaml").stdout


def test_two_files_of_one_text_are_each_told_by_its_name() -> None:
    for name in ("a.plan", "b.plan"):
        written(name, SMALL.replace("grant", "grnt"))
        assert rollover("check", name).stdout.startswith(f"{name}:2:3")


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_cache_folder_that_others_can_write_to_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    home = tmp_path / "cache"
    home.mkdir()
    home.chmod(mode)
    monkeypatch.setenv("ROLLOVER_CACHE", str(home))
    assert cache.folder() is None
    written("a.plan", SMALL)
    assert rollover("check", "a.plan").exit_code == 0
    assert not list(home.iterdir())


def test_a_cache_folder_of_another_user_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "cache"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("ROLLOVER_CACHE", str(home))
    assert cache.folder() == home
    owner = home.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert cache.folder() is None


def test_a_key_of_the_cache_depends_on_where_each_part_ends() -> None:
    assert cache.key(b"ab", b"c") != cache.key(b"a", b"bc")


# ---- commands and their files


@pytest.mark.parametrize("command", [("test", "a.plan"), ("run", "a.plan", "--scenario", "a.scenario.yaml")])
def test_a_record_before_the_start_of_its_scenario_is_told(command: tuple[str, ...]) -> None:
    written("a.plan", SMALL)
    written("a.scenario.yaml", "start: 2026-03-01\nrecords:\n  - {at: 2026-01-01, use: 1 GB}\n")
    result = rollover(*command)
    assert result.exit_code == 1
    assert "before the start" in (result.stdout if command[0] == "test" else result.stderr)


@pytest.mark.usefixtures("_usual_mask")
def test_new_makes_a_file_that_others_can_read() -> None:
    rollover("new", "a.plan")
    assert stat.S_IMODE(Path("a.plan").stat().st_mode) == 0o644


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    assert rollover("check", "/dev/zero").exit_code == 2


def test_an_example_is_copied_with_its_scenario() -> None:
    rollover("examples", "flex")
    assert Path("flex.scenario.yaml").is_file()


def test_of_scenarios_of_several_plans_the_one_of_the_plan_asked_for_is_run() -> None:
    written("a.plan", SMALL + 'plan "B" prepaid\n  grant 2 GB\n')
    written("s.yaml", "plan: A\ncycles:\n  - use: 1 GB\n---\nplan: B\ncycles:\n  - use: 1 GB\n")
    assert rollover("run", "a.plan", "--scenario", "s.yaml", "--plan", "B").stdout.startswith("B ")


def test_the_table_of_a_run_tells_charges_and_idle_services_within_a_hundred_columns() -> None:
    written("a.plan", 'plan "A" prepaid\n  grant 1 GB, 10 minutes\n  when data runs out: sell 1 GB at 5 EUR\n')
    told = rollover("run", "a.plan", "--use", "1.5GB,0GB").stdout
    assert "5 EUR" in told
    assert "voice: nothing used, nothing kept" in told
    assert max(len(line) for line in told.split("\n\n")[1].split("\n")) <= 100


# ---- the app


async def test_opening_another_file_leaves_what_is_not_saved_beside_it(tmp_path: Path) -> None:
    (tmp_path / "other.plan").write_text('plan "Other" prepaid\n  grant 7 GB\n')
    async with opened(path=tmp_path / "mine.plan") as (app, pilot):
        await pressed(pilot, "x", "ctrl+o", *"other.plan", "enter")
        assert "Other · prepaid" in screen(app)
        await pressed(pilot, "ctrl+pageup")
        assert app.text == "x" + PLAN


async def test_saving_under_the_name_of_another_file_asks_first(tmp_path: Path) -> None:
    other, mine = tmp_path / "other.plan", tmp_path / "mine.plan"
    other.write_text("mine\n")
    mine.write_text(PLAN)
    async with opened(path=mine) as (app, pilot):
        await pressed(pilot, "f12", *["backspace"] * len("mine.plan"), *"other.plan", "enter")
        assert isinstance(app.screen, Ask)
        await pressed(pilot, "escape")
        assert other.read_text() == "mine\n"


async def test_a_mistake_is_marked_in_its_line_also_where_another_line_made_it_one() -> None:
    async with opened(SMALL + '  use "P" first\npack "P"\n  grant 1 GB\n') as (app, pilot):
        assert ERROR_MARK not in screen(app)
        put_cursor(app, 4, 6)
        await pressed(pilot, "x")
        assert any(row.lstrip().startswith("3" + ERROR_MARK) for row in rows(app)), screen(app)


async def test_keys_of_the_app_do_nothing_behind_a_dialog() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "x", "ctrl+q")
        dialog = app.screen
        assert isinstance(dialog, Ask)
        await pressed(pilot, "ctrl+q", "f6", "f7")
        assert app.screen is dialog


async def test_services_switch_by_a_click() -> None:
    async with opened() as (app, pilot):
        await click_on(pilot, "voice")
        assert "[voice]" in screen(app)


# ---- the usage that is set in the app


def test_an_amount_of_usage_stays_between_nothing_and_the_most_there_is() -> None:
    draft = Drafts.sample(plan_of(SMALL))
    assert draft.using(0, "data", -5).usage[0]["data"] == 0
    assert draft.using(0, "data", 10**30).usage[0]["data"] == 10**18


def test_cycles_of_usage_are_one_at_least_and_three_years_of_months_at_most() -> None:
    draft = Drafts.sample(plan_of(SMALL))
    for _ in range(99):
        draft = draft.longer()
    assert len(draft.usage) == 36
    for _ in range(99):
        draft = draft.shorter()
    assert len(draft.usage) == 1


def test_each_change_of_a_history_is_taken_back_and_made_again() -> None:
    plan, drafts = plan_of(SMALL), Drafts()
    sample = drafts.of(plan)
    first, second = sample.using(0, "data", 1), sample.using(0, "data", 2)
    for draft in (first, second, second):
        drafts.put(plan, draft)
    assert (drafts.undo(plan), drafts.of(plan)) == (True, first)
    assert (drafts.undo(plan), drafts.of(plan)) == (True, sample)
    assert not drafts.undo(plan)
    assert (drafts.redo(plan), drafts.of(plan)) == (True, first)
    drafts.put(plan, second)
    assert not drafts.redo(plan)


def test_a_sample_follows_the_allowance_also_where_somebody_went_back_to_it() -> None:
    plan, drafts = plan_of(SMALL), Drafts()
    drafts.put(plan, drafts.of(plan).using(0, "data", 1))
    drafts.put(plan, drafts.sample(plan))
    richer = plan_of(SMALL.replace("grant 1", "grant 2"))
    assert richer.allowance("data") == 2 * plan.allowance("data")
    assert drafts.of(richer) == drafts.sample(richer)


TYPED = {
    "6": 6 * GB,
    "0.000000001": 1,
    "1.5 B": "that is not a whole number of bytes",
    "99999999999 GB": "that is more than any plan needs",
}


@pytest.mark.parametrize("typed", TYPED)
def test_an_amount_that_is_typed_is_taken_exactly_or_not_at_all(typed: str) -> None:
    assert usage.read_amount(plan_of(SMALL), "data", typed) == TYPED[typed]
