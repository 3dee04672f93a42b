"""`rollover diff --with`: two plans on the same usage, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsl import units
from dsl.check import Checked
from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from dsl.scenario import Scenario
from dsl.source import place, printable
from engine.advice import currencies
from engine.contrast import Contrast, Measure, Side, Widest, beside, widest
from engine.difference import CHARGED, Changed
from engine.history import HistoryError
from engine.run import Run, run
from engine.statement import in_order
from tui import asking
from tui.asking import Asked, written
from tui.language import message
from tui.outcomes import lacks
from tui.running import History, UnusableError, checked_plans, chosen
from tui.saying import amount_text, say, service_name, spoken
from tui.table import aligned

SCHEMA = "rollover.contrast/1"
MEASURES = {
    Measure.OVERAGE: message("overage"),
    Measure.EXPIRED: message("expired"),
    Measure.UNMET: message("unmet"),
    Measure.COST: message("cost"),
}
_FIGURES = (
    message("available"), message("received"), message("carried in"), message("carried out"), message("converted in"),
    message("converted out"), message("used"), message("expired"), message("given"), message("overage"), message("blocked"),
    message("slowed"), message("repaid"), message("owed"), message("refused"), message("charged"), message("due"),
    message("kept"),
)  # fmt: skip  # what figures are called
WIDEST_CYCLES = 4  # few, so that the search tries much of each


@dataclass(frozen=True, slots=True)
class Contrasted:
    """Two plans of two files, which may be one; `usage` says on what they were run. `widest` where that was searched for."""

    files: tuple[str, str]
    found: Contrast
    usage: str
    widest: Widest | None = None

    @property
    def plans(self) -> tuple[Plan, Plan]:
        return self.found.first.plan, self.found.second.plan


def contrasted(old: Path, new: Path, names: tuple[str, str], asked: Asked) -> Contrasted:
    """The two plans on the history asked for, read with the first file; on a sample, if nothing is. Raises files.FileError and
    UnusableError."""
    checked, history = asking.told(old, names[0], asked)
    other = checked if new == old else checked_plans(new)
    second = chosen(other, names[1] or history.plan.name)
    runs = _run(checked, history.plan, history), _run(other, second, history)
    said = asked.said or "a sample of light and heavy months"
    return Contrasted((str(old), str(new)), beside(*runs), said)


def _run(checked: Checked, plan: Plan, history: History) -> Run:
    scenario: Scenario = history.scenario
    if missing := lacks(checked, plan, scenario):
        raise UnusableError(f"{checked.source.name} has no {missing}, which the history needs")
    try:
        return run(plan, scenario, checked.plans)
    except HistoryError as error:
        where = place(history.source, error.span)
        raise UnusableError(f'"{plan.name}" can\'t live this history: {where}: {error.problem}; {error.instead}') from None


def furthest_apart(old: Path, new: Path, names: tuple[str, str], measure: str, about: str, cycles: int) -> Contrasted:
    """The two plans on the usage on which they differ most. `about`: of which service. Raises as `contrasted`."""
    checked = checked_plans(old)
    other = checked if new == old else checked_plans(new)
    first = chosen(checked, names[0])
    second = chosen(other, names[1] or first.name)
    wanted = Measure(measure)
    if wanted is Measure.COST:
        about = common_currency(first, second)
    elif about not in (granted := in_order({*first.services, *second.services})):
        raise UnusableError(f'neither plan grants "{about}"; they grant {", ".join(granted) or "nothing"}', misuse=True)
    sides = Side(first, checked.plans), Side(second, other.plans)
    found = widest(*sides, cycles or WIDEST_CYCLES, wanted, about, DEFAULT_START)
    return Contrasted((str(old), str(new)), found.contrast, f'--use "{written(first, found.usage)}"', found)


def common_currency(first: Plan, second: Plan) -> str:
    """The one that both charge. Raises UnusableError."""
    found = [set(currencies(plan)) for plan in (first, second)]
    common = sorted(found[0] & found[1]) or sorted(found[0] | found[1])
    if len(common) != 1:
        told = say("neither says a price")
        if common:
            told = say("they charge {currencies}", currencies=spoken().every(common))
        raise UnusableError(say("what the two cost can't be compared: {why}", why=told), misuse=True)
    return common[0]


def shown(one: Contrasted, layout: str) -> str:
    """What differs, as `text` or `json`."""
    if layout == "json":
        return json.dumps(_as_json(one), indent=2, ensure_ascii=False) + "\n"
    return "".join(f"{line}\n" for line in _as_text(one))


# ---- text


def _as_text(one: Contrasted) -> Iterator[str]:
    first, second = names(one)
    yield f"{first} beside {second}, on {printable(one.usage)}"
    if one.widest:
        yield _of_search(one, one.widest)
    if not one.found.differs:
        yield "the two come to the same"
        return
    if not one.found.same_cycles:
        yield "their cycles begin and end at other times, so only what they come to in all is compared"
    elif one.found.figures:
        yield ""
        yield from _table(["cycle", "from", "", first, second, ""], [row(one, figure) for figure in one.found.figures])
    yield ""
    yield from _table(["in all", first, second, ""], [row(one, total)[2:] for total in worth_telling(one.found.totals)])


def _table(header: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield from (line.rstrip() for line in aligned([header, *rows]))


def worth_telling(found: Sequence[Changed]) -> Iterator[Changed]:
    """All but what is due where that is what was charged."""
    charged = {one._replace(figure="due") for one in found if one.figure == CHARGED}
    yield from (one for one in found if one not in charged)


def names(one: Contrasted) -> tuple[str, str]:
    """How to call the two: by their plans, and where those are called the same by their files."""
    names = tuple(printable(plan.name) for plan in one.plans)
    return names if names[0] != names[1] else tuple(map(printable, one.files))  # type: ignore[return-value]


def figure_name(figure: str) -> str:
    return say(figure.replace("_", " "))


def row(one: Contrasted, changed: Changed) -> list[str]:
    before, after = one.plans
    is_money = changed.figure in (CHARGED, "due")
    figure = figure_name(changed.figure)
    what = figure if is_money else say("{service} {figure}", service=service_name(changed.service), figure=figure)
    line = f'"{printable(changed.line)}" ' if changed.line else ""
    cycle = next((cycle for cycle in one.found.first.statement.cycles if cycle.number == changed.cycle), None)
    day = f"{one.found.first.calendar.local(cycle.start):%Y-%m-%d}" if cycle else ""
    more = changed.after - changed.before
    shown_more = amount_text(changed.service, more, before.data_step)
    return [
        str(changed.cycle), day, f"{line}{what}", amount_text(changed.service, changed.before, before.data_step),
        amount_text(changed.service, changed.after, after.data_step), f"+{shown_more}" if more > 0 else shown_more,
    ]  # fmt: skip


def _of_search(one: Contrasted, found: Widest) -> str:
    step = one.plans[0].data_step
    apart = amount_text(found.about, found.apart, step)
    of = "" if found.measure is Measure.COST else f" of {found.about}"
    how = "all" if found.complete else "a search through"
    return f"{apart} apart in {found.measure}{of}: {how} {found.tried} histories of use at what the rules name; not a proof"


# ---- JSON


def _as_json(one: Contrasted) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "first": {"plan": one.plans[0].name, "file": one.files[0]},
        "second": {"plan": one.plans[1].name, "file": one.files[1]},
        "usage": one.usage,
        "same_cycles": one.found.same_cycles,
        "figures": _figures(one.found.figures),
        "totals": _figures(one.found.totals),
        "widest": _widest(one.widest) if one.widest else None,
    }


def _figures(figures: Sequence[Changed]) -> list[dict[str, object]]:
    return [
        {
            "line": one.line, "cycle": one.cycle, "service": one.service, "unit": units.base_unit(one.service),
            "figure": one.figure, "first": one.before, "second": one.after,
        }
        for one in figures
    ]  # fmt: skip


def _widest(found: Widest) -> dict[str, object]:
    return {
        "measure": str(found.measure), "about": found.about, "unit": units.base_unit(found.about), "apart": found.apart,
        "tried": found.tried, "complete": found.complete, "usage": [dict(cycle) for cycle in found.usage],
    }  # fmt: skip
