"""A run kept as a scenario file: its history, and, if wanted, what it came to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dsl.scenario_text import as_yaml
from dsl.source import printable
from dsl.step_words import UnsayableError
from engine.expected import expected
from engine.run import Run
from tui import files, folders
from tui.running import UnusableError


def save(run: Run, plan: Path, path: Path, *, expect: bool, force: bool) -> str:
    """Writes the history of a run of the file `plan`, and gives back a line about it. Raises files.FileError, also where a file
    is there and nobody said `force`, and UnusableError."""
    if not folders.is_scenario(path):
        raise UnusableError(f"{path} is no name of a scenario file: they end in {folders.SCENARIO}", misuse=True)
    files.refuse_folder(path)
    if files.exists(path) and not force:
        raise files.FileError(f"{path} is there already; choose another name, or give --force")
    # What is kept says when it starts, whoever assumed that.
    scenario = replace(expected(run) if expect else run.scenario, start_is_assumed=False)
    try:
        text = as_yaml(scenario, run.plan.data_step)
    except UnsayableError as error:
        raise UnusableError(f"this history can't be written: {error}") from None
    files.write(path, text)
    beside = files.is_same(folders.plan_beside(path), plan)
    test = f"; test it: rollover test {printable(str(plan))}" if expect and beside else ""
    hint = "" if beside else f"; `rollover test` looks for it beside {printable(folders.plan_beside(path).name)}"
    return f"{printable(str(path))} written{test or hint}"
