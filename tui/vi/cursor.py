"""Where vi's cursor stands and what is selected, in each of its modes, and how motions move it."""

from __future__ import annotations

from enum import StrEnum

from tui.vi import motions
from tui.vi.motions import Place, Stretch, Target
from tui.vi.text import Text


class Mode(StrEnum):
    NORMAL = "normal"
    INSERT = "insert"
    VISUAL = "visual"
    LINES = "visual lines"


class Cursor:
    """In a visual mode what is selected runs from `anchor` to `place`, and the text area shows its cursor behind that."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.mode = Mode.NORMAL
        self._column: int | None = None  # where j and k would like to be
        self._anchor: Place = (0, 0)
        self._place: Place = (0, 0)  # where something is selected
        self._sought: tuple[str, str] | None = None  # f, t, F or T and its character, for ; and ,

    @property
    def at(self) -> Place:
        return self._place if self.mode in (Mode.VISUAL, Mode.LINES) else self.text.place

    # ---- moving

    def target(self, what: str, count: int | None) -> Target | None:
        """Where a motion leads, None where it leads nowhere."""
        if what in (";", ","):
            if self._sought is None:
                return None
            kind, character = self._sought
            return motions.move(self.text.lines, self.at, (kind if what == ";" else kind.swapcase()) + character, count)
        if len(what) == 2 and what[0] in "fFtT":
            self._sought = (what[0], what[1])
        return motions.move(self.text.lines, self.at, what, count)

    def move(self, what: str, count: int | None) -> None:
        target = self.target(what, count)
        if target is None:
            return
        if what in "jk":
            if self._column is None:
                self._column = self.at[1]
            target = target._replace(place=(target.place[0], self._column))
            self.go(target)
        else:
            self.go(target)
            self._column = 1_000_000 if what == "$" else None

    def go(self, target: Target) -> None:
        if self.mode is Mode.NORMAL:
            self.stand(target.place)
        else:
            self._place = self._on_a_character(target.place)
            self._show_selection()

    def stand(self, place: Place) -> None:
        place = self._on_a_character(place)
        self.text.select(place, place)

    def _on_a_character(self, place: Place) -> Place:
        """In normal mode the cursor stands on a character, not behind the last."""
        row = max(0, min(place[0], len(self.text.lines) - 1))
        return row, max(0, min(place[1], len(self.text.lines[row]) - 1))

    # ---- selecting

    def select(self, mode: Mode, anchor: Place, place: Place) -> None:
        """Selects from one place to another, in a visual mode."""
        self.mode, self._anchor, self._place = mode, anchor, place
        self._show_selection()

    def turn_to(self, mode: Mode) -> None:
        """What is selected stays so in another visual mode."""
        self.select(mode, self._anchor, self._place)

    def swap_ends(self) -> None:
        self.select(self.mode, self._place, self._anchor)

    def selected(self, *, as_lines: bool) -> Stretch:
        """What is selected, or the whole lines that it touches."""
        top, bottom = sorted((self._anchor, self._place))
        line_end = len(self.text.lines[bottom[0]])
        if as_lines or self.mode is Mode.LINES:
            return Stretch((top[0], 0), (bottom[0], line_end), lines=True)
        return Stretch(top, (bottom[0], min(line_end, bottom[1] + 1)))

    def _show_selection(self) -> None:
        shown = self.selected(as_lines=False)
        ends = (shown.start, shown.end)
        self.text.select(*(ends if self._place >= self._anchor else reversed(ends)))
