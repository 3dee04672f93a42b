"""A page of the outcome: one way to look at what a plan does. A page is a widget that takes the focus and shows a View."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.message import Message

from dsl.source import Span
from tui.view import View

if TYPE_CHECKING:  # loaded after the first screen
    from engine.calendar import Instant
    from engine.past import Past
    from tui.draft import Draft
    from tui.shelf import Shelf


class RuleAsked(Message):
    """The rule at a span of the text is to be shown there."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


class PageAsked(Message):
    """Another page is to be shown, by its TAB, and to have the focus."""

    def __init__(self, tab: str) -> None:
        super().__init__()
        self.tab = tab


class MomentChosen(Message):
    """The cursor over time is to stand at an instant."""

    def __init__(self, at: Instant) -> None:
        super().__init__()
        self.at = at


class MomentMoved(Message):
    """The cursor over time is to go on from where it stands when this arrives: keys may come faster than screens."""

    def __init__(self, go: Callable[[Past, Instant, int], Instant], by: int) -> None:
        super().__init__()
        self.go = go
        self.by = by


class DraftChanged(Message):
    """The plan that is shown is to be run on another history; that can be undone."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft


class Page(Vertical):
    """`TAB` is its name on the row of tabs, `HELP` what F1 says of it. `show` is called for the page that is seen, whenever
    something may have changed; `view` is what it was called with last, and `shelf` what plans can be compared with."""

    TAB: ClassVar[str] = ""
    can_focus = True

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.view = View()
        self.shelf: Shelf | None = None

    def show(self, view: View) -> None:
        if not view.is_same(self.view):
            self.view = view
            self.draw()

    def draw(self) -> None:
        """Shows `self.view`, at the size there is."""
        raise NotImplementedError

    def on_resize(self) -> None:
        self.draw()
