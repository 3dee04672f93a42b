"""What could be written at the cursor, offered while somebody types: beside the typing, and never in its way.

The list opens by itself for a word that is begun or a name in quotes, with nothing chosen: Enter ends the line, as always. Tab
takes the first, an arrow chooses another, which Enter then takes. What is likely to be changed in it is selected: Tab goes to
the next, and Enter behind what was written.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from dsl.source import Source, printable, width
from tui.saying import say
from tui.workbench.aside import aside
from tui.workbench.editor.part import Part
from tui.workbench.editor.popup import Choices, hide, room
from tui.wrap import cut

if TYPE_CHECKING:  # loaded after the first screen
    from dsl.assist.completion import Candidate
    from dsl.check import Checked

PAUSE_SECONDS = 0.12
MOST_COLUMNS = 70
LEAST_DETAIL = 24  # columns, for which a label that is longer than others does without its place in their row


class Completing(Part):
    """The part of the text's pane that completes. `checked` is what is known of the text, perhaps from a few keys ago;
    `plan_beside` tells the plans that the text, a scenario file, is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+@,ctrl+space", "complete", "Complete", show=False, id="text.complete", tooltip="What could stand here."),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.checked: Checked | None = None
        self.plan_beside: Callable[[], Source] | None = None
        self._offered: Sequence[Candidate] = ()
        self._shown: Sequence[Candidate] = ()
        self._end = 0  # the column that what was offered was made for
        self._stops: list[tuple[int, int]] = []  # from the end of the cursor's line, since what is typed moves the others
        self._stop_row = 0

    @property
    def _choices(self) -> Choices:
        return self.query_one(Choices)

    # ---- keys

    def take(self, event: events.Key) -> bool:
        """Keys that mean something to what is offered, or to what was taken last; the text has all others."""
        choices = self._choices
        if not choices.display:
            return self._take_at_stop(event.key)
        match event.key:
            case "down" | "up" | "pagedown" | "pageup":
                self._move(event.key)
            case "tab":
                self._accept(choices.highlighted or 0)
            case "enter" if choices.highlighted is not None:
                self._accept(choices.highlighted)
            case "escape":
                self.close_choices()
                return not self.keeps_escape
            case "enter":
                self.close_choices()
                return False
            case _:
                return False
        return True

    def _take_at_stop(self, key: str) -> bool:
        if not self._is_at_stop() or key not in ("tab", "enter", "escape"):
            return False
        if key == "tab":
            self._next_stop()
            return True
        if key == "enter":
            self.editor.move_cursor((self._stop_row, len(self.editor.lines[self._stop_row])))
        self._stops = []
        return False

    @property
    def keeps_escape(self) -> bool:
        """Whether Escape means something else beside closing what is offered."""
        return False

    def _move(self, key: str) -> None:
        choices = self._choices
        if choices.highlighted is None:
            choices.highlighted = 0 if key in ("down", "pagedown") else len(self._shown) - 1
        else:
            actions: dict[str, Callable[[], None]] = {
                "down": choices.action_cursor_down, "up": choices.action_cursor_up,
                "pagedown": choices.action_page_down, "pageup": choices.action_page_up,
            }  # fmt: skip
            actions[key]()

    # ---- offering

    def typed(self, character: str) -> None:
        """A character was typed: where it begins or goes on with a word, what could become of it is looked for in a moment."""
        if not self._is_at_stop() and re.fullmatch(r'[\w"]', character):
            self._look(PAUSE_SECONDS, chosen=None)

    def action_complete(self) -> None:
        """At once, and with the first chosen: somebody asked."""
        self._look(0, chosen=0)

    @work(exclusive=True, group="complete")
    async def _look(self, pause: float, *, chosen: int | None) -> None:
        await asyncio.sleep(pause)
        is_known = self.checked or self.plan_beside
        if not is_known or not self.editor.has_focus or (pause and (self._choices.display or self._is_amid_words())):
            return
        place = self.editor.cursor_location
        source = Source(self.checked.source.name if self.checked else "", self.editor.text)
        if self.checked:
            found = await aside(_candidates, replace(self.checked, source=source), place)
        else:
            assert self.plan_beside
            found = await aside(_candidates_of_scenario, source, place, self.plan_beside())
        if self.editor.cursor_location != place or self.editor.text != source.text or not self.editor.has_focus:
            return
        self._offered, self._end = found, place[1]
        if chosen is not None and not found:
            self.app.notify(say("Nothing can be offered here."))
        self._show(chosen)

    def _is_amid_words(self) -> bool:
        """Whether more of the line follows: who changes a number there knows what it is of."""
        row, column = self.editor.cursor_location
        return bool(re.match(r"\w|\s+[\w\"]", self.editor.lines[row][column:]))

    @on(TextArea.SelectionChanged)
    def _narrow(self) -> None:
        """Leaves of what is offered what still fits; closes, where the cursor went elsewhere."""
        if self._choices.display:
            self._show(None if self._choices.highlighted is None else 0)

    def _show(self, chosen: int | None) -> None:
        row, column = self.editor.cursor_location
        here = [one for one in self._offered if one.span.line == row + 1 and one.span.start <= column]
        fitting = [one for one in here if _fits(one, self._typed(one, column))]
        is_done = len(fitting) == 1 and fitting[0].label == self._typed(fitting[0], column) and chosen is None
        if not fitting or is_done or not self.editor.selection.is_empty:
            self.close_choices()
            return
        self._shown = fitting
        details = [printable(say(one.detail)) for one in fitting]
        pane = self.editor.scrollable_content_region
        within = room([*details, *(one.label for one in fitting)], pane, self.app.size)
        rows = _rows(fitting, details, min(MOST_COLUMNS, within.width - 3))
        self._choices.show(rows, self._anchor(fitting[0]), within, chosen=chosen)

    def _typed(self, one: Candidate, column: int) -> str:
        return self.editor.lines[one.span.line - 1][one.span.start : column]

    def _anchor(self, one: Candidate) -> Region:
        """Where the word that is completed begins, on the screen."""
        editor = self.editor
        before = self._typed(one, editor.cursor_location[1])
        return Region(editor.cursor_screen_offset.x - width(before) - 1, editor.cursor_screen_offset.y, 1, 1)

    def close_choices(self) -> None:
        hide(self._choices)
        self._offered = self._shown = ()

    def leave_choices(self) -> None:
        """The text that they were about is not shown any more."""
        self.close_choices()
        self.checked, self.plan_beside, self._stops = None, None, []

    # ---- taking

    @on(Choices.Taken)
    def _clicked(self, event: Choices.Taken) -> None:
        self._accept(event.index)

    def _accept(self, index: int) -> None:
        one = self._shown[index]
        editor = self.editor
        row, column = editor.cursor_location
        end = max(column, one.span.end + column - self._end)
        insert = _without_what_follows(one.insert, editor.lines[row][end:])
        editor.begin_step()
        editor.replace(insert, (row, one.span.start), (row, end), maintain_selection_offset=False)
        editor.end_step()
        self.close_choices()
        from_end = len(editor.lines[row]) - one.span.start
        stops = [(start, stop) for start, stop in one.stops if stop <= len(insert)]
        if stops:
            stops.append((len(insert), len(insert)))
        self._stops = [(from_end - start, from_end - stop) for start, stop in stops]
        self._stop_row = row
        if stops:
            self._next_stop()

    def _is_at_stop(self) -> bool:
        """Whether something that was taken is still being filled in."""
        if self._stops and self.editor.cursor_location[0] != self._stop_row:
            self._stops = []
        return bool(self._stops)

    def _next_stop(self) -> None:
        """Selects what is to be looked at next of what was taken; the last of it is its end."""
        start, end = self._stops.pop(0)
        length = len(self.editor.lines[self._stop_row])
        self.editor.selection = Selection((self._stop_row, max(0, length - start)), (self._stop_row, max(0, length - end)))


def _candidates(checked: Checked, place: tuple[int, int]) -> tuple[Candidate, ...]:
    from dsl.assist.completion import complete
    from dsl.assist.position import Position

    return complete(checked, Position(place[0] + 1, place[1]), _zones())


def _candidates_of_scenario(source: Source, place: tuple[int, int], plan: Source) -> tuple[Candidate, ...]:
    from dsl.assist.position import Position
    from dsl.assist.scenario_completion import complete_scenario
    from dsl.check import check

    return complete_scenario(source, Position(place[0] + 1, place[1]), check(plan))


@cache
def _zones() -> tuple[str, ...]:
    import zoneinfo

    return tuple(sorted(zoneinfo.available_timezones()))


def _without_what_follows(insert: str, behind: str) -> str:
    """What is to be written where its last words stand there already: of `7 GB` only the 7."""
    for at in range(1, len(insert)):
        if not insert[at - 1].isspace() and insert[at].isspace() and behind.startswith(insert[at:]):
            rest = behind[len(insert) - at :]
            if not rest[:1].isalnum():
                return insert[:at]
    return insert


def _fits(one: Candidate, typed: str) -> bool:
    typed = typed.strip().lstrip('"').lower()
    words = one.match.lower().replace('"', " ").split()
    if number := re.match(r"[\d.]+", typed):
        return words[:1] == [number[0]] and " ".join(words).startswith(typed)  # of another number other things may follow
    return any(word.startswith(typed) for word in words) or " ".join(words).startswith(typed)


def _rows(candidates: Sequence[Candidate], details: Sequence[str], columns: int) -> list[Content]:
    """A row each: what would be written, and what it says as far as there is space."""
    labels = [printable(one.label) for one in candidates]
    wide = max((width(label) for label in labels if width(label) <= columns - LEAST_DETAIL), default=columns)
    rows = []
    for label, detail in zip(labels, details, strict=True):
        space = columns - max(wide, width(label)) - 2
        detail = cut(detail, space) if space >= LEAST_DETAIL // 2 else ""
        rows.append(
            Content.assemble(label + " " * max(0, wide - width(label)), ("  " + detail if detail else "", "$foreground 60%"))
        )
    return rows
