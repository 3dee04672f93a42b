"""What stands over the text for a moment, beside the cursor or the mouse, and never takes the focus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events
from textual.content import Content
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dsl.source import width
from tui.workbench.lines import in_rows

MOST_ROWS = 8


def room(texts: Iterable[str], pane: Region, screen: Size) -> Region:
    """Where something with these texts may stand: anywhere, or, where characters take two columns, over its pane. Textual cuts
    it along the edges of the panes beneath, and loses the character that such an edge goes through."""
    if all(width(text) == len(text) for text in texts):
        return Region(0, 0, screen.width, screen.height)
    return Region(pane.x, 0, pane.width, screen.height)


def beside(anchor: Region, size: Size, within: Region) -> Offset:
    """Where something of a size stands below an anchor; above it, where only there is room."""
    x = max(within.x, min(anchor.x, within.right - size.width))
    fits_below = anchor.bottom + size.height <= within.height
    y = anchor.bottom if fits_below or anchor.y < size.height else anchor.y - size.height
    return Offset(x, max(0, min(y, within.height - size.height)))


class Choices(OptionList):
    """A list to choose from while somebody types. Nothing is chosen until an arrow, a click or Tab says so."""

    can_focus = False

    class Taken(Message):
        """An entry was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, compact=True)
        self.display = False

    def show(self, rows: Sequence[Content], anchor: Region, within: Region, *, chosen: int | None) -> None:
        """`anchor` is the word it is about, on the screen, of which `within` has room for it."""
        wide = min(max(row.cell_length for row in rows) + 3, within.width)
        tall = min(MOST_ROWS, len(rows))
        self.clear_options()
        self.add_options([Option(row) for row in rows])
        self.highlighted = chosen
        self.styles.width, self.styles.height = wide, tall
        self.absolute_offset = beside(anchor, Size(wide, tall), within)
        self.display = True
        self.refresh(layout=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Taken(event.option_index))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()


class Note(Static):
    """A few paragraphs over the text."""

    can_focus = False

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, markup=False)
        self.display = False

    def show(self, paragraphs: Sequence[Content], anchor: Region, pane: Region) -> None:
        within = room((one.plain for one in paragraphs), pane, self.screen.size)
        wide = min(64, within.width, max(one.cell_length for one in paragraphs) + 4)
        rows = [row for one in paragraphs for row in in_rows(one, max(1, wide - 4))]
        tall = min(within.height - 2, len(rows) + 2)
        self.update(Content("\n").join(rows))
        self.styles.width, self.styles.height = wide, tall
        self.absolute_offset = beside(anchor, Size(wide, tall), within)
        self.display = True
        self.refresh(layout=True)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.display = False


def hide(widget: Widget) -> None:
    if widget.display:
        widget.display = False
