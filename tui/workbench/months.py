"""The cycles of one service as styled lines: as a table, as a chart, or, where it is narrow, as a few lines a cycle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from textual.content import Content

from dsl import units
from dsl.source import width as columns_of
from engine.run import Run
from engine.statement import Figures
from tui import tally
from tui.chart import GLYPHS, Part, Parts, bar, parts, scale

STYLES = {
    Part.USED: "$primary",
    Part.CARRIED: "$success",
    Part.CONVERTED: "$accent",
    Part.EXPIRED: "$foreground 50%",
    Part.GIVEN: "$secondary",
    Part.OVERAGE: "$error",
}
QUIET = "$foreground 60%"
MIN_BAR, MAX_BAR = 8, 60
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of a cycle; `part` is what it is in the bar. It stands where it is not all zeros, or `always`."""

    name: str
    amount: Callable[[Figures], int]
    part: Part | None = None
    always: bool = True


COLUMNS = (
    Column("available", lambda figures: figures.available),
    Column("received", lambda figures: figures.received, always=False),
    Column("made", lambda figures: figures.converted_in, always=False),
    Column("used", lambda figures: figures.used, Part.USED),
    Column("carried", lambda figures: figures.carried_out, Part.CARRIED),
    Column("converted", lambda figures: figures.converted_out, Part.CONVERTED, always=False),
    Column("expired", lambda figures: figures.expired, Part.EXPIRED),
    Column("overage", lambda figures: figures.overage, Part.OVERAGE, always=False),
)


class Months:
    """The cycles of `service` in a run, ready to be drawn at any width."""

    def __init__(self, run: Run, service: str) -> None:
        self.run = run
        self.service = service
        self.cycles = run.statement.cycles
        self.rows = [cycle.services.get(service, Figures()) for cycle in self.cycles]
        self.columns = [one for one in COLUMNS if one.always or any(map(one.amount, self.rows))]
        self.parts = parts(run, service)
        self.longest = scale(self.parts)
        self.charged = [_money(charges) for charges in tally.charged(run, service)]

    def labels(self) -> list[str]:
        """The first day of each cycle, with its year where there are several."""
        return day_labels([self.run.calendar.local(cycle.start) for cycle in self.cycles])

    def amount(self, amount: int) -> str:
        return units.show(self.service, amount, self.run.plan.data_step) if amount else "-"

    # ---- table

    def table(self, width: int, *, bars: bool) -> list[Content] | None:
        """A head and a row a cycle; None where it is too narrow. With `bars` rows end in bars, the head is a legend."""
        charged = [[money] for money in self.charged] if any(money != "-" for money in self.charged) else []
        names = [self._legend(column) if bars else column.name for column in self.columns]
        heads = ["from", *names, *(["charged"] if charged else [])]
        rows = [
            [label, *(self.amount(column.amount(figures)) for column in self.columns), *money]
            for label, figures, money in zip(self.labels(), self.rows, charged or [[]] * len(self.rows), strict=True)
        ]
        widths = [max(columns_of(cell) for cell in cells) for cells in zip(heads, *rows, strict=True)]
        gap = "  " if sum(widths) + 2 * len(widths) <= width - (MIN_BAR if bars else 0) else " "
        taken = sum(widths) + len(gap) * (len(widths) - 1)
        if taken > width:
            return None
        room = min(MAX_BAR, width - taken - 2) if bars else 0
        styles = ["", *(self._style(column) for column in self.columns), *(["$error"] if charged else [])]
        lines = [self._line(heads, widths, gap, [f"bold {style}".strip() for style in styles])]
        for cells, row in zip(rows, self.parts, strict=True):
            line = self._line(cells, widths, gap, [QUIET if cell == "-" else "" for cell in cells])
            lines.append(line + "  " + self.bar(row, room) if room >= MIN_BAR else line)
        return lines

    @staticmethod
    def _legend(column: Column) -> str:
        """The name with the glyph of its part of the bar."""
        return f"{GLYPHS[column.part]} {column.name}" if column.part else column.name

    def _style(self, column: Column) -> str:
        return STYLES[column.part] if column.part else ""

    @staticmethod
    def _line(cells: Sequence[str], widths: Sequence[int], gap: str, styles: Sequence[str]) -> Content:
        line = Content("")
        for number, (cell, wide, style) in enumerate(zip(cells, widths, styles, strict=True)):
            line += (gap if number else "") + " " * (wide - columns_of(cell))
            line += Content.styled(cell, style) if style else Content(cell)
        return line

    # ---- chart

    def bar(self, row: Parts, width: int) -> Content:
        return Content.assemble(*((text, STYLES[part]) for part, text in bar(row, self.longest, width)))

    def chart(self, width: int) -> list[Content]:
        """A bar a cycle, with its first day before it and what was there behind it, then the legend."""
        labels = self.labels()
        wide = max(map(len, labels), default=0)
        sums = [self.amount(sum(row.values()) - row[Part.OVERAGE]) for row in self.parts]
        room = width - wide - 2 - max(map(columns_of, sums), default=0)
        lines = [
            Content.assemble((label.rjust(wide) + " ", QUIET), self.bar(row, min(MAX_BAR, room)), (f" {there}", QUIET))
            for label, row, there in zip(labels, self.parts, sums, strict=True)
        ]
        legend = [Content.styled(self._legend(column), self._style(column)) for column in self.columns if column.part]
        return lines + _packed(legend, width, " " * (wide + 1))

    # ---- narrow

    def cards(self, width: int) -> list[Content]:
        """A bar a cycle and below it every figure with its word, wrapped to `width`."""
        lines: list[Content] = []
        for label, figures, row, charged in zip(self.labels(), self.rows, self.parts, self.charged, strict=True):
            lines.append(Content.assemble((label.rjust(6) + " ", "bold"), self.bar(row, width - 7)))
            words = [(column.name, column.amount(figures), self._style(column)) for column in self.columns]
            said = [Content.assemble((name, style), " " + self.amount(amount)) for name, amount, style in words if amount]
            if money := charged.strip("-"):
                said.append(Content.assemble(("charged", "$error"), " " + money))
            lines += _packed(said, width, "  ")
        return lines


def day_labels(days: Sequence[date]) -> list[str]:
    """Days in a few columns, with their year where there are several."""
    years = len({day.year for day in days}) > 1
    return [f"{day.day} {_MONTHS[day.month - 1]}" + (f" {day.year % 100:02}" if years else "") for day in days]


def _money(charges: Mapping[str, int]) -> str:
    return " + ".join(units.show(currency, amount) for currency, amount in charges.items() if amount) or "-"


def _packed(pieces: Sequence[Content], width: int, indent: str) -> list[Content]:
    """As many pieces a line as fit, two spaces between them."""
    lines: list[Content] = []
    for piece in pieces:
        if lines and len(lines[-1]) + 2 + len(piece) <= width:
            lines[-1] = lines[-1] + "  " + piece
        else:
            lines.append(Content(indent) + piece)
    return lines
