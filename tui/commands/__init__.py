"""Further commands, a file each. Like those of tui/cli.py they only read their arguments; what they do is imported when run.

A command is loaded by its name, when it is asked for: one of them should not wait for the others to be read.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

# Each is a command of that name in a file of that name.
NAMES = (
    "run",
    "check",
    "test",
    "explain",
    "describe",
    "diff",
    "advise",
    "prove",
    "settle",
    "backtest",
    "simulate",
    "editor",
    "keys",
    "lsp",
    "web",
)


def load(name: str) -> click.Command:
    found: click.Command = getattr(import_module(f"{__name__}.{name}"), name)
    return found
