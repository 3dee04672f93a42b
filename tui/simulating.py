"""`rollover simulate`: what is asked for, and files of plans, to a base of subscribers that `tui/simulate` can write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dsl.examples import DEFAULT_START
from dsl.plan import Plan
from dsl.scenario_file import LAST_YEAR
from dsl.units import is_money
from tui import files, folders
from tui.running import UnusableError, checked_plans, no_plan, refuse_year
from tui.simulate import writing
from tui.simulate.blocks import Base
from tui.simulate.population import population

_TAKEN = {"subscriber", "plan", "start", "cycle", "at"}  # names of columns, which no service may have


@dataclass(frozen=True, slots=True)
class Asked:
    """`names` are of the plans in the files of `paths`; () for all of them. `start` is the first of a month."""

    subscribers: int
    months: int
    seed: int
    start: datetime | None = None
    paths: Sequence[Path] = ()
    names: Sequence[str] = ()


def base(asked: Asked) -> Base:
    """Raises files.FileError and UnusableError."""
    start = asked.start or DEFAULT_START
    refuse_year("--start", start)
    if start.day != 1 or start.time() != DEFAULT_START.time():
        raise UnusableError(f"--start should be the first day of a month, as {start:%Y-%m}-01", misuse=True)
    if start.year + asked.months // 12 >= LAST_YEAR:
        raise UnusableError(f"{asked.months} months from {start.date()} on go beyond the year {LAST_YEAR}", misuse=True)
    found = _plans(asked.paths, asked.names)
    return Base(population(found, start.date(), asked.months), asked.subscribers, asked.seed)


def _plans(paths: Sequence[Path], names: Sequence[str]) -> list[Plan]:
    if names and not paths:
        raise UnusableError("--plan names a plan of a file: give that, too, with --plans", misuse=True)
    whose: dict[str, Path] = {}
    plans: dict[str, Plan] = {}
    looked_at = [(path, checked_plans(path)) for path in folders.found(paths, folders.PLAN)]
    for path, checked in looked_at:
        for plan in checked.plans:
            if names and plan.name not in names:
                continue
            if plan.name in whose:
                where = f"{whose[plan.name]} and {path} both have" if whose[plan.name] != path else f"{path} has twice"
                raise UnusableError(f'{where} a plan "{plan.name}"; rename one, or choose others with --plan', misuse=True)
            plans[plan.name], whose[plan.name] = plan, path
    if missing := [name for name in names if name not in plans]:
        raise UnusableError(f'no plan "{missing[0]}" there', misuse=True)
    if paths and not plans:
        raise UnusableError(no_plan([checked for _, checked in looked_at]), misuse=True)
    if plans:
        _refuse_unusable(list(plans.values()))
    return list(plans.values())


def _refuse_unusable(plans: Sequence[Plan]) -> None:
    """Some may grant nothing that can be used, and then none of it is; but not all of them."""
    services = {name for plan in plans for name in plan.services if not is_money(name)}
    if not services:
        raise UnusableError("these plans grant nothing that can be used")
    if taken := _TAKEN.intersection(services):
        raise UnusableError(f"the unit `{min(taken)}` is called like a column of the file")


def refuse_out(path: Path, *, force: bool) -> None:
    """Raises files.FileError where a file can't be written there."""
    if path.suffix.lower() not in writing.SUFFIXES:
        raise files.FileError(f"{path} should end in {' or '.join(writing.SUFFIXES)}")
    files.refuse_folder(path)
    if files.exists(path) and not force:
        raise files.FileError(f"{path} is there already; choose another name, or give --force")


def write(base: Base, blocks: range, path: Path, *, dated: bool, report: Callable[[int], None]) -> int:
    """Writes blocks of a base; the number of rows. Raises files.FileError."""
    return writing.write(base, blocks, path, dated=dated, report=report)
