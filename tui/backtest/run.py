"""`rollover backtest`: files of plans and of usage to findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dsl.check import Checked
from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from dsl.units import DATA, SMS, VOICE, is_money
from engine.batch.lines import Form
from tui.backtest.conditions import Condition, ConditionError, condition
from tui.backtest.findings import About, By, Findings
from tui.backtest.lines import groups, on_others, tables
from tui.backtest.sides import Offered, Pair, owners
from tui.running import UnusableError, checked_plans, chosen, refuse_year
from tui.settle.boundaries import Boundaries
from tui.settle.dates import Dates
from tui.settle.rows import PLAN, Given, rows_of
from tui.settle.several import Files, opened_all
from tui.settle.usage import Usage

_FEW_ROWS = 20_000_000  # numpy is through with them before code is compiled


@dataclass(frozen=True, slots=True)
class Asked:
    """`other` of `new` comes in place of `plan` of `old`; "" where each line's plan says which. `headers` names columns."""

    old: Path
    new: Path
    usage: Path
    plan: str = ""
    other: str = ""
    start: datetime | None = None
    headers: Mapping[str, str] | None = None
    by: By = By.ALL
    most_hit: int = 5
    fail_if: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Backtest:
    """`pairs` are the names of plans, old and new; `left_out` columns that were not read; `data_step` that of amounts told."""

    asked: Asked
    pairs: tuple[tuple[str, str], ...]
    abouts: tuple[About, ...]
    services: tuple[str, ...]
    left_out: tuple[str, ...]
    data_step: int
    findings: Findings
    conditions: tuple[Condition, ...]

    @property
    def failed(self) -> list[Condition]:
        return [one for one in self.conditions if one.holds(self.findings)]


Report = Callable[[int, int], None]
"""Is told how many rows more are read, and of about how many."""


def backtest(asked: Asked, report: Report) -> Backtest:
    """Raises files.FileError and UnusableError."""
    refuse_year("--start", asked.start)
    old, new = checked_plans(asked.old), checked_plans(asked.new)
    plans = _pairs(old, new, asked)
    told = owners([one for pair in plans for one in pair], ())
    wanted = dict.fromkeys((DATA, VOICE, SMS, *(name for name in told if not is_money(name))))
    files = opened_all([asked.usage], asked.headers or {}, tuple(wanted))
    usage = files.first
    _refuse_usage(usage, plans)
    sides = [{plan.name: plan for plan in checked.plans} for checked in (old, new)]
    form = _form(files.about_rows)
    pairs = {
        first.name: Pair(Offered(first, sides[0]), Offered(second, sides[1]), usage.services, form)
        for first, second in plans
    }  # fmt: skip
    abouts = tuple(dict.fromkeys(about for pair in pairs.values() for about in pair.abouts))
    step = plans[0][0].data_step
    conditions = tuple(_condition(text, abouts, step) for text in asked.fail_if)
    start = asked.start or (None if usage.is_dated else DEFAULT_START)
    given = Given([plan.name for plan in old.plans], plans[0][0].name, start)
    dates = Dates([Boundaries(plan) for plan in old.plans])
    findings = _run(files, given, dates, pairs, Findings(asked.by, asked.most_hit), report)
    if not findings.lines:
        raise UnusableError(_why_none(asked.usage, list(pairs), findings))
    names = tuple((first.name, second.name) for first, second in plans)
    return Backtest(asked, names, abouts, usage.services, usage.unread, step, findings, conditions)


def _run(
    files: Files, given: Given, dates: Dates, pairs: Mapping[str, Pair], findings: Findings, report: Report
) -> Findings:  # fmt: skip
    many = files.about_rows
    for table in tables(files, findings.clear):
        rows = rows_of(table, files.first.services, given, dates)
        findings.reject(rows)
        findings.left_out.update(on_others(rows))
        for group in groups(rows, given.plans):
            if group.plan in pairs:
                pairs[group.plan].run(group, findings)
            else:
                findings.left_out[group.plan] += group.lines.count
        report(len(table), many)
    return findings


def _refuse_usage(usage: Usage, plans: Sequence[tuple[Plan, Plan]]) -> None:
    if PLAN not in usage.names and len(plans) > 1:
        names = ", ".join(_quoted(first.name) for first, _ in plans)
        raise UnusableError(f"{usage.path} does not say on which plan a line is: name one with --plan, of {names}", misuse=True)
    if usage.is_dated and (pair := next((pair for pair in plans if pair[0].zone != pair[1].zone), None)):
        first, second = map(_quoted, (pair[0].name, pair[1].name))
        raise UnusableError(f"{first} and {second} have other time zones: a record would be in another cycle of the one")


def _form(rows: int) -> Form:
    """Generated code where numba is there and compiling it pays, else numpy."""
    from importlib.util import find_spec

    return Form.NUMPY if rows < _FEW_ROWS or find_spec("numba") is None else Form.NUMBA


def _condition(text: str, abouts: Sequence[About], data_step: int) -> Condition:
    try:
        return condition(text, abouts, data_step)
    except ConditionError as error:
        raise UnusableError(f"--fail-if: {error}", misuse=True) from None


def _pairs(old: Checked, new: Checked, asked: Asked) -> list[tuple[Plan, Plan]]:
    """Which plan comes in place of which: the one that is named, the one of the same name, the only one."""
    if asked.plan or len(old.plans) <= 1 or asked.other:
        first = chosen(old, asked.plan)
        names = {plan.name for plan in new.plans}
        found = [(first, chosen(new, asked.other or (first.name if first.name in names or len(names) > 1 else "")))]
    else:
        found = [(plan, other) for plan in old.plans if (other := _in_place_of(plan, new))]
        if not found:
            chosen(new, "")  # says so where there is no plan at all
            raise UnusableError("no plan has the same name in both files: name two with --plan and --with", misuse=True)
    for first, second in found:
        if first.cycle != second.cycle:
            raise UnusableError(
                f'"{first.name}" and "{second.name}" have other cycles: what is used in those of the one says nothing of '
                "those of the other",
            )
    return found


def _in_place_of(plan: Plan, new: Checked) -> Plan | None:
    return new.plan(plan.name) or (new.plans[0] if len(new.plans) == 1 else None)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _why_none(path: Path, names: Sequence[str], findings: Findings) -> str:
    told = f"{path} has no line on {' or '.join(map(_quoted, names))} that can be run"
    if findings.left_out:
        return f"{told}; its lines are on {', '.join(map(_quoted, list(findings.left_out)[:5]))}"
    if findings.rejected:
        ((reason, (_, subscriber)), *_) = findings.rejected.items()
        return f"{told}; of subscriber {subscriber} because {reason}"
    return told
