"""`rollover run`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui import completion
from tui.commands.histories import DATE, PATH, asked, history_options
from tui.exits import FINDINGS, UNUSABLE, fail

if TYPE_CHECKING:
    from engine.run import Run


@click.command()
@click.argument("file", type=PATH)
@click.option(
    "--plan",
    default="",
    metavar="NAME",
    shell_complete=completion.plans,
    help="The plan to run; the first of the file if not given.",
)
@click.option("--start", type=DATE, help="First day of the line.")
@history_options("A scenario file; its first scenario is run.")
@click.option("--late", type=PATH, metavar="LATE.csv", help="Records that came late: prints what they change.")
@click.option("--save", type=PATH, metavar="S.scenario.yaml", help="Write the history as a scenario file.")
@click.option("--expect", is_flag=True, help="With --save: and what it came to, so that it is a test.")
@click.option("--force", is_flag=True, help="With --save: write over a file that is there.")
@click.option("--format", "layout", type=click.Choice(["table", "json", "csv"]), default="table")
def run(
    file: Path, plan: str, start: datetime | None, late: Path | None, save: Path | None, expect: bool, force: bool,
    layout: str, **history: Any,
) -> None:  # fmt: skip
    """Runs a plan on a history and prints what each cycle comes to."""
    if (expect or force) and save is None:
        fail("--expect and --force say more about --save: give that, too")
    if late is None:
        print_run(file, plan, start, layout, save, expect=expect, force=force, **history)
    elif save is not None:
        fail("--save writes a history, and --late compares two: give one of them")
    elif history["scenario"] is None and history["usage"] is None:
        fail("--late adds to a history: give --usage or --scenario, too")
    else:
        _print_difference(file, plan, start, late, layout, **history)


_NOTHING_ASKED: dict[str, Any] = {
    "use": None, "scenario": None, "usage": None, "line": "", "preset": None, "cycles": None, "seed": None,
}  # fmt: skip


def print_run(
    file: Path, plan: str = "", start: datetime | None = None, layout: str = "table", save: Path | None = None, *,
    expect: bool = False, force: bool = False, **history: Any,
) -> None:  # fmt: skip
    import shutil

    from tui import asking, files, running

    try:
        found: Run = asking.outcome(file, plan, start, asked(**(history or _NOTHING_ASKED)))
        if save:
            _save(found, file, save, expect=expect, force=force)
    except files.FileError as error:
        fail(error)
    except running.UnusableError as error:
        fail(error, UNUSABLE if error.misuse else FINDINGS)
    columns = shutil.get_terminal_size((100, 24)).columns
    click.echo(running.shown(found, layout, columns), nl=False)


def _save(found: Run, plan: Path, path: Path, *, expect: bool, force: bool) -> None:
    from tui import saving

    click.echo(saving.save(found, plan, path, expect=expect, force=force), err=True)


def _print_difference(file: Path, plan: str, start: datetime | None, late: Path, layout: str, **history: Any) -> None:
    from tui import files, running
    from tui.late import compared, shown

    try:
        found, changes = compared(file, plan, start, asked(**history), late)
    except files.FileError as error:
        fail(error)
    except running.UnusableError as error:
        fail(error, UNUSABLE if error.misuse else FINDINGS)
    click.echo(shown(found, changes, layout), nl=False)
