"""`rollover run --late`: what records that came late change, as text, JSON or CSV."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dsl import units
from dsl.source import printable
from engine.calendar import NEVER
from engine.difference import CHARGED, Difference, Moved, Place, difference
from engine.ledger import Sink
from engine.run import Run
from tui import asking, running
from tui.asking import Asked
from tui.records import Records

SCHEMA = "rollover.difference/1"


def compared(path: Path, plan_name: str, start: datetime | None, asked: Asked, late: Path) -> tuple[Run, Difference]:
    """The run of a history with the late records in their places, and what is another in it. Raises files.FileError and
    running.UnusableError."""
    checked, history = asking.told(path, plan_name, asked)
    before = running.played(history, start)
    records = Records(late)
    dated = asking.records_of(checked, records, asked.line)
    with_late = replace(before.scenario, dated=(*before.scenario.dated, *dated), start_is_assumed=False)
    # Records alone start the line on the day of their first.
    after = running.played(
        replace(history, scenario=with_late, source=records.source), start or (before.scenario.start if asked.usage else None)
    )
    return after, difference(before, after)


def shown(run: Run, found: Difference, layout: str) -> str:
    """A difference in a layout: `table`, `json` or `csv`. `run` is the one after it."""
    match layout:
        case "json":
            return json.dumps(as_json(run, found), indent=2) + "\n"
        case "csv":
            return _as_csv(found)
        case _:
            return "\n".join(_as_text(run, found)) + "\n"


def _as_text(run: Run, found: Difference) -> list[str]:
    if not (found.figures or found.gone or found.new):
        return ["these records change nothing"]
    return told(run, found)


def told(run: Run, found: Difference, before: Run | None = None) -> list[str]:
    """Figures by line and cycle, then what is gone, of the run `before` if it is given, and what is new."""
    step, lines, last = run.plan.data_step, list[str](), None
    for one in found.figures:
        if (one.line, one.cycle) != last:
            lines.append(_when(run, before or run, one.line, one.cycle))
            last = one.line, one.cycle
        figure = CHARGED if one.figure == CHARGED else f"{one.service} {one.figure.replace('_', ' ')}"
        was, now = (units.show(one.service, amount, step) for amount in (one.before, one.after))
        lines.append(f"  {figure}: {was} -> {now}")
    if not found.figures:
        lines.append("no figure changes")
    for title, of, moved in (("gone", before or run, found.gone), ("new", run, found.new)):
        lines += ["", f"{title}:", *(_line(of, one) for one in moved)] if moved else []
    return lines


def _when(run: Run, before: Run, line: str, number: int) -> str:
    of = f'"{printable(line)}", ' if line else ""
    for one in (run.line(line), before.line(line)):
        for cycle in one.statement.cycles:
            if cycle.number == number:
                return f"{of}cycle {number}, from {one.calendar.local(cycle.start):%Y-%m-%d}"
    return f"{of}cycle {number}"


def _line(run: Run, moved: Moved) -> str:
    at = f"{run.calendar.local(moved.at):%Y-%m-%d %H:%M}"
    amount = units.show(moved.service, moved.amount, run.plan.data_step)
    of = f'"{printable(moved.line)}": ' if moved.line else ""
    written = f" (line {moved.span.line})" if moved.span.line else ""
    between = f"{_named(run, moved.source)} -> {_named(run, moved.target)}"
    return f"  {at}  {of}{amount} {moved.service}, {between}, {moved.reason}{written}"


def _named(run: Run, place: Place | Sink) -> str:
    if isinstance(place, Sink):
        return str(place)
    pack = f' "{printable(place.pack)}"' if place.pack else ""
    return f"{place.lot_class}{pack} of {run.calendar.local(place.born):%Y-%m-%d}"


def as_json(run: Run, found: Difference, before: Run | None = None) -> dict[str, object]:
    """Whole numbers of base units, instants as ISO 8601 local times with their offset."""
    return {
        "schema": SCHEMA,
        "figures": [{**one._asdict(), "unit": units.base_unit(one.service)} for one in found.figures],
        "gone": [_posting(before or run, one) for one in found.gone],
        "new": [_posting(run, one) for one in found.new],
    }


def _posting(run: Run, moved: Moved) -> dict[str, object]:
    return {
        "at": run.calendar.iso(moved.at),
        "line": moved.line,
        "cycle": moved.cycle,
        "service": moved.service,
        "unit": units.base_unit(moved.service),
        "amount": moved.amount,
        "source": _place(run, moved.source),
        "target": _place(run, moved.target),
        "reason": moved.reason,
        "rule_line": moved.span.line,
    }


def _place(run: Run, place: Place | Sink) -> str | dict[str, object]:
    if isinstance(place, Sink):
        return str(place)
    end = None if place.end == NEVER else run.calendar.iso(place.end)
    return {"class": place.lot_class, "pack": place.pack, "born": run.calendar.iso(place.born), "end": end}


def _as_csv(found: Difference) -> str:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["line", "cycle", "service", "unit", "figure", "before", "after"])
    for one in found.figures:
        rows.writerow([one.line, one.cycle, one.service, units.base_unit(one.service), one.figure, one.before, one.after])
    return out.getvalue()
