"""Rows of usage, and what lines held before, to statements, lots and totals: the one way all runs take, on one machine or many.

A table goes in and tables come out; nothing is read or written here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as arrow

from dsl.plan import Plan
from dsl.source import Source
from engine.batch.batch import Batch
from engine.batch.lines import Form, columns_of
from engine.batch.unlimited import outlives
from tui.settle import lots, rejects
from tui.settle.beginnings import Beginnings
from tui.settle.boundaries import Boundaries
from tui.settle.columns import side_by_side
from tui.settle.dates import Dates
from tui.settle.kept import file_of
from tui.settle.of_plan import BEGINS, ENDS, OfPlan
from tui.settle.rows import CYCLE, PLAN, START, SUBSCRIBER, Array, Given, Table, rows_of
from tui.settle.totals import Totals


@dataclass(frozen=True, slots=True)
class Outcome:
    """`statement` has a row a cycle of a line, `lots` as `lots.schema` says, `rejects` rows as they came, with a reason, and
    `rejected_lots` what lines of these opened with."""

    statement: Table
    lots: Table
    rejects: Table
    rejected_lots: Table
    totals: Totals


class Settler:
    """Settles lines of these plans, which use these services, by a form. `sources` is where each plan is written,
    `files` are those of which rows say where they stand."""

    def __init__(
        self, plans: Sequence[Plan], services: Sequence[str], given: Given, form: Form,
        sources: Mapping[str, Source] | None = None, files: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.sources = sources or {}
        self.files = files
        self.plans = {plan.name: plan for plan in plans}
        self.services = tuple(services)
        self.given = given
        self.columns = {plan.name: columns_of(plan, services) for plan in plans}
        self.batches = {
            plan.name: Batch(plan, self.columns[plan.name], form, others=self.plans, kept=file_of) for plan in plans
        }  # fmt: skip
        self.boundaries = {plan.name: Boundaries(plan) for plan in plans}
        self.unlimited = [number for number, name in enumerate(given.plans) if outlives(self.plans[name])]

    def schema(self, subscriber: Any) -> Any:
        """Of the statement: the figures of all plans; null where a plan has no such."""
        figures = dict.fromkeys(column for columns in self.columns.values() for column in columns)
        instant = arrow.timestamp("s", "UTC")
        plan = arrow.dictionary(arrow.int32(), arrow.string())
        return arrow.schema(
            [
                (SUBSCRIBER, subscriber), (PLAN, plan), (START, arrow.timestamp("s")), (CYCLE, arrow.int32()),
                (BEGINS, instant), (ENDS, instant), *((name, arrow.int64()) for name in figures),
            ]
        )  # fmt: skip

    def settle(self, usage: Table, opening: Table | None = None) -> Outcome:
        """Rows of whole subscribers, ascending. What opens has lines of these subscribers, and of others that used nothing."""
        rows = rows_of(usage, self.services, self.given, self._dates(opening))
        state = Beginnings(rows, opening, self.given, self.unlimited)
        totals = Totals()
        statements, held = [], []
        for number, name in enumerate(self.given.plans):
            line = np.flatnonzero((state.plan == number) & ~state.bad)
            if not len(line):
                continue
            for some in side_by_side(line, state.last[line] - state.first[line] + 1):
                is_all = len(some) == len(line)
                of_plan = OfPlan(
                    self.batches[name], self.boundaries[name], rows, state, some, is_all=is_all, source=self.sources.get(name)
                )
                statements += of_plan.statements(totals)
                held.append(of_plan.lots())
        totals.lines = int((~state.bad).sum())
        subscriber = usage.schema.field(SUBSCRIBER).type
        wanted = rejects.schema(self.services, usage.schema, self.given)
        rejected = arrow.concat_tables(
            [
                rejects.of_usage(rows, state.bad, state.reasons, self.given, self.files, wanted),
                rejects.of_opening(state.bad, state.reasons, state.closed, len(rows.plan), self.services, wanted),
            ]
        )  # fmt: skip
        totals.rejected.update(map(rejects.kind_of, rejected.column(rejects.REASON).to_pylist()))
        schema = self.schema(subscriber)
        statement = arrow.concat_tables([_as(one, schema) for one in statements]) if statements else schema.empty_table()
        return Outcome(statement, _in_order(held, subscriber), rejected, state.rejected_lots(subscriber), totals)

    def _dates(self, opening: Table | None) -> Dates:
        boundaries = [self.boundaries[name] for name in self.given.plans]
        if opening is None:
            return Dates(boundaries)
        starts = opening.column(START).cast(arrow.timestamp("s")).cast(arrow.int64()).to_numpy()
        return Dates(boundaries, opening.column(SUBSCRIBER).combine_chunks(), starts)


def _as(table: Table, schema: Any) -> Table:
    """With all columns: null what its plan has not."""
    if table.column_names == schema.names:
        return table.cast(schema)
    there = set(table.column_names)
    columns = [
        table.column(field.name).cast(field.type) if field.name in there else arrow.nulls(len(table), field.type)
        for field in schema
    ]  # fmt: skip
    return arrow.table(columns, schema=schema)


def _in_order(held: Sequence[tuple[Table, Array]], subscriber: Any) -> Table:
    """The lots of all plans, in the order of subscribers."""
    if not held:
        return lots.schema(subscriber).empty_table()
    if len(held) == 1:
        return held[0][0]
    place = np.concatenate([place for _, place in held])
    return arrow.concat_tables([table for table, _ in held], promote_options="permissive").unify_dictionaries().take(
        arrow.array(np.argsort(place, kind="stable"))
    )  # fmt: skip
