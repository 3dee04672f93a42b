"""The app: the text on one side, what it does on the other; its keys, its panes, and what teaches it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.actions import ActionParseResult
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.containers import Horizontal
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.text_area import Selection

from dsl.source import Span, printable
from tui import folders
from tui.language import ENGLISH, chosen, named
from tui.opening import Opening
from tui.saying import say, speak
from tui.settings import Settings, load
from tui.workbench import teaching
from tui.workbench.editor.mending import Mending
from tui.workbench.editor.text_pane import TextPane
from tui.workbench.key_line import KeyLine
from tui.workbench.keys_in_order import key_of
from tui.workbench.outcome import Outcome
from tui.workbench.page import RuleAsked
from tui.workbench.proving_app import ProvingApp
from tui.workbench.status import StatusLines
from tui.workbench.usage_strip import UsageStrip

if TYPE_CHECKING:  # loaded when somebody wants it
    from tui.workbench.tour_line import TourLine


class RolloverApp(ProvingApp):
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
        Binding(
            "shift+f8",
            "problem(-1)",
            "Problem before",
            show=False,
            id="app.previous_problem",
            tooltip="Go to the problem before.",
        ),
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
        self.pane.tells_largest = self._settings.largest
        wrong_language = bindings.wrong_language(self._settings)
        for line in self._settings.told_briefly(*wrong_keys, *wrong_theme, *wrong_language):
            self.say(line, is_error=True)

    async def _start(self) -> None:
        self.query_one(StatusLines).mend_key = key_of("text.fix", self.pane)
        self.start_checking()
        await self.start_desk()

    # ---- the pages

    def action_next_service(self) -> None:
        self.outcome.action_next_service()

    async def action_next_page(self, by: int = 1) -> None:
        await self.outcome.next_page(by)

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
        if forecast := self.outcome.forecast:
            forecast.hold(span.line)
        self._go(self.editor)
        self.editor.selection = Selection((row, span.start), (row, span.end))
        self.editor.scroll_cursor_visible(center=True)

    @on(Mending.GoneTo)
    def _gone_to(self) -> None:
        self._go(self.editor)

    # ---- moving about

    def action_next_pane(self, by: int = 1) -> None:
        panes: list[Widget] = [self.editor, self.outcome.page, self.query_one(UsageStrip), *self.query("FolderPane")]
        panes = [pane for pane in panes if pane.display]
        at = next((number for number, pane in enumerate(panes) if pane is self.focused), -1)
        self._go(panes[(at + by) % len(panes)])

    def action_usage(self) -> None:
        if self.checked and self.checked.regulations and not self.checked.plans:
            self.say("A regulation uses nothing: open a plan, and F7 leads to what is used in each of its months.")
            return
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
            self.did("back_in_text")
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

    # ---- what is told and taught

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

    def did(self, action: str) -> None:
        """What somebody did, for the tour."""
        if self._tour:
            self._tour.did(action)

    def action_help(self) -> None:
        self.push_screen(teaching.help_on(self, self.focused))

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(teaching.palette())

    def search_themes(self) -> None:
        self.push_screen(teaching.themes())

    def get_system_commands(self, screen: Screen[object]) -> Iterator[SystemCommand]:  # noqa: ARG002  (Textual calls it so)
        # Those of the app and of each pane that is seen; not the active ones, since now the palette is.
        panes = (self.pane, *self.query("#folder"), self.outcome, self.outcome.page, self.query_one(UsageStrip))
        yield from teaching.commands(self, panes)
        yield from self.history_commands()
        yield SystemCommand(say("Theme"), say("Change the colours."), self.action_change_theme)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        done = await super().run_action(action, default_namespace, namespaces)
        name = action if isinstance(action, str) else action[1]
        self.did(name.partition("(")[0].rpartition(".")[2])
        return done


_PRIORITY = {one.action for one in RolloverApp.BINDINGS if isinstance(one, Binding) and one.priority}


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
