"""`rollover editor`."""

from __future__ import annotations

import click


@click.command()
@click.argument("what", type=click.Choice(["schema", "textmate"]))
def editor(what: str) -> None:
    """Prints what editors need: the JSON Schema of scenario files, or a TextMate grammar of plans."""
    from tui import editors

    click.echo({"schema": editors.schema, "textmate": editors.textmate}[what](), nl=False)
