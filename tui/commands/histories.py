"""The options that say which history a command runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tui.asking import Asked

Command = Callable[..., Any]
PRESETS = (
    "sample",
    "light",
    "steady",
    "heavy",
    "holiday",
    "growing",
    "random",
)  # those of engine/presets.py, which loads later
PATH = click.Path(path_type=Path, readable=False)  # what can't be read is told when it is read
DATE = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


def history_options(scenario: str, scenario_metavar: str = "S.yaml") -> Callable[[Command], Command]:
    """`--use`, `--scenario` (`scenario` says what it is for), `--usage`, `--line`, `--preset`, `--cycles`, `--seed`."""
    options = (
        click.option("--use", metavar="6GB,25GB,...", help="What is used in each cycle."),
        click.option("--scenario", type=PATH, metavar=scenario_metavar, help=scenario),
        click.option("--usage", type=PATH, metavar="RECORDS.csv", help="Dated records, `at,use`, in CSV or Parquet."),
        click.option("--line", default="", metavar="NAME", help="With --usage: whose records, where a column `line` says."),
        click.option("--preset", type=click.Choice(PRESETS), help="A way of using what the plan grants."),
        click.option("--cycles", type=click.IntRange(1, 1_200), metavar="N", help="With --preset: how many."),
        click.option("--seed", type=int, metavar="N", help="With --preset: each cycle a little otherwise, by that seed."),
    )

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def asked(
    use: str | None,
    scenario: Path | None,
    usage: Path | None,
    line: str,
    preset: str | None,
    cycles: int | None,
    seed: int | None,
) -> Asked:
    """What they ask for. Raises running.UnusableError."""
    from tui.asking import Asked

    return Asked(use, scenario, usage, preset, line, cycles or 0, seed)
