"""`rollover explain`."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tui import completion
from tui.exits import FINDINGS, UNUSABLE, fail
from tui.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from tui.origins import Explained

_path = click.Path(path_type=Path, readable=False)  # what can't be read is told when it is read


@click.command()
@click.argument("what", metavar="FILE|CODE", required=False, shell_complete=completion.file_or_code)
@click.option("--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]), help="A local time of the plan.")
@click.option(
    "--service", default="data", metavar="NAME", shell_complete=completion.services, help="Whose balance: data, if not given."
)
@click.option(
    "--plan", default="", metavar="NAME", shell_complete=completion.plans, help="The plan; the first of the file if not given."
)
@click.option("--use", metavar="6GB,25GB,...", help="What is used in each cycle.")
@click.option("--scenario", type=_path, metavar="S.yaml", help="A scenario file; its first scenario is run.")
@click.option("--example", default="", metavar="NAME", shell_complete=completion.examples, help="An example of the file.")
@click.option("--line", default="", metavar="NAME", help="Another line of the account.")
@click.option("--format", "layout", type=click.Choice(["text", "json"]), default="text")
@click.option("--language", type=click.Choice(LANGUAGES), default=ENGLISH, help="Of the page of a CODE, and of the list.")
def explain(
    what: str | None, at: datetime | None, service: str, plan: str, use: str | None, scenario: Path | None, example: str,
    line: str, layout: str, language: str,
) -> None:  # fmt: skip
    """How a balance came about, and what happened to the rest: FILE --at 2026-03-31 --service data. Or what a CODE means.

    Alone it lists the codes."""
    if what is None or re.fullmatch(r"[A-Za-z]\d{3}", what):
        _page((what or "").upper(), language)
        return
    if at is None:
        fail("give --at: the day, and the time if it matters, at which the balance was seen")
    if sum(bool(given) for given in (use, scenario, example)) > 1:
        fail("give one of --use, --scenario and --example")
    found = _explained(Path(what), plan, use, scenario, example, at, service, line)
    click.echo(found.json() if layout == "json" else "\n".join(found.text()) + "\n", nl=False)


def _page(code: str, language: str) -> None:
    from tui import code_pages
    from tui.saying import say, speak

    speak(language)

    text = code_pages.printed(code) if code else "\n".join(code_pages.listing())
    if not text:
        fail(say("no finding has the code {code}; `rollover explain` lists those there are", code=code))
    click.echo(text)


def _explained(
    path: Path, plan: str, use: str | None, scenario: Path | None, example: str, at: datetime, service: str, line: str
) -> Explained:
    from dsl import units
    from tui import files, origins, running

    try:
        named = units.SERVICE_WORDS.get(service.lower(), service)
        return origins.explained(path, plan, use, scenario, example, at, named, line)
    except files.FileError as error:
        fail(error)
    except running.UnusableError as error:
        fail(error, UNUSABLE if error.misuse else FINDINGS)
