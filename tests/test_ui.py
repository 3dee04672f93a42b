"""The app as people meet it: keys in, rows of text out."""

from __future__ import annotations

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, click_on, opened, pressed, put_cursor, rows, screen, settled, shown

from dsl.check import Checked
from engine.run import Run
from tui.workbench.editor import ERROR_MARK, PlanEditor
from tui.workbench.outcome import Outcome

# ---- what is typed shows at once


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_what_is_typed_changes_the_months(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        put_cursor(app, 5, 21)  # behind the 2 of 20 GB
        await pressed(pilot, "5")
        assert app.query_one(PlanEditor).document.get_line(4) == "  every month grant 250 GB data, 300 minutes and 100 sms"
        await pressed(pilot, *([] if size != SMALL else ["f6"]))
        assert "250 GB" in "\n".join(rows(app)[13:] if size == MIDDLE else [row[-62:] for row in rows(app)])


async def test_the_months_are_those_of_the_plan_under_the_cursor() -> None:
    async with opened() as (app, pilot):
        assert "Flex 20 · postpaid · contract 24 months" in screen(app)
        put_cursor(app, 12)
        await settled(pilot)
        assert "Prepaid 10 · prepaid" in screen(app)


async def test_each_figure_of_the_worked_example_stands_in_the_table() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7")
        for amount in ("6", "25", "20", "31.5", "0"):
            await pressed(pilot, *amount, "enter", "right")
        table = [row[58:].split() for row in rows(app) if "Jan  " in row[58:] or " GB" in row[58:]]
        text = "\n".join(" ".join(row) for row in table)
        assert "1 Jan 20 GB 6 GB 10 GB 4 GB - -" in text
        assert "1 Apr 25 GB 25 GB - - - 6.5 GB" in text
        assert "1 May 20 GB - 10 GB 6.67 GB 3.33 GB -" in text


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_lines_with_an_error_are_told_wherever_the_rest_of_the_plan_is_shown(size: tuple[int, int]) -> None:
    async with opened(PLAN.replace("contract 24", "contrct 24"), size=size) as (app, pilot):
        put_cursor(app, 5)
        await pressed(pilot, "f6")
        for _ in range(6):
            assert "▲ without the lines in error" in screen(app)
            await pressed(pilot, "f4")


async def test_lines_with_an_error_leave_the_rest_of_the_plan_on_show() -> None:
    async with opened() as (app, pilot):
        put_cursor(app, 8, 0)
        await pressed(pilot, *"xx ")
        assert "without the lines in error" in screen(app)
        assert "1 Jan     20 GB" in screen(app)


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (PLAN.replace("grant 10GB", "grnt 10GB"), False),
        (PLAN + 'pack "P"\n  grnt 1 GB\n', False),
        (PLAN.replace("contract 24", "contrct 24"), True),
        (PLAN.replace("rate 1", "rte 1"), True),
        (PLAN.replace('0" postpaid', '0" like "Prepaid 10"').replace("grant 10GB", "grnt 10GB"), True),
        (PLAN + 'promotion "P" for "Flex 20"\n  from 2026-01-01 until 2026-02-01\n  grnt 1 GB\n', True),
    ],
    ids=["of another plan", "of a pack", "its own", "of the file", "of one it is like", "of its promotion"],
)
async def test_only_errors_that_a_plan_goes_without_are_told_with_it(text: str, lacks: bool) -> None:
    async with opened(text) as (app, pilot):
        put_cursor(app, 4)
        await settled(pilot)
        assert "● " in screen(app)
        assert "Flex 20" in screen(app)
        assert ("without the lines in error" in screen(app)) == lacks


async def test_a_plan_whose_header_breaks_stays_as_it_was() -> None:
    async with opened() as (app, pilot):
        put_cursor(app, 3)
        await pressed(pilot, '"')
        assert "Flex 20  ▲ as before the last change" in screen(app)
        assert "20 GB" in screen(app)


# ---- problems


async def test_problems_are_marked_said_and_visited() -> None:
    text = PLAN.replace("carry 1 month,", "carrry 1 month,").replace("prepaid\n  grant", "prepaid\n  grantt")
    async with opened(text) as (app, pilot):
        marked = [row for row in rows(app) if row.startswith(("7" + ERROR_MARK, " 7" + ERROR_MARK))]
        assert marked
        assert "● 2 problems" in screen(app)
        await pressed(pilot, "f8")
        assert app.query_one(PlanEditor).cursor_location == (6, 15)
        assert "`carrry` is not a word that can stand here" in screen(app)
        await pressed(pilot, "f8")
        assert app.query_one(PlanEditor).cursor_location == (10, 2)
        await pressed(pilot, "f8")
        assert app.query_one(PlanEditor).cursor_location == (6, 15)
        await pressed(pilot, "shift+f8")
        assert app.query_one(PlanEditor).cursor_location == (10, 2)


async def test_the_stretch_of_a_problem_is_underlined() -> None:
    async with opened(PLAN.replace("carry 1 month,", "carrry 1 month,")) as (app, _pilot):
        line = app.query_one(PlanEditor).get_line(6)
        underlined = {line.plain[span.start : span.end] for span in line.spans if getattr(span.style, "underline", False)}
        assert underlined == {"carrry"}


async def test_words_numbers_names_and_comments_have_styles_of_their_own() -> None:
    async with opened('plan "Flex 20" prepaid # ours\n  grant 1 GB\n') as (app, _pilot):
        line = app.query_one(PlanEditor).get_line(0)
        styled = {line.plain[span.start : span.end]: span.style for span in line.spans}
        assert list(styled) == ["plan", '"Flex 20"', "prepaid", "# ours"]
        assert len({str(style) for style in styled.values()}) == 4


# ---- pages


async def test_pages_are_turned_by_key_by_number_and_by_a_click() -> None:
    async with opened() as (app, pilot):
        assert "[Months]" in screen(app)
        await pressed(pilot, "f4")
        assert "[Card]" in screen(app)
        assert app.focused is app.editor  # nobody who types is taken elsewhere
        await click_on(pilot, "Months")
        assert "[Months]" in screen(app)
        await pressed(pilot, "2")
        assert "[Card]" in screen(app)
        assert app.focused is app.query_one(Outcome).page


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_the_side_with_the_focus_fills_the_screen_and_makes_room_again(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        before = screen(app)
        await pressed(pilot, "f5")
        assert "1 Jan" not in screen(app)
        await pressed(pilot, "f6")
        assert "1 Jan" in screen(app)
        assert "rate 1 GB" not in screen(app)
        await pressed(pilot, "f5", "shift+f6")
        assert screen(app) == before


async def test_a_change_of_the_usage_is_taken_back_and_made_again() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "f7", "up", "up", "ctrl+z")
        assert "1 Jan     20 GB  7 GB" in screen(app)
        await pressed(pilot, "ctrl+z")
        assert "Usage of data (a sample)" in screen(app)
        await pressed(pilot, "ctrl+y", "ctrl+y")
        assert "1 Jan     20 GB  8 GB" in screen(app)
        await pressed(pilot, "ctrl+z", "ctrl+z", "ctrl+z")
        await shown(pilot, "There is no change of the history to take back")


# ---- text from files is text


async def test_markup_and_escape_sequences_show_as_text() -> None:
    text = 'plan "[bold]A[/bold]\x1b[31m\u202eB" prepaid\n  grant 1 GB \x9b2J\n'
    for size in (MIDDLE, LARGE):
        async with opened(text, size=size) as (app, _pilot):
            shown = screen(app)
            assert "[bold]A[/bold]" in shown
            assert not {"\x1b", "\x9b", "\u202e"} & set(shown)
            assert "␛[31m" in shown
            assert "\\x1b[31m" in shown


async def test_a_plan_whose_name_looks_like_a_title_keeps_it() -> None:
    async with opened('plan "Flex · 20" prepaid\n  grant 1 GB\n  carrry 1 month\n') as (app, _pilot):
        assert "Flex · 20  ▲ without" in screen(app)


async def test_lines_end_where_the_language_ends_them() -> None:
    text = 'plan "A\u2028B" prepaid\n  grant 1 GB\x0c\n'
    async with opened(text) as (app, pilot):
        assert app.query_one(PlanEditor).document.line_count == 3
        assert app.text == text
        put_cursor(app, 1, 0)
        await pressed(pilot, "x", "ctrl+z")
        assert app.text == text


async def test_keys_lead_to_both_ends_of_the_text() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "ctrl+end")
        assert "Prepaid 10 · prepaid" in screen(app)
        await pressed(pilot, "ctrl+home")
        assert app.query_one(PlanEditor).cursor_location == (0, 0)


async def test_undo_and_redo() -> None:
    async with opened() as (app, pilot):
        await pressed(pilot, "x")
        assert app.text == "x" + PLAN
        await pressed(pilot, "ctrl+z")
        assert app.text == PLAN
        await pressed(pilot, "ctrl+y")
        assert app.text == "x" + PLAN


async def test_a_mistake_of_our_own_is_told_and_the_text_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as (app, pilot):

        def fails(_source: object) -> None:
            raise AssertionError

        monkeypatch.setattr("tui.forecast.check", fails)
        await pressed(pilot, "x")
        await shown(pilot, "Rollover failed on this text (AssertionError)")
        assert app.text == "x" + PLAN


# ---- long files, small screens


async def test_a_long_file_is_checked_and_shown() -> None:
    block = '\nplan "P {0}" prepaid\n  grant 10 GB\n  carry 1 month\n'
    text = PLAN + "".join(block.format(number) for number in range(1_000))
    async with opened(text) as (app, pilot):
        put_cursor(app, 2_000)
        await shown(pilot, "P 496 · prepaid")


async def test_a_narrow_screen_shows_a_side_at_a_time() -> None:
    async with opened(size=SMALL) as (app, pilot):
        assert "rate 1 GB" in screen(app)
        assert "available" not in screen(app)
        assert "f6 Next pane" in rows(app)[-1]
        await pressed(pilot, "f6")
        assert "available" in screen(app)
        assert "rate 1 GB" not in screen(app)
        await pressed(pilot, "f6", "f6")
        assert "rate 1 GB" in screen(app)


async def test_the_screen_can_be_resized() -> None:
    async with opened(size=LARGE) as (app, pilot):
        await pressed(pilot, "f6")
        await pilot.resize_terminal(*SMALL)
        await settled(pilot)
        assert "available" in screen(app)
        assert max(map(len, rows(app))) <= 44
        await pilot.resize_terminal(*MIDDLE)
        await settled(pilot)
        assert "rate 1 GB" in screen(app)
        assert "available" in screen(app)


@pytest.mark.parametrize("kind", [Checked, Run])
async def test_nothing_writes_out_a_whole_file_or_run_while_somebody_types(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trap: Textual describes a worker by what it is called with, which of a long text took seconds a key."""
    written: list[str] = []
    monkeypatch.setattr(kind, "__repr__", lambda _self: written.append(kind.__name__) or "...")
    async with opened() as (app, pilot):
        await pressed(pilot, "x", "backspace", "f6", *["f4"] * 6)
        await app.workers.wait_for_complete()
        await settled(pilot)
    assert not written
