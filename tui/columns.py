"""The figures of a cycle that tables show, in the order of the bar beside them; and what a rule of the text moved of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.statement import Figures
from tui.chart import USED, Part
from tui.language import message
from tui.saying import say


@dataclass(frozen=True, slots=True)
class Column:
    """A figure; `parts` are those of the bar that add up to it. It stands where it is not all zeros, or `always`. `short` is
    its name where columns are dear."""

    name: str
    amount: Callable[[Figures], int]
    parts: tuple[Part, ...] = ()
    always: bool = False
    short: str = ""

    @property
    def said(self) -> str:
        """Its name where columns are dear, in the language that is spoken."""
        return say(self.short or self.name)


COLUMNS = (
    Column(message("available"), lambda figures: figures.available, always=True),
    Column(message("received"), lambda figures: figures.received),
    Column(message("converted in"), lambda figures: figures.converted_in, short=message("made")),
    Column(message("used"), lambda figures: figures.used, USED, always=True),
    Column(message("carried"), lambda figures: figures.carried_out, (Part.CARRIED,), always=True),
    Column(message("converted out"), lambda figures: figures.converted_out, (Part.CONVERTED,), short=message("converted")),
    Column(message("expired"), lambda figures: figures.expired, (Part.EXPIRED,), always=True),
    Column(message("given"), lambda figures: figures.given, (Part.GIVEN,)),
    Column(message("overage"), lambda figures: figures.overage, (Part.OVERAGE,)),
    Column(message("repaid"), lambda figures: figures.repaid),
    Column(message("owed"), lambda figures: figures.owed),
    Column(message("refused"), lambda figures: figures.refused),
)


def that_stand(rows: Sequence[Figures]) -> list[Column]:
    """The columns of a table with these rows."""
    return [one for one in COLUMNS if one.always or any(map(one.amount, rows))]
