"""What the strip of the usage shows: for each cycle what is used of a service by a line, and what is used on single days."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dsl.source import printable
from tui.saying import say, service_name

if TYPE_CHECKING:  # loaded after the first screen
    from dsl.scenario import Scenario
    from engine.run import Run
    from tui.forecast import Forecast


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts for each cycle: `amounts` can be changed, `besides` can't; `title` says of what and whose they are. `has_lines`
    where the account has more lines than the one that is shown."""

    title: str
    labels: tuple[str, ...] = ()
    amounts: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    has_lines: bool = False


class UsageCells:
    """The cells of what a forecast runs; what is used on single days is added up once a history, since it may be much."""

    def __init__(self) -> None:
        self._added_for: tuple[Run, Scenario, str] | None = None
        self._added: Sequence[Mapping[str, int]] = ()

    def of(self, forecast: Forecast, service: str) -> Cells:
        from tui.naming import Names

        plan, run = forecast.plan, forecast.run
        if plan is None or run is None:
            if forecast.checked.regulations and not forecast.checked.plans:
                return Cells(say("Usage: a regulation uses nothing. F6 leads to its text"))
            return Cells(say("Usage: there is no plan yet. F6 leads to the text: write one"))
        if not service:
            return Cells(say("Usage: the plan grants nothing that could be used. F6, then write `grant 10 GB`"))
        draft, line, names = forecast.drafts.of(plan), forecast.line_shown, Names(run)
        cycles = run.statement.cycles
        used = [cycle.get(service, 0) for cycle in draft.usage_of(line)]
        used += [0] * (len(cycles) - len(used))
        besides = (added.get(service, 0) for added in self._besides(run, draft.scenario, line))
        return Cells(
            _title(service, line, draft.source, has_lines=len(forecast.line_names) > 1),
            tuple(names.day(cycle.start) for cycle in cycles),
            tuple(names.some(service, amount) for amount in used[: len(cycles)]),
            tuple(f"+{names.amount(service, amount)}" if amount else "" for amount in besides),
            len(forecast.line_names) > 1,
        )

    def _besides(self, run: Run, scenario: Scenario, line: str) -> Sequence[Mapping[str, int]]:
        known = self._added_for
        if known is None or known[0] is not run or known[1] is not scenario or known[2] != line:
            self._added_for, self._added = (run, scenario, line), besides(run, scenario, line)
        return self._added


def besides(run: Run, scenario: Scenario, line: str) -> tuple[Mapping[str, int], ...]:
    """For each cycle of a run, by service, what a line uses at times of its own, or for something that is said with it."""
    from dsl.scenario import Use
    from tui.draft import acts_of, is_plain

    starts = [cycle.start for cycle in run.statement.cycles]
    found: list[Counter[str]] = [Counter() for _ in starts]
    for steps, added in zip(scenario.cycles, found, strict=False):
        for act in acts_of(steps, line):
            if isinstance(act, Use) and not is_plain(act):
                added[act.service] += act.amount
    for dated in scenario.dated if starts else ():
        if dated.line == line and isinstance(dated.act, Use):
            number = bisect_right(starts, run.calendar.instant(dated.at)) - 1
            found[max(0, number)][dated.act.service] += dated.act.amount
    return tuple(found)


def _title(service: str, line: str, source: str, *, has_lines: bool) -> str:
    name = service_name(service)
    if line:
        return say("Usage of {service} by {line}", service=name, line=printable(line))
    if has_lines:
        return say("Usage of {service} by the first line", service=name)
    if source:
        return say("Usage of {service} ({source})", service=name, source=printable(say(source)))
    return say("Usage of {service}", service=name)
