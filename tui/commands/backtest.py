"""`rollover backtest`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui import completion
from tui.commands.headers import mapping
from tui.commands.histories import DATE, PATH
from tui.exits import FINDINGS, OK, UNUSABLE, fail
from tui.lean import lean

if TYPE_CHECKING:
    from tui.backtest.run import Asked, Backtest


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
@click.option("--usage", type=PATH, required=True, metavar="USAGE.parquet", help="What each line used, by cycles or records.")
@click.option("--plan", default="", metavar="NAME", shell_complete=completion.plans, help="The plan of OLD.")
@click.option("--with", "other", default="", metavar="NAME", help="The plan of NEW that would take its place.")
@click.option(
    "--start",
    type=DATE,
    metavar="DAY",
    help="When lines begin, where no column `start` says; 2026-01-01, or the first record.",
)
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="As data=used_bytes: what a column is called.")
@click.option("--by", type=click.Choice(["all", "due", "overage", "held", "expired"]), default="all", help="Who wins, by what.")
@click.option("--worst", type=click.IntRange(0, 1_000), default=3, show_default=True, metavar="N", help="How many hit hardest.")
@click.option("--fail-if", multiple=True, metavar="CONDITION", help='Exit 1 where it holds: "losers > 2%", "due < -1000 EUR".')
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
@click.option("--chart", type=PATH, metavar="FILE.png", help="Draw a picture, too; needs the extra `chart`.")
@lean()
def backtest(
    old: Path, new: Path, usage: Path, plan: str, other: str, start: datetime | None, columns: tuple[str, ...], by: str,
    worst: int, fail_if: tuple[str, ...], layout: str, chart: Path | None,
) -> None:  # fmt: skip
    """What would plan NEW have done to last year's base, in place of OLD? Winners, losers, by how much, who is hit hardest.

    Exit 0; 1 where a condition of --fail-if holds, or rows are bad; 2 where a file can't be read. See docs/backtest.md."""
    try:
        from tui.backtest.run import Asked
    except ModuleNotFoundError as error:
        if error.name not in ("numpy", "pyarrow"):
            raise
        fail("running a base needs more packages: pip install 'rollover[batch]'")
    from tui.backtest.findings import By

    if chart:
        _check_chart(chart)
    asked = Asked(old, new, usage, plan, other, start, mapping(columns), By(by), worst, fail_if)
    found = _found(asked)
    if layout == "json":
        from tui.backtest.figures_json import as_json

        click.echo(as_json(found), nl=False)
    else:
        import shutil

        from tui.backtest.text import text

        click.echo(text(found, shutil.get_terminal_size((100, 24)).columns), nl=False)
    if chart:
        _draw(found, chart)
    sys.exit(FINDINGS if found.failed or found.findings.rejected else OK)


def _found(asked: Asked) -> Backtest:
    from tui.backtest.run import backtest
    from tui.files import FileError
    from tui.running import UnusableError

    is_shown = sys.stderr.isatty()
    try:
        with click.progressbar(length=1, label=asked.usage.name, file=sys.stderr, hidden=not is_shown) as bar:

            def report(rows: int, of: int) -> None:
                bar.length = max(1, of, bar.pos + rows)
                bar.update(rows)

            return backtest(asked, report)
    except (FileError, UnusableError) as error:
        fail(error, UNUSABLE)


def _check_chart(path: Path) -> None:
    """Before a long run: whether a picture can be drawn there."""
    from importlib.util import find_spec

    from tui import files

    if find_spec("matplotlib") is None:
        fail("a picture needs one more package: pip install 'rollover[chart]'")
    if path.suffix.lower() != ".png":
        fail(f"{path} should end in .png")
    try:
        files.refuse_folder(path)
    except files.FileError as error:
        fail(error)


def _draw(found: Backtest, path: Path) -> None:
    from tui.backtest.picture import write
    from tui.files import FileError

    try:
        write(found, path)
    except FileError as error:
        fail(error)
