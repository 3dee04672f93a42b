"""`rollover simulate`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from tui.commands.histories import DATE, PATH
from tui.commands.numbers import Part, WholeNumber
from tui.exits import FINDINGS, UNUSABLE, counted, fail
from tui.lean import lean

MOST_SUBSCRIBERS, MOST_MONTHS = 1_000_000_000, 60


@click.command()
@click.argument("more", metavar="[PLANS]...", nargs=-1, type=PATH)
@click.option("--subscribers", type=WholeNumber(1, MOST_SUBSCRIBERS), required=True, metavar="N", help="How many, as 1e6.")
@click.option("--months", type=WholeNumber(1, MOST_MONTHS), default=12, show_default=True, metavar="N")
@click.option("--seed", type=WholeNumber(0, (1 << 64) - 1), default=1, show_default=True, metavar="N", help="Which chance.")
@click.option("--start", type=DATE, metavar="DAY", help="The first day of the first month; 2026-01-01, if not given.")
@click.option("--plans", type=PATH, multiple=True, metavar="FILE.plan|FOLDER", help="Lines are on the plans in there.")
@click.option("--plan", "names", multiple=True, metavar="NAME", help="Only on these of the plans.")
@click.option("--records", "dated", is_flag=True, help="Dated records in place of what is used in a cycle.")
@click.option("--part", type=Part(), default=(1, 1), metavar="K/N", help="Only part K of N; all parts are the whole.")
@click.option("--out", type=PATH, required=True, metavar="USAGE.parquet", help="What to write, .parquet or .csv.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@lean()
def simulate(
    more: tuple[Path, ...], subscribers: int, months: int, seed: int, start: datetime | None, plans: tuple[Path, ...],
    names: tuple[str, ...], dated: bool, part: tuple[int, int], out: Path, force: bool,
) -> None:  # fmt: skip
    """Makes up usage of very many subscribers, to settle it and to try plans on: light and heavy, by season, with gaps.

    The same seed is the same file. docs/simulate.md says what to expect of it."""
    try:
        from tui import simulating
    except ModuleNotFoundError as error:
        if error.name not in ("numpy", "pyarrow"):
            raise
        fail("simulating needs more packages: pip install 'rollover[batch]'")
    from tui.files import FileError
    from tui.running import UnusableError

    asked = simulating.Asked(subscribers, months, seed, start, (*plans, *more), names)
    try:
        simulating.refuse_out(out, force=force)
        base = simulating.base(asked)
        blocks = base.part(*part)
        with click.progressbar(
            length=sum(map(base.in_block, blocks)), label=f"{out.name}", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as bar:
            rows = simulating.write(base, blocks, out, dated=dated, report=bar.update)
    except FileError as error:
        fail(error)
    except UnusableError as error:
        fail(error, UNUSABLE if error.misuse else FINDINGS)
    from dsl.source import printable

    people = counted(sum(map(base.in_block, blocks)), "subscriber")
    click.echo(printable(f"{out} written: {counted(rows, 'record' if dated else 'cycle')} of {people}"))
