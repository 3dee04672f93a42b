"""The lines below the editor: the file and where the cursor is, and the problem that matters now with what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from dsl.diagnostics import Diagnostic
from tui.saying import say, say_many
from tui.workbench.editor import ERROR_MARK, WARNING_MARK
from tui.workbench.lines import Lines, in_rows


@dataclass(frozen=True, slots=True)
class Place:
    """`line` counts from 1; `file` is safe to show. What is not read yet has no problems, and that is not told of it."""

    file: str
    is_changed: bool
    line: int
    is_read: bool = True


class StatusLines(Vertical):
    """Shows a Place and, of the problems, the one at the cursor, else the next one below, else the first; before the place a
    mode, where the keys have one."""

    mode = ""
    mend_key = ""
    _shown: tuple[Place, Sequence[Diagnostic]] | None = None

    def compose(self) -> ComposeResult:
        yield Lines(id="place")
        yield Lines(id="problem")

    def show(self, place: Place, problems: Sequence[Diagnostic], quiet: str) -> None:
        """`quiet` is said where there is no problem."""
        self._shown = (place, problems)
        self.query_one("#place", Lines).put(self._place(place, problems))
        found = nearest(problems, place.line)
        message = self._message(found, place.line) if found else Content.styled(quiet, "$foreground 70%")
        rows = in_rows(message, self.size.width - 2) if self.size.width > 2 else [message]
        self.query_one("#problem", Lines).put(Content("\n").join(rows))

    def show_mode(self, mode: str) -> None:
        self.mode = mode
        if self._shown:
            self.query_one("#place", Lines).put(self._place(*self._shown))

    def _place(self, place: Place, problems: Sequence[Diagnostic]) -> Content:
        if problems:
            style = "bold $text-error" if any(problem.is_error for problem in problems) else "bold $text-warning"
            mark = ERROR_MARK if any(problem.is_error for problem in problems) else WARNING_MARK
            count = (
                f"{mark} {say_many('{number} problem', '{number} problems', len(problems), number=str(len(problems)))}",
                style,
            )
        elif not place.is_read:
            count = (say("reading…"), "$foreground 60%")
        else:
            count = (f"✓ {say('no problems')}", "$text-success")
        saved = (f" · {say('not saved')}" if place.is_changed else "", "$text-warning")
        mode = (f"{self.mode}  ", "bold $text-accent") if self.mode else ""
        line = (f"  {say('line {line}', line=str(place.line))}", "$foreground 60%")
        return Content.assemble(mode, (place.file, "bold"), saved, "  ", count, line)

    def _message(self, problem: Diagnostic, line: int) -> Content:
        mark, style = (ERROR_MARK, "$text-error") if problem.is_error else (WARNING_MARK, "$text-warning")
        where = "" if problem.span.line == line else say("line {line}", line=str(problem.span.line)) + say(": ")
        advice = (f" → {say(problem.help)}" if problem.help else "", "bold")
        mends = self.mend_key and problem.fix and problem.span.line == line
        mend = (f"  {say('{key} mends it', key=self.mend_key)}" if mends else "", "$text-accent")
        return Content.assemble((f"{mark} ", style), (where, "bold"), say(problem.message), advice, mend)


def nearest(problems: Sequence[Diagnostic], line: int) -> Diagnostic | None:
    """The problem on a line (from 1), else the next one below it, else the first; an error before a warning."""
    here = [problem for problem in problems if problem.span.line == line]
    below = [problem for problem in problems if problem.span.line > line]
    for group in (here, below, problems):
        if group:
            return next((problem for problem in group if problem.is_error), group[0])
    return None
