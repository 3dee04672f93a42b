"""What the app knows about its text: the problems, the plan at the cursor, and its months, or the last good ones."""

from __future__ import annotations

from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic
from dsl.plan import Plan
from dsl.source import Source, printable
from engine.run import Run, run
from tui.blocks import lacks_lines
from tui.preview_pane import View
from tui.session import usage_scenario
from tui.usage import Cycles, UsageBook, services


class Forecast:
    """Runs the plans of a checked text on the usage of a book. `plan` is the one shown, None before there is any.

    A mistake of our own must not take the text with it that somebody is typing: it is told like a problem of the text.
    """

    def __init__(self) -> None:
        self.book = UsageBook()
        self.checked = Checked(Source("", ""), (), (), (), 1000)
        self.plan: Plan | None = None
        self.run: Run | None = None
        self.note = ""
        self._ran: tuple[Plan, Cycles] | None = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.checked.diagnostics

    def look(self, line: int) -> None:
        """Runs the plan at `line` (from 1), or keeps what was shown last and says so."""
        plan = self.checked.plan_at(line)
        if self.plan and (plan is None or self._is_broken(self.plan, line)):
            self.note = "as before the last change"
            return
        if plan is None:
            first = next(iter(self.diagnostics), None)
            self.note = f"{first.message}: {first.help}" if first else "no plan yet"
            return
        self.plan = plan
        self.note = "without the lines in error" if lacks_lines(self.checked, plan) else ""
        if self._ran != (plan, self.book.of(plan)):
            self._run(plan)

    def _run(self, plan: Plan) -> None:
        usage = self.book.of(plan)
        try:
            self.run = run(plan, usage_scenario(plan, usage))
        except Exception as error:
            self.note = _ours(error)
        else:
            self._ran = (plan, usage)

    def _is_broken(self, plan: Plan, line: int) -> bool:
        """Whether `plan` is gone while its line is being typed: then another plan would jump into view for a moment."""
        on_line = any(problem.is_error and problem.span.line == line for problem in self.diagnostics)
        return on_line and self.checked.plan(plan.name) is None

    def services(self) -> tuple[str, ...]:
        """What the plan grants, and what its run has besides, such as what something was converted to."""
        if self.plan is None:
            return ()
        ran = self.run.statement.cycles if self.run else ()
        return tuple(dict.fromkeys([*services(self.plan), *(name for cycle in ran[:1] for name in cycle.services)]))

    def view(self, service: str) -> View:
        return View(self.run, service, tuple(map(printable, self.services())), self.note)

    def assumed(self, columns: int) -> str:
        """What is assumed about the plan: as many whole sentences as fit, and how many more there are."""
        texts = [printable(one.text) for one in self.run.statement.assumptions] if self.run else []
        for count in range(len(texts), 0, -1):
            more = f"; {len(texts) - count} more below the months" if count < len(texts) else ""
            if len(said := f"assumed: {'; '.join(texts[:count])}{more}") <= columns:
                return said
        return ""


def checked(source: Source) -> Checked | str:
    """The text checked, or, where that fails on us, a sentence."""
    try:
        return check(source)
    except Exception as error:
        return _ours(error)


def _ours(error: Exception) -> str:
    return f"Rollover failed on this text ({type(error).__name__}): please report it"
