"""What a plan claims, proved from the workbench: a history that breaks a claim is stepped through, and kept as a test."""

from __future__ import annotations

import asyncio

import pytest
from screens import LARGE, SMALL, opened, pressed, screen
from textual.pilot import Pilot

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
        await pressed(pilot, "f6", "up")
        assert "▸1 Jan" in screen(app)
        await pressed(pilot, "ctrl+t")
        assert 'example "breaks: data never above 29 GB"' in app.text


async def test_a_claim_that_holds_leads_to_its_line() -> None:
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await proved(app, pilot)
        await pressed(pilot, "enter")
        assert app.editor.cursor_location == (4, 0)


async def test_the_text_as_it_stands_is_proved_and_where_nothing_is_claimed_that_is_told() -> None:
    async with opened(CLAIMS.replace("cap 10 GB", "cap 9 GB"), LARGE) as (app, pilot):
        await proved(app, pilot)
        assert "✓ proved: ensure data never above 29 GB" in screen(app)
    async with opened(CLAIMS.partition("  ensure")[0], LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        assert "No plan here claims anything" in screen(app)


async def test_without_the_solver_it_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.workbench.proving_app.find_spec", {"z3": None}.get)
    async with opened(CLAIMS, LARGE) as (app, pilot):
        await pressed(pilot, "alt+p")
        assert "Proving needs one more package: pip" in screen(app)
