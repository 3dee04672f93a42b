"""Findings as the protocol has them, with a link to the page of each."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from dsl.diagnostics import Diagnostic
from dsl.lints import lints
from tui.lsp.views import View
from tui.saying import say

SOURCE = "rollover"


def diagnostics(view: View, found: Iterable[Diagnostic]) -> list[types.Diagnostic]:
    return [diagnostic(view, one) for one in found]


def diagnostic(view: View, one: Diagnostic) -> types.Diagnostic:
    page = _page(one.code)
    return types.Diagnostic(
        range=view.range(one.span),
        severity=types.DiagnosticSeverity.Error if one.is_error else types.DiagnosticSeverity.Warning,
        code=one.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        message=_message(one),
        related_information=[
            types.DiagnosticRelatedInformation(types.Location(view.text.uri, view.range(span)), say(word))
            for span, word in one.also
        ],
    )


def _message(one: Diagnostic) -> str:
    message = say(one.message)
    return f"{message}\n{say('help: {help}', help=say(one.help))}" if one.help else message


@cache
def _page(code: str) -> str:
    """Where the page of a code stands: a line of the messages' file, or the file of a lint."""
    if code in lints():
        found = importlib.util.find_spec(lints()[code])
        return from_fs_path(found.origin) or "" if found and found.origin else ""
    file = Path(str(resources.files("dsl").joinpath("messages.md")))
    lines = file.read_text(encoding="utf-8").splitlines()
    line = next((number for number, line in enumerate(lines, 1) if line.startswith(f"### {code}:")), 0)
    return f"{from_fs_path(str(file))}#L{line}" if line else ""
