"""A plan and the one that would take its place, on the same lines: the batch engine's figures, added up line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as arrow

from dsl.plan import Plan
from dsl.units import is_money
from engine.batch.batch import Batch
from engine.batch.lines import Form, Lines, columns_of
from engine.statement import COLUMNS
from tui.backtest.findings import MONEY, About, Amounts, Figure, Findings
from tui.backtest.histogram import Ints
from tui.backtest.lines import Group

_COLUMNS: dict[Figure, tuple[str, ...]] = {
    Figure.DUE: ("due",),
    Figure.CHARGED: ("charged",),
    Figure.OVERAGE: ("overage",),
    Figure.EXPIRED: ("expired",),
    Figure.CONVERTED: ("converted_out",),
    Figure.HELD: ("carried_out",),
    Figure.CAME: ("granted", "received", "converted_in"),
    Figure.USED: ("used",),
}
"""Which columns of a statement each figure is the sum of; what is held, only of the last cycle."""
_HELD = "_carried_out"
_MOST = 1 << 60  # of a sum over cycles: then figures that are sums of some, and changes, have room in 64 bits


@dataclass(frozen=True, slots=True)
class Offered:
    """A plan, with those of its file, which its rules may name."""

    plan: Plan
    others: Mapping[str, Plan]


def owners(plans: Sequence[Plan], uses: Sequence[str]) -> list[str]:
    """Services and currencies that one of the plans has figures of."""
    suffixes = tuple(f"_{name}" for name in (*COLUMNS, "charged", "due"))
    columns = [column for plan in plans for column in columns_of(plan, uses)]
    return list(dict.fromkeys(next(column.removesuffix(end) for end in suffixes if column.endswith(end)) for column in columns))


class Pair:
    """Two plans, `old` in force and `new` in its place, for lines that use `uses`."""

    def __init__(self, old: Offered, new: Offered, uses: Sequence[str], form: Form) -> None:
        found = owners((old.plan, new.plan), uses)
        # In the order in which they are told.
        self.abouts = [About(figure, of) for figure in Figure for of in found if is_money(of) == (figure in MONEY)]
        self._sides = [_Side(which, one, self.abouts, uses, form) for which, one in (("old", old), ("new", new))]

    def run(self, group: Group, findings: Findings) -> None:
        refused = np.zeros(group.lines.count, np.bool_)
        found = [side.run(group.lines, refused, findings) for side in self._sides]
        back = np.argsort(group.order)  # findings want lines as they came
        kept = back[~refused[back]]
        findings.refused += len(back) - len(kept)
        old, new = ({about: amounts[kept] for about, amounts in side.items()} for side in found)
        subscribers = group.subscribers.take(arrow.array(group.order[kept]))
        findings.add(group.plan, subscribers, int(group.lines.cycles[kept].sum()), old, new)


class _Side:
    def __init__(self, which: str, offered: Offered, wanted: Sequence[About], uses: Sequence[str], form: Form) -> None:
        self._which = which
        has = {*columns_of(offered.plan, uses)}
        self._columns = {about: [f"{about.of}_{name}" for name in _COLUMNS[about.figure]] for about in wanted}
        self._columns = {about: [name for name in names if name in has] for about, names in self._columns.items()}
        every = dict.fromkeys(name for names in self._columns.values() for name in names)
        self._batch = Batch(offered.plan, tuple(every), form, others=offered.others, moved=False)

    def run(self, lines: Lines, refused: Any, findings: Findings) -> Amounts:
        """Each figure of each line; marks lines that have none."""
        settled = self._batch.settle(lines)
        for why, count in settled.by_rows.items():
            reason = f"line {why.line}: {why.reason}" if why.line else why.reason
            findings.by_rows[self._which, self._batch.plan.name, reason] += count
        refused[list(settled.refused)] = True
        lived = (np.arange(lines.most_cycles)[:, None] < lines.cycles[None, :]).astype(np.int64)
        sums = {
            name: _last(column, lines.cycles) if name.endswith(_HELD) else _sum(column, lived, refused)
            for name, column in settled.columns.items()
        }
        nothing = np.zeros(lines.count, np.int64)
        return {about: sum((sums[name] for name in names), nothing) for about, names in self._columns.items()}


def _last(column: Ints, cycles: Ints) -> Ints:
    held: Ints = np.take_along_axis(column, cycles[None, :] - 1, axis=0)[0]
    return held


def _sum(column: Ints, lived: Ints, refused: Any) -> Ints:
    """Over the cycles in which each line lived; marks lines whose sum may pass 64 bits."""
    column = column * lived
    most = _MOST // len(column)
    if int(column.max()) > most or int(column.min()) < -most:
        refused |= ((column > most) | (column < -most)).any(axis=0)
    found: Ints = column.sum(axis=0)
    return found
