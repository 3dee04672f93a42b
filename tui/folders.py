"""Which files a command is about: plans, the scenarios beside them, and the examples that come with Rollover."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PLAN = ".plan"
SCENARIO = ".scenario.yaml"


def found(paths: Iterable[Path], *suffixes: str) -> list[Path]:
    """The named files as they are, and every file below the named folders that ends so, sorted; none twice."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = (file for file in sorted(path.rglob("*")) if file.name.endswith(suffixes) and file.is_file())
            files.update(dict.fromkeys(file for file in below if not _is_hidden(file.relative_to(path))))
        else:
            files[path] = None
    return list(files)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def is_scenario(path: Path) -> bool:
    return path.name.endswith((SCENARIO, ".scenario.yml"))


def scenario_beside(plan: Path) -> Path:
    return plan.with_name(plan.name.removesuffix(PLAN) + SCENARIO)


def plan_beside(scenario: Path) -> Path:
    return scenario.with_name(scenario.name.removesuffix(SCENARIO).removesuffix(".scenario.yml") + PLAN)


def shipped() -> Path:
    """The folder of examples: in an installed wheel beside this file, in a checkout beside this package."""
    installed = Path(__file__).with_name("examples")
    return installed if installed.is_dir() else Path(__file__).parent.parent / "examples"
