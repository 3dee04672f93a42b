"""The pages of codes, in the language that is spoken."""

from __future__ import annotations

from collections.abc import Iterator

from dsl.pages import Page, page, titles
from dsl.source import printable
from tui.saying import say
from tui.wrap import wrapped

COLUMNS = 78


def titled(code: str) -> tuple[str, str]:
    """The title of a page, and the rest as text in which a paragraph is a line."""
    found = page(code)
    return (_title(found), "\n\n".join(_parts(found))) if found else (code, "")


def printed(code: str) -> str:
    """A page as text for a terminal; "" where nothing has that code."""
    if not page(code):
        return ""
    title, text = titled(code)
    rows = [row for line in text.split("\n") for row in ([line] if line[:1] in ("", " ") else wrapped(line, COLUMNS))]
    return "\n".join([title, "", *rows])


def listing() -> list[str]:
    """A line a code."""
    return [f"{code}  {say(title)}" for code, title in titles().items()]


def _title(found: Page) -> str:
    return say("{code}: {title}", code=found.code, title=say(found.title))


def _parts(found: Page) -> Iterator[str]:
    for part in found.parts:
        yield say(part.words)
        if part.example:
            yield "\n".join(printable(line) for line in part.example.split("\n"))
