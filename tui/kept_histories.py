"""Histories beside a plan: which there are, what they hold, and how the one on screen is kept as a file or as a test."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from dsl import scenario_file
from dsl.check import Checked
from dsl.diagnostics import Diagnostic
from dsl.example_text import with_example
from dsl.same import without_places
from dsl.scenario import Scenario
from dsl.scenario_text import as_yaml
from dsl.source import Source, place, split_lines
from dsl.step_words import UnsayableError
from engine.expected import expected
from engine.run import Run
from tui import files, folders, parquet
from tui.files import FileError
from tui.saying import say

RECORDS = (".csv", parquet.SUFFIX)
MOST_OFFERED = 50
SEPARATOR = "---\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """A history that can be looked at: its scenario, and where it is from, for people."""

    scenario: Scenario
    source: str


def examples(checked: Checked, plan: str) -> list[Kept]:
    """The examples of a text: those of the plan first."""
    found = [Kept(without_places(one), f'example "{one.name}"') for one in checked.scenarios]
    return sorted(found, key=lambda one: one.scenario.plan != plan)


def beside(plan: Path | None) -> list[Path]:
    """Files of scenarios and records in the folder of a plan, those that are called like it first."""
    folder = plan.parent if plan else Path()
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file() and not entry.name.startswith("."))
    except OSError:
        return []
    found = [folder / name for name in names if is_history(Path(name))]
    own = folders.scenarios_beside(plan) if plan else []
    return [*own, *(path for path in found if path not in own)][:MOST_OFFERED]


def is_history(path: Path) -> bool:
    return folders.is_scenario(path) or is_records(path)


def is_records(path: Path) -> bool:
    return path.name.lower().endswith(RECORDS)


def scenarios(path: Path, checked: Checked) -> list[Kept]:
    """The scenarios of a file. Raises FileError, also where the file has a mistake or is about other plans."""
    source = files.read(path)
    found, diagnostics = scenario_file.read(source, checked)
    refuse(diagnostics, source)
    return [
        Kept(without_places(one), f"{path.name}: {one.name}" if one.name and len(found) > 1 else path.name) for one in found
    ]


def _told(one: Diagnostic) -> str:
    if not one.help:
        return say(one.message)
    return say("{problem}; {instead}", problem=one.message, instead=one.help)


def refuse(diagnostics: tuple[Diagnostic, ...], source: Source, *, most: int = 3) -> None:
    """Raises FileError with the first mistakes there are, and how many more."""
    errors = [one for one in diagnostics if one.is_error]
    if errors:
        told = [f"{place(source, one.span)}: {_told(one)}" for one in errors[:most]]
        more = [say("and {count} more", count=str(len(errors) - most))] if len(errors) > most else []
        raise FileError("\n".join([*told, *more]))


# ---- kept


def suggested(plan: Path | None) -> Path | None:
    """Where `rollover test` looks for the scenarios of a plan."""
    if plan is None:
        return None
    found = folders.scenarios_beside(plan)
    return found[0] if found else plan.with_name(plan.name.removesuffix(folders.PLAN) + folders.SCENARIO)


def write(path: Path, scenario: Scenario, data_step: int, *, behind: bool = False) -> None:
    """Writes a history as YAML, or `behind` what a file holds. Raises FileError, and then the file is as it was."""
    files.refuse_folder(path)
    try:
        text = as_yaml(replace(scenario, start_is_assumed=False), data_step)
    except UnsayableError as error:
        raise FileError(say("this history can't be written: {why}", why=error.told)) from None
    if behind and files.exists(path):
        before = files.read(path).text
        text = f"{before.rstrip()}\n{SEPARATOR}{text}" if before.strip() else text
    files.write(path, text)


def as_test(run: Run, name: str) -> Scenario:
    """The history of a run with what it came to."""
    return replace(expected(run), name=name)


def with_test(text: str, test: Scenario, data_step: int) -> tuple[str, int]:
    """The text of a plan with the test as an example of it, and the line on which that begins. Raises UnsayableError where only
    a file can say it."""
    found = with_example(text, test, data_step)
    before, after = split_lines(text), split_lines(found)
    same = next((number for number, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), len(before))
    written = next(number for number in range(same, len(after)) if after[number].strip())
    return found, written + 1
