"""Pages, panes and dialogs at each width, compared with goldens (ROLLOVER_UPDATE=1 renews them), and legible in both themes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from screens import (
    LARGE,
    MIDDLE,
    PLAN,
    SMALL,
    WIDE,
    faint,
    is_golden,
    opened,
    pressed,
    put_cursor,
    rows,
    screen,
    settled,
    shown,
)
from textual.pilot import Pilot

from tui.workbench.app import RolloverApp

FRESH = PLAN + '\nplan "Fresh first" like "Flex 20"\n  use allowance, then carried\n'
WRONG = PLAN.replace("carry 1 month,", "carrry 1 month,").replace("rate 1 GB = 30", "rate 1 GB = 3O")
UNUSUAL = 'plan "A" prepaid\n  grant 10 GB\n  unused data: carry 1 month, cap 20 GB\n'  # a cap that is never reached
FAILS = PLAN + '  example "rolls"\n    use 0 GB -> left 8 GB\n'


@dataclass(frozen=True)
class Scene:
    """What is opened, and what is done until there is something to see."""

    act: Callable[[Pilot[int]], Awaitable[object]]
    text: str = PLAN
    files: tuple[tuple[str, str], ...] = ()  # that are open behind the first
    beside: tuple[tuple[str, str], ...] = ()  # in the folder
    has_folder: bool = False
    has_tour: bool = False


def keys(*pressed_ones: str, then: str = "") -> Callable[[Pilot[int]], Awaitable[object]]:
    """Presses keys, and waits for what is then on the screen."""

    async def act(pilot: Pilot[int]) -> None:
        await pressed(pilot, *pressed_ones)
        if then:
            await shown(pilot, then)
        await settled(pilot)

    return act


def app_of(pilot: Pilot[int]) -> RolloverApp:
    assert isinstance(pilot.app, RolloverApp)
    return pilot.app


async def folder(pilot: Pilot[int]) -> None:
    """Until it is known how each file stands."""
    app = app_of(pilot)
    await shown(pilot, "wrong.plan")
    pane = app.query_one("#folder")
    app.set_focus(pane)
    for _ in range(200):
        lines = [row[: pane.size.width].rstrip() for row in rows(app)]
        if any("●" in line for line in lines) and not any(line.endswith("…") for line in lines if ".plan" in line):
            break
        await pilot.pause(0.05)
    await settled(pilot)


async def completion(pilot: Pilot[int]) -> None:
    app = app_of(pilot)
    put_cursor(app, 12, 16)
    await pressed(pilot, "enter", "w")
    await shown(pilot, "when asked")


async def choice(pilot: Pilot[int]) -> None:
    app = app_of(pilot)
    await shown(pilot, "▲")
    put_cursor(app, app._problems[0].span.line, 4)
    await pressed(pilot, "ctrl+r")
    await settled(pilot)


async def palette(pilot: Pilot[int]) -> None:
    await pressed(pilot, "ctrl+p")
    await shown(pilot, "Search for commands")
    await pressed(pilot, *"largest")
    await shown(pilot, "Largest balance The largest")
    await settled(pilot)


SCENES = {
    "compare": Scene(keys("f6", *["f4"] * 4, then="carried out"), FRESH),
    "advice": Scene(keys("f6", *["f4"] * 5, then="lost"), FRESH),
    "folder": Scene(
        folder, files=(("other.plan", FRESH),), beside=(("wrong.plan", WRONG), ("fails.plan", FAILS)), has_folder=True
    ),
    "tour": Scene(keys("x"), has_tour=True),
    "find": Scene(keys("ctrl+f", *"month", "tab", *"cycle")),
    "problems": Scene(keys("ctrl+l"), WRONG),
    "completion": Scene(completion),
    "choice": Scene(choice, UNUSUAL),
    "help": Scene(keys("f6", "f1")),
    "palette": Scene(palette),
}
SIZES: Sequence[tuple[int, int]] = (SMALL, MIDDLE, LARGE, WIDE)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plans").mkdir()
    monkeypatch.chdir(tmp_path / "plans")
    monkeypatch.setattr("tui.workbench.folder_tree.QUIET_SECONDS", 0)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_pane(name: str, size: tuple[int, int]) -> None:
    scene = SCENES[name]
    for file, text in (("flex.plan", scene.text), *scene.files, *scene.beside):
        Path(file).write_text(text)
    more = [(Path(file), text) for file, text in scene.files]
    folder = Path() if scene.has_folder else None
    async with opened(scene.text, size, Path("flex.plan"), more=more, folder=folder, has_tour=scene.has_tour) as (app, pilot):
        await scene.act(pilot)
        drawn = screen(app)
        for theme in ("textual-light", "textual-dark"):
            app.theme = theme
            await settled(pilot)
            assert screen(app) == drawn
            assert not faint(app)
    assert max(map(len, drawn.splitlines())) <= size[0]
    is_golden(f"{name}-{size[0]}x{size[1]}", drawn)
