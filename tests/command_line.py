"""How the tests run `rollover`: in this process, where a traceback would be seen as one, or as a shell does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from tui.cli import main

ROOT = Path(__file__).parent.parent
ENTRY = [sys.executable, "-c", "from tui.cli import main; main(prog_name='rollover')"]


def rollover(*args: str, input: str | None = None) -> Result:
    """Runs a command on that standard input; whatever goes wrong must be a message, never an exception. Output is raw, escapes
    and all."""
    result = CliRunner().invoke(main, args, prog_name="rollover", color=True, input=input)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


def process(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Runs a command in a process of its own, with no terminal."""
    return subprocess.run([*ENTRY, *args], capture_output=True, stdin=subprocess.DEVNULL, env=environment(**env), check=False)


def written(name: str, text: str) -> Path:
    """A file of this text, in the folder the test is in, line ends as they are."""
    path = Path(name)
    path.write_text(text, encoding="utf-8", newline="")
    return path
