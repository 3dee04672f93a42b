"""The text in the editor that somebody has: written to a file beside the plan, edited there, and read back."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from dsl.source import printable
from tui import buffer, folders
from tui.files import FileError, why
from tui.language import message
from tui.saying import say

USUAL = ("editor", "nano", "vi")  # where neither $VISUAL nor $EDITOR says


def command() -> list[str]:
    """The command that edits a file. Raises FileError where there is none."""
    said = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(said)
    except ValueError:
        raise FileError(say("$VISUAL or $EDITOR can't be read: {said}", said=said)) from None
    words = words or [name for name in USUAL if shutil.which(name)][:1]
    if not words:
        raise FileError(say("there is no editor: say which in $VISUAL or $EDITOR"))
    if not shutil.which(words[0]):
        raise FileError(say("the editor {editor} is not there; $VISUAL or $EDITOR names it", editor=words[0]))
    return words


def edited(text: str, plan: Path | None) -> str:
    """The text as it came back. Raises FileError, and then nothing has changed."""
    words = command()
    folder = plan.parent if plan and os.access(plan.parent, os.W_OK) else None
    name = ""
    try:
        prefix = f".{plan.stem if plan else 'unnamed'}-"[:100]
        descriptor, name = tempfile.mkstemp(prefix=prefix, suffix=folders.PLAN, dir=folder)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        code = subprocess.call([*words, name])
        if code:
            told = message("the editor {editor} ended with {code}; the text is as it was")
            raise FileError(say(told, editor=printable(words[0]), code=str(code)))
        return buffer.read(Path(name))
    except OSError as error:
        raise FileError(say("the editor {editor} can't be run: {why}", editor=words[0], why=why(error))) from None
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)
