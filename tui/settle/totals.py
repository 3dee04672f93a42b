"""What very many lines came to in all, and that it adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.batch.lines import NotTraced
from engine.batch.trace import Moved

_INTO, _OUT = ("carried_in", "granted", "received", "converted_in"), (
    "used", "carried_out", "converted_out", "given", "expired", "remaining",
)  # fmt: skip


class OutOfBalanceError(Exception):
    """Figures that do not add up; which, and of which plan."""


@dataclass(slots=True)
class Totals:
    """Sums over subscribers: `figures` by plan and column, `moved` by plan, how many rows are rejected and how many lines ran
    one at a time, and why."""

    lines: int = 0
    cycles: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    figures: dict[str, dict[str, int]] = field(default_factory=dict)
    moved: dict[str, Counter[Moved]] = field(default_factory=dict)
    by_rows: Counter[tuple[str, NotTraced]] = field(default_factory=Counter)

    def add(self, other: Totals) -> None:
        self.lines += other.lines
        self.cycles += other.cycles
        self.rejected.update(other.rejected)
        for plan, figures in other.figures.items():
            mine = self.figures.setdefault(plan, {})
            for name, amount in figures.items():
                mine[name] = mine.get(name, 0) + amount
        for plan, moved in other.moved.items():
            self.moved.setdefault(plan, Counter()).update(moved)
        self.by_rows.update(other.by_rows)


def refuse_imbalance(plan: str, figures: Mapping[str, int]) -> None:
    """Raises OutOfBalanceError where more came in than went out, or less."""
    for service in [name.removesuffix("_granted") for name in figures if name.endswith("_granted")]:
        into, out = (sum(figures[f"{service}_{name}"] for name in names) for names in (_INTO, _OUT))
        if into != out:
            raise OutOfBalanceError(f'{service} of plan "{plan}": {into} came in and {out} went out')
