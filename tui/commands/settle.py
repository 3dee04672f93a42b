"""`rollover settle`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui.commands.headers import mapping
from tui.commands.histories import DATE, PATH
from tui.exits import FINDINGS, OK, UNUSABLE, counted, fail
from tui.lean import lean

if TYPE_CHECKING:
    from tui.settling import Asked, Done, Report

_MOST_REASONS = 5
FORMS = ("auto", "numba", "numpy", "rows")


@click.command()
@click.argument("plans", nargs=-1, required=True, type=PATH, metavar="PLANS...")
@click.option(
    "--usage",
    type=PATH,
    required=True,
    multiple=True,
    metavar="U.parquet|FOLDER",
    help="What they used, .parquet or .csv.",
)
@click.option(
    "--opening", type=PATH, multiple=True, metavar="LOTS", help="What they hold: the `lots` of the month before, or its folder."
)
@click.option("--out", type=PATH, required=True, metavar="DIR", help="The folder to make.")
@click.option("--plan", default="", metavar="NAME", help="Their plan, where the usage has no column `plan`.")
@click.option(
    "--start", type=DATE, help="When they began, where no column `start` says; 2026-01-01, or the first record's day."
)
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="Which column is which, as data=used_bytes.")
@click.option("--columns", "wanted", default="", metavar="NAMES", help="Only these of the statement, as data_used,EUR_due.")
@click.option("--form", type=click.Choice(FORMS), default="auto", show_default=True, help="How it is computed.")
@click.option("--log", type=PATH, metavar="FILE", help="A line a part, added to that file.")
@click.option("--engine", type=click.Choice(("here", "spark")), default="here", show_default=True, help="On what it runs.")
@click.option("--master", metavar="URL", help="With --engine spark: which, as local[2] or spark://HOST:7077; local[*].")
@click.option("--restart", is_flag=True, help="Do not go on with a run that was not finished.")
def settle(
    plans: tuple[Path, ...], usage: tuple[Path, ...], opening: tuple[Path, ...], out: Path, plan: str, start: datetime | None,
    columns: tuple[str, ...], wanted: str, form: str, log: Path | None, engine: str, master: str | None,
    restart: bool,
) -> None:  # fmt: skip
    """Settles the cycles of very many subscribers: statements, what they hold then, and totals, as Parquet in a folder.

    A run that was killed goes on where it was. Rows that can't be settled are in `rejects`, with a reason; then it exits 1."""
    if master and engine != "spark":
        fail("--master is of Spark: give --engine spark, too")
    with nullcontext() if engine == "spark" else lean():
        try:
            from tui import settling
        except ModuleNotFoundError as error:
            if error.name not in ("numpy", "pyarrow"):
                raise
            fail("settling needs more packages: pip install 'rollover[batch]'")
        asked = settling.Asked(
            plans, usage, out, opening, plan, start, mapping(columns), settling.form_of(form), restart,
            tuple(filter(None, map(str.strip, wanted.split(",")))),
        )  # fmt: skip
        done = _settled(asked, log, master or "local[*]" if engine == "spark" else "")
    _say(done, out)
    sys.exit(FINDINGS if done.totals.rejected else OK)


def _settled(asked: Asked, log: Path | None, master: str) -> Done:
    """On Spark where there is a master."""
    from tui import settling
    from tui.files import FileError
    from tui.running import UnusableError
    from tui.settle.totals import OutOfBalanceError

    try:
        with _Told(log, asked.out.name, settling.rows_of(asked.usage)) as told:
            return _on_spark(asked, master, told.report) if master else settling.settle(asked, told.report)
    except FileError as error:
        fail(error)
    except UnusableError as error:
        fail(error, UNUSABLE if error.misuse else FINDINGS)
    except OutOfBalanceError as error:
        fail(f"nothing is written: {error}; please report this", FINDINGS)


def _on_spark(asked: Asked, master: str, report: Report) -> Done:
    try:
        import pandas  # noqa: F401 - Spark does not say so itself
        import pyspark  # noqa: F401

        from tui.settle_spark import job
    except ModuleNotFoundError as error:
        if error.name not in ("pandas", "pyspark"):
            raise
        fail("settling on Spark needs more packages: pip install 'rollover[spark]'")
    return job.settle(asked, master, report)


class _Told:
    """Progress on a terminal, lines in a log."""

    def __init__(self, log: Path | None, name: str, rows: int) -> None:
        self.log = log
        self.bar = click.progressbar(
            length=rows, label=name, file=sys.stderr, hidden=not sys.stderr.isatty() or not rows, show_pos=True
        )  # fmt: skip

    def __enter__(self) -> _Told:
        self._log("")  # whether it can be written is told before a long run
        self.bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.__exit__(*error)  # type: ignore[arg-type]

    def report(self, rows: int, line: str) -> None:
        self.bar.update(rows)
        if not line:
            return
        if self.log:
            self._log(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {line}\n")
        elif not sys.stderr.isatty():
            click.echo(line, err=True)

    def _log(self, line: str) -> None:
        if not self.log:
            return
        try:
            with self.log.open("a", encoding="utf-8") as file:
                file.write(line)
        except OSError as error:
            fail(f"{self.log} can't be written: {(error.strerror or str(error)).lower()}")


def _say(done: Done, out: Path) -> None:
    from dsl.source import printable

    totals = done.totals
    for (plan, why), lines in sorted(totals.by_rows.items(), key=lambda one: (one[0][0], one[0][1].line)):
        where = f", line {why.line}" if why.line else ""
        click.echo(printable(f'{counted(lines, "subscriber")} of "{plan}" ran one at a time{where}: {why.reason}'))
    was = "was there already, of the same input" if done.as_before else "written"
    click.echo(printable(f"{out} {was}: {counted(totals.cycles, 'cycle')} of {counted(totals.lines, 'subscriber')}"))
    if done.taken_up and not done.as_before:
        click.echo(f"{counted(done.taken_up, 'part')} of {done.parts} had been done before")
    if totals.rejected:
        click.echo(printable(f"{counted(totals.rejected.total(), 'row')} rejected; see {out / 'rejects'}"))
        for reason, rows in totals.rejected.most_common(_MOST_REASONS):
            click.echo(printable(f"  {rows:,}: {reason}"))
        if more := totals.rejected.total() - sum(rows for _, rows in totals.rejected.most_common(_MOST_REASONS)):
            click.echo(f"  {more:,}: other reasons")
