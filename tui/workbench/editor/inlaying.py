"""What stands dim behind the lines that are seen: found aside, when the typing pauses, a plan at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.binding import Binding, BindingType

from tui.saying import say
from tui.workbench.aside import aside
from tui.workbench.editor.part import Part

if TYPE_CHECKING:  # loaded after the first screen
    from dsl.check import Checked
    from tui.inlays import Inlays

PAUSE_SECONDS = 0.3


class Inlaying(Part):
    """The part of the text's pane that tells the largest balances. `checked` is what is known of the text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+l", "toggle_largest", "Largest balance", show=False, id="text.largest",
                tooltip="The largest balance behind each allowance, on or off."),
    ]  # fmt: skip

    checked: Checked | None

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.tells_largest = True
        self._inlays: Inlays | None = None
        self._told: tuple[int, int] | None = None  # the lines of which it is told by now

    def show_inlays(self) -> None:
        """Those that are known of the text as it is; the others when nobody types."""
        from tui.inlays import Inlays

        if self._inlays is None:
            self._inlays = Inlays()
        self._told = None
        checked = self.checked if self.tells_largest else None
        self.editor.show_inlays(self._inlays.of(checked) if checked else {})
        if checked and not checked.has_errors:
            self._find_inlays(checked)

    def scrolled(self) -> None:
        """Other lines are seen."""
        first, last = self.editor.seen_lines()
        if self._told is not None and not (self._told[0] <= first and last <= self._told[1]):
            self.show_inlays()

    @work(exclusive=True, group="inlays", description="inlays")  # or Textual would write the whole file out
    async def _find_inlays(self, checked: Checked) -> None:
        from tui.inlays import inlays

        await asyncio.sleep(PAUSE_SECONDS)
        found: dict[int, str] = {}
        seen = self.editor.seen_lines()
        plans = inlays(checked, *seen)
        while (one := await aside(next, plans, None)) is not None:
            found |= one
        if self._inlays and self.tells_largest and checked is self.checked:
            self._told = seen
            self._inlays.put(checked.source, found)
            self.editor.show_inlays(found)

    def action_toggle_largest(self) -> None:
        self.tells_largest = not self.tells_largest
        self.show_inlays()
        if self.tells_largest:
            self.app.notify(say("The largest balance stands behind each allowance."))
        else:
            self.app.notify(say("The largest balance is not told. `largest: false` in your settings keeps it so."))
