"""What the workbench shows of a plan, as one value: what was run, and where its cursors stand. No terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # loaded after the first screen: the engine is no use before there is a text to see
    from dsl.check import Checked
    from engine.calendar import Instant
    from engine.past import Past
    from engine.run import Run
    from tui.draft import Draft
    from tui.moved import Moved


@dataclass(frozen=True, slots=True)
class View:
    """`run` None: nothing ran yet, and `note` says why; else `note` is a warning about the run, or empty.

    `services` are the plan's, safe to show, and `service` one of them. `line` is where the cursor of the text stands, from 1;
    `moment` where that over time does, within the run. `draft` is the history that was run. Of several lines in one account
    `run` is that of `line_name`, one of `line_names`; "" is the one the history is about. `past` is the same run from any
    instant, and `moved` what the rules at `line` did in it."""

    run: Run | None = None
    service: str = ""
    services: tuple[str, ...] = ()
    note: str = ""
    line: int = 1
    moment: Instant = 0
    checked: Checked | None = None
    draft: Draft | None = None
    past: Past | None = None
    moved: Moved | None = None
    line_name: str = ""
    line_names: tuple[str, ...] = ("",)

    def is_same(self, other: View) -> bool:
        """As good as equal; a run is compared by what it is, not by all that it holds."""
        return self.run is other.run and self.checked is other.checked and self._rest == other._rest

    @property
    def _rest(self) -> tuple[object, ...]:
        lines = self.line_name, self.line_names
        return self.service, self.services, self.note, self.line, self.moment, self.draft, *lines
