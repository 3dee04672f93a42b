"""What the app knows about its text: the problems, the plan at the cursor, and its months, or the last good ones."""

from __future__ import annotations

from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic
from dsl.plan import Plan
from dsl.source import Source, printable
from engine.calendar import Instant
from engine.history import HistoryError
from engine.run import Run, run
from tui.blocks import lacks_lines
from tui.draft import Draft, Drafts
from tui.usage import services
from tui.view import View


class Forecast:
    """Runs the plans of a checked text on the drafts made for them. `plan` is the one shown, None before there is any.

    A mistake of our own must not take the text with it that somebody is typing: it is told like a problem of the text.
    """

    def __init__(self) -> None:
        self.drafts = Drafts()
        self.checked = Checked(Source("", ""), (), (), (), 1000)
        self.plan: Plan | None = None
        self.run: Run | None = None
        self.note = ""
        self.line = 1
        self._moment: Instant | None = None
        self._ran: tuple[Plan, Draft, tuple[Plan, ...]] | None = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.checked.diagnostics

    def look(self, line: int) -> None:
        """Runs the plan at `line` (from 1), or keeps what was shown last and says so."""
        self.line = line
        plan = self.plan_at(line)
        if self.plan and (plan is None or self._is_broken(self.plan, line)):
            self.note = "as before the last change"
            return
        if plan is None:
            first = next(iter(self.diagnostics), None)
            self.note = f"{first.message}: {first.help}" if first else "no plan yet"
            return
        self.plan = plan
        self.note = self.note_on(plan)
        draft = self.drafts.of(plan)
        others = self.checked.plans if draft.names_others else ()
        if self._ran != (plan, draft, others):
            self._run(plan, draft, others)

    def plan_at(self, line: int) -> Plan | None:
        return self.checked.plan_at(line)

    def note_on(self, plan: Plan) -> str:
        return "without the lines in error" if lacks_lines(self.checked, plan) else ""

    def _run(self, plan: Plan, draft: Draft, others: tuple[Plan, ...]) -> None:
        try:
            self.run = run(plan, draft.scenario, others)
        except HistoryError as error:
            self.note = f"{error.problem}: {error.instead}"
        except Exception as error:
            self.note = ours(error)
        else:
            self._ran = (plan, draft, others)

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

    # ---- the cursor over time

    @property
    def moment(self) -> Instant:
        """Within the run; the last second of its first cycle, where nobody chose one."""
        if self.run is None or not self.run.statement.cycles:
            return 0
        cycles = self.run.statement.cycles
        chosen = cycles[0].end - 1 if self._moment is None else self._moment
        return max(cycles[0].start, min(cycles[-1].end, chosen))

    def go_to(self, moment: Instant) -> None:
        self._moment = moment

    # ---- what is shown

    def view(self, service: str) -> View:
        draft = self.drafts.of(self.plan) if self.plan else None
        names = tuple(map(printable, self.services()))
        return View(self.run, service, names, self.note, self.line, self.moment, self.checked, draft)

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
        return ours(error)


def ours(error: Exception) -> str:
    """A mistake of our own, told like a problem of the text."""
    return f"Rollover failed on this text ({type(error).__name__}): please report it"
