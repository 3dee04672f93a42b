"""Texts in which `|` marks where the cursor stands."""

from __future__ import annotations

from dsl.assist.position import Position
from dsl.check import Checked, check
from dsl.source import Source


def marked(text: str) -> tuple[Checked, Position]:
    before, _, after = text.partition("|")
    line = before.count("\n")
    return check(Source("x.plan", before + after)), Position(line + 1, len(before.rpartition("\n")[2]))
