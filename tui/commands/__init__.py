"""Further commands, a file each. Like those of tui/cli.py they only read their arguments; what they do is imported when run."""

from __future__ import annotations

import click

from tui.commands.advise import advise
from tui.commands.backtest import backtest
from tui.commands.check import check
from tui.commands.describe import describe
from tui.commands.diff import diff
from tui.commands.editor import editor
from tui.commands.explain import explain
from tui.commands.keys import keys
from tui.commands.lsp import lsp
from tui.commands.run import run
from tui.commands.settle import settle
from tui.commands.simulate import simulate
from tui.commands.test import test
from tui.commands.web import web

COMMANDS: tuple[click.Command, ...] = (
    run,
    check,
    test,
    explain,
    describe,
    diff,
    advise,
    settle,
    backtest,
    simulate,
    editor,
    keys,
    lsp,
    web,
)
