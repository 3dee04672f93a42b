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
from dsl.source import Source, printable
from engine.difference import Difference, difference
from engine.history import HistoryError
from engine.run import Run, run
from tui import asking, files, folders, running, which_rule
from tui.asking import Asked
from tui.late import as_json, told
from tui.session import sample_usage, usage_scenario
from tui.which_rule import Change

SCHEMA = "rollover.diff/1"


@dataclass(frozen=True, slots=True)
class Compared:
    """A history under the plan of one file and of the other, and the changes that did it; or why it can't be run under one."""

    name: str
    before: Run | None
    after: Run | None
    found: Difference | None
    problem: str = ""
    did: tuple[Change, ...] = ()

    @property
    def differs(self) -> bool:
        return self.found is None or self.found.is_any


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
    (old, problem), (new, other_problem) = _ran(before, scenario), _ran(after, scenario)
    if old is None or new is None:
        return Compared(name, None, None, None, problem or other_problem)
    found = difference(old, new, same_text=False)
    did = which_rule.that_did_it(before.source, after.source, old, lambda changed: _ran(changed, scenario)[0])
    return Compared(name, old, new, found, did=tuple(did) if found.is_any else ())


def _ran(checked: Checked, scenario: Scenario) -> tuple[Run | None, str]:
    """A history under the plan of a text; or why it can't be run."""
    plan = checked.plan(scenario.plan)
    if plan is None or (missing := lacks(checked, plan, scenario)):
        return None, f"{checked.source.name} has no " + (f'plan "{scenario.plan}"' if plan is None else missing)
    try:
        return run(plan, scenario, checked.plans), ""
    except HistoryError as error:
        return None, f"{checked.source.name}: {error.problem}"


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
    did = [{"old": _lines(change.old_line, change.old), "new": _lines(change.new_line, change.new)} for change in one.did]
    return {"history": one.name, **as_json(one.after, one.found, one.before), "changes": did}


def _lines(first: int, lines: Sequence[str]) -> list[dict[str, object]]:
    return [{"line": number, "text": line} for number, line in enumerate(lines, first)]


def _as_text(old: Source, new: Source, histories: Sequence[Compared]) -> Iterator[str]:
    others = [one for one in histories if one.differs]
    for one in others:
        yield printable(one.name)
        if one.found is None or one.after is None:
            yield f"  {printable(one.problem)}"
        else:
            yield from (f"  {line}".rstrip() for line in told(one.after, one.found, one.before))
            yield ""
            yield "  what did it:"
            yield from (f"    {printable(line)}" for change in one.did for line in which_rule.told(change))
        yield ""
    if others:
        yield f"{len(others)} of {len(histories)} histories come out otherwise"
    elif old.text == new.text:
        yield "the texts are the same"
    else:
        yield f"no outcome changes in {len(histories)} histories, though the texts differ"
