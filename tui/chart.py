"""A cycle as a bar of text: what became of all that was there, in the order used, carried, converted, expired, given, and the
overage that nothing covered behind it. Exact enough to read, small enough to test; colours are the caller's."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from engine.run import Run
from engine.statement import Figures
from tui import tally


class Part(StrEnum):
    USED = "used"
    CARRIED = "carried"
    CONVERTED = "converted"
    EXPIRED = "expired"
    GIVEN = "given"
    OVERAGE = "overage"


# A glyph of its own for each part: a bar reads without colour, too.
GLYPHS = {
    Part.USED: "█",
    Part.CARRIED: "▓",
    Part.CONVERTED: "▒",
    Part.EXPIRED: "░",
    Part.GIVEN: "▞",
    Part.OVERAGE: "!",
}


Parts = dict[Part, int]


def parts(run: Run, service: str) -> list[Parts]:
    """What became of a service in each cycle, in base units. Overage that sold blocks covered is part of `used` already."""
    cycles = [cycle.services.get(service, Figures()) for cycle in run.statement.cycles]
    return [_parts(figures, beyond) for figures, beyond in zip(cycles, tally.uncovered(run, service), strict=True)]


def _parts(figures: Figures, uncovered: int) -> Parts:
    there = figures.carried_in + figures.granted + figures.received + figures.converted_in
    covered = figures.used + figures.carried_out + figures.converted_out + figures.expired + figures.given
    assert there - figures.remaining == covered
    return {
        Part.USED: figures.used,
        Part.CARRIED: figures.carried_out,
        Part.CONVERTED: figures.converted_out,
        Part.EXPIRED: figures.expired,
        Part.GIVEN: figures.given,
        Part.OVERAGE: uncovered,
    }


def scale(rows: Iterable[Parts]) -> int:
    """The longest bar of a chart, in base units; at least 1."""
    return max([1, *(sum(row.values()) for row in rows)])


def bar(row: Parts, longest: int, width: int) -> list[tuple[Part, str]]:
    """The bar of a cycle in at most `width` columns, where `longest` base units fill them: its parts in order, with their text.

    Parts are rounded at their ends, so a bar is never longer than its sum; a part too small for a column is left out.
    """
    drawn: list[tuple[Part, str]] = []
    done = columns = 0
    for part, amount in row.items():
        done += amount
        upto = min(width, (2 * done * width + longest) // (2 * longest))
        if upto > columns:
            drawn.append((part, GLYPHS[part] * (upto - columns)))
            columns = upto
    return drawn
