"""`rollover keys`."""

from __future__ import annotations

import sys

import click

from tui.exits import FINDINGS


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "yaml"]), default="text")
def keys(form: str) -> None:
    """Lists every key of the editor with its id; as YAML to start settings from. Exit 1 where your settings are wrong."""
    from tui.settings import load, path
    from tui.workbench import bindings

    settings = load()
    mapped, problems = bindings.keymap(settings)
    lines = bindings.listing(mapped) if form == "text" else bindings.as_settings(mapped, str(path()))
    click.echo("\n".join(lines))
    told = settings.told(*problems)
    for line in told:
        click.echo(line, err=True)
    sys.exit(FINDINGS if told else 0)
