"""What could be had instead of a plan: the plan as it was saved, the others of its file, and those of the files beside it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dsl.check import Checked, check
from dsl.plan import Plan
from dsl.source import Source, printable
from engine.contrast import Side
from tui import files, folders
from tui.language import message
from tui.saying import say

MOST_FILES = 200
AS_SAVED = message("as saved")


@dataclass(frozen=True, slots=True)
class Choice:
    """A plan with the text it stands in; `origin` is "" for the file that is edited, AS_SAVED, or the name of another file."""

    plan: Plan
    text: Checked
    origin: str = ""

    @property
    def label(self) -> str:
        """How people call it; safe to show."""
        name = printable(self.plan.name)
        origin = say(self.origin) if self.origin == AS_SAVED else printable(self.origin)
        return f"{name} ({origin})" if origin else name

    @property
    def key(self) -> tuple[str, str]:
        return self.origin, self.plan.name

    @property
    def side(self) -> Side:
        return Side(self.plan, self.text.plans)


class Shelf:
    """Knows where the edited file is and how it was saved; reads the files beside it when it is told to `look`."""

    def __init__(self) -> None:
        self.path: Path | None = None
        self._saved_text = ""
        self._saved: Checked | None = None  # read when somebody compares with it
        self._beside: dict[Path, Checked] = {}

    def put(self, path: Path | None, saved: str) -> None:
        """The edited file, None where there is none, and its text as it was last read or written."""
        if path != self.path:
            self._beside.clear()
        self.path = path
        if saved != self._saved_text:
            self._saved_text, self._saved = saved, None

    def _as_saved(self, plan: Plan, text: str) -> Iterator[Choice]:
        """The plan as it was saved, where the text is not as it was."""
        if text == self._saved_text:
            return
        self._saved = self._saved or check(Source(self.path.name if self.path else "", self._saved_text))
        if found := self._saved.plan(plan.name):
            yield Choice(found, self._saved, AS_SAVED)

    def look(self) -> Iterator[tuple[int, int]]:
        """Reads the plan files of the folder, and tells after each how many are done, and of how many."""
        if self.path is None:
            return
        read: dict[Path, Checked] = {}
        found = self._files(self.path)
        for number, path in enumerate(found, 1):
            with contextlib.suppress(files.FileError):  # whoever opens it is told why
                read[path] = check(files.read(path))
            yield number, len(found)
        self._beside = read

    @staticmethod
    def _files(path: Path) -> list[Path]:
        """Those in the folder itself: what lies below it may be a whole disk."""
        try:
            found = sorted(one for one in path.parent.iterdir() if one.suffix == folders.PLAN and one.is_file())
        except OSError:
            return []
        return [one for one in found[:MOST_FILES] if not files.is_same(one, path)]

    def choices(self, checked: Checked, plan: Plan) -> list[Choice]:
        """What a plan of an edited text can be compared with, the nearest first."""
        found = [*self._as_saved(plan, checked.source.text)]
        found += [Choice(other, checked) for other in checked.plans if other.name != plan.name]
        for path, text in self._beside.items():
            origin = str(path.relative_to(self.path.parent)) if self.path else str(path)
            found += [Choice(other, text, origin) for other in text.plans]
        return found
