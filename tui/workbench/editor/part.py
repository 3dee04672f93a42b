"""What the parts of the text's pane have in common: the editor that they are about."""

from __future__ import annotations

from textual.containers import Vertical

from tui.workbench.editor.plan_editor import PlanEditor


class Part(Vertical):
    """One thing that the text's pane does; `text_pane.py` puts them together."""

    @property
    def editor(self) -> PlanEditor:
        """The one that is shown."""
        raise NotImplementedError
