"""Two plans side by side, and advice: what differs, which usage makes them differ most, and what to do now."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import GB, plan_of
from screens import LARGE, MIDDLE, PLAN, SMALL, opened, pressed, rows, screen, settled, shown

from dsl.check import check
from dsl.source import Source
from engine.contrast import Side, contrast
from tui.beside import cycles, totals
from tui.draft import Drafts
from tui.shelf import AS_SAVED, Shelf
from tui.workbench.app import RolloverApp
from tui.workbench.compare_page import ComparePage
from tui.workbench.pick import Pick

TWO = PLAN + '\nplan "Fresh first" like "Flex 20"\n  use allowance, then carried\n'


async def turn_to(pilot: object, app: RolloverApp, tab: str) -> None:
    for _ in range(12):
        if f"[{tab}]" in screen(app):
            return
        await pressed(pilot, "f4")  # type: ignore[arg-type]
    raise AssertionError(screen(app))


# ---- what is there to compare with


def test_the_nearest_choice_is_the_plan_as_it_was_saved(tmp_path: Path) -> None:
    shelf = Shelf()
    saved = check(Source("flex.plan", TWO))
    shelf.put(tmp_path / "flex.plan", TWO)
    labels = [one.label for one in shelf.choices(saved, saved.plans[0])]
    assert labels == ["Prepaid 10", "Fresh first"]
    edited = check(Source("flex.plan", TWO.replace("20 GB data", "25 GB data")))
    found = shelf.choices(edited, edited.plans[0])
    assert (found[0].label, found[0].origin) == (f"Flex 20 ({AS_SAVED})", AS_SAVED)
    assert found[0].plan.allowance("data") == 20 * GB


def test_files_of_the_folder_are_read_when_asked_for_and_those_that_can_not_be_are_left_out(tmp_path: Path) -> None:
    for name, text in (("a.plan", PLAN), ("b.plan", 'plan "B" prepaid\n  grant 1 GB\n')):
        (tmp_path / name).write_text(text)
    (tmp_path / "c.plan").write_bytes(b"\xff\xfe")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "d.plan").write_text(PLAN)
    shelf = Shelf()
    shelf.put(tmp_path / "a.plan", PLAN)
    checked = check(Source("a.plan", PLAN))
    assert [one.label for one in shelf.choices(checked, checked.plans[0])] == ["Prepaid 10"]
    assert list(shelf.look()) == [(1, 2), (2, 2)]
    assert [one.label for one in shelf.choices(checked, checked.plans[0])] == ["Prepaid 10", "B (b.plan)"]


def test_what_differs_is_told_by_cycle_and_in_all() -> None:
    checked = check(Source("", TWO))
    first, second = checked.plans[0], checked.plans[2]
    found = contrast(Side(first), Side(second), Drafts.sample(first).scenario)
    told = cycles(found, "data")
    assert [bool(one.said) for one in told] == [False, True, True, True, False, True]
    assert told[1].said == ("carried out 5 GB → 0 GB", "converted out 0 GB → 5 GB")
    assert ("data overage", "5 GB", "10 GB", "+5 GB") in [(one.what, one.first, one.second, one.more) for one in totals(found)]


def test_cycles_that_begin_at_other_times_are_compared_in_all_only() -> None:
    first = plan_of('plan "A" prepaid\n  grant 1 GB\n')
    second = plan_of('plan "A" prepaid\n  cycle: 30 days\n  grant 2 GB\n')
    found = contrast(Side(first), Side(second), Drafts.sample(first).scenario)
    assert cycles(found, "data") == []
    assert totals(found)


# ---- the page


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE, (200, 50)])
async def test_the_plan_at_the_cursor_stands_beside_the_nearest_other(size: tuple[int, int]) -> None:
    async with opened(TWO, size=size) as (app, pilot):
        await pressed(pilot, "f6")
        await turn_to(pilot, app, "Compare")
        words = await shown(pilot, "A Flex 20 beside B Prepaid 10")
        assert "≠" in words
        assert all(len(row) <= size[0] for row in rows(app))


async def test_a_change_that_is_not_saved_stands_beside_what_is() -> None:
    async with opened() as (app, pilot):
        app.editor.move_cursor((4, 21))
        await pressed(pilot, "5")  # 250 GB
        await pressed(pilot, "f6")
        await turn_to(pilot, app, "Compare")
        await shown(pilot, "B Flex 20 (as saved)")
        await shown(pilot, "available 250 GB → 20 GB")


async def test_another_plan_is_chosen_by_typing_a_part_of_its_name() -> None:
    async with opened(TWO) as (app, pilot):
        await pressed(pilot, "f6")
        await turn_to(pilot, app, "Compare")
        await pressed(pilot, "c")
        assert isinstance(app.screen, Pick)
        await pressed(pilot, *"fresh", "enter")
        await shown(pilot, "A Flex 20 beside B Fresh first")
        await shown(pilot, "data overage 5 GB 10 GB +5 GB")


async def test_the_usage_on_which_they_differ_most_becomes_the_history_and_can_be_taken_back() -> None:
    async with opened(TWO) as (app, pilot):
        await pressed(pilot, "f6")
        await turn_to(pilot, app, "Compare")
        await pressed(pilot, "c")
        await pressed(pilot, *"fresh", "enter")
        await pressed(pilot, "w")
        await pressed(pilot, *"expired", "enter")
        await shown(pilot, "Usage of data (they differ most in expired)")
        await shown(pilot, "tried; not a proof")
        await pressed(pilot, "ctrl+z")
        await shown(pilot, "Usage of data (a sample)")


async def test_a_search_is_stopped_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def stop_at_the_third(page: ComparePage, count: int) -> None:
        tried.append(count)
        if count == 3:
            page.action_stop()
        told(page, count)

    told = ComparePage._tried
    monkeypatch.setattr(ComparePage, "_tried", stop_at_the_third)
    async with opened(TWO) as (app, pilot):
        await pressed(pilot, "f6")
        await turn_to(pilot, app, "Compare")
        await pressed(pilot, "w")
        await pressed(pilot, "enter")
        await app.workers.wait_for_complete()
        await settled(pilot)
        assert tried == [1, 2, 3]
        assert "(a sample)" in screen(app)


async def test_with_nothing_to_compare_the_page_says_what_to_do() -> None:
    async with opened('plan "A" prepaid\n  grant 1 GB\n') as (app, pilot):
        await pressed(pilot, "f6")
        await turn_to(pilot, app, "Compare")
        await shown(pilot, "Nothing to compare with yet")
        await shown(pilot, "press c to look in its folder")


# ---- advice


GIFTS = """\
plan "A" prepaid
  price 10 EUR
  grant 10 GB
  when asked, unused data: give in steps of 1 GB
plan "B" prepaid
  price 8 EUR
  grant 5 GB
  when data runs out: sell 1 GB at 2 EUR
"""


async def test_advice_says_what_is_lost_by_when_and_the_cheapest_plan() -> None:
    async with opened(GIFTS) as (app, pilot):
        await pressed(pilot, "f6")
        await turn_to(pilot, app, "Advice")
        await shown(pilot, "unless it is used, there will be lost:")
        await shown(pilot, "in EUR, cheapest first:")
        await shown(pilot, "1 A")


async def test_a_line_of_advice_leads_to_its_rule() -> None:
    async with opened(GIFTS) as (app, pilot):
        await pressed(pilot, "f6")
        await turn_to(pilot, app, "Advice")
        await shown(pilot, "(line 3: grant 10 GB)")
        row = next(number for number, text in enumerate(rows(app)) if "by 2026-02-01" in text)
        await pilot.click(offset=(70, row), times=2)
        await settled(pilot)
        assert app.focused is app.editor
        assert app.editor.selected_text == "grant 10 GB"
