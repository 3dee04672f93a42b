"""`rollover web`."""

from __future__ import annotations

from pathlib import Path

import click

from tui.exits import fail

WARNING = (
    "Whoever reaches {host} can read and write files as you, and there is no log-in: use this in a network you trust, or leave "
    "--host out."
)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, readable=False))
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; others reach all but this.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--public-url", metavar="URL", help="What browsers call it, where that is not http://HOST:PORT.")
def web(file: Path | None, host: str, port: int, public_url: str | None) -> None:
    """Serves the editor and preview to a browser on this machine."""
    from dsl.source import printable

    try:
        from tui.web import PortTakenError, Workbench, is_local
    except ModuleNotFoundError as error:
        if error.name not in ("aiohttp", "textual_serve", "aiohttp_jinja2", "jinja2"):
            raise
        fail("the browser's page needs more packages: pip install 'rollover[web]'")
    if not is_local(host):
        click.echo(WARNING.format(host=printable(host)), err=True)
    try:
        server = Workbench(file, host, port, public_url)
    except PortTakenError as error:
        fail(error)
    server.serve()
