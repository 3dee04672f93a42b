"""What `rollover explain CODE` prints of a finding."""

from __future__ import annotations

import importlib
import inspect

from dsl.diagnostics import ERRORS, WARNINGS
from dsl.lints import lints


def page(code: str) -> str:
    """The page of a code: that of a lint, or what a finding says and what to do; "" where nothing has that code."""
    if code in lints():
        return f"{code}: {inspect.getdoc(importlib.import_module(lints()[code]))}"
    if code not in ERRORS and code not in WARNINGS:
        return ""
    message, advice = (ERRORS | WARNINGS)[code]
    kind = "warning" if code in WARNINGS else "error"
    return f"{code}, {kind}: {message}\n\nWhat to do: {advice}\n\nWords in braces are those of the text in which it is found."
