"""The app: the text on one side, what it does on the other; it owns the checked text and hands it to both."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.actions import ActionParseResult
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static, TextArea
from textual.widgets.text_area import Selection

from dsl.diagnostics import Diagnostic
from dsl.source import Source, Span, printable
from tui import folders
from tui.desk import OpenFile
from tui.language import ENGLISH, chosen, message, named
from tui.opening import Opening
from tui.saying import say, speak
from tui.settings import Settings, load
from tui.workbench.dialogs import Help
from tui.workbench.editor.mending import Mending
from tui.workbench.editor.text_pane import TextPane
from tui.workbench.history_app import HistoryApp
from tui.workbench.key_line import KeyLine
from tui.workbench.keys_in_order import key_of
from tui.workbench.outcome import Outcome
from tui.workbench.page import Page, RuleAsked
from tui.workbench.status import Place, StatusLines
from tui.workbench.usage_strip import UsageStrip

if TYPE_CHECKING:  # loaded after the first screen, see `_start`
    from dsl.check import Checked
    from tui.forecast import Forecast
    from tui.remarks import Remarks
    from tui.workbench.tour_line import TourLine

# A check takes a few ms up to SHORT_LINES, and comes before the next frame; up to LONG_LINES it comes after it, so that what
# is typed shows at once; a longer text is checked aside, when the typing pauses.
SHORT_LINES, LONG_LINES = 200, 3_000
PAUSE_SECONDS = 0.08
# Lints of a long text take as long as a few keys: they wait until somebody really stopped.
LINT_SECONDS, LONG_LINT_SECONDS = 0.3, 1.0

_NAMES = {
    "editor": message("The text"), "usage": message("The usage"), "find": message("Find and replace"),
    "folder": message("The folder"),
}  # fmt: skip  # of the panes, by their ids


class RolloverApp(HistoryApp):
    """Edits plan files and shows what the plans of one of them do. `path` None: a text without a file, such as an example;
    `more` are further files, `folder` one to choose from."""

    TITLE = "Rollover"
    CSS_PATH = "app.tcss"
    # Textual declares these two without ClassVar.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-stacked"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012
    # In the order in which the last row of the screen shows them, as far as it reaches.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="app.help", tooltip="What this pane is for, and its keys."),
        Binding("f6", "next_pane", "Next pane", id="app.next_pane", priority=True, tooltip="Go on to the next pane."),
        Binding("ctrl+s", "save", "Save", id="app.save", tooltip="Write the text to its file."),
        Binding("ctrl+q", "quit_asking", "Quit", id="app.quit", priority=True, tooltip="Leave; asks where it is not saved."),
        Binding("ctrl+o", "open", "Open", id="app.open", tooltip="Open another plan file."),
        Binding(
            "ctrl+p",
            "command_palette",
            "Commands",
            id="app.commands",
            priority=True,
            tooltip="Every command, to be found by its name.",
        ),
        Binding("f8", "problem(1)", "Problem", id="app.next_problem", tooltip="Go to the next problem of the text."),
        Binding("f7", "usage", "Usage", id="app.usage", priority=True, tooltip="Change what is used in each month."),
        Binding("f4", "next_page", "Next page", id="app.next_page", tooltip="Another way to look at what the plan does."),
        Binding("f5", "zoom", "Zoom", show=False, id="app.zoom", priority=True, tooltip="The focused side fills the screen."),
        Binding("f9", "next_service", "Service", show=False, id="app.service", tooltip="Show the next service."),
        Binding("f12,ctrl+shift+s", "save_as", "Save as", show=False, id="app.save_as", tooltip="Write to another file."),
        Binding("shift+f4", "next_page(-1)", "Page before", show=False, id="app.previous_page", tooltip="Go back a page."),
        Binding("shift+f6", "next_pane(-1)", "Pane before", show=False, id="app.previous_pane", tooltip="Go back a pane."),
        Binding("shift+f8", "problem(-1)", "Problem before", show=False, id="app.previous_problem", tooltip="Go back."),
        Binding("alt+t", "tour", "Tour", show=False, id="app.tour", tooltip="A tour of what the keys do, in a few steps."),
        Binding(
            "escape", "hide_hint", "Hide", show=False, id="app.hide_hint", tooltip="Stop long work or the tour; hide the hint."
        ),
    ]

    def __init__(
        self,
        path: Path | None,
        text: str,
        *,
        hint: str = "",
        more: Sequence[tuple[Path, str]] = (),
        folder: Path | None = None,
        has_tour: bool = False,
        settings: Settings = Settings(),  # noqa: B008  (frozen)
        language: str = ENGLISH,
    ) -> None:
        speak(language)
        super().__init__(path, text, more, folder)
        self._settings = settings
        self._hint = hint
        self._has_tour = has_tour
        self._tour: TourLine | None = None
        self._forecasts: dict[OpenFile, Forecast] = {}
        self._checked: Checked | None = None
        self._is_ready = False
        self._revision = 0
        self._problems: tuple[Diagnostic, ...] = ()
        self._remarks: Remarks

    def compose(self) -> ComposeResult:
        yield Static(Content(printable(say(self._hint))), id="hint", markup=False)
        with Horizontal(id="panes"):
            yield TextPane(self.new_editor(self.desk.shown), id="text")
            yield Outcome(id="outcome")
        yield KeyLine(id="keys")

    def on_mount(self) -> None:
        self.editor.focus()
        self.query_one("#hint").display = bool(self._hint) and not self._has_tour
        if self._has_tour:
            self.action_tour()
        self.watch(self.screen, "focused", self._focus_moved, init=False)
        self._follow_settings()
        self.call_after_refresh(self._start)

    def _follow_settings(self) -> None:
        if self._settings == Settings():
            return
        from tui.workbench import bindings

        keymap, wrong_keys = bindings.keymap(self._settings)
        theme, wrong_theme = bindings.theme(self._settings, [*self.available_themes])
        self.set_keymap(keymap)
        self.theme = theme or self.theme
        self.pane.use_vi(wanted=self._settings.vi)
        wrong_language = bindings.wrong_language(self._settings)
        for line in self._settings.told_briefly(*wrong_keys, *wrong_theme, *wrong_language):
            self.say(line, is_error=True)

    async def _start(self) -> None:
        """Loads the language and the engine: it takes longer than the first screen, which should not wait for it."""
        from tui.checking import use_grammar_cache
        from tui.remarks import Remarks

        use_grammar_cache()
        self._remarks = Remarks()
        self._is_ready = True
        self.query_one(StatusLines).mend_key = key_of("text.fix", self.pane)
        self.turned(self.desk.shown)
        await self.start_desk()

    # ---- the files

    def turned(self, file: OpenFile) -> None:
        """What the pages show is about a file from now on, and goes on from where it was."""
        if self._is_ready:
            outcome = self.query_one(Outcome)
            if file not in self._forecasts:
                self._forecasts[file] = self._new_forecast()
            outcome.start(self._forecasts[file])
            if not self._is_scenario:
                self.editor.colour()
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
        self.pane.path = self.buffer.path
        self.show_files()
        self._show_status()

    # ---- the text changes

    def text_changed(self) -> None:
        self._revision += 1
        lines = self.editor.document.line_count
        if lines <= SHORT_LINES:
            self._read(self._revision)
        elif lines <= LONG_LINES:
            self.call_after_refresh(self._read, self._revision)
        else:
            self._read_aside(self._revision)

    def edited(self) -> None:
        """What can be shown in the same frame as the edit is."""
        self._did("edited")
        if self.editor.document.line_count <= SHORT_LINES:
            self._read(self._revision)

    @on(TextArea.SelectionChanged)
    def _cursor_moved(self, event: TextArea.SelectionChanged) -> None:
        if self._checked and self.is_seen and event.text_area is self.editor:
            self.query_one(Outcome).move(self._line)
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
        from tui.scenario_forecast import checked_scenario, plan_text

        plan = self.desk.find(folders.plan_beside(self.buffer.path))
        return checked_scenario(source, Source(plan.buffer.name, self.text_of(plan)) if plan else plan_text(self.buffer.path))

    def _read(self, revision: int) -> None:
        """Checks the text and shows what it does; not, where it was changed again in the meantime."""
        source = self._source()
        known = self._checked.source if self._checked else None
        if self._is_ready and self.is_seen and revision == self._revision and source != known:
            self._take(self._check(source))

    @work(exclusive=True, group="check")
    async def _read_aside(self, revision: int) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        found = await asyncio.to_thread(self._check, self._source())
        if self.is_seen and revision == self._revision:
            self._take(found)

    # ---- what is shown

    def _take(self, found: Checked | str) -> None:
        if isinstance(found, str):
            self.say(found, is_error=True)
            return
        self._checked = found
        self._show_problems()
        self.query_one(Outcome).put_file(self.buffer.path, self.buffer.saved)
        self.query_one(Outcome).show(found, self._line)
        self._show_status()
        self._look_closer(found)
        if not found.diagnostics:
            self._did("mended")

    def _show_problems(self) -> None:
        """Those of the text as it is, with what the lints said of the lines that are still the same."""
        if self._checked:
            remarks = () if self._is_scenario else self._remarks.of(self._checked.source)
            self._problems = tuple(sorted((*self._checked.diagnostics, *remarks), key=lambda one: (one.span, one.code)))
            self.pane.checked = None if self._is_scenario else self._checked
            self.pane.show_problems(self._problems)

    @work(exclusive=True, group="lint", description="lint")  # or Textual would write the whole file out as its description
    async def _look_closer(self, checked: Checked) -> None:
        """What is sound and yet hardly meant: read aside, when the typing pauses for longer."""
        from tui import remarks

        if self._is_scenario:
            return
        is_short = self.editor.document.line_count <= SHORT_LINES
        await asyncio.sleep(LINT_SECONDS if is_short else LONG_LINT_SECONDS)
        found = await asyncio.to_thread(remarks.found, checked)
        if checked is self._checked:
            self._remarks.put(checked.source, found)
            with contextlib.suppress(NoMatches):  # the app may have been left in the meantime
                self._show_problems()
                self._show_status()

    def _show_status(self) -> None:
        place = Place(self.buffer.name, self.buffer.is_changed(self.text), self._line)
        forecast = self.query_one(Outcome).forecast
        quiet = self.query_one(Outcome).told
        if forecast and not quiet and not self.screen.has_class("-wide"):
            quiet = forecast.assumed(2 * self.size.width - 4)
        self.query_one(StatusLines).show(place, self._problems, quiet)

    def action_next_service(self) -> None:
        self.query_one(Outcome).action_next_service()

    def action_next_page(self, by: int = 1) -> None:
        self.query_one(Outcome).next_page(by)

    def action_zoom(self) -> None:
        """The side with the focus fills the screen, or makes room again."""
        self.screen.toggle_class("-zoomed")

    @on(RuleAsked)
    def _rule_asked(self, event: RuleAsked) -> None:
        """Puts the cursor on a rule of the text, with its words selected; of a scenario, on that of the plan beside it."""
        if self._is_scenario and self.buffer.path:
            self._go_to_rule_of(folders.plan_beside(self.buffer.path), event.span)
        else:
            self._go_to_rule(event.span)

    @work(exclusive=True, group="file")
    async def _go_to_rule_of(self, plan: Path, span: Span) -> None:
        if await self.open_file(plan):
            self._go_to_rule(span)

    def _go_to_rule(self, span: Span) -> None:
        row = span.line - 1
        if forecast := self.query_one(Outcome).forecast:
            forecast.hold(span.line)
        self._go(self.editor)
        self.editor.selection = Selection((row, span.start), (row, span.end))
        self.editor.scroll_cursor_visible(center=True)

    @on(Mending.GoneTo)
    def _gone_to(self) -> None:
        self._go(self.editor)

    # ---- moving about

    def action_next_pane(self, by: int = 1) -> None:
        panes: list[Widget] = [self.editor, self.query_one(Outcome).page, self.query_one(UsageStrip), *self.query("FolderPane")]
        panes = [pane for pane in panes if pane.display]
        at = next((number for number, pane in enumerate(panes) if pane is self.focused), -1)
        self._go(panes[(at + by) % len(panes)])

    def action_usage(self) -> None:
        self._go(self.query_one(UsageStrip))

    def _go(self, pane: Widget) -> None:
        """Focuses a pane; where only one side has room, that side is shown first, since what is hidden takes no focus."""
        if pane.focusable:
            self.set_focus(pane)  # now, so that what is typed next goes there; `focus` would do it later
            return
        self.set_focus(None)  # or Textual would look for another widget to focus when it hides this one
        self._show_side(pane)
        self.call_after_refresh(pane.focus)

    def _focus_moved(self, pane: Widget | None) -> None:
        if pane is self.editor:
            self._did("back_in_text")
        if pane:
            self._show_side(pane)

    def _show_side(self, pane: Widget) -> None:
        if pane.id != "folder":
            self.screen.set_class(self.pane not in pane.ancestors_with_self, "-outcome")

    def go_to_text(self) -> None:
        self._go(self.editor)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """While a dialog asks something, the keys that go before those of any pane do nothing."""
        return not (action in _PRIORITY and self.is_seen and isinstance(self.screen, ModalScreen))

    def action_hide_hint(self) -> None:
        """What is above or below the panes goes, one at a time: first the long work that is stopped."""
        if not self.stop_aside() and not (self._tour and self._tour.end()):
            self.hide_hint()

    def hide_hint(self) -> None:
        self.query_one("#hint").display = False

    def action_tour(self) -> None:
        from tui.workbench.tour_line import TourLine

        self.hide_hint()
        if self._tour is None:
            self._tour = TourLine(id="tour")
            self.screen_stack[0].mount(self._tour, before="#panes")
        self._tour.begin()

    def _did(self, action: str) -> None:
        """What somebody did, for the tour."""
        if self._tour:
            self._tour.did(action)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        done = await super().run_action(action, default_namespace, namespaces)
        name = action if isinstance(action, str) else action[1]
        self._did(name.partition("(")[0].rpartition(".")[2])
        return done

    def action_problem(self, by: int) -> None:
        problems = self._problems
        if not problems:
            self.notify(say("There is no problem to go to."))
            return
        editor = self.editor
        self._go(editor)
        found = _next_problem(problems, editor.cursor_location, by)
        editor.move_cursor((found.span.line - 1, found.span.start), center=True)

    def action_help(self) -> None:
        pane = self.focused
        # Ours first: what moves a cursor is known.
        bindings = sorted((active.binding for active in self.screen.active_bindings.values()), key=lambda one: not one.id)
        keys = [(self.get_key_display(one), say(one.tooltip or one.description)) for one in bindings if one.description]
        around = pane.ancestors_with_self if pane else []
        about = next((one for one in around if isinstance(one, Widget) and one.HELP and one.id), None)
        title = about.TAB if isinstance(about, Page) else _NAMES.get((about and about.id) or "", self.TITLE or "")
        self.push_screen(Help(say(title), say(about.HELP) if about and about.HELP else "", list(dict.fromkeys(keys))))

    def get_system_commands(self, screen: Screen[object]) -> Iterator[SystemCommand]:  # noqa: ARG002  (Textual calls it so)
        # Those of the app and of each pane that is seen; not the active ones, since now the palette is.
        outcome = self.outcome
        named: set[str] = set()
        folder = [*self.query("#folder")]
        for owner in (self, self.pane, *folder, outcome, outcome.page, self.query_one(UsageStrip)):
            for _, binding in owner._bindings:
                if binding.tooltip and binding.description not in named:  # one each, whatever its keys
                    named.add(binding.description)
                    sentence = f"{say(binding.tooltip)} ({key_of(binding.id or '', owner)})"
                    yield SystemCommand(say(binding.description), sentence, partial(self.run_action, binding.action, owner))
        yield from self.history_commands()
        yield SystemCommand(say("Theme"), say("Change the colours."), self.action_change_theme)


_PRIORITY = {one.action for one in RolloverApp.BINDINGS if isinstance(one, Binding) and one.priority}


def _next_problem(problems: tuple[Diagnostic, ...], at: tuple[int, int], by: int) -> Diagnostic:
    """The problem after (1) or before (-1) a place of the text, round the end."""
    places = [(problem.span.line - 1, problem.span.start) for problem in problems]
    if by > 0:
        return problems[next((number for number, place in enumerate(places) if place > at), 0)]
    return problems[max((number for number, place in enumerate(places) if place < at), default=-1)]


def open_app(opening: Opening) -> int:
    """Runs the app until it is left; the exit code."""
    settings = load()
    app = RolloverApp(
        opening.path,
        opening.text,
        hint=opening.hint,
        more=opening.more,
        folder=opening.folder,
        has_tour=opening.has_tour,
        settings=settings,
        language=named(settings.language[0]) or chosen(os.environ),
    )
    code = app.run()
    return code if code is not None else app.return_code or 0
