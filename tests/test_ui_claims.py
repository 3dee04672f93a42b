"""What a plan claims, proved from the workbench: a history that breaks a claim is stepped through, and kept as a test."""

from __future__ import annotations

import asyncio
import multiprocessing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from screens import LARGE, SMALL, opened, pressed, screen
from test_ui_no_english import PLAN, Watched, nothing_in_english
from textual.pilot import Pilot

from tui import proving
from tui.language import CHINESE
from tui.workbench.app import RolloverApp
from tui.workbench.pick import Pick

pytest.importorskip("z3")

CLAIMS = """\
plan "A" postpaid
  every month grant 20 GB data
  use carried data first
  unused data: carry 1 month, cap 10 GB
  ensure data never above 30 GB
  ensure data never above 29 GB
"""


async def proved(app: RolloverApp, pilot: Pilot[int]) -> None:
    await pressed(pilot, "alt+p")
    for _ in range(600):
        if isinstance(app.screen, Pick):
            return
        await asyncio.sleep(0.05)
        await pilot.pause()
    raise AssertionError(screen(app))


async def test_each_claim_is_told_with_its_verdict() -> None:
    async with opened(CLAIMS, SMALL) as (app, pilot):
        await proved(app, pilot)
        assert "✓ proved: ensure data never above 30" in screen(app)
        assert "✗ refuted: ensure data never above 29" in screen(app)


async def test_a_history_that_breaks_a_claim_is_stepped_through_and_made_a_test() -> None:
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await proved(app, pilot)
        await pressed(pilot, "down", "enter")
        assert app.outcome.draft
        assert app.outcome.draft.usage == ({}, {})  # which uses nothing in two cycles
        assert "▸1 Feb" in screen(app), "the cursor over time stands where the claim is broken"
        assert app.editor.cursor_location == (5, 0), "and the one of the text on the claim"
        await pressed(pilot, "f6", "up")
        assert "▸1 Jan" in screen(app)
        await pressed(pilot, "ctrl+t")
        assert 'example "breaks: data never above 29 GB"' in app.text


async def test_of_a_history_that_may_not_be_the_shortest_that_is_told(tmp_path: Path) -> None:
    """As if the solver gave up."""
    path = tmp_path / "a.plan"
    async with opened(CLAIMS, LARGE, path=path) as (app, pilot):
        checked = app.checked
        proof = proving.proof(path, checked, checked.plans[0], checked.plans[0].claims[1], datetime(2026, 1, 1), cached=False)
        for looked, is_told in ((1, False), (0, True)):
            app._show_proof(replace(proof, outcome=replace(proof.outcome, looked=looked)))
            await pilot.pause()
            assert "This breaks" in screen(app)
            assert ("fewer" in screen(app)) == is_told


async def test_a_claim_that_holds_leads_to_its_line() -> None:
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await proved(app, pilot)
        await pressed(pilot, "enter")
        assert app.editor.cursor_location == (4, 0)
        assert "This holds, whatever is used. Not looked" in screen(app)


async def test_the_text_as_it_stands_is_proved_and_where_nothing_is_claimed_that_is_told() -> None:
    async with opened(CLAIMS, LARGE) as (app, pilot):
        app.editor.put_text(CLAIMS.replace("cap 10 GB", "cap 9 GB"))
        await pilot.pause()
        await proved(app, pilot)
        assert "✓ proved: ensure data never above 29 GB" in screen(app)
    async with opened(CLAIMS.partition("  ensure")[0], LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        assert "No plan here claims anything" in screen(app)


async def test_without_the_solver_it_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.solver.is_there", lambda: False)
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        assert "Proving needs one more package: pip" in screen(app)


async def test_a_text_with_a_mistake_is_not_proved() -> None:
    async with opened(CLAIMS.replace("cap 10 GB", "capp 10 GB"), LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        assert "Mend the mistakes first" in screen(app)


async def test_a_regulation_and_a_scenario_claim_nothing(tmp_path: Path) -> None:
    async with opened('regulation "R"\n  unused data: must carry\n', LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        assert "A regulation claims nothing" in screen(app)
    (tmp_path / "a.plan").write_text(CLAIMS)
    text = "scenario: s\nplan: A\ncycles: [{use: 1 GB}]\n"
    (tmp_path / "a.scenario.yaml").write_text(text)
    async with opened(text, LARGE, path=tmp_path / "a.scenario.yaml") as (app, pilot):
        await pressed(pilot, "alt+p")
        assert "Claims stand in the plan" in screen(app)


async def test_in_chinese_nothing_is_left_in_english(tmp_path: Path) -> None:
    """Neither in the list nor in what is told of a chosen one."""
    claims = "  ensure data never above 40 GB\n  ensure data never above 25 GB\n"
    text = PLAN.replace("  price 10 EUR a month\n", "  price 10 EUR a month\n" + claims, 1)
    async with opened(text, language=CHINESE, path=tmp_path / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            await watched.press("alt+p")
            await watched.wait(lambda: "已推翻" in screen(app))
            await watched.press("down", "enter")
            await watched.wait(lambda: "这会在" in screen(app))
            await watched.press("alt+p")
            await watched.wait(lambda: "已证明" in screen(app))
            await watched.press("enter")
    async with opened(PLAN, language=CHINESE, path=tmp_path / "flex.plan") as (app, pilot):
        with nothing_in_english(Watched(app, pilot)) as watched:
            await watched.press("alt+p")


async def test_in_chinese_the_test_it_becomes_has_a_chinese_name() -> None:
    async with opened(CLAIMS, LARGE, language=CHINESE) as (app, pilot):
        await proved(app, pilot)
        await pressed(pilot, "down", "enter")
        await pressed(pilot, "ctrl+t")
        assert 'example "违反：data never above 29 GB"' in app.text


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("when asked, unused data: give", "未定：号码之间的转赠未作考察"),
        ("unused data, if used at least 1 GB: carry 1 month", "未定：取决于某个数量"),
    ],
)
async def test_why_a_claim_is_open_is_said_in_chinese(line: str, told: str, tmp_path: Path) -> None:
    text = f'plan "A" postpaid\n  every month grant 20 GB data\n  {line}\n  ensure data never above 900 GB\n'
    async with opened(text, LARGE, language=CHINESE, path=tmp_path / "a.plan") as (app, pilot):
        for _ in range(2):  # the second time from the cache
            await proved(app, pilot)
            await pressed(pilot, "enter")
            assert told in screen(app)


# ---- while it proves, which may take long


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.workbench.proving_app.SOLVER", ("slow_solver", "prove"))
    monkeypatch.setattr("tui.verdicts.load", lambda *_: None)


async def until(app: RolloverApp, pilot: Pilot[int], text: str) -> None:
    for _ in range(100):
        if text in screen(app):
            return
        await asyncio.sleep(0.05)
        await pilot.pause()
    raise AssertionError(screen(app))


def solvers() -> list[object]:
    return [one for one in multiprocessing.active_children() if one.is_alive()]


@pytest.mark.usefixtures("slow")
async def test_escape_stops_it_at_once() -> None:
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        await until(app, pilot, "Proving what the plans claim")
        await pressed(pilot, "escape")
        await until(app, pilot, "Proving was stopped.")
        assert not solvers()


@pytest.mark.usefixtures("slow")
async def test_a_second_one_takes_the_place_of_the_first() -> None:
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        await until(app, pilot, "Proving what the plans claim")
        await pressed(pilot, "alt+p")
        await asyncio.sleep(0.5)
        assert len(solvers()) <= 1
        await pressed(pilot, "escape")
        await until(app, pilot, "Proving was stopped.")


@pytest.mark.usefixtures("slow")
async def test_who_leaves_does_not_wait_for_it() -> None:
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        await until(app, pilot, "Proving what the plans claim")
        await pressed(pilot, "ctrl+q")
    assert not app.is_running


async def test_what_is_typed_meanwhile_is_not_taken_for_what_was_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.workbench.proving_app.SOLVER", ("slow_solver", "late"))
    monkeypatch.setattr("tui.verdicts.load", lambda *_: None)
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await pressed(pilot, "alt+p", "#")
        await until(app, pilot, "The text is another one now")
        assert app.text.startswith("#")
