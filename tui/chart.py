"""A cycle as a bar of text: what became of all that was there, in the order used (of the allowance, of what was carried, of
the rest), carried, converted, expired, given, and the overage that nothing covered behind it; with a mark where a cap of what
is carried stands. Exact enough to read, small enough to test; colours are the caller's."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dsl.plan import LotClass
from engine.run import Run
from engine.statement import Figures
from tui import tally
from tui.glyphs import CAP, LIT
from tui.language import message
from tui.saying import amount_text, say, spoken


class Part(StrEnum):
    ALLOWANCE_USED = message("allowance used")
    CARRIED_USED = message("carried used")
    OTHER_USED = message("other used")  # bonus, add-ons and the like: `other_used` names them
    CARRIED = message("carried")
    CONVERTED = message("converted")
    EXPIRED = message("expired")
    GIVEN = message("given")
    OVERAGE = message("overage")


# A glyph of its own for each part: a bar reads without colour, too.
GLYPHS = {
    Part.ALLOWANCE_USED: "█",
    Part.CARRIED_USED: "■",
    Part.OTHER_USED: "▆",
    Part.CARRIED: "▓",
    Part.CONVERTED: "▒",
    Part.EXPIRED: "░",
    Part.GIVEN: "▞",
    Part.OVERAGE: "!",
}
MAX_CAPS = 3  # marks in a bar, and amounts in a legend
USED = (Part.ALLOWANCE_USED, Part.CARRIED_USED, Part.OTHER_USED)


Parts = dict[Part, int]


def parts(run: Run, service: str, used_of: Sequence[Mapping[LotClass, int]]) -> list[Parts]:
    """What became of a service in each cycle, in base units, with what of the use was of each class. Overage that sold blocks
    covered is part of what was used already."""
    cycles = [cycle.services.get(service, Figures()) for cycle in run.statement.cycles]
    found = zip(cycles, used_of, tally.uncovered(run, service), strict=True)
    return [parts_of(figures, used, beyond) for figures, used, beyond in found]


def parts_of(figures: Figures, used: Mapping[LotClass, int], uncovered: int) -> Parts:
    """`used` is what of the use was served by lots, by their class."""
    allowance, carried = used.get(LotClass.ALLOWANCE, 0), used.get(LotClass.CARRIED, 0)
    return {
        Part.ALLOWANCE_USED: allowance,
        Part.CARRIED_USED: carried,
        Part.OTHER_USED: figures.used - allowance - carried,
        Part.CARRIED: figures.carried_out,
        Part.CONVERTED: figures.converted_out,
        Part.EXPIRED: figures.expired,
        Part.GIVEN: figures.given,
        Part.OVERAGE: uncovered,
    }


class Chart:
    """The bars of a service, all to one scale: `parts` and `marks` of caps for each cycle, in base units from the start of its
    bar, and the `longest` bar."""

    def __init__(self, run: Run, service: str) -> None:
        self.run = run
        self.service = service
        self._used = tally.used_of(run, service)
        self.parts = parts(run, service, self._used)
        self.marks = caps(run, service)
        bars = max([1, *(sum(row.values()) for row in self.parts)])
        # A cap far beyond every bar would leave no room for them.
        self.longest = max([bars, *(mark for row in self.marks for mark in row if mark <= 2 * bars)])

    def bar(self, index: int, width: int, lit: Collection[Part] = ()) -> list[Stretch]:
        """The bar of a cycle, counted from 0, in at most `width` columns."""
        room = width - max(map(len, self.marks), default=0)
        return bar(self.parts[index], self.longest, room, self.marks[index], lit)

    def legend(self) -> list[tuple[Part | None, str]]:
        """The parts that occur, each with its glyph and name, and the caps: of several, each with its line."""
        found: list[tuple[Part | None, str]] = [
            (part, f"{GLYPHS[part]} {self.name(part)}") for part in Part if any(row[part] for row in self.parts)
        ]
        amounts = {(one.span.line, one.most): None for one in self.run.capped if one.service == self.service}
        lines = {line for line, _ in amounts}
        said = [
            say("{amount} (line {line})", amount=self._amount(most), line=str(line)) if len(lines) > 1 else self._amount(most)
            for line, most in amounts
        ]
        if said:
            shown = [*said[:MAX_CAPS], *(["…"] if len(said) > MAX_CAPS else [])]
            found.append((None, f"{CAP} {say('cap {amounts}', amounts=say(', ').join(shown))}"))
        return found

    def _amount(self, amount: int) -> str:
        return amount_text(self.service, amount, self.run.plan.data_step)

    def name(self, part: Part) -> str:
        if part is not Part.OTHER_USED:
            return say(part)
        classes = {one for cycle in self._used for one in cycle}
        others = sorted(classes - {LotClass.ALLOWANCE, LotClass.CARRIED})
        if len(others) not in (1, 2):
            return say(part)
        return say("{classes} used", classes=spoken().every([say(one) for one in others]))


def caps(run: Run, service: str) -> list[list[int]]:
    """For each cycle, where in its bar what is carried would reach a cap, ascending."""
    found: list[list[int]] = []
    for cycle in run.statement.cycles:
        used = cycle.services.get(service, Figures()).used
        most = {one.most for one in run.capped if (one.cycle, one.service) == (cycle.number, service)}
        found.append(sorted(used + one for one in most)[:MAX_CAPS])
    return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some columns of a bar; `part` None: a cap, or room before one. `is_lit`: it holds what the rule at the cursor moved."""

    part: Part | None
    text: str
    is_lit: bool = False


def bar(row: Parts, longest: int, width: int, marks: Sequence[int] = (), lit: Collection[Part] = ()) -> list[Stretch]:
    """The bar of a cycle in at most `width` columns, where `longest` base units fill them, and one more for each mark: its
    parts in order, with their text.

    Parts are rounded at their ends, so a bar is never longer than its sum; a part too small for a column is left out. A mark
    stands between two columns.
    """

    def column(amount: int) -> int:
        return min(width, (2 * amount * width + longest) // (2 * longest))

    drawn: list[Stretch] = []
    waiting = [column(mark) for mark in marks if mark <= longest]
    done = columns = 0
    for part, amount in row.items():
        done += amount
        upto = column(done)
        while waiting and waiting[0] < upto:
            at = max(columns, waiting.pop(0))
            drawn += _stretch(part, at - columns, part in lit)
            drawn.append(Stretch(None, CAP))
            columns = at
        drawn += _stretch(part, upto - columns, part in lit)
        columns = max(columns, upto)
    for at in waiting:
        drawn.append(Stretch(None, " " * (at - columns) + CAP))
        columns = at
    return drawn


def _stretch(part: Part, columns: int, is_lit: bool) -> list[Stretch]:
    """A glyph a column; a lit one has its mark in the middle."""
    if columns <= 0:
        return []
    middle = columns // 2 if is_lit else columns
    text = GLYPHS[part] * middle + LIT * is_lit + GLYPHS[part] * (columns - middle - 1)
    return [Stretch(part, text, is_lit)]
