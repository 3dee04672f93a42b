"""`rollover describe`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click

from tui import completion
from tui.commands.histories import PATH
from tui.exits import FINDINGS, UNUSABLE, fail
from tui.language import LANGUAGES, chosen

_WIDEST = 100  # longer lines are hard to read


@click.command()
@click.argument("file", type=PATH)
@click.option(
    "--plan", default="", metavar="NAME", shell_complete=completion.plans, help="The plan; the first of the file if not given."
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Chinese where LANGUAGE, LC_ALL or LANG asks for it, else English, if not given.",
)
@click.option("--format", "layout", type=click.Choice(["text", "markdown", "json"]), default="text")
def describe(file: Path, plan: str, language: str | None, layout: str) -> None:
    """Writes the customer's terms of a plan from its rules, and what is assumed where they are silent; or what a file of
    regulations asks of plans."""
    from tui import files, running
    from tui import language as languages
    from tui.describe import describe, describe_regulation, layouts

    try:
        checked = running.checked_plans(file)
        spoken = languages.language(language or chosen(os.environ))
        columns = min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns)
        if checked.regulations and not checked.plans and not plan:
            told = [describe_regulation(one, spoken, checked.data_step) for one in checked.regulations]
            click.echo("\n".join(layouts.shown(one, layout, columns) for one in told), nl=False)
            return
        found = running.chosen(checked, plan)
    except files.FileError as error:
        fail(error)
    except running.UnusableError as error:
        fail(error, UNUSABLE if error.misuse else FINDINGS)
    terms = describe(found, spoken)
    click.echo(layouts.shown(terms, layout, columns), nl=False)
    others = [one.name for one in checked.plans if one is not found]
    if others and not plan and layout == "text":
        _tell_others(others)


def _tell_others(names: list[str]) -> None:
    from dsl.source import printable

    quoted = ", ".join(f'"{printable(name)}"' for name in names)
    click.echo(f"other plans of this file, with --plan NAME: {quoted}", err=True)
