"""Colour on a terminal: what is wrong, where, and what to write instead. It only repeats what the words say.

Never in a pipe or a file; `NO_COLOR` turns it off, and `FORCE_COLOR` on, each where it is set to anything (no-color.org).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TextIO

import click

_STYLES: dict[str, dict[str, object]] = {
    "place": {"bold": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "also": {"fg": "blue"},
    "help": {"fg": "cyan"},
    "ok": {"fg": "green"},
    "FAIL": {"fg": "red", "bold": True},
    "+": {"fg": "green"},
    "-": {"fg": "red"},
    "@": {"fg": "cyan"},
}


def is_wanted(stream: TextIO | None = None) -> bool:
    """Whether what is printed there may have colours."""
    if os.environ.get("NO_COLOR"):
        return False
    if forced := os.environ.get("FORCE_COLOR"):
        return forced != "0"
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def painted(role: str, text: str) -> str:
    """A text in the colour of its role; one without a colour stays as it is."""
    return click.style(text, **_STYLES[role]) if text and role in _STYLES else text  # type: ignore[arg-type]


def echo(text: str, *, err: bool = False) -> None:
    """Prints a text whose colours were asked for, or that has none."""
    click.echo(text, err=err, color=is_wanted(sys.stderr if err else sys.stdout))


def difference(lines: Iterable[str]) -> None:
    """Prints a unified diff."""
    for line in lines:
        is_head = line.startswith(("--- ", "+++ "))
        echo(painted("place" if is_head else line[:1], line))
