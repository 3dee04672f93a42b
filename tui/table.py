"""A run as text for people: a table and a bar per service, then what was assumed. Plain text, no colour, no markup."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from dsl import units
from dsl.plan import Plan
from dsl.source import NOWHERE, printable, width
from engine.ledger import Sink
from engine.run import Run
from engine.statement import COLUMNS, CycleStatement, Figures
from tui import tally
from tui.chart import Chart, Part
from tui.columns import that_stand
from tui.glyphs import CAP
from tui.language import message
from tui.saying import say

MIN_BAR = 10
MAX_BAR = 40
_KINDS = (message("prepaid"), message("postpaid"))


def title(plan: Plan) -> list[str]:
    """What a plan is, the most telling first: its name, prepaid or postpaid, its contract."""
    parts = [printable(plan.name), say(plan.kind)]
    if plan.contract_months:
        parts.append(say("contract {months} months", months=str(plan.contract_months)))
    return parts


def table(run: Run, columns: int) -> str:
    """The whole outcome, each line of the account after the other, in at most `columns` columns where the figures allow it."""
    lines = [" · ".join(title(run.plan)), *_figures(run, columns)]
    for name, other in run.others:
        lines += ["", f'"{printable(name)}" on {" · ".join(title(other.plan))}', *_figures(other, columns)]
    lines += ["", *_legend(run), *assumptions(run)]
    return "\n".join(lines) + "\n"


def _figures(run: Run, columns: int) -> list[str]:
    """The tables of a line, one a service."""
    lines: list[str] = []
    services = list(run.statement.cycles[0].services) if run.statement.cycles else []
    idle = []
    for service in services:
        rows = [(cycle, cycle.services[service]) for cycle in run.statement.cycles]
        if any(figures.used or figures.overage or figures.carried_out or figures.converted_out for _, figures in rows):
            lines += ["", *_service(run, service, rows, columns)]
        else:
            idle.append(service)
    if idle:
        lines += ["", f"{' and '.join(idle)}: nothing used, nothing kept"]
    refused = refusals(run)
    return [*lines, "", *refused] if refused else lines


def refusals(run: Run) -> list[str]:
    """A line for each thing asked for and not done, with the line of the plan that says why."""
    step = run.plan.data_step
    return [
        f"refused: {units.show(posting.service, posting.amount, step)} {posting.service}"
        f" on {run.calendar.local(posting.at):%Y-%m-%d}, {posting.reason}"
        + (f" (line {posting.span.line})" if posting.span != NOWHERE else "")
        for posting in run.postings
        if posting.target is Sink.REFUSED
    ]


def assumptions(run: Run) -> list[str]:
    """A line for each thing assumed, with the words that would say it."""
    return [f"assumed: {printable(one.text)} (`{printable(one.rule)}`)" for one in run.statement.assumptions]


def _service(run: Run, service: str, rows: Sequence[tuple[CycleStatement, Figures]], columns: int) -> list[str]:
    step = run.plan.data_step
    shown = that_stand([figures for _, figures in rows])
    charges = tally.charged(run, service)
    charged = sorted({currency for cycle in charges for currency in cycle})
    plans = len({cycle.plan for cycle, _ in rows}) > 1
    cells = [["cycle", "from", *(["plan"] * plans), *(column.name for column in shown), *("charged" for _ in charged)]]
    for (cycle, figures), charge in zip(rows, charges, strict=True):
        found = [column.amount(figures) for column in shown]
        amounts = [units.show(service, amount, step) if amount else "-" for amount in found]
        money = [units.show(currency, charge.get(currency, 0)) for currency in charged]
        named = [printable(cycle.plan)] * plans
        cells.append([str(cycle.number), f"{run.calendar.local(cycle.start):%Y-%m-%d}", *named, *amounts, *money])
    texts = aligned(cells)
    room = min(MAX_BAR, columns - width(texts[0]) - 2)
    if room >= MIN_BAR:
        chart = Chart(run, service)
        bars = ["", *("".join(stretch.text for stretch in chart.bar(index, room)) for index in range(len(rows)))]
        texts = [f"{text}  {drawn}".rstrip() for text, drawn in zip(texts, bars, strict=True)]
    return [service, *texts]


def aligned(cells: list[list[str]]) -> list[str]:
    """Columns of equal width, to the right: figures are compared by their ends."""
    widths = [max(width(row[index]) for row in cells) for index in range(len(cells[0]))]
    return ["  ".join(" " * (wide - width(cell)) + cell for wide, cell in zip(widths, row, strict=True)) for row in cells]


def _legend(run: Run) -> list[str]:
    """The parts that occur in some service; amounts of caps are of one service, and are not told here."""
    services = run.statement.cycles[0].services if run.statement.cycles else ()
    found = {part: text for service in services for part, text in Chart(run, service).legend() if part}
    marks = [f"{CAP} cap of what is carried"] if any(one.service in services for one in run.capped) else []
    named = [found[part] for part in Part if part in found]
    return ["  ".join([*named, *marks])] if named else []


def as_csv(run: Run) -> str:
    """One row a line, cycle and service; "" is the line the history is about. Whole numbers in base units, instants as ISO 8601
    local times with their offset."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["line", "cycle", "start", "end", "service", "unit", *COLUMNS])
    for name, one in (("", run), *run.others):
        for cycle in one.statement.cycles:
            start, end = one.calendar.iso(cycle.start), one.calendar.iso(cycle.end)
            for service, figures in cycle.services.items():
                amounts = [getattr(figures, column) for column in COLUMNS]
                rows.writerow([name, cycle.number, start, end, service, units.base_unit(service), *amounts])
    return out.getvalue()
