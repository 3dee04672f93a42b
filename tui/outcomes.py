"""`rollover diff`: two plan files compared by what they come to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dsl import scenario_file
from dsl.check import Checked
from dsl.plan import Plan
from dsl.scenario import Buy, Cancel, ChangeTo, Renew, Scenario, Start, Void
from dsl.source import NOWHERE, Source, printable
from engine.difference import Difference, difference
from engine.history import HistoryError
from engine.run import Run, run
from tui import asking, files, folders, running
from tui.asking import Asked
from tui.late import as_json, told
from tui.session import sample_usage, usage_scenario

SCHEMA = "rollover.diff/1"


@dataclass(frozen=True, slots=True)
class Compared:
    """A history under the plan of one file and of the other; or why it can't be run under one of them."""

    name: str
    before: Run | None
    after: Run | None
    found: Difference | None
    problem: str = ""

    @property
    def differs(self) -> bool:
        return self.found is None or bool(self.found.figures or self.found.gone or self.found.new)


def compared(old: Path, new: Path, plan: str, asked: Asked) -> list[Compared]:
    """Each history under both files. Raises files.FileError and running.UnusableError."""
    before, after = running.checked_plans(old), running.checked_plans(new)
    if asked.is_of_one_line:
        history = asking.history_of(before, running.chosen(before, plan), asked)
        return [_compared(before, after, history.scenario)]
    histories = [one for one in _histories(before, old, asked.scenario) if plan in ("", one.plan)]
    if not histories:
        chosen = running.chosen(before, plan)
        histories = [usage_scenario(chosen, sample_usage(chosen))]
    return [_compared(before, after, one) for one in histories]


def _histories(checked: Checked, path: Path, scenario: Path | None) -> Iterator[Scenario]:
    """The examples of a plan file and the scenarios beside it; or those of a file or folder, if one is given."""
    if scenario is None:
        yield from checked.scenarios
        beside: Sequence[Path] = folders.scenarios_beside(path)
    else:
        beside = folders.found([scenario], *folders.SCENARIOS)
        if not beside:
            raise running.UnusableError(f"no scenario files there: {scenario}", misuse=True)
    for one in beside:
        source = files.read(one)
        found, diagnostics = scenario_file.read(source, checked)
        running.refuse(diagnostics, source)
        yield from found


def _compared(before: Checked, after: Checked, scenario: Scenario) -> Compared:
    name = f"{scenario.plan}: {scenario.name}" if scenario.name else scenario.plan
    runs: list[Run] = []
    for checked in (before, after):
        plan = checked.plan(scenario.plan)
        try:
            if plan is None or (missing := lacks(checked, plan, scenario)):
                what = f'plan "{scenario.plan}"' if plan is None else missing
                return Compared(name, None, None, None, f"{checked.source.name} has no {what}")
            runs.append(run(plan, scenario, checked.plans))
        except HistoryError as error:
            return Compared(name, None, None, None, f"{checked.source.name}: {error.problem}")
    old, new = runs
    return Compared(name, old, new, difference(old, new, same_text=False))


def lacks(checked: Checked, plan: Plan, scenario: Scenario) -> str:
    """A pack or plan that a history names and a file does not have; "" where it has all."""
    acts = [act for cycle in scenario.cycles for act in cycle.acts]
    acts += [act for cycle in scenario.cycles for other in cycle.others for act in other.acts]
    acts += [dated.act for dated in scenario.dated if dated.act]
    packs = {pack.name for pack in plan.packs}
    for act in acts:
        match act:
            case Buy() | Cancel() | Void() if act.pack not in packs:
                return f'pack "{act.pack}"'
            case ChangeTo() | Renew() | Start() if act.plan and checked.plan(act.plan) is None:
                return f'plan "{act.plan}"'
    return ""


def shown(old: Source, new: Source, histories: Sequence[Compared], layout: str) -> str:
    """What differs, as `text` or `json`."""
    if layout == "json":
        return json.dumps({"schema": SCHEMA, "histories": [_as_json(one) for one in histories]}, indent=2) + "\n"
    return "".join(f"{line}\n" for line in _as_text(old, new, histories))


def _as_json(one: Compared) -> dict[str, object]:
    if one.found is None or one.after is None:
        return {"history": one.name, "problem": one.problem}
    return {"history": one.name, **as_json(one.after, one.found, one.before)}


def _as_text(old: Source, new: Source, histories: Sequence[Compared]) -> Iterator[str]:
    others = [one for one in histories if one.differs]
    for one in others:
        yield printable(one.name)
        if one.found is None or one.after is None:
            yield f"  {printable(one.problem)}"
        else:
            yield from (f"  {line}".rstrip() for line in told(one.after, one.found, one.before))
            yield from (f"  {line}" for line in _rules(old, new, one.found))
        yield ""
    if others:
        yield f"{len(others)} of {len(histories)} histories come out otherwise"
    elif old.text == new.text:
        yield "the texts are the same"
    else:
        yield f"no outcome changes in {len(histories)} histories, though the texts differ"


def _rules(old: Source, new: Source, found: Difference) -> Iterator[str]:
    """The rules that made what is gone, and what is new, as they are written."""
    for title, source, moved in (("old rules", old, found.gone), ("new rules", new, found.new)):
        lines = source.lines
        spans = sorted({one.span for one in moved if one.span != NOWHERE and one.span.line <= len(lines)})
        if spans:
            yield f"{title}:"
            for span in spans:
                yield f"  line {span.line}: {printable(lines[span.line - 1][span.start : span.end])}"
