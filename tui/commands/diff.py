"""`rollover diff`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tui import completion
from tui.exits import FINDINGS, OK, UNUSABLE, fail

_path = click.Path(path_type=Path, readable=False)  # what can't be read is told when it is read


@click.command()
@click.argument("old", type=_path)
@click.argument("new", type=_path)
@click.option("--plan", default="", metavar="NAME", shell_complete=completion.plans, help="Only histories of that plan.")
@click.option("--use", metavar="6GB,25GB,...", help="Compare on this use, cycle by cycle.")
@click.option("--scenario", type=_path, metavar="S.yaml|FOLDER", help="Compare on these scenarios.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
def diff(old: Path, new: Path, plan: str, use: str | None, scenario: Path | None, layout: str) -> None:
    """Compares two plan files by what they come to: on the examples and scenarios of OLD, if nothing else is given.

    Exit 0 where no figure and no movement differs, 1 where one does, 2 where a file can't be read."""
    from tui import files, outcomes, running
    from tui.checking import read_plan

    if use is not None and scenario is not None:
        fail("give one of --use and --scenario")
    try:
        histories = outcomes.compared(old, new, plan, use, scenario)
        text = outcomes.shown(read_plan(old), read_plan(new), histories, layout)
    except files.FileError as error:
        fail(error)
    except running.UnusableError as error:
        fail(error, UNUSABLE)
    click.echo(text, nl=False)
    sys.exit(FINDINGS if any(one.differs for one in histories) else OK)
