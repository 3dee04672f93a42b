"""How a plan or scenario file stands: what is wrong with it, and how its tests end."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tui import folders
from tui.files import FileError
from tui.progress import StoppedError
from tui.saying import say


@dataclass(frozen=True, slots=True)
class FileState:
    """Problems and tests, counted; `unread` says why, where the file can't be read."""

    errors: int = 0
    warnings: int = 0
    passed: int = 0
    failed: int = 0
    unread: str = ""

    @property
    def tests(self) -> int:
        return self.passed + self.failed


# Of each file that a state depends on: its name, when it was changed, and its bytes.
Stamps = tuple[tuple[str, int, int], ...]


def stamps(path: Path) -> Stamps:
    """Changes whenever the state of a file may: with it, with its plan, with the scenarios beside that."""
    plan = folders.plan_beside(path) if folders.is_scenario(path) else path
    found = []
    for one in [plan, *folders.scenarios_beside(plan)]:
        try:
            stat = os.stat(one)
        except (OSError, ValueError):
            continue
        found.append((one.name, stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def state_of(path: Path, step: Callable[[], None] = lambda: None) -> FileState:
    """Reads, checks and tests a file: for a plan its own examples, for a scenario file its scenarios. Never raises, but the
    StoppedError of `step`, which is called between two pieces of the work."""
    from tui import checking, verify

    try:
        found = checking.found(path).diagnostics
        errors = sum(one.is_error for one in found)
        state = FileState(errors, len(found) - errors)
        step()
        report = verify.verify([path], step)
    except FileError as error:
        return FileState(unread=str(error))
    except StoppedError:
        raise
    except Exception as error:  # a mistake of ours in one file must not hide the state of the others
        return FileState(unread=say("Rollover failed on this file ({error}): please report it", error=type(error).__name__))
    for tested in report.files:
        own = len(tested.checked.scenarios)
        cases = tested.cases[own:] if folders.is_scenario(path) else tested.cases[:own]
        failed = sum(bool(case.told) for case in cases)
        return FileState(state.errors, state.warnings, len(cases) - failed, failed)
    return state
