"""The cycles of one service as styled lines: as a table, as a chart, or, where it is narrow, as a few lines a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from textual.content import Content

from dsl.source import width as columns_of
from engine.run import Run
from engine.statement import Figures
from tui import tally
from tui.chart import GLYPHS, Chart, Part, Stretch
from tui.columns import Column, that_stand
from tui.glyphs import CURSOR, LIT
from tui.moved import Moved
from tui.naming import Names
from tui.saying import amount_text, say

STYLES = {
    Part.ALLOWANCE_USED: "$text-primary",
    Part.CARRIED_USED: "$primary-lighten-2",
    Part.OTHER_USED: "$primary-darken-2",
    Part.CARRIED: "$text-success",
    Part.CONVERTED: "$text-accent",
    Part.EXPIRED: "$foreground 50%",
    Part.GIVEN: "$text-secondary",
    Part.OVERAGE: "$text-error",
}
QUIET = "$foreground 60%"
LIT_STYLE = "bold underline"
MIN_BAR, MAX_BAR = 8, 60


Piece = str | tuple[str, str]  # text, and its style


class Row(NamedTuple):
    """A line of the screen, and the cycle it is about, counted from 0; -1 for none."""

    text: Content
    cycle: int = -1


class Months:
    """The cycles of `service` in a run, ready to be drawn at any width; each line has its first column for a mark."""

    def __init__(self, run: Run, service: str) -> None:
        self.run = run
        self.service = service
        self.here = -1
        self.cycles = run.statement.cycles
        self.rows = [cycle.services.get(service, Figures()) for cycle in self.cycles]
        self.columns = that_stand(self.rows)
        self.chart_of = Chart(run, service)
        self.charged = [_money(charges) for charges in tally.charged(run, service)]
        self.light(None, -1)

    def light(self, moved: Moved | None, here: int) -> None:
        """What the rules moved that `moved` is about lights up, and the cycle `here`, counted from 0, is marked."""
        self.here = here
        numbers = [cycle.number for cycle in self.cycles]
        self.moved = [moved.figures(self.service, number) if moved else None for number in numbers]
        self.lit = [moved.parts(self.service, number) if moved else [] for number in numbers]

    def labels(self) -> list[str]:
        """The first day of each cycle, with its year where there are several."""
        names = Names(self.run)
        return [names.day(cycle.start) for cycle in self.cycles]

    def amount(self, amount: int) -> str:
        return amount_text(self.service, amount, self.run.plan.data_step) if amount else "-"

    def _cursor(self, index: int) -> Piece:
        return (CURSOR, "bold $text-accent") if index == self.here else " "

    # ---- table

    def table(self, width: int, *, bars: bool) -> list[Row] | None:
        """A head and a row a cycle; None where it is too narrow. With `bars` rows end in bars, the head is a legend."""
        charged = [[money] for money in self.charged] if any(money != "-" for money in self.charged) else []
        names = [self._legend(column) if bars else self._name(column) for column in self.columns]
        heads = [say("from"), *names, *([say("charged")] if charged else [])]
        rows = [
            [label, *(self.amount(column.amount(figures)) for column in self.columns), *money]
            for label, figures, money in zip(self.labels(), self.rows, charged or [[]] * len(self.rows), strict=True)
        ]
        widths = [max(columns_of(cell) for cell in cells) for cells in zip(heads, *rows, strict=True)]
        room = width - 1
        gap = "  " if sum(widths) + 2 * len(widths) <= room - (MIN_BAR if bars else 0) else " "
        taken = sum(widths) + len(gap) * (len(widths) - 1)
        if taken > room:
            return None
        bar_room = min(MAX_BAR, room - taken - 2) if bars else 0
        styles = ["", *(self._style(column) for column in self.columns), *(["$text-error"] if charged else [])]
        no = [False] * len(heads)
        head = self._line(heads, widths, gap, [f"bold {style}".strip() for style in styles], no)
        lines = [Row(Content.assemble(" ", *head))]
        for index, cells in enumerate(rows):
            figures = self.moved[index]
            lit = [False, *(bool(column.amount(figures)) for column in self.columns), False] if figures else no
            pieces = self._line(cells, widths, gap, [QUIET if cell == "-" else "" for cell in cells], lit)
            bar = ["  ", *self.bar(index, bar_room)] if bar_room >= MIN_BAR else []
            lines.append(Row(Content.assemble(self._cursor(index), *pieces, *bar), index))
        return lines

    @staticmethod
    def _name(column: Column) -> str:
        return column.said

    def _legend(self, column: Column) -> str:
        """The name with the glyphs of its parts of the bars, as far as they occur."""
        parts = [part for part in column.parts if any(row[part] for row in self.chart_of.parts)] or column.parts[:1]
        return "".join(GLYPHS[part] for part in parts) + (" " if parts else "") + self._name(column)

    def _style(self, column: Column) -> str:
        return STYLES[column.parts[0]] if column.parts else ""

    @staticmethod
    def _line(cells: Sequence[str], widths: Sequence[int], gap: str, styles: Sequence[str], lit: Sequence[bool]) -> list[Piece]:
        """Cells to the right; a lit one has its mark in the gap before it."""
        line: list[Piece] = []
        for number, (cell, wide, style) in enumerate(zip(cells, widths, styles, strict=True)):
            before = (gap if number else "") + " " * (wide - columns_of(cell))
            line += [before[:-1], (LIT, "bold $text-warning"), (cell, LIT_STYLE)] if lit[number] else [before, (cell, style)]
        return line

    # ---- chart

    def bar(self, index: int, width: int) -> list[Piece]:
        return [(one.text, style_of(one)) for one in self.chart_of.bar(index, width, self.lit[index])]

    def chart(self, width: int) -> list[Row]:
        """A bar a cycle, with its first day before it and what was there behind it, then the legend."""
        labels = self.labels()
        wide = max(map(columns_of, labels), default=0)
        sums = [self.amount(sum(row.values()) - row[Part.OVERAGE]) for row in self.chart_of.parts]
        room = width - wide - 3 - max(map(columns_of, sums), default=0)
        lines = []
        for index, (label, there) in enumerate(zip(labels, sums, strict=True)):
            bar = self.bar(index, min(MAX_BAR, room))
            pieces = [self._cursor(index), (" " * (wide - columns_of(label)) + label + " ", QUIET), *bar, (f" {there}", QUIET)]
            lines.append(Row(Content.assemble(*pieces), index))
        return lines + [Row(line) for line in _packed(self.legend(), width, " " * (wide + 2))]

    def legend(self) -> list[Content]:
        return [Content.styled(text, STYLES[part] if part else "") for part, text in self.chart_of.legend()]

    # ---- narrow

    def cards(self, width: int) -> list[Row]:
        """A bar a cycle and below it every figure with its word, wrapped to `width`; then the legend."""
        lines: list[Row] = []
        for index, (label, figures, charged) in enumerate(zip(self.labels(), self.rows, self.charged, strict=True)):
            bar, moved = self.bar(index, width - 8), self.moved[index]
            lines.append(
                Row(Content.assemble(self._cursor(index), (" " * (6 - columns_of(label)) + label + " ", "bold"), *bar), index)
            )
            words = [
                (self._name(column), column.amount(figures), self._style(column), bool(moved and column.amount(moved)))
                for column in self.columns
            ]
            said = [
                Content.assemble((LIT, "bold $text-warning"), (name, style), " ", (self.amount(amount), LIT_STYLE))
                if is_lit
                else Content.assemble((name, style), " " + self.amount(amount))
                for name, amount, style, is_lit in words
                if amount
            ]
            if money := charged.strip("-"):
                said.append(Content.assemble((say("charged"), "$text-error"), " " + money))
            lines += [Row(line, index) for line in _packed(said, width, "   ")]
        return lines + [Row(line) for line in _packed(self.legend(), width, " ")]


def style_of(stretch: Stretch) -> str:
    if stretch.part is None:
        return "bold"
    return f"{STYLES[stretch.part]} {LIT_STYLE}" if stretch.is_lit else STYLES[stretch.part]


def _money(charges: Mapping[str, int]) -> str:
    return " + ".join(amount_text(currency, amount) for currency, amount in charges.items() if amount) or "-"


def _packed(pieces: Sequence[Content], width: int, indent: str) -> list[Content]:
    """As many pieces a line as fit, two spaces between them."""
    lines: list[Content] = []
    for piece in pieces:
        if lines and lines[-1].cell_length + 2 + piece.cell_length <= width:
            lines[-1] = lines[-1] + "  " + piece
        else:
            lines.append(Content(indent) + piece)
    return lines
