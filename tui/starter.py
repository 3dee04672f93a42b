"""`rollover new` and `rollover examples`: texts to start from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from dsl.source import printable
from tui import files, folders

_NEW_PLAN = """\
# A plan to start from. Words after # are comments. Try: rollover check {name}
plan "{title}" prepaid
  # Each cycle; a cycle is a month from the day of activation unless a `cycle:` line says otherwise.
  grant 10 GB
  use carried data first
  # What is above the cap, or was carried once already, expires.
  unused data: carry 1 month, cap 10 GB
  when data runs out: block

  example "a light month, then a heavy one"
    use 6 GB -> left 4 GB, carried 4 GB
    use 13 GB -> available 14 GB, left 1 GB
"""

_NEW_SCENARIO = """\
# A year of a subscriber, and what is expected of it. Try: rollover test {name}
scenario: nothing used
plan: {title}
start: 2026-01-31
cycles:
  - use: 0 GB
    expect: {{available: 10 GB, carried: 10 GB}}
  - use: 0 GB
    expect: {{available: 20 GB, carried: 10 GB, expired: 10 GB}}
"""


def plan_text(path: Path) -> str:
    """A small commented plan, called as its file is."""
    return _NEW_PLAN.format(name=printable(path.name), title=_title(path.name.removesuffix(folders.PLAN)))


def write(path: Path) -> list[Path]:
    """Writes a plan and its scenario; neither may be there yet. Raises files.FileError."""
    files.refuse_folder(path)
    stem = path.name.removesuffix(folders.PLAN)
    plan, scenario = path.with_name(stem + folders.PLAN), path.with_name(stem + folders.SCENARIO)
    for target in (plan, *folders.scenarios_beside(plan)):
        if files.exists(target):
            raise files.FileError(f"{target} is there already; choose another name")
    for target, text in ((plan, _NEW_PLAN), (scenario, _NEW_SCENARIO)):
        files.write(target, text.format(name=printable(plan.name), title=_title(stem)))
    return [plan, scenario]


def _title(stem: str) -> str:
    """The name of a plan after that of its file: words of letters and digits, which mean the same in a plan and in YAML."""
    letters = "".join(character if character.isalnum() else " " if character in " -_" else "" for character in stem)
    return " ".join(letters.split()).capitalize() or "My plan"


def listing() -> list[str]:
    """A line for each shipped example: its name and what its first comment says."""
    home = folders.shipped()
    plans = folders.found([home], folders.PLAN)
    names = [plan.relative_to(home).as_posix().removesuffix(folders.PLAN) for plan in plans]
    wide = max(map(len, names), default=0)
    lines = [f"{name:<{wide}}  {_about(plan)}" for name, plan in zip(names, plans, strict=True)]
    return [*lines, "", "copy one: rollover examples NAME [FOLDER]"]


def _about(plan: Path) -> str:
    first = files.read(plan).lines[0]
    return first.removeprefix("#").strip() if first.startswith("#") else ""


def copy(name: str, folder: Path) -> list[str]:
    """Copies an example and its scenario; nothing is written over. Raises files.FileError."""
    home = folders.shipped()
    plans = {plan.relative_to(home).as_posix().removesuffix(folders.PLAN): plan for plan in folders.found([home], folders.PLAN)}
    plan = plans.get(name.removesuffix(folders.PLAN))
    if plan is None:
        raise files.FileError(f"no example is called {name}; {_meant(name, plans)}")
    sources = [plan, *folders.scenarios_beside(plan)]
    for source in sources:
        if files.exists(folder / source.name):
            raise files.FileError(f"{folder / source.name} is there already; choose another folder")
    lines = []
    for source in sources:
        files.write(folder / source.name, files.read(source).text)
        lines.append(f"{folder / source.name} written")
    return lines


def _meant(name: str, known: Iterable[str]) -> str:
    """What to do about a name that is not known, which may lack its folder."""
    by_last = {one.rpartition("/")[2]: one for one in known}
    close = difflib.get_close_matches(name.rpartition("/")[2], by_last, 1, 0.7)
    return f"did you mean {by_last[close[0]]}?" if close else "`rollover examples` lists them"
