"""The row of the tour: what to do next, with the pane it is about in another shade. It goes on by itself when that was done."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui.language import message
from tui.saying import say
from tui.tour import Deed, Pane, Tour, remember

SELECTORS = {Pane.TEXT: "#text", Pane.OUTCOME: "#outcome", Pane.USAGE: "#usage", Pane.KEYS: "#keys"}
DEEDS = {  # by the action of a binding, whatever its key is; the first three are no key's
    "edited": Deed.TYPED,
    "mended": Deed.MENDED,
    "back_in_text": Deed.BACK_IN_TEXT,
    "change": Deed.USED_MORE,
    "next_page": Deed.TURNED_PAGE,
    "problem": Deed.WENT_TO_PROBLEM,
    "save": Deed.SAVED,
    "command_palette": Deed.LISTED_COMMANDS,
}
FAREWELL = message("That was the tour. It can be had again from the commands: Ctrl+P, then Tour.")


class TourLine(Static):
    """Hidden where there is none."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False)
        self._tour: Tour | None = None

    def begin(self) -> None:
        """From the first step."""
        remember()
        self._tour = Tour()
        self._show()

    def end(self) -> bool:
        """Whether there was one to end."""
        was_on = self._tour is not None
        self._tour = None
        self._show()
        return was_on

    def did(self, action: str) -> None:
        """Goes on where the step waits for that."""
        deed = DEEDS.get(action)
        if self._tour and deed and self._tour.did(deed):
            if self._tour.step is None:
                self._tour = None
                self.app.notify(say(FAREWELL))
            self._show()

    def _show(self) -> None:
        step = self._tour.step if self._tour else None
        self.display = step is not None
        for pane, selector in SELECTORS.items():
            self.app.screen_stack[0].query(selector).set_class(step is not None and step.pane is pane, "-pointed")
        if self._tour and step:
            count = f"{self._tour.number}/{self._tour.total}  "
            self.update(Content.assemble((count, "bold"), say(step.text), (f"  {say('Esc ends the tour')}", "$text-muted")))
