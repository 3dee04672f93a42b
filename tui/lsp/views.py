"""What an answer is made from: a document as it was when it was asked about, and what the checker makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path

from dsl.check import Checked, check
from dsl.source import Span
from tui import files, folders
from tui.lsp.texts import Ruler, Text

CHECKED_AT_ONCE = 3_000  # lines; of a longer text what was last found is used, until its check is done

checked = lru_cache(maxsize=8)(check)


@dataclass(frozen=True)
class View:
    """`last` is what the checker made of the document before; `open_texts` are all that are open, by URI."""

    text: Text
    ruler: Ruler
    open_texts: Mapping[str, Text]
    last: Checked | None = None

    @cached_property
    def checked(self) -> Checked:
        """Of a plan, what it means; of a scenario, what the plan beside it means."""
        plan = self.plan_text
        if len(plan.lines) <= CHECKED_AT_ONCE:
            return checked(plan.source)
        if self.last is not None:
            return self.last if self.last.source == plan.source else replace(self.last, source=plan.source)
        return Checked(plan.source, (), (), (), 1000)

    @cached_property
    def plan_text(self) -> Text:
        """The plan that the document is, or that it is about; empty where there is none."""
        return self.text if not self.text.is_scenario else self.beside(self.plan_path) or Text("", 0, "")

    @property
    def plan_path(self) -> Path:
        return folders.plan_beside(self.text.path) if self.text.is_scenario else self.text.path

    @cached_property
    def scenario_texts(self) -> list[Text]:
        """The scenario files about the plan."""
        found = (self.beside(self.plan_path.with_name(name)) for name in _scenarios(self.plan_path))
        return [one for one in found if one]

    def beside(self, path: Path) -> Text | None:
        """A document by its path: as it is open, else as it is on disk; None where it is in neither, or can't be read."""
        for one in self.open_texts.values():
            if one.path == path:
                return one
        try:
            return Text(from_fs_path(str(path)) or "", 0, files.read(path).text)
        except files.FileError:
            return None

    def range(self, span: Span) -> types.Range:
        return self.ruler.range(self.text.lines, span)


def _scenarios(plan: Path) -> list[str]:
    return [plan.name.removesuffix(folders.PLAN) + ending for ending in folders.SCENARIOS]
