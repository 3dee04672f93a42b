"""Very many records in the app: how far they are is seen, Esc cancels, and a Parquet file opens as a CSV file does."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from screens import LARGE, opened, pressed, screen, settled, shown
from textual.pilot import Pilot

from tui import arrow_sums
from tui.bulk_records import SMALL_BYTES
from tui.workbench.app import RolloverApp
from tui.workbench.history_dialogs import Reading

PLAN = 'plan "Small" prepaid\n  grant 10 GB\n  carry 1 month\n'
RECORDS = 120_000


@pytest.fixture
def day(tmp_path: Path) -> Path:
    """A day of records of 1 KB, beside a plan."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    start = datetime(2026, 3, 17)
    times = [start + timedelta(milliseconds=number * 720) for number in range(RECORDS)]
    table = arrow.table({"at": arrow.array(times, arrow.timestamp("s")), "use": arrow.array(["1 KB"] * RECORDS)})
    path = tmp_path / "day.parquet"
    parquet.write_table(table, path, use_dictionary=False, compression="none")
    assert path.stat().st_size > SMALL_BYTES
    return path


@contextlib.asynccontextmanager
async def offered(folder: Path) -> Any:
    """The app on a plan of the folder, with the cursor on the one file of records that can be looked at."""
    async with opened(PLAN, LARGE, path=folder / "small.plan") as (app, pilot):
        await pressed(pilot, "f6", "4", "o")
        await shown(pilot, "Look at a history")
        await pressed(pilot, "down")
        yield app, pilot


async def reading(pilot: Pilot[int], app: RolloverApp) -> Reading:
    for _ in range(400):
        await pilot.pause(0.005)
        if isinstance(app.screen, Reading):
            return app.screen
    raise AssertionError("nothing is being read")


async def test_a_parquet_file_of_very_many_records_opens(day: Path) -> None:
    async with offered(day.parent) as (app, pilot):
        await pressed(pilot, "enter")
        await shown(pilot, "day.parquet, added up by the minute")
        assert app.outcome.draft is not None
        used = sum(one.act.amount for one in app.outcome.draft.scenario.dated)
        assert used == RECORDS * 1_000
        await pressed(pilot, "1")
        await shown(pilot, "120 MB")


async def test_how_far_it_is_read_is_seen_and_esc_cancels(day: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrow_sums, "_ROWS_AT_ONCE", 5)  # or it would be through before a key is pressed
    async with offered(day.parent) as (app, pilot):
        await pilot.press("enter")
        dialog = await reading(pilot, app)
        for _ in range(400):
            await pilot.pause(0.005)
            if "records" in screen(app):
                break
        assert "Reading day.parquet" in screen(app)
        assert "records" in screen(app)
        await pilot.press("escape")
        for _ in range(400):
            await asyncio.sleep(0.01)
            if app.screen is not dialog:
                break
        await settled(pilot)
        assert app.screen is not dialog
        assert "(a sample)" in screen(app)
        assert app.outcome.draft is not None
        assert not app.outcome.draft.scenario.dated
