"""What is done to the whole text or a line of it at once: a certain fix, all of them, one layout, somebody's own editor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.message import Message

from dsl.diagnostics import Diagnostic, Fix
from dsl.source import Source
from tui import changes, external, folders
from tui.files import FileError
from tui.language import message
from tui.saying import say
from tui.workbench.aside import aside
from tui.workbench.dialogs import Ask
from tui.workbench.editor.part import Part
from tui.workbench.editor.problem_list import ProblemList
from tui.workbench.keys_in_order import key_of

KEEP = message("Leave it as it is")


class Mending(Part):
    """The part of the text's pane that knows its problems, and what else changes a text as a whole. `source` is asked for its
    name; `path` is where its file is, if anywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "problems", "List of problems", show=False, id="text.problems", tooltip="All problems of the text."),
        Binding("ctrl+r", "fix", "Mend", show=False, id="text.fix", tooltip="Mend the problem at the cursor."),
        Binding("alt+a", "fix_all", "Mend all", show=False, id="text.fix_all", tooltip="Mend all of which it is certain how."),
        Binding("alt+f", "format", "Format", show=False, id="text.format", tooltip="Lay the text out; comments are kept."),
        Binding("alt+e", "external", "Own editor", show=False, id="text.external", tooltip="Edit it in $VISUAL or $EDITOR."),
    ]  # fmt: skip

    class GoneTo(Message):
        """The cursor went to a problem: the text is to be seen."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.problems: Sequence[Diagnostic] = ()
        self.path: Path | None = None

    @property
    def _is_plan(self) -> bool:
        return self.path is None or not folders.is_yaml(self.path)

    def show_problems(self, problems: Sequence[Diagnostic]) -> None:
        """In the order of the text."""
        self.problems = problems
        self.editor.show_problems(problems)
        if isinstance(self.app.screen, ProblemList):
            self.app.screen.show(problems)

    # ---- the list

    @work(exclusive=True, group="problems")
    async def action_problems(self) -> None:
        row, column = self.editor.cursor_location
        chosen = await self.app.push_screen_wait(ProblemList(self.problems, (row + 1, column), self._mend))
        if chosen:
            self.post_message(self.GoneTo())
            self.editor.move_cursor((chosen.span.line - 1, chosen.span.start), center=True)

    # ---- fixes

    def _mend(self, problem: Diagnostic) -> None:
        """Applies the fix of a problem as one step; says so where it has none."""
        from dsl import fixes

        if problem.fix is None:
            told = say("It is not certain how to mend this: {problem}", problem=problem.help or problem.message)
            self.app.notify(told)
        elif self.editor.put_text(fixes.applied(self.editor.text, [problem.fix])):
            self.app.notify(say("Mended: {problem}", problem=problem.message))

    @work(exclusive=True, group="mend")
    async def action_fix(self) -> None:
        """What is certain at once; else what else can be done about the problems of the line, to choose from."""
        from dsl.assist.actions import actions
        from dsl.assist.position import Position

        row, column = self.editor.cursor_location
        source = Source("", self.editor.text)
        here = [problem for problem in self.problems if problem.span.line == row + 1]
        here.sort(key=lambda one: (not one.span.start <= column <= one.span.end, not one.is_error))
        found = actions(source, here, Position(row + 1, 0), Position(row + 1, len(self.editor.lines[row])))
        if not here:
            key = key_of("app.next_problem", self.app)
            self.app.notify(say("There is no problem on this line. {key} goes to the next.", key=key))
        elif not found or found[0].certain:
            self._mend(next((one.finding for one in found), here[0]))
        else:
            titles = [say(one.title) for one in found]
            answer = await self.app.push_screen_wait(Ask(say(found[0].finding.message), [*titles, KEEP]))
            if answer in titles and self.editor.text == source.text:
                self._apply(found[titles.index(answer)].fix)

    def _apply(self, fix: Fix) -> bool:
        """As one step; the cursor goes behind what was written."""
        from dsl import fixes

        span, text = fix.edits[-1]
        place = (span.line - 1, span.start + len(text or ""))
        return self.editor.put_text(fixes.applied(self.editor.text, [fix]), place)

    @work(exclusive=True, group="mend")
    async def action_fix_all(self) -> None:
        """Aside: a fix may bring up the next, and the text is read again after each."""
        from dsl import fixes
        from tui.checking import found_in

        before = self.editor.text
        if self._is_plan:
            after = await aside(fixes.mended, before, lambda text: found_in(Source("", text)).diagnostics)
        else:
            after = fixes.applied(before, [one.fix for one in self.problems if one.fix])
        if self.editor.text == before and self.editor.put_text(after):
            key = key_of("editor.undo", self.editor)
            self.app.notify(say("Mended what is certain; {key} takes it back.", key=key))
        elif self.editor.text == before:
            self.app.notify(say("There is nothing to mend of which it is certain how."))

    # ---- layout

    @work(exclusive=True, group="mend")
    async def action_format(self) -> None:
        from tui.checking import laid_out

        if not self._is_plan:
            self.app.notify(say("Only plans have a layout of their own."))
            return
        before, place = self.editor.text, self.editor.cursor_location
        try:
            after = await aside(laid_out, Source(say("the text"), before))
        except FileError as error:
            self.app.notify(str(error), severity="error")
            return
        if self.editor.text != before or self.editor.cursor_location != place:
            return  # somebody types on
        old, new = self.editor.lines, Source("", after).lines
        if not self.editor.put_text(after, changes.same_character(old, new, place)):
            self.app.notify(say("The layout is as it should be."))

    # ---- somebody's own editor

    def action_external(self) -> None:
        try:
            external.command()  # before the screen goes
            with self.app.suspend():
                text = external.edited(self.editor.text, self.path)
        except FileError as error:
            self.app.notify(str(error), severity="error")
        except SuspendNotSupported:
            self.app.notify(say("No other editor can be run from here: there is no terminal to lend it."), severity="error")
        else:
            if not self.editor.put_text(text):
                self.app.notify(say("The text came back as it was."))
        self.app.refresh()
