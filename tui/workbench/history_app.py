"""An app whose plan is run on a history: presets of usage, histories that are opened and kept, or made a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType

from dsl.source import printable, split_lines
from tui import changes
from tui.files import FileError
from tui.language import message
from tui.saying import say
from tui.workbench.aside import aside
from tui.workbench.checked_app import CheckedApp
from tui.workbench.dialogs import Ask, shown
from tui.workbench.file_app import CANCEL, OVERWRITE

if TYPE_CHECKING:  # loaded after the first screen
    from dsl.check import Checked
    from dsl.scenario import Scenario
    from tui.draft import Draft
    from tui.kept_histories import Kept

ADD_TO_IT, OTHER_NAME = message("Add to it"), message("Choose another name")


class HistoryApp(CheckedApp):
    """Changes the history of the plan that the pages show."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "make_test", "Test", show=False, id="history.test", tooltip="Make a test of what is on screen."),
    ]

    def history_commands(self) -> Iterator[SystemCommand]:
        """For the command palette: a word, a sentence and the key."""
        yield SystemCommand(
            say("Open a history"), say("Look at an example, a scenario or records. (o, on Events)"), self.action_open_history
        )
        yield SystemCommand(
            say("Keep the history"), say("Write what happens as a scenario file. (w, on Events)"), self.action_keep_history
        )

    # ---- presets

    @work(exclusive=True, group="history")
    async def action_presets(self) -> None:
        if self._draft() is None:
            return
        from tui.workbench.history_dialogs import AskPreset

        chosen = await self.push_screen_wait(AskPreset())
        draft = self._draft()
        if chosen and draft:
            from engine.presets import Preset
            from tui.draft import preset

            plan = self.outcome.forecast.plan if self.outcome.forecast else None
            if plan:
                self.outcome.put(preset(draft, plan, Preset(chosen[0]), chosen[1]))

    def _draft(self) -> Draft | None:
        draft = self.outcome.draft
        if draft is None:
            self.notify(say("There is no plan yet whose history could be changed."))
        return draft

    # ---- opened

    @work(exclusive=True, group="history")
    async def action_open_history(self) -> None:
        from tui import kept_histories as kept
        from tui.workbench.history_dialogs import AskHistory

        checked, draft = self.checked, self._draft()
        if checked is None or draft is None:
            return
        examples = kept.examples(checked, draft.scenario.plan)
        paths = kept.beside(self.buffer.path)
        names = [
            *(say("look at {history} of {plan}", history=one.source, plan=one.scenario.plan) for one in examples),
            *(path.name for path in paths),
        ]
        folder = self.buffer.path.parent if self.buffer.path else Path()
        answer = await self.push_screen_wait(AskHistory(say("Look at a history"), names, folder))
        if isinstance(answer, int) and answer < len(examples):
            self.look_at(examples[answer])
        elif answer is not None:
            await self._open(paths[answer - len(examples)] if isinstance(answer, int) else answer, checked)

    async def _open(self, path: Path, checked: Checked) -> None:
        from tui import kept_histories as kept
        from tui.workbench.history_dialogs import AskHistory

        try:
            if kept.is_records(path):
                await self._open_records(path, checked)
                return
            found = kept.scenarios(path, checked)
        except FileError as error:
            self.say(str(error), is_error=True)
            return
        answer: int | Path | None = 0
        if len(found) > 1:
            names = [one.scenario.name or one.source for one in found]
            answer = await self.push_screen_wait(AskHistory(say("Histories of {file}", file=printable(path.name)), names, None))
        if isinstance(answer, int):
            self.look_at(found[answer])

    def look_at(self, kept: Kept) -> None:
        """Shows a history, with its plan; that can be undone."""
        from tui.draft import Draft

        checked, forecast = self.checked, self.outcome.forecast
        plan = checked.plan(kept.scenario.plan) if checked else None
        if plan is None or forecast is None:
            return
        if forecast.plan is None or forecast.plan.name != plan.name:
            self.editor.move_cursor((plan.span.line - 1, 0))
            self.outcome.move(plan.span.line)
        self.outcome.put(Draft(kept.scenario, kept.source))

    async def _open_records(self, path: Path, checked: Checked) -> None:
        """Raises FileError."""
        from tui.bulk_records import CancelledError, read
        from tui.workbench.history_dialogs import AskHistory, Reading

        plan = self.outcome.forecast.plan if self.outcome.forecast else None
        if plan is None:
            return
        screen = Reading(printable(path.name))
        self.push_screen(screen)

        def report(said: str, percent: int) -> None:
            if screen.is_cancelled:
                raise CancelledError
            self.call_from_thread(screen.report, said, percent)

        try:
            found = await aside(read, path, checked, plan, report)
        except CancelledError:
            self.notify(say("Reading was cancelled; the history is as it was."))
            return
        finally:
            if screen.is_current:
                self.pop_screen()
        line: int | Path | None = 0
        if len(found.lines) > 1:
            line = await self.push_screen_wait(
                AskHistory(say("Whose records?"), [one or say("(nobody)") for one in found.lines], None)
            )
        if isinstance(line, int):
            self.look_at(found.of(found.lines[line]))

    # ---- kept

    @work(exclusive=True, group="history")
    async def action_keep_history(self) -> None:
        from tui import files
        from tui import kept_histories as kept
        from tui.workbench.history_dialogs import AskScenarioPath

        draft, checked = self._draft(), self.checked
        path = kept.suggested(self.buffer.path)
        while draft and checked:
            path = await self.push_screen_wait(AskScenarioPath(path))
            if path is None:
                return
            answer = OVERWRITE
            if files.exists(path):
                answer = await self.push_screen_wait(
                    Ask(say("{path} is there already.", path=shown(path)), (ADD_TO_IT, OVERWRITE, OTHER_NAME, CANCEL))
                )
            if answer == OTHER_NAME:
                continue
            if answer in (ADD_TO_IT, OVERWRITE):
                self._keep(path, draft, checked, behind=answer == ADD_TO_IT)
            return

    def _keep(self, path: Path, draft: Draft, checked: Checked, *, behind: bool) -> None:
        from tui import kept_histories as kept

        try:
            kept.write(path, draft.scenario, checked.data_step, behind=behind)
        except FileError as error:
            self.say("Not written: {error}", is_error=True, error=str(error))
        else:
            self.say("Wrote {path}", path=str(path))

    # ---- made a test

    def action_make_test(self) -> None:
        """Writes the history with what it came to: below its plan, or, where that text can't say it, in a file beside it."""
        from dsl.step_words import UnsayableError
        from tui import kept_histories as kept

        forecast, draft, checked = self.outcome.forecast, self._draft(), self.checked
        if forecast is None or draft is None or checked is None:
            return
        run = forecast.run
        if run is None or run.scenario != draft.scenario:
            self.say("This history can't be run, so it is no test: {why}", is_error=True, why=forecast.note)
            return
        test = kept.as_test(run, draft.scenario.name or draft.source or "a history")
        try:
            text, line = kept.with_test(self.text, test, checked.data_step)
        except UnsayableError as error:
            self._test_beside(test, str(error), checked.data_step)
        else:
            self._put(text)
            file = printable(str(self.buffer.path)) if self.buffer.path else say("the file, when it has a name")
            self.say("Written at line {line} as an example. Save it, then run: rollover test {file}", line=str(line), file=file)

    def _put(self, text: str) -> None:
        """Shows another text, with the cursor where it begins to differ: behind that another plan may begin."""
        made = changes.change(self.editor.lines, split_lines(text))
        self.editor.put_text(text, (made.first, 0) if made else None)
        self.editor.scroll_cursor_visible(center=True)

    def _test_beside(self, test: Scenario, why: str, data_step: int) -> None:
        from tui import kept_histories as kept

        path = kept.suggested(self.buffer.path)
        if path is None or self.buffer.path is None:
            self.say(
                "An example can't say this ({why}). Save the plan: then the test is written beside it.", is_error=True, why=why
            )
            return
        try:
            kept.write(path, test, data_step, behind=True)
        except FileError as error:
            self.say("Not written: {error}", is_error=True, error=str(error))
        else:
            self.say(
                "An example can't say this ({why}), so it is in {path}. Run: rollover test {plan}",
                why=why,
                path=str(path),
                plan=str(self.buffer.path),
            )
