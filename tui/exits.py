"""How a command ends: its exit codes, and what is said where it can't go on."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import NoReturn

import click

OK, FINDINGS, UNUSABLE = 0, 1, 2
INTERRUPTED = 130  # 128 + SIGINT, as shells say
# Whoever read the output has stopped reading. 128 + SIGPIPE is what shells say of every tool that ends so; it is neither clean
# nor findings, since nobody knows what would have followed.
STOPPED = 141


def fail(message: object, code: int = UNUSABLE) -> NoReturn:
    click.echo(str(message), err=True)
    sys.exit(code)


def counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


@contextlib.contextmanager
def output() -> Iterator[None]:
    """Around all that prints: what can't be written is told, and what was typed reaches the terminal in printable form only."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        from dsl.source import printable_lines

        vars(error)["message"] = printable_lines(error.message)  # which click declares final
        raise
    except OSError as error:
        if error.filename is not None:
            raise  # of a file, and not of the output
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would try, and fail, again when it ends
        if isinstance(error, BrokenPipeError):
            sys.exit(STOPPED)
        fail(f"can't write: {(error.strerror or str(error)).lower()}")
