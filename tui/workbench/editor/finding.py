"""Finding in the text, replacing, and going to a line: the actions, and what is known of the matches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from tui.saying import say, say_many
from tui.search import MAX_MATCHES, Pattern, PatternError, Place, nearest
from tui.workbench.editor.find_bar import FindBar
from tui.workbench.editor.part import Part
from tui.workbench.editor.prompt import Prompt

# Matches of a text up to this long are counted at each key, those of a longer one when the typing pauses.
SHORT_LINES = 1_000
PAUSE_SECONDS = 0.2


class Finding(Part):
    """The part of the text's pane that looks for things in it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "find", "Find", show=False, id="text.find", tooltip="Find in the text, and replace."),
        Binding("f3", "find_next(1)", "Find next", show=False, id="text.find_next", tooltip="Go to the next match."),
        Binding(
            "shift+f3", "find_next(-1)", "Find before", show=False, id="text.find_previous", tooltip="Go to the one before."
        ),
        Binding("ctrl+g", "ask_line", "Go to line", show=False, id="text.line", tooltip="Go to a line by its number."),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._pattern: Pattern | None = None
        self._from: Place = (0, 0)  # where the cursor was when it was asked
        self._replaced = ("", 0)  # the text as it was afterwards, and how many matches there had been
        self._found: tuple[object, list[tuple[Place, Place]]] = (None, [])
        self._bar: FindBar | None = None  # until somebody asks for it: its fields would hold up the first screen

    @property
    def prompt(self) -> Prompt:
        return self.query_one(Prompt)

    def back_to_text(self) -> None:
        self.screen.set_focus(self.editor)

    # ---- matches

    def _matches(self) -> Sequence[tuple[Place, Place]]:
        """Of the text as it is. Raises PatternError."""
        if self._pattern is None:
            return []
        lines = self.editor.lines
        key = (self._pattern, self.editor.text)
        if self._found[0] != key:
            self._found = (key, self._pattern.matches(lines))
        return self._found[1]

    def look_for(self, pattern: Pattern | None, *, jump: bool) -> None:
        """Marks the matches of a pattern; `jump`: and goes to the first from where the cursor was."""
        self._pattern = pattern
        self.editor.show_matches(pattern)
        if jump and pattern:
            self._go_to_match(self._from, 1)
        self._count()

    def _go_to_match(self, at: Place, by: int) -> bool:
        try:
            matches = self._matches()
        except PatternError as error:
            self._refuse(error)
            return False
        number = nearest(matches, at, by)
        if number is None:
            return False
        self.editor.selection = Selection(*matches[number])
        self.editor.scroll_cursor_visible(center=True)
        return True

    def _refuse(self, error: PatternError) -> None:
        if self._bar:
            self._bar.refuse(str(error))

    def _count(self) -> None:
        """Says which of how many matches is selected."""
        if self._bar is None or not self._bar.display:
            return
        try:
            matches = self._matches()
        except PatternError as error:
            self._refuse(error)
            return
        chosen = tuple(sorted(self.editor.selection))
        at = matches.index(chosen) + 1 if chosen in matches else 0
        more = "+" if len(matches) >= MAX_MATCHES else ""
        if not self._pattern:
            said = ""
        elif self._replaced[0] == self.editor.text and not matches:
            said = say("{count} replaced", count=str(self._replaced[1]))
        elif not matches:
            said = say("no match")
        elif at:
            said = say("{at} of {count}", at=str(at), count=f"{len(matches)}{more}")
        else:
            said = say_many("{count} match", "{count} matches", len(matches), count=f"{len(matches)}{more}")
        self._bar.say(said)

    @on(TextArea.Changed)
    def _text_changed(self) -> None:
        if self._bar is None or not self._bar.display:
            return
        if self.editor.document.line_count <= SHORT_LINES:
            self.call_after_refresh(self._count)
        else:
            self.set_timer(PAUSE_SECONDS, self._count)

    # ---- actions

    async def action_find(self) -> None:
        self.prompt.display = False
        self._from = min(self.editor.selection)
        chosen = self.editor.selected_text
        if self._bar is None:
            bar = FindBar(id="find")
            await self.mount(bar, before=self.prompt)
            self._bar = bar
        self._bar.open("" if "\n" in chosen else chosen)

    def close_find(self) -> None:
        if self._bar:
            self._bar.display = False

    async def action_find_next(self, by: int) -> None:
        """Also where the bar is closed: then for what was looked for last."""
        if self._pattern is None:
            await self.action_find()
        else:
            self.find_next(by)

    def find_next(self, by: int) -> None:
        """Of what was looked for last."""
        self.editor.show_matches(self._pattern)
        top, bottom = sorted(self.editor.selection)
        at = top if by < 0 else bottom if top != bottom else (top[0], top[1] + 1)
        if not self._go_to_match(at, by):
            self.app.notify(say("No match."))
        self._count()

    @on(FindBar.Changed)
    def _sought(self, event: FindBar.Changed) -> None:
        self.look_for(event.pattern, jump=True)

    @on(FindBar.NextAsked)
    async def _next_asked(self, event: FindBar.NextAsked) -> None:
        await self.action_find_next(event.by)

    @on(FindBar.ReplaceAsked)
    def _replace_asked(self, event: FindBar.ReplaceAsked) -> None:
        if self._pattern is None:
            return
        try:
            if event.everywhere:
                self._replace_all(self._pattern, event.by)
            else:
                self._replace_one(self._pattern, event.by)
        except PatternError as error:
            self._refuse(error)

    def _replace_one(self, pattern: Pattern, by: str) -> None:
        (row, start), (bottom, end) = sorted(self.editor.selection)
        other = pattern.replacement(self.editor.lines[row], (start, end), by) if row == bottom and end > start else None
        if other is not None:
            self.editor.begin_step()
            done = self.editor.replace(other, (row, start), (row, end), maintain_selection_offset=False)
            self.editor.end_step()
            self.editor.selection = Selection.cursor(done.end_location)
            self._go_to_match(done.end_location, 1)
        else:
            self._go_to_match((row, start), 1)
        self._count()

    def _replace_all(self, pattern: Pattern, by: str) -> None:
        count, lines = 0, []
        for line in self.editor.lines:
            replaced, number = pattern.replaced(line, by)
            lines.append(replaced)
            count += number
        if self.editor.put_text("\n".join(lines)):
            self._replaced = (self.editor.text, count)
        self._count()

    @on(FindBar.Closed)
    def _bar_closed(self) -> None:
        self.editor.show_matches(None)
        self.back_to_text()

    @on(Prompt.Closed)
    def _prompt_closed(self) -> None:
        self.back_to_text()

    # ---- a line by its number

    def action_ask_line(self) -> None:
        self.close_find()
        before = self.editor.selection
        last = self.editor.document.line_count
        self.prompt.ask(say("Go to line, 1 to {last}:", last=str(last)), "", lambda text: self.go_to_line(text))
        self._from = min(before)

    def go_to_line(self, text: str) -> str:
        """`120` or `120:7`; `$` is the last line. What is wrong with it, or ""."""
        found = re.fullmatch(r"\s*(?:(\d{1,9})|\$)(?::(\d{1,9}))?\s*", text)
        if found is None:
            return "" if not text.strip() else say("write a number")
        last = self.editor.document.line_count
        row = max(1, min(last, int(found[1] or last))) - 1
        column = min(len(self.editor.lines[row]), int(found[2] or 1) - 1) if found[2] else 0
        self.editor.move_cursor((row, max(0, column)), center=True)
        return ""
