"""The tutorial, followed to the letter in an empty folder: files as it says, commands and screens as it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import ROOT, rollover
from screens import opened, pressed, screen

from dsl.format import format_text

PAGE = ROOT / "docs" / "tutorial.md"
SIZE = (80, 24)
BLOCKS = re.findall(r"^```([^\n]*)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


async def test_whoever_does_what_the_tutorial_says_sees_what_it_shows() -> None:
    """The first words of a block say what it is: a session, a file or what is added to it, a change of a line, or a screen."""
    done = set()
    for kind, text in BLOCKS:
        match kind.split():
            case ["console"]:
                session(text)
            case ["plan", name, "holds"]:
                assert Path(name).read_text(encoding="utf-8") == text
            case ["yaml", name]:
                Path(name).write_text(text, encoding="utf-8")
            case ["plan", name, "goes", "on"]:
                before = Path(name).read_text(encoding="utf-8")
                Path(name).write_text(f"{before}\n{text}", encoding="utf-8")
            case ["yaml", name, "goes", "on"]:
                before = Path(name).read_text(encoding="utf-8")
                Path(name).write_text(before + text, encoding="utf-8")
            case ["diff", name]:
                change(Path(name), text)
            case ["text", name, *keys]:
                path = Path(name)
                async with opened(path.read_text(encoding="utf-8"), SIZE, path) as (app, pilot):
                    await pressed(pilot, *keys)
                    assert screen(app) == text
            case _:
                raise AssertionError(f"nobody runs a block of {kind!r}")
        done.add(kind.split()[0])
    assert done == {"console", "plan", "yaml", "diff", "text"}
    for path in Path().glob("*.plan"):
        assert format_text(path.read_text(encoding="utf-8")) == path.read_text(encoding="utf-8")


def session(text: str) -> None:
    """Runs the commands of a session and compares what they print; `...` stands for lines that are left out."""
    for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", text, re.MULTILINE):
        name, *args = shlex.split(command)
        assert name == "rollover"
        printed = rollover(*args).output
        pattern = re.escape(shown).replace(re.escape("...\n"), "(?:.*\n)+")
        assert re.fullmatch(pattern, printed), f"{command}\n{printed}"


def change(path: Path, text: str) -> None:
    """Puts the lines with a `+` in the place of those with a `-`."""
    lines = text.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] == sign) for sign in "-+")
    before = path.read_text(encoding="utf-8")
    assert before.count(old) == 1
    path.write_text(before.replace(old, new), encoding="utf-8")


def test_it_is_short_enough_for_ten_minutes() -> None:
    assert len(PAGE.read_text(encoding="utf-8").splitlines()) <= 200
