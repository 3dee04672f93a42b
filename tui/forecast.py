"""What the app knows about its text: the problems, the plan at the cursor, and its months, or the last good ones."""

from __future__ import annotations

from dsl.check import Checked, check
from dsl.diagnostics import Diagnostic
from dsl.phrase import Phrase
from dsl.plan import Plan
from dsl.source import Source, printable, width
from engine.calendar import Instant
from engine.history import HistoryError
from engine.past import Past
from engine.run import Run, run
from tui.blocks import lacks_lines
from tui.draft import Draft, Drafts
from tui.moved import Moved
from tui.saying import assumption_text, say
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
        self.line_name = ""
        self._ran: tuple[Plan, Draft, tuple[Plan, ...]] | None = None
        self._held: tuple[str, int] | None = None
        self._past: Past | None = None
        self._moved: Moved | None = None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.checked.diagnostics

    def look(self, line: int) -> None:
        """Runs the plan at `line` (from 1), or keeps what was shown last and says so."""
        self.line = line
        plan = self._plan_at(line)
        if self.plan and (plan is None or self._is_broken(self.plan, line)):
            self.note = say("as before the last change")
            return
        if plan is None:
            first = next(iter(self.diagnostics), None)
            if first is None and self.checked.regulations:
                self.note = say("this is what plans must do: `rollover check PLANS --against FILE` says which of them do")
                return
            self.note = _told(first.message, first.help) if first else say("no plan yet")
            return
        self.plan = plan
        self.note = self.note_on(plan)
        draft = self.drafts.of(plan)
        others = self.checked.plans if draft.names_others else ()
        if self._ran != (plan, draft, others):
            self._run(plan, draft, others)

    def hold(self, line: int) -> None:
        """While the cursor stays on `line`, the plan that is shown stays: somebody asked for a rule of it, which may stand in
        the block of a plan it is like, of a pack or of a promotion."""
        self._held = (self.plan.name, line) if self.plan else None

    def _plan_at(self, line: int) -> Plan | None:
        if self._held and self._held[1] != line:
            self._held = None
        held = self.checked.plan(self._held[0]) if self._held else None
        return held or self.plan_at(line)

    def plan_at(self, line: int) -> Plan | None:
        return self.checked.plan_at(line)

    def note_on(self, plan: Plan) -> str:
        return say("without the lines in error") if lacks_lines(self.checked, plan) else ""

    def _run(self, plan: Plan, draft: Draft, others: tuple[Plan, ...]) -> None:
        try:
            self.run = run(plan, draft.scenario, others)
        except HistoryError as error:
            self.note = _told(error.problem, error.instead)
            if self.run and self.run.plan.name != plan.name:
                self.run = None  # what another plan came to says nothing of this one
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
        run = self.shown
        ran = run.statement.cycles if run else ()
        plan = run.plan if run and self.line_name in self.line_names[1:] else self.plan
        return tuple(dict.fromkeys([*services(plan), *(name for cycle in ran[:1] for name in cycle.services)]))

    # ---- the lines of an account

    @property
    def line_names(self) -> tuple[str, ...]:
        """ "" is the line that the history is about."""
        return ("", *(name for name, _ in self.run.others)) if self.run else ("",)

    @property
    def line_shown(self) -> str:
        """The one that was asked for, or the first where that is gone."""
        return self.line_name if self.line_name in self.line_names else ""

    @property
    def shown(self) -> Run | None:
        """The run of the line that is shown."""
        return self.run.line(self.line_name) if self.run else None

    # ---- the cursor over time

    @property
    def moment(self) -> Instant:
        """Within the run; the last second of its first cycle, where nobody chose one."""
        run = self.shown
        if run is None or not run.statement.cycles:
            return 0
        cycles = run.statement.cycles
        chosen = cycles[0].end - 1 if self._moment is None else self._moment
        return max(cycles[0].start, min(cycles[-1].end, chosen))

    def go_to(self, moment: Instant) -> None:
        self._moment = moment

    # ---- what is shown

    def view(self, service: str) -> View:
        draft = self.drafts.of(self.plan) if self.plan else None
        names = tuple(map(printable, self.services()))
        run = self.shown
        if run is None:
            return View(None, service, names, self.note, self.line, 0, self.checked, draft)
        if self._past is None or self._past.run is not run:
            self._past = Past(run)
        if self._moved is None or self._moved.run is not run or self._moved.line != self.line:
            self._moved = Moved(run, self.line)
        return View(
            run, service, names, self.note, self.line, self.moment, self.checked, draft, self._past, self._moved,
            self.line_shown, self.line_names,
        )  # fmt: skip

    def told(self, service: str) -> str:
        """What the rules at the cursor did, in full; the service that is shown first. Empty where there is no rule."""
        if self._moved is None or self._moved.line != self.line or self._moved.run is not self.shown:
            return ""
        return next(iter(reversed(self._moved.said(sorted(self.services(), key=lambda name: name != service)))), "")

    def assumed(self, columns: int) -> str:
        """What is assumed about the plan: as many whole sentences as fit, and how many more there are."""
        texts = [assumption_text(one) for one in self.run.statement.assumptions] if self.run else []
        for count in range(len(texts), 0, -1):
            told, more = say("; ").join(texts[:count]), len(texts) - count
            said = say("assumed: {texts}", texts=told)
            if more:
                said = say("assumed: {texts}; {more} more below the months", texts=told, more=str(more))
            if width(said) <= columns:
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
    return say("Rollover failed on this text ({error}): please report it", error=type(error).__name__)


def _told(problem: Phrase, instead: Phrase) -> str:
    return say("{problem}: {instead}", problem=problem, instead=instead)
