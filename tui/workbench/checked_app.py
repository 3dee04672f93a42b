"""An app whose text is checked as it changes: what is wrong is shown beside it, and what it does by the pages."""

from __future__ import annotations

import asyncio
import contextlib
import time
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.css.query import NoMatches
from textual.widgets import TextArea

from dsl.diagnostics import Diagnostic
from dsl.source import Source
from tui import folders
from tui.desk import OpenFile
from tui.saying import say
from tui.workbench.aside import aside
from tui.workbench.desk_app import DeskApp
from tui.workbench.editor.text_pane import TextPane
from tui.workbench.outcome import Outcome
from tui.workbench.status import Place, StatusLines

if TYPE_CHECKING:  # loaded after the first screen, see `start_checking`
    from collections.abc import Sequence
    from pathlib import Path

    from dsl.check import Checked
    from tui.forecast import Forecast
    from tui.remarks import Remarks

# A check takes a few ms up to SHORT_LINES, and comes before the next frame. A longer text is checked aside, so that what is
# typed shows at once; where the last check took longer than SOON_SECONDS, when the typing pauses.
SHORT_LINES = 500
SOON_SECONDS, PAUSE_SECONDS = 0.06, 0.08
# Lints of a long text take as long as a few keys: they wait until somebody really stopped.
LINT_SECONDS, LONG_LINT_SECONDS = 0.3, 1.0


class CheckedApp(DeskApp):
    """Keeps what is known of each open file, and hands that of the one that is shown to its pane and to the pages."""

    def __init__(self, path: Path | None, text: str, more: Sequence[tuple[Path, str]], folder: Path | None) -> None:
        super().__init__(path, text, more, folder)
        self._forecasts: dict[OpenFile, Forecast] = {}
        self._checked: Checked | None = None
        self._is_ready = False
        self._revision = 0
        self._is_reading = False
        self._last_seconds = 0.0  # that a check aside took
        self._problems: tuple[Diagnostic, ...] = ()
        self._remarks: Remarks

    def did(self, action: str) -> None:
        """What somebody did, for a subclass that teaches."""
        raise NotImplementedError

    def start_checking(self) -> None:
        """Loads the language and the engine: it takes longer than the first screen, which should not wait for it."""
        from tui.checking import use_grammar_cache
        from tui.remarks import Remarks

        use_grammar_cache()
        self._remarks = Remarks()
        self._is_ready = True
        self.turned(self.desk.shown)

    # ---- the files

    def turned(self, file: OpenFile) -> None:
        """What the pages show is about a file from now on, and goes on from where it was."""
        if self._is_ready:
            if file not in self._forecasts:
                self._forecasts[file] = self._new_forecast()
            self.outcome.start(self._forecasts[file])
            self.editor.colour(of_scenario=self._is_scenario)
        self._checked = None
        self.pane.path = self.buffer.path
        if self._is_ready:
            self._remarks.put(Source("", ""), ())  # what the lints said was about the other
        self.text_changed()

    @property
    def _is_scenario(self) -> bool:
        """Whether what is shown is a scenario file, about the plan beside it."""
        return self.buffer.path is not None and folders.is_scenario(self.buffer.path)

    @property
    def outcome(self) -> Outcome:
        return self.query_one(Outcome)

    @property
    def checked(self) -> Checked | None:
        return self._checked

    @property
    def pane(self) -> TextPane:
        return self.query_one(TextPane)

    def _new_forecast(self) -> Forecast:
        if self._is_scenario:
            from tui.scenario_forecast import ScenarioForecast

            return ScenarioForecast()
        from tui.forecast import Forecast

        return Forecast()

    def file_dropped(self, file: OpenFile) -> None:
        self._forecasts.pop(file, None)

    def file_changed(self) -> None:
        self.hide_hint()  # it is about the text as it came
        if self._is_ready:
            self.editor.colour(of_scenario=self._is_scenario)
        self.pane.path = self.buffer.path
        self.show_files()
        self._show_status()

    # ---- the text changes

    def text_changed(self) -> None:
        self._revision += 1
        if self.editor.document.line_count <= SHORT_LINES:
            self._read()
        else:
            if self._checked is None and self.is_seen:
                self._show_status()
            self._read_aside()

    def edited(self) -> None:
        """What can be shown in the same frame as the edit is."""
        self.did("edited")
        if self.editor.document.line_count <= SHORT_LINES:
            self._read()

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self, event: TextArea.SelectionChanged) -> None:
        if self._checked and self.is_seen and event.text_area is self.editor:
            self.outcome.move(self._line)
            self._show_status()

    @property
    def _line(self) -> int:
        return self.editor.cursor_location[0] + 1

    def _source(self) -> Source:
        return Source(self.buffer.name, self.text)

    def _check(self, source: Source) -> Checked | str:
        from tui.forecast import checked

        if not self._is_scenario or self.buffer.path is None:
            return checked(source)
        from tui.scenario_forecast import checked_scenario

        return checked_scenario(source, self._plan_beside())

    def _plan_beside(self) -> Source:
        """The text of the plan that the scenario which is shown is about, as it stands in its editor or on disk."""
        from tui.scenario_forecast import plan_text

        assert self.buffer.path
        plan = self.desk.find(folders.plan_beside(self.buffer.path))
        return Source(plan.buffer.name, self.text_of(plan)) if plan else plan_text(self.buffer.path)

    def _is_at(self, revision: int) -> bool:
        """Whether the text is as it was then."""
        return self._revision == revision

    def _unread(self) -> Source | None:
        """The text, where it is not the one that was checked last."""
        source = self._source()
        return source if self._checked is None or self._checked.source != source else None

    def _read(self) -> None:
        """Checks the text and shows what it does."""
        if self._is_ready and self.is_seen and (source := self._unread()):
            self._take(self._check(source))

    @work(group="check")
    async def _read_aside(self) -> None:
        """Checks a long text in a thread, one at a time, until the last is that which is shown. Of a text that takes long, only
        when the typing pauses: else each key would wait for what nobody looks at."""
        if self._is_reading:
            return  # that one will see that the text is another
        self._is_reading = True
        revision = -1
        try:
            while self._is_ready and self.is_seen and not self._is_at(revision):
                revision = self._revision
                await asyncio.sleep(PAUSE_SECONDS if self._last_seconds > SOON_SECONDS else 0)
                if self._is_at(revision) and (source := self._unread()):
                    begun, is_first = time.monotonic(), self._checked is None
                    found = await aside(self._check, source)
                    self._last_seconds = 0.0 if is_first else time.monotonic() - begun  # the first reads all there is
                    if self.is_seen and self._is_at(revision):
                        self._take(found)
        finally:
            self._is_reading = False

    # ---- what is shown

    def _take(self, found: Checked | str) -> None:
        if isinstance(found, str):
            self.say(found, is_error=True)
            return
        self._checked = found
        self._show_problems()
        self.outcome.put_file(self.buffer.path, self.buffer.saved)
        self.outcome.show(found, self._line)
        self._show_status()
        self._look_closer(found)
        if not found.diagnostics:
            self.did("mended")

    def _show_problems(self) -> None:
        """Those of the text as it is, with what the lints said of the lines that are still the same."""
        if self._checked:
            remarks = () if self._is_scenario else self._remarks.of(self._checked.source)
            self._problems = tuple(sorted((*self._checked.diagnostics, *remarks), key=lambda one: (one.span, one.code)))
            self.pane.checked = None if self._is_scenario else self._checked
            self.pane.plan_beside = self._plan_beside if self._is_scenario else None
            self.pane.show_problems(self._problems)
            self.pane.show_inlays()

    @work(exclusive=True, group="lint", description="lint")  # or Textual would write the whole file out as its description
    async def _look_closer(self, checked: Checked) -> None:
        """What is sound and yet hardly meant: read aside, when the typing pauses for longer."""
        from tui import remarks

        if self._is_scenario:
            return
        is_short = self.editor.document.line_count <= SHORT_LINES
        found: tuple[Diagnostic, ...] | None = None
        while found is None and checked is self._checked:
            await asyncio.sleep(LINT_SECONDS if is_short else LONG_LINT_SECONDS)
            found = await aside(remarks.found, checked, partial(self._is_at, self._revision))
        if found is not None and checked is self._checked:
            self._remarks.put(checked.source, found)
            with contextlib.suppress(NoMatches):  # the app may have been left in the meantime
                self._show_problems()
                self._show_status()

    def _show_status(self) -> None:
        place = Place(self.buffer.name, self.buffer.is_changed(self.text), self._line, self._checked is not None)
        forecast = self.outcome.forecast
        quiet = self.outcome.told
        if forecast and not quiet and not self.screen.has_class("-wide"):
            quiet = forecast.assumed(2 * self.size.width - 4)
        self.query_one(StatusLines).show(place, self._problems, quiet)

    def action_problem(self, by: int) -> None:
        problems = self._problems
        if not problems:
            self.notify(say("There is no problem to go to."))
            return
        editor = self.editor
        self.go_to_text()
        found = _next_problem(problems, editor.cursor_location, by)
        editor.move_cursor((found.span.line - 1, found.span.start), center=True)


def _next_problem(problems: tuple[Diagnostic, ...], at: tuple[int, int], by: int) -> Diagnostic:
    """The problem after (1) or before (-1) a place of the text, round the end."""
    places = [(problem.span.line - 1, problem.span.start) for problem in problems]
    if by > 0:
        return problems[next((number for number, place in enumerate(places) if place > at), 0)]
    return problems[max((number for number, place in enumerate(places) if place < at), default=-1)]
