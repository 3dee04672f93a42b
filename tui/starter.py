"""`rollover new` and `rollover examples`: texts to start from."""

from __future__ import annotations

from pathlib import Path

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


def write(path: Path) -> list[Path]:
    """Writes a plan and its scenario; neither may be there yet. Raises files.FileError."""
    plan = path if path.name.endswith(folders.PLAN) else path.with_name(path.name + folders.PLAN)
    scenario = folders.scenario_beside(plan)
    title = plan.name.removesuffix(folders.PLAN).replace("-", " ").replace("_", " ").strip().capitalize() or "My plan"
    title = "".join(character for character in title if character.isalnum() or character == " ") or "My plan"
    for target in (plan, scenario):
        if target.exists():
            raise files.FileError(f"{target} is there already; choose another name")
    for target, text in ((plan, _NEW_PLAN), (scenario, _NEW_SCENARIO)):
        files.write(target, text.format(name=plan.name, title=title))
    return [plan, scenario]


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
        raise files.FileError(f"no example is called {name}; `rollover examples` lists them")
    sources = [path for path in (plan, folders.scenario_beside(plan)) if path.is_file()]
    for source in sources:
        if (folder / source.name).exists():
            raise files.FileError(f"{folder / source.name} is there already; choose another folder")
    lines = []
    for source in sources:
        files.write(folder / source.name, files.read(source).text)
        lines.append(f"{folder / source.name} written")
    return lines
