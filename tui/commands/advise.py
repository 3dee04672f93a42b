"""`rollover advise`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from tui.commands.histories import DATE, PATH
from tui.exits import FINDINGS, OK, UNUSABLE, fail


@click.command()
@click.argument("paths", metavar="PLANS...", nargs=-1, required=True, type=PATH)
@click.option("--usage", type=PATH, required=True, metavar="RECORDS.csv", help="Dated records, `at,use`, in CSV or Parquet.")
@click.option("--line", default="", metavar="NAME", help="Whose records, where a column `line` says.")
@click.option("--start", type=DATE, help="When the line starts; the day of its first record, if not given.")
@click.option("--at", type=DATE, help="Today; the evening of the last record, if not given.")
@click.option("--plan", default="", metavar="NAME", help="The plan you have: what to do about it.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
def advise(
    paths: tuple[Path, ...], usage: Path, line: str, start: datetime | None, at: datetime | None, plan: str, layout: str
) -> None:
    """Which plan of these files, or folders, would have cost and wasted least; and with --plan, what to do about yours.

    Exit 0 where every plan could be compared, 1 where one could not, 2 where none could, or a file can't be read."""
    from tui import files
    from tui.advising import advised
    from tui.running import UnusableError

    try:
        found = advised(paths, usage, line, start, at, plan)
    except (files.FileError, UnusableError) as error:
        fail(error, UNUSABLE)
    if layout == "json":
        from tui.advice_json import as_json

        click.echo(as_json(found), nl=False)
    else:
        from tui.advice_text import text

        click.echo("\n".join(text(found)))
    sys.exit(FINDINGS if found.not_compared else OK)
