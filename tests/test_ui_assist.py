"""What the editor offers and tells: completion that keeps out of the way, meanings, names."""

from __future__ import annotations

import pytest
from screens import LARGE, MIDDLE, PLAN, SMALL, opened, pressed, put_cursor, rows, screen, settled, shown
from textual.pilot import Pilot

from tui.workbench.app import RolloverApp
from tui.workbench.dialogs import Help
from tui.workbench.editor.naming import PlaceList
from tui.workbench.editor.popup import Choices, Note


async def offered(pilot: Pilot[int], *, wanted: bool = True) -> list[str]:
    """What is offered, after a while; an entry without what it means."""
    app = pilot.app
    assert isinstance(app, RolloverApp)
    choices = app.query_one(Choices)
    for _ in range(100 if wanted else 12):
        await pilot.pause(0.03)
        if choices.display:
            break
    await settled(pilot)
    assert choices.display == wanted
    return [one.label for one in app.pane._shown]


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_a_word_that_is_begun_is_completed_by_tab(size: tuple[int, int]) -> None:
    async with opened('plan "A" prepaid\n  grant 10 GB\n  ', size=size) as (app, pilot):
        put_cursor(app, 3, 2)
        await pressed(pilot, *"carr")
        assert (await offered(pilot))[0] == "carry 1 month"
        assert "carry 1 month" in "\n".join(rows(app)[3:])
        assert max(map(len, rows(app))) <= size[0]
        await pressed(pilot, "tab")
        assert app.text.endswith("  carry 1 month")
        assert app.editor.selected_text == "1"
        await pressed(pilot, "3", "tab")
        assert app.editor.cursor_location == (2, 15)
        await pressed(pilot, "ctrl+z", "ctrl+z")
        assert app.text.endswith("  carr")


async def test_enter_ends_the_line_of_somebody_who_types() -> None:
    async with opened('plan "A" prepaid\n  ') as (app, pilot):
        put_cursor(app, 2, 2)
        await pressed(pilot, *"gran")
        await offered(pilot)
        await pressed(pilot, *"t 10 G")
        await offered(pilot)
        await pressed(pilot, *"B", "enter", *"carry")
        await offered(pilot)
        await pressed(pilot, "enter")
        assert app.text == 'plan "A" prepaid\n  grant 10 GB\n  carry\n  '


async def test_enter_takes_what_an_arrow_chose_and_escape_closes() -> None:
    async with opened('plan "A" prepaid\n  grant 1 GB\n  ') as (app, pilot):
        put_cursor(app, 3, 2)
        await pressed(pilot, "c")
        labels = await offered(pilot)
        await pressed(pilot, "down", "down", "enter")
        assert app.text.endswith(f"  {labels[1]}")
        await pressed(pilot, "ctrl+z")
        assert app.text.endswith("\n  c")
        await pressed(pilot, "a")
        await offered(pilot)
        await pressed(pilot, "escape")
        await offered(pilot, wanted=False)
        assert app.text.endswith("\n  ca")


async def test_enter_behind_what_is_filled_in_leaves_the_rest_of_it() -> None:
    async with opened('plan "A" prepaid\n  ') as (app, pilot):
        put_cursor(app, 2, 2)
        await pressed(pilot, *"gran")
        await offered(pilot)
        await pressed(pilot, "tab", *"7", "enter", "x")
        assert app.text == 'plan "A" prepaid\n  grant 7 GB\n  x'


async def test_what_is_offered_narrows_and_closes_when_the_cursor_goes() -> None:
    async with opened('plan "A" prepaid\n  grant 1 GB\n  ') as (app, pilot):
        put_cursor(app, 3, 2)
        await pressed(pilot, "c")
        many = len(await offered(pilot))
        await pressed(pilot, "a", "r")
        assert 0 < len(app.pane._shown) < many
        await pressed(pilot, "backspace", "backspace")
        assert len(app.pane._shown) == many
        await pressed(pilot, "left", "left")
        assert not app.query_one(Choices).display


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('plan "B" like "', "Flex 20"), ("  grant 5 G", "GB"), ("  carry 1 m", "month"),
        ("  unused data: convert to ", "minutes"),
    ],
)  # fmt: skip
async def test_it_knows_where_it_is(line: str, expected: str) -> None:
    async with opened(PLAN + line) as (app, pilot):
        put_cursor(app, 13, len(line))
        await pressed(pilot, "ctrl+@")
        assert expected in await offered(pilot)


async def test_what_is_asked_for_has_its_first_chosen() -> None:
    async with opened('plan "A" prepaid\n  grant 5 G') as (app, pilot):
        put_cursor(app, 2, 11)
        await pressed(pilot, "ctrl+@")
        await offered(pilot)
        await pressed(pilot, "enter")
        assert app.text == 'plan "A" prepaid\n  grant 5 GB'
        await pressed(pilot, *"  # hello", "ctrl+@")
        await shown(pilot, "Nothing can be offered here.")


async def test_a_click_takes_an_entry() -> None:
    async with opened('plan "A" prepaid\n  grant 1 GB\n  ') as (app, pilot):
        put_cursor(app, 3, 2)
        await pressed(pilot, *"carr")
        labels = await offered(pilot)
        await pilot.click(Choices, offset=(3, 1))
        await settled(pilot)
        assert app.text.endswith(f"  {labels[1]}")
        assert app.focused is app.editor


async def test_words_that_stand_behind_are_not_written_twice() -> None:
    async with opened('plan "A" prepaid\n  grant  GB\n') as (app, pilot):
        put_cursor(app, 2, 8)
        await pressed(pilot, "7")
        assert await offered(pilot, wanted=False) == [], "who changes a number there knows what it is of"
        await pressed(pilot, "ctrl+@")
        labels = await offered(pilot)
        await pressed(pilot, *["down"] * labels.index("7 GB"), "enter")
        assert app.text == 'plan "A" prepaid\n  grant 7 GB\n'


async def test_nothing_is_offered_in_a_comment_or_by_what_no_plan_says() -> None:
    async with opened("# ") as (app, pilot):
        put_cursor(app, 1, 2)
        await pressed(pilot, *"carr")
        assert await offered(pilot, wanted=False) == []


async def test_vi_leaves_what_is_offered_with_the_mode() -> None:
    async with opened('plan "A" prepaid\n  grant 1 GB\n') as (app, pilot):
        app.pane.use_vi(wanted=True)
        await pressed(pilot, *"Gocarr")
        await offered(pilot)
        await pressed(pilot, "escape")
        assert not app.query_one(Choices).display
        assert app.pane.mode == "NORMAL"


# ---- meanings


@pytest.mark.parametrize("size", [SMALL, MIDDLE, LARGE])
async def test_what_stands_at_the_cursor_is_told(size: tuple[int, int]) -> None:
    async with opened(size=size) as (app, pilot):
        put_cursor(app, 12, 4)
        await pressed(pilot, "f2")
        await shown(pilot, "carry: ")
        assert max(map(len, rows(app))) <= size[0]
        await pressed(pilot, "right")
        assert not app.query_one(Note).display
        put_cursor(app, 3, 8)
        await pressed(pilot, "f2")
        await shown(pilot, "Flex 20: postpaid; contract 24 months")
        await pressed(pilot, "f2")
        assert not app.query_one(Note).display


async def test_of_a_problem_its_page_is_one_key_further() -> None:
    async with opened(PLAN.replace("carry 1 month,", "carrry 1 month,")) as (app, pilot):
        await pressed(pilot, "f8", "f2")
        await shown(pilot, "f2 again: the page of R002")
        await pressed(pilot, "f2")
        assert isinstance(app.screen, Help)
        assert "Avoid:" in screen(app)


async def test_what_the_mouse_rests_on_is_told() -> None:
    async with opened() as (app, pilot):
        row = next(number for number, row in enumerate(rows(app)) if row.startswith("12 "))
        await pilot.hover(offset=(7, row))
        await shown(pilot, "carry: ")
        await pilot.hover(offset=(7, row + 1))
        await settled(pilot)
        assert not app.query_one(Note).display


async def test_text_of_a_file_is_told_as_text() -> None:
    async with opened('plan "[bold]A[/bold]\x1b[31m\u202e" prepaid\n  grant 1 GB\n') as (app, pilot):
        put_cursor(app, 1, 8)
        await pressed(pilot, "f2")
        await shown(pilot, "[bold]A[/bold]\\x1b[31m\\u202e")
        assert not {"\x1b", "\u202e"} & set(screen(app))


# ---- names

OTHERS = PLAN.replace("prepaid\n  grant 10GB", 'like "Flex 20"\n  grant 10GB')


async def test_a_name_leads_to_where_it_is_defined() -> None:
    async with opened(OTHERS) as (app, pilot):
        put_cursor(app, 10, 26)
        await pressed(pilot, "f10")
        assert app.editor.selected_text == "Flex 20"
        assert app.editor.cursor_location[0] == 2
        put_cursor(app, 12, 3)
        await pressed(pilot, "f10")
        await shown(pilot, "There is no name here that this text defines.")


async def test_every_place_of_a_name_is_listed() -> None:
    async with opened(OTHERS) as (app, pilot):
        put_cursor(app, 3, 8)
        await pressed(pilot, "alt+u")
        assert isinstance(app.screen, PlaceList)
        assert "plan Flex 20: 2 places" in screen(app)
        await pressed(pilot, "down", "enter")
        assert app.editor.cursor_location[0] == 9


async def test_a_name_becomes_another_wherever_it_stands() -> None:
    async with opened(OTHERS) as (app, pilot):
        put_cursor(app, 10, 26)
        await pressed(pilot, "alt+n")
        assert "Call this plan in 2 places:" in screen(app)
        await pressed(pilot, *["backspace"] * 7, *"Prepaid 10", "enter")
        assert "there is a plan called" in screen(app)
        await pressed(pilot, *["backspace"] * 10, *"Max", "enter")
        assert app.text == OTHERS.replace("Flex 20", "Max")
        assert app.focused is app.editor
        await pressed(pilot, "ctrl+z")
        assert app.text == OTHERS


# ---- what can be done about what is sound


async def test_a_lint_can_be_allowed_with_a_reason() -> None:
    async with opened('plan "A" prepaid\n  grant 10 GB\n  carry 1 month, cap 40 GB\n') as (app, pilot):
        await shown(pilot, "▲ 1 problem")
        put_cursor(app, 3, 4)
        await pressed(pilot, "ctrl+r")
        code = app._problems[0].code
        assert f"Allow {code} on this line" in screen(app)
        await pressed(pilot, "enter")
        assert app.text.splitlines()[2] == f"  carry 1 month, cap 40 GB  # allow {code}: why"
        await shown(pilot, "✓ no problems")
