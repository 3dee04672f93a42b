"""`rollover lsp`."""

from __future__ import annotations

import sys

import click

from tui.exits import fail


@click.command()
@click.option("--stdio", is_flag=True, help="As editors say it; there is no other way.")
def lsp(stdio: bool) -> None:  # noqa: ARG001
    """A language server for editors, on standard input and output: docs/editors.md says how to set it up."""
    from importlib import metadata

    try:
        from tui.lsp.server import serve
    except ModuleNotFoundError as error:
        if error.name not in ("pygls", "lsprotocol", "attrs", "cattrs"):
            raise
        fail("the language server needs more packages: pip install 'rollover[lsp]'")
    from tui.checking import use_grammar_cache

    use_grammar_cache()
    try:
        version = metadata.version("rollover")
    except metadata.PackageNotFoundError:
        version = ""
    sys.exit(serve(version))
