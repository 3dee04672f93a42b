"""The `rollover` command. Commands only read their arguments here; what they do is imported when they are run."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from tui import commands, completion
from tui.exits import FINDINGS, OK, UNUSABLE, fail, output

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def _show_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        try:
            version = metadata.version("rollover")
        except metadata.PackageNotFoundError:
            version = "(not installed)"
        click.echo(f"rollover {version}")
        ctx.exit()


class _PlanFirst(click.Group):
    """`rollover FILE` is `rollover open FILE`; a file called like a command is written `./check`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *commands.NAMES})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return commands.load(cmd_name) if cmd_name in commands.NAMES else super().get_command(ctx, cmd_name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing and not args:
            return super().parse_args(ctx, args)  # a shell asks what may follow
        if not args or (args[0] not in self.list_commands(ctx) and not args[0].startswith("-")):
            if args and not os.path.exists(args[0]):  # a Path would raise where it can't be looked at
                self._refuse_misspelt(ctx, args[0])
            args = ["open", *args]
        with output():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        with output():
            return super().invoke(ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [completion.a_file(incomplete), *super().shell_complete(ctx, incomplete)]

    def _refuse_misspelt(self, ctx: click.Context, name: str) -> None:
        import difflib

        if close := difflib.get_close_matches(name, self.list_commands(ctx), 1, 0.7):
            ctx.fail(f"no command and no file is called {name!r}; did you mean {close[0]!r}?")

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  (click calls it so)
        formatter.write_usage("rollover", "[FILE]... | COMMAND [ARGS]...")


@click.group(cls=_PlanFirst, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version and exit."
)
def main() -> None:
    """Rules for mobile plans: write them, check them, see what every month will look like.

    With plan FILES, a folder of them, or alone, it opens the editor and preview; without a terminal it prints the preview.
    """
    gc.set_threshold(50_000)  # what is made at the start stays: looking for garbage in it takes a sixth of a short command
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character gets a question mark, never a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _say(line: str) -> None:
    from dsl.source import printable

    click.echo(printable(line))


_path = click.Path(path_type=Path, readable=False)  # what can't be read is told when it is read, as everything is
_paths = click.argument("paths", nargs=-1, required=True, type=_path)


# ---- open


@main.command("open", hidden=True)
@click.argument("files", nargs=-1, type=_path)
def open_(files: tuple[Path, ...]) -> None:
    """Opens plan FILES, or a folder of them, or an example, in the editor with its preview."""
    if _has_screen():
        _edit(files)
    from tui import folders
    from tui.commands.run import print_run

    plans = folders.found(files or [folders.shipped() / "flex.plan"], folders.PLAN)
    if not plans:
        fail("no plan files there; plan files end in .plan")
    for path in plans:
        print_run(path)


def _has_screen() -> bool:
    """Whether there is a terminal, or a driver that Textual was given, as a browser's."""
    return "TEXTUAL_DRIVER" in os.environ or (sys.stdin.isatty() and sys.stdout.isatty())


def _edit(files: tuple[Path, ...]) -> NoReturn:
    from tui.files import FileError
    from tui.opening import opening

    try:
        found = opening(files)
    except FileError as error:
        fail(error)
    from tui.workbench.app import open_app

    sys.exit(open_app(found))


# ---- fmt


@main.command()
@_paths
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if a file is not in canonical layout.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--explicit", is_flag=True, help="Write out what the plans leave open and is assumed.")
def fmt(paths: tuple[Path, ...], only_check: bool, diff: bool, explicit: bool) -> None:
    """Writes plans in canonical layout; comments are kept, and a file with a line that can't be read is left alone."""
    from tui import checking, colour, files, folders

    code = OK
    plans = folders.found(paths, folders.PLAN)
    if not plans:
        fail("no plan files there; plan files end in .plan")
    for path in plans:
        try:
            before, after = checking.formatted(path, spelled_out=explicit)
            if before == after:
                continue
            if diff:
                colour.difference(checking.difference(path, before, after))
            if only_check or diff:
                code = max(code, FINDINGS)
                if only_check:
                    _say(f"{path} would be changed")
            else:
                files.write(path, after)
                _say(f"{path} written")
        except files.FileError as error:
            click.echo(str(error), err=True)
            code = UNUSABLE
    sys.exit(code)


# ---- new, examples


@main.command()
@click.argument("file", type=_path)
def new(file: Path) -> None:
    """Writes a small commented plan and a scenario beside it to start from."""
    from tui import files, starter

    try:
        written = starter.write(file)
    except files.FileError as error:
        fail(error)
    for path in written:
        _say(f"{path} written")
    _say(f"see it: rollover {written[0]}")


@main.command()
@click.argument("name", required=False, shell_complete=completion.shipped)
@click.argument("folder", required=False, default=".", type=_path)
def examples(name: str | None, folder: Path) -> None:
    """Lists the examples that come with Rollover, or copies the one called NAME to FOLDER."""
    from tui import files, starter

    try:
        lines = starter.copy(name, folder) if name else starter.listing()
    except files.FileError as error:
        fail(error)
    for line in lines:
        _say(line)
