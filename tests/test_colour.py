"""Colour: on a terminal only, and never the only sign of anything."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pexpect
import pytest
from command_line import ENTRY, environment

ESCAPE = "\x1b["
WRONG = 'plan "A" prepaid\n  grant 10 GB\n  cary 1 month\n\n  example "e"\n    use 1 GB -> left 8 GB\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.plan").write_text(WRONG)
    (tmp_path / "b.plan").write_text(WRONG.replace("  cary 1 month\n", ""))
    (tmp_path / "c.plan").write_text('plan "A" prepaid\n grant  10 GB\n')
    return tmp_path


COMMANDS = {
    "findings": ("check", "a.plan"),
    "what a fix would change": ("check", "--fix", "--diff", "a.plan"),
    "what fmt would change": ("fmt", "--diff", "c.plan"),
    "tests": ("test", "b.plan"),
}


def said(**more: str) -> dict[str, str]:
    """An environment that says nothing of colours but `more`."""
    kept = {name: value for name, value in environment().items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "TERM": "xterm-256color", **more}


def in_a_pipe(folder: Path, *args: str, **more: str) -> str:
    done = subprocess.run([*ENTRY, *args], cwd=folder, env=said(**more), capture_output=True, text=True, check=False)
    return done.stdout


def on_a_terminal(folder: Path, *args: str, **more: str) -> str:
    child = pexpect.spawn(ENTRY[0], [*ENTRY[1:], *args], cwd=str(folder), env=said(**more), encoding="utf-8", timeout=60)
    text = str(child.read())
    child.close()
    return text


@pytest.mark.parametrize("args", COMMANDS.values(), ids=COMMANDS)
def test_on_a_terminal_there_is_colour_and_in_a_pipe_there_is_none(folder: Path, args: tuple[str, ...]) -> None:
    told, plain = on_a_terminal(folder, *args), in_a_pipe(folder, *args)
    assert ESCAPE in told
    assert ESCAPE not in plain
    assert plain.strip() in re.sub(r"\x1b\[[\d;]*m", "", told).replace("\r\n", "\n"), "the words are the same"


def test_what_is_asked_for_decides(folder: Path) -> None:
    assert ESCAPE not in on_a_terminal(folder, "check", "a.plan", NO_COLOR="1")
    assert ESCAPE not in on_a_terminal(folder, "check", "a.plan", TERM="dumb")
    assert ESCAPE not in on_a_terminal(folder, "check", "--format", "json", "a.plan")
    assert ESCAPE in in_a_pipe(folder, "check", "a.plan", FORCE_COLOR="1")
    assert ESCAPE not in in_a_pipe(folder, "check", "a.plan", FORCE_COLOR="1", NO_COLOR="1")
    assert ESCAPE in in_a_pipe(folder, "check", "a.plan", FORCE_COLOR="1", NO_COLOR="")


def test_severity_is_a_word_too(folder: Path) -> None:
    assert "error R002" in re.sub(r"\x1b\[[\d;]*m", "", on_a_terminal(folder, "check", "a.plan"))
