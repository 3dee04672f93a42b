"""Two plans on one history as a screen needs them: what became of all there was, cycle by cycle, and what differs, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.contrast import Contrast
from engine.difference import Changed
from tui.chart import Chart
from tui.contrasting import Contrasted, figure_name, row, worth_telling

# What a boundary hands on is told once, by the cycle that it ends.
_TOLD_BEFORE = {"carried_in", "converted_in"}


@dataclass(frozen=True, slots=True)
class Cycle:
    """A cycle of both; `said` are the figures that differ, as `carried out 10 GB → 12 GB`."""

    start: int
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What both come to in all, as text, and how much more the second does."""

    what: str
    first: str
    second: str
    more: str


def cycles(found: Contrast, service: str) -> list[Cycle]:
    """The cycles of the first, each with that of the second that begins with it; of those that do not begin together none."""
    if not found.same_cycles:
        return []
    told = _told(found, [one for one in found.figures if one.service == service and not one.line])
    return [Cycle(cycle.start, tuple(told.get(cycle.number, ()))) for cycle in found.first.statement.cycles]


def charts(found: Contrast, service: str) -> tuple[Chart, Chart]:
    """The bars of both, to one scale."""
    first, second = Chart(found.first, service), Chart(found.second, service)
    first.longest = second.longest = max(first.longest, second.longest)
    return first, second


def _told(found: Contrast, figures: Sequence[Changed]) -> dict[int, list[str]]:
    by_cycle: dict[int, list[str]] = {}
    contrasted = Contrasted(("", ""), found, "")
    for figure in figures:
        if figure.figure not in _TOLD_BEFORE:
            _, _, _, before, after, _ = row(contrasted, figure)
            by_cycle.setdefault(figure.cycle, []).append(f"{figure_name(figure.figure)} {before} → {after}")
    return by_cycle


def totals(found: Contrast) -> list[Total]:
    """What differs in all, of every service, and of money."""
    contrasted = Contrasted(("", ""), found, "")
    return [Total(*row(contrasted, total)[2:]) for total in worth_telling(found.totals)]
