"""`rollover diff`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import click

from tui import completion
from tui.commands.histories import PATH, asked, history_options
from tui.exits import FINDINGS, OK, UNUSABLE, fail

MEASURES = ("overage", "expired", "unmet", "cost")  # those of engine/contrast.py, which loads later


@click.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH, required=False)
@click.option(
    "--plan",
    default="",
    metavar="NAME",
    shell_complete=completion.plans,
    help="Only histories of that plan; with --with: the plan of OLD.",
)
@click.option("--with", "other", metavar="NAME", help="Two plans side by side: the one of NEW, or of OLD if it is alone.")
@history_options("Compare on these scenarios.", "S.yaml|FOLDER")
@click.option("--widest", type=click.Choice(MEASURES), help="Search for the usage on which two plans differ most in that.")
@click.option("--service", metavar="NAME", help="With --widest: of which service; data, if not given.")
@click.option("--prove", "proved", is_flag=True, help="Two plans over every history: whether one is ever worse than the other.")
@click.option("--usage-at-most", "most", default="", metavar="60GB", help="With --prove: what a cycle uses in the worst case.")
@click.option("--save", type=PATH, metavar="S.scenario.yaml", help="With --prove: write a history that decides.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
def diff(
    old: Path, new: Path | None, plan: str, other: str | None, widest: str | None, service: str | None, proved: bool, most: str,
    save: Path | None, layout: str, **history: Any,
) -> None:  # fmt: skip
    """Compares two plan files by what they come to: on the examples and scenarios of OLD, if nothing else is given.

    With --with or --widest two plans, side by side on one history: a sample of usage, if nothing else is given. With --prove
    over every history: equivalent, never worse, never better, or a history each way, and how far each can fall behind.

    Exit 0 where no figure and no movement differs, with --prove where NEW is proved never worse; else 1, and 2 where a file
    can't be read."""
    from tui import files, running

    if (most or save) and not proved:
        fail("--usage-at-most and --save say more about --prove: give that, too")
    if widest and proved:
        fail("--widest looks for one history, and --prove is about every one: give one of them")
    if service and not widest:
        fail("--service says more about --widest: give that, too")
    try:
        if proved:
            differs, text = _over_all(old, new or old, (plan, other or ""), most, save, layout, **history)
        elif other is not None or widest is not None:
            differs, text = _plans(old, new or old, (plan, other or ""), widest, service or "data", layout, **history)
        elif new is None:
            fail("name a second file; or two plans of this one: --plan NAME --with NAME")
        else:
            differs, text = _files(old, new, plan, layout, **history)
    except files.FileError as error:
        fail(error)
    except running.UnusableError as error:
        fail(error, UNUSABLE)
    click.echo(text, nl=False)
    sys.exit(FINDINGS if differs else OK)


def _files(old: Path, new: Path, plan: str, layout: str, **history: Any) -> tuple[bool, str]:
    from tui import outcomes
    from tui.checking import read_plan

    histories = outcomes.compared(old, new, plan, asked(**history))
    text = outcomes.shown(read_plan(old), read_plan(new), histories, layout)
    return any(one.differs for one in histories), text


def _over_all(
    old: Path, new: Path, names: tuple[str, str], most: str, save: Path | None, layout: str, **history: Any
) -> tuple[bool, str]:
    cycles = history.pop("cycles")
    if any(value not in (None, "") for value in history.values()):
        fail("--prove is about every history: leave out what says one, but for --cycles")
    from tui import solver

    if not solver.is_there():
        fail("proving needs one more package: pip install 'rollover[prove]'")
    from dsl.examples import DEFAULT_START
    from tui import never_worse, saving

    found = never_worse.beside(old, new, names, most, cycles, DEFAULT_START)
    if save and found.deciding:
        click.echo(saving.save(found.deciding, old, save, expect=False, force=False), err=True)
    elif save:
        click.echo(f"{save} is not written: no history decides", err=True)
    return not found.is_never_worse, never_worse.shown(found, layout, shutil.get_terminal_size((100, 24)).columns)


def _plans(
    old: Path, new: Path, names: tuple[str, str], widest: str | None, service: str, layout: str, **history: Any
) -> tuple[bool, str]:
    from dsl import units
    from tui import contrasting

    if widest:
        cycles = history.pop("cycles") or 0
        if any(value not in (None, "") for value in history.values()):
            fail("--widest looks for the usage itself: leave out what says it, but for --cycles")
        about = units.SERVICE_WORDS.get(service.lower(), service)
        found = contrasting.furthest_apart(old, new, names, widest, about, cycles)
    else:
        found = contrasting.contrasted(old, new, names, asked(**history))
    return found.found.differs, contrasting.shown(found, layout)
