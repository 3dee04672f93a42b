"""Which files a command is about: plans, the scenarios beside them, and the examples that come with Rollover."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tui import files

PLAN = ".plan"
SCENARIO, *_ = SCENARIOS = (".scenario.yaml", ".scenario.yml")
_YAML = (".yaml", ".yml")


def found(paths: Iterable[Path], *suffixes: str) -> list[Path]:
    """The named files as they are, and every file below the named folders that ends so, sorted; none twice.

    A folder that can't be looked into stands for itself: reading it says why.
    """
    named: dict[Path, None] = {}
    for path in paths:
        named.update(dict.fromkeys(sorted(_below(path, suffixes)) if files.is_folder(path) else [path]))
    return list(named)


def _below(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    closed: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            # Not a pipe, which might never end.
            if name.endswith(suffixes) and not name.startswith(".") and (os.path.isfile(path) or not files.exists(path)):
                yield path
    yield from closed


def is_scenario(path: Path) -> bool:
    return path.name.endswith(SCENARIOS)


def is_yaml(path: Path) -> bool:
    return path.name.endswith(_YAML)


def scenarios_beside(plan: Path) -> list[Path]:
    """The scenario files beside a plan that are there."""
    stem = plan.name.removesuffix(PLAN)
    return [path for ending in SCENARIOS if files.exists(path := plan.parent / (stem + ending))]


def plan_beside(scenario: Path) -> Path:
    return scenario.parent / (scenario.name.removesuffix(SCENARIOS[0]).removesuffix(SCENARIOS[1]) + PLAN)


def shipped() -> Path:
    """The folder of examples: in an installed wheel beside this file, in a checkout beside this package."""
    installed = Path(__file__).with_name("examples")
    return installed if installed.is_dir() else Path(__file__).parent.parent / "examples"
