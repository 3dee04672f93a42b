"""The strip of what is used: changed by keys and by typing, and the table follows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, opened, pressed, rows, screen, settled
from textual.events import Key

from dsl.check import check
from dsl.scenario import Dated, Use
from dsl.source import NOWHERE, Source
from engine.run import run
from tui import steps
from tui.draft import Drafts
from tui.usage_cells import besides
from tui.workbench.app import RolloverApp
from tui.workbench.events_page import EventsPage
from tui.workbench.outcome import Outcome
from tui.workbench.usage_strip import UsageStrip


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


# ---- lines of an account, and what is used on single days

FAMILY = """\
plan "Family" postpaid
  grant 20 GB, 100 minutes
  share with up to 4 lines

plan "Kid" prepaid
  grant 2 GB
"""
TOLD = (
    'on 2026-01-01 "Kid" joins on "Kid"',
    "on 2026-01-09 use 1.5 GB",
    "on 2026-02-01 use 1 GB",
    "on 2026-02-02 use 3 minutes",
    'on 2026-01-10 "Kid" use 0.5 GB',
)


def tell(app: RolloverApp) -> None:
    """A history with a second line, and uses on single days."""
    outcome = app.query_one(Outcome)
    assert outcome.draft
    assert app.checked
    dated = [one for text in TOLD for one in steps.read(app.checked, text, datetime(2026, 1, 1))]
    outcome.put(outcome.draft.with_dated(*dated))


def cell(app: RolloverApp, label: str) -> str:
    """What the strip says of a cycle, without spaces."""
    strip = app.query_one(UsageStrip)
    start, end = strip._places()[strip._cells.labels.index(label)]
    amounts = str(strip.render()).splitlines()[2]
    return "".join(amounts[start:end].translate(str.maketrans("[]", "  ")).split())


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_each_line_of_an_account_has_its_usage(size: tuple[int, int]) -> None:
    async with opened(FAMILY, size=size) as (app, pilot):
        await pressed(pilot, "f7", "l")
        assert "There is one line in this history." in [one.message for one in app._notifications]
        app.clear_notifications()
        tell(app)
        await settled(pilot)
        assert "Usage of data by the first line" in screen(app)
        await pressed(pilot, "l")
        assert "Usage of data by Kid" in screen(app)
        assert cell(app, "1 Jan") == "-+500MB"
        await pressed(pilot, *"1.2", "enter", "right", "up")
        assert cell(app, "1 Jan") == "1.2GB+500MB"
        outcome = app.query_one(Outcome)
        assert outcome.forecast
        assert outcome.forecast.shown
        used = [cycle.services["data"].used for cycle in outcome.forecast.shown.statement.cycles]
        assert used[:2] == [1_700_000_000, 100_000_000]
        await pilot.click(UsageStrip, offset=(4, 0))
        await settled(pilot)
        assert "Usage of data by the first line" in screen(app)
        await pressed(pilot, "ctrl+z", "ctrl+z", "l")
        assert cell(app, "1 Jan") == "-+500MB"


async def test_what_is_used_on_single_days_stands_behind_what_can_be_changed() -> None:
    async with opened(FAMILY, size=LARGE) as (app, pilot):
        tell(app)
        await pressed(pilot, "f7")
        assert cell(app, "1 Jan") == "6GB+1.5GB"
        assert cell(app, "1 Feb") == "25GB+1GB", "a cycle begins at its first midnight"
        await pressed(pilot, "right", "e")
        assert isinstance(app.focused, EventsPage)
        assert app.focused.chosen
        assert app.focused.chosen.words == "use 1 GB"
        await pressed(pilot, "f7", "s")
        assert "+3 min" in screen(app)


async def test_where_nothing_is_used_on_single_days_nothing_is_said_of_it() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7", "e")
        assert "single days" not in screen(app)
        assert isinstance(app.focused, UsageStrip)


def test_uses_of_many_records_are_added_up_by_the_cycle() -> None:
    found = check(Source("", FAMILY))
    drafts = Drafts()
    plan = found.plans[0]
    days = [Dated(datetime(2026, 1, 1) + timedelta(days=day), Use("data", 10**8), NOWHERE) for day in range(59)]
    scenario = drafts.of(plan).with_dated(*days).scenario
    ran = run(plan, scenario, found.plans)
    assert [one["data"] for one in besides(ran, scenario, "")] == [31 * 10**8, 28 * 10**8, 0, 0, 0, 0]
    assert [one["data"] for one in besides(ran, scenario, "Kid")] == [0] * 6


def test_one_more_cycle_is_used_as_the_last_one_by_each_line() -> None:
    draft = Drafts.sample(check(Source("", FAMILY)).plans[0]).using(5, "data", 7, "Kid")
    assert [one.get("data", 0) for one in draft.longer().usage_of("Kid")] == [0, 0, 0, 0, 0, 7, 7]
    assert draft.using(5, "data", 9, "Kid").usage_of("Kid")[5] == {"data": 9}
    assert draft.usage == Drafts.sample(check(Source("", FAMILY)).plans[0]).usage


async def test_a_regulation_has_no_usage_to_go_to() -> None:
    async with opened('regulation "R"\n  unused data: must carry\n', LARGE) as (app, pilot):
        await pressed(pilot, "f7")
        assert app.focused is app.editor
        assert "A regulation uses nothing" in screen(app)
        assert "Usage: a regulation uses nothing. F6 leads to its text" in str(app.query_one("#usage").render())
