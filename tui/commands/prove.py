"""`rollover prove`."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path

import click

from tui.commands.histories import DATE, PATH
from tui.exits import FINDINGS, OK, UNUSABLE, fail


@click.command()
@click.argument("paths", nargs=-1, required=True, type=PATH, metavar="PATHS...")
@click.option("--plan", "names", multiple=True, metavar="NAME", help="Only these plans.")
@click.option("--start", type=DATE, help="When a line begins, where it matters; 2026-01-01, if not given.")
@click.option("--save", type=PATH, metavar="S.scenario.yaml", help="Write the first history that breaks a claim.")
@click.option("--trusted", is_flag=True, help="Say what a verdict rests on.")
@click.option("--no-cache", is_flag=True, help="Prove again what was proved before, and keep nothing.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
def prove(
    paths: tuple[Path, ...],
    names: tuple[str, ...],
    start: datetime | None,
    save: Path | None,
    trusted: bool,
    no_cache: bool,
    layout: str,
) -> None:
    """Proves what plans claim with `ensure`: whatever is used, or it shows a history that breaks the claim.

    With each proof stands what it is not about. Exits 1 where a claim is refuted; what is UNKNOWN says what was looked at."""
    from tui import solver

    if not solver.is_there():
        fail("proving needs one more package: pip install 'rollover[prove]'")
    from dsl.examples import DEFAULT_START
    from tui import proving
    from tui.files import FileError
    from tui.running import UnusableError, refuse_year
    from tui.wrap import folded

    columns = shutil.get_terminal_size((100, 24)).columns
    found = []
    try:
        refuse_year("--start", start)
        for proof in proving.proofs(paths, names, start or DEFAULT_START, cached=not no_cache):
            found.append(proof)
            if layout == "text":
                click.echo(proving.as_text(proof, columns))
        refuted = [proof for proof in found if proof.run]
        if save and refuted and refuted[0].run:
            from tui import saving

            click.echo(saving.save(refuted[0].run, refuted[0].path, save, expect=False, force=False), err=True)
        elif save:
            click.echo(f"{save} is not written: no claim is refuted", err=True)
    except FileError as error:
        fail(error)
    except UnusableError as error:
        fail(error, UNUSABLE if error.misuse else FINDINGS)
    if layout == "json":
        click.echo(proving.as_json(found), nl=False)
    elif not found:
        click.echo("no plan there claims anything; a claim is a line of a plan such as `ensure data never above 30 GB`")
    elif trusted:
        for line in folded(proving.trusted(), columns):
            click.echo(line)
    sys.exit(FINDINGS if refuted else OK)
