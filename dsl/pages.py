"""The page of each finding: of `dsl/messages.md`, or of a lint. `rollover explain CODE` prints it."""

from __future__ import annotations

import importlib
import inspect
import re
from importlib import resources

from dsl.lints import lints

_HEADING = re.compile(r"^#{2,3} ", re.MULTILINE)


def pages() -> dict[str, str]:
    """The pages of all findings but lints, by code: a title, why it matters, what to avoid and to prefer."""
    text = resources.files("dsl").joinpath("messages.md").read_text(encoding="utf-8")
    sections = _HEADING.split(text)[1:]
    return {section[:4]: section.strip() for section in sections if re.match(r"[RSP]\d{3}: ", section)}


def page(code: str) -> str:
    """The page of a code as text for a terminal; "" where nothing has that code."""
    if code in lints():
        return f"{code}: {inspect.getdoc(importlib.import_module(lints()[code]))}"
    lines = []
    inside = False
    for line in pages().get(code, "").splitlines():
        if line.startswith("```"):
            inside = not inside
        else:
            lines.append(f"    {line}".rstrip() if inside else line)
    return "\n".join(lines)


def listing() -> list[str]:
    """A line a code."""
    return [f"{code}  {title}" for code, title in sorted(titles().items())]


def titles() -> dict[str, str]:
    """What each code finds, in some words."""
    found = {code: text.partition("\n")[0].partition(": ")[2] for code, text in pages().items()}
    found |= {code: (inspect.getdoc(importlib.import_module(name)) or "").partition("\n")[0] for code, name in lints().items()}
    return {code: title.rstrip(".") for code, title in found.items()}
