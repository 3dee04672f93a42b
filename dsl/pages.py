"""The page of each finding: of `dsl/messages.md`, or of a lint. `rollover explain CODE` prints it."""

from __future__ import annotations

import importlib
import inspect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple

from dsl.lints import lints
from dsl.phrase import Phrase, phrase

_HEADING = re.compile(r"^#{2,3} ", re.MULTILINE)
_FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENT = "    "


class Part(NamedTuple):
    """A paragraph, and the lines of a plan or a file that stand below it, indented; "" where none do."""

    words: Phrase
    example: str


@dataclass(frozen=True, slots=True)
class Page:
    """A title without a full stop; then why it matters, what to avoid and to prefer."""

    code: str
    title: Phrase
    parts: tuple[Part, ...]

    @property
    def in_short(self) -> Phrase:
        """The title and the first that is to be said of it."""
        why = self.parts[0].words
        if self.title.endswith("?"):
            return phrase("{title} {why}", title=self.title, why=why)
        return phrase("{title}. {why}", title=self.title, why=why)


def pages() -> dict[str, str]:
    """The pages of all findings but lints, by code, as they are written."""
    text = resources.files("dsl").joinpath("messages.md").read_text(encoding="utf-8")
    sections = _HEADING.split(text)[1:]
    return {section[:4]: section.strip() for section in sections if re.match(r"[RSPG]\d{3}: ", section)}


def codes() -> list[str]:
    return sorted([*pages(), *lints()])


@cache
def page(code: str) -> Page | None:
    """The page of a code; None where nothing has that code."""
    if code in lints():
        text = f"{code}: {inspect.getdoc(importlib.import_module(lints()[code]))}"
    else:
        text = _FENCED.sub(lambda fenced: textwrap.indent(fenced[1], _INDENT), pages().get(code, ""))
    title, *parts = _parts(text)
    return Page(code, Phrase(title.words.partition(": ")[2].rstrip(".")), tuple(parts)) if title.words else None


def _parts(text: str) -> Iterator[Part]:
    for block in re.split(r"\n\n+(?=\S)", text):
        words, indent, example = block.partition(f"\n\n{_INDENT}")
        yield Part(Phrase(" ".join(words.split())), f"{indent}{example}".strip("\n").rstrip())


def titles() -> dict[str, Phrase]:
    """What each code finds, in some words."""
    return {one.code: one.title for one in map(page, codes()) if one}
