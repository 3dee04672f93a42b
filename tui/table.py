"""A run as text for people: a table and a bar per service, then what was assumed. Plain text, no colour, no markup."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from dsl import units
from dsl.plan import Plan
from dsl.source import NOWHERE, printable, width
from engine.ledger import Sink
from engine.run import Run
from engine.statement import COLUMNS, CycleStatement, Figures
from tui import tally
from tui.chart import GLYPHS, Part, bar, parts, scale

MIN_BAR = 10
MAX_BAR = 40

# Column, its figure, and whether it stands even where it is all zeros.
_COLUMNS: tuple[tuple[str, Callable[[Figures], int], bool], ...] = (
    ("available", lambda figures: figures.available, True),
    ("received", lambda figures: figures.received, False),
    ("used", lambda figures: figures.used, True),
    ("overage", lambda figures: figures.overage, False),
    ("carried", lambda figures: figures.carried_out, True),
    ("converted out", lambda figures: figures.converted_out, False),
    ("converted in", lambda figures: figures.converted_in, False),
    ("given", lambda figures: figures.given, False),
    ("expired", lambda figures: figures.expired, True),
    ("repaid", lambda figures: figures.repaid, False),
    ("owed", lambda figures: figures.owed, False),
    ("refused", lambda figures: figures.refused, False),
)


def title(plan: Plan) -> list[str]:
    """What a plan is, the most telling first: its name, prepaid or postpaid, its contract."""
    parts = [printable(plan.name), str(plan.kind)]
    if plan.contract_months:
        parts.append(f"contract {plan.contract_months} months")
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
    shown = [(name, get) for name, get, always in _COLUMNS if always or any(get(figures) for _, figures in rows)]
    charges = tally.charged(run, service)
    charged = sorted({currency for cycle in charges for currency in cycle})
    plans = len({cycle.plan for cycle, _ in rows}) > 1
    cells = [["cycle", "from", *(["plan"] * plans), *(name for name, _ in shown), *("charged" for _ in charged)]]
    for (cycle, figures), charge in zip(rows, charges, strict=True):
        amounts = [units.show(service, get(figures), step) if get(figures) else "-" for _, get in shown]
        money = [units.show(currency, charge.get(currency, 0)) for currency in charged]
        named = [printable(cycle.plan)] * plans
        cells.append([str(cycle.number), f"{run.calendar.local(cycle.start):%Y-%m-%d}", *named, *amounts, *money])
    texts = aligned(cells)
    room = min(MAX_BAR, columns - width(texts[0]) - 2)
    if room >= MIN_BAR:
        drawn_of = parts(run, service)
        longest = scale(drawn_of)
        bars = ["", *("".join(text for _, text in bar(row, longest, room)) for row in drawn_of)]
        texts = [f"{text}  {drawn}".rstrip() for text, drawn in zip(texts, bars, strict=True)]
    return [service, *texts]


def aligned(cells: list[list[str]]) -> list[str]:
    """Columns of equal width, to the right: figures are compared by their ends."""
    widths = [max(width(row[index]) for row in cells) for index in range(len(cells[0]))]
    return ["  ".join(" " * (wide - width(cell)) + cell for wide, cell in zip(widths, row, strict=True)) for row in cells]


def _legend(run: Run) -> list[str]:
    used = {
        part
        for service in (run.statement.cycles[0].services if run.statement.cycles else ())
        for row in parts(run, service)
        for part, _ in bar(row, scale([row]), MAX_BAR)
    }
    named = [f"{GLYPHS[part]} {part}" for part in Part if part in used]
    return ["  ".join(named)] if named else []


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
