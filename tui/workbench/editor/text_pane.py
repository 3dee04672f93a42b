"""The side of the screen with the text: the editor, the rows that ask something about it, and what is said of it."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import ContentSwitcher

from tui.language import message
from tui.saying import say
from tui.search import Pattern, PatternError
from tui.workbench.editor.completing import Completing
from tui.workbench.editor.finding import Finding
from tui.workbench.editor.inlaying import Inlaying
from tui.workbench.editor.mending import Mending
from tui.workbench.editor.naming import Naming
from tui.workbench.editor.plan_editor import PlanEditor
from tui.workbench.editor.popup import Choices, Note, hide
from tui.workbench.editor.prompt import Prompt
from tui.workbench.editor.vi_keys import ViKeys
from tui.workbench.status import StatusLines

NO_SUCH = message("no such command: :w saves, :q leaves, :12 goes to line 12")


class TextPane(Finding, Mending, Completing, Naming, Inlaying):
    """Owns what an editor offers beside typing. The app hands in the problems, and is asked to save and to quit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("alt+v", "toggle_vi", "Vi keys", show=False, id="text.vi", tooltip="Vi keys, on or off."),
    ]

    def __init__(self, editor: PlanEditor, *, id: str) -> None:
        super().__init__(id=id)
        self._editor = editor
        self._vi: ViKeys | None = None

    def compose(self) -> ComposeResult:
        with ContentSwitcher(initial=self._editor.id, id="editors"):
            yield self._editor
        yield Choices(id="choices")
        yield Note(id="note")
        yield Prompt(id="prompt")
        yield StatusLines(id="status")

    def on_mount(self) -> None:
        self._listen_to(self._editor)

    def _listen_to(self, editor: PlanEditor) -> None:
        editor.before.insert(0, self)
        editor.on_typed = self.typed
        self.watch(editor, "scroll_y", self.scrolled, init=False)

    # ---- the editors

    @property
    def editor(self) -> PlanEditor:
        """The one that is shown."""
        return self._editor

    async def show_editor(self, editor: PlanEditor) -> None:
        """Shows the editor of another file, with what the keys did so far for the one before."""
        if editor is self._editor:
            return
        had_vi = self._vi is not None
        self.use_vi(wanted=False)
        self.leave_choices()
        hide(self.note)
        self._editor.show_matches(None)
        self.close_find()
        self.prompt.display = False
        switcher = self.query_one("#editors", ContentSwitcher)
        if not editor.is_attached:
            await switcher.mount(editor)
            self._listen_to(editor)
        self._editor = editor
        switcher.current = editor.id
        self.use_vi(wanted=had_vi)

    # ---- vi

    @property
    def keeps_escape(self) -> bool:
        return self._vi is not None

    @property
    def mode(self) -> str:
        """Of vi's keys, for people; "" without them."""
        return self._vi.shown if self._vi else ""

    def use_vi(self, *, wanted: bool) -> None:
        if wanted == bool(self._vi):
            return
        if self._vi:
            self.editor.before.remove(self._vi)
        self._vi = ViKeys(self.editor, self._ask_as_vi, self._find_as_vi) if wanted else None
        if self._vi:
            self.editor.before.append(self._vi)
        self.query_one(StatusLines).show_mode(self.mode)

    def action_toggle_vi(self) -> None:
        self.use_vi(wanted=not self._vi)
        said = message("Vi keys are off. `vi: false` in your settings keeps it so.")
        if self._vi:
            said = message("Vi keys are on. `vi: true` in your settings keeps it so.")
        self.app.notify(say(said))

    @on(ViKeys.ModeChanged)
    def _mode_changed(self) -> None:
        self.query_one(StatusLines).show_mode(self.mode)

    def _find_as_vi(self, by: int) -> None:
        if self._pattern is None:
            self.call_later(self.action_find)
            return
        self.find_next(by)
        self.editor.move_cursor(min(self.editor.selection))

    def _ask_as_vi(self, what: str) -> None:
        if what.startswith("*"):
            if what[1:]:
                self.look_for(Pattern(what[1:], match_case=True, whole_word=True), jump=False)
                self._find_as_vi(1)
        elif what in ("/", "?"):
            self._from = self.editor.cursor_location
            self.prompt.ask("/", "", self._found_as_vi, self._preview)
        elif what.endswith("!") and len(what) > 1:
            self._command(what[1:-1])
        else:
            self.prompt.ask(":", what[1:], self._command)

    def _preview(self, text: str) -> None:
        try:
            self.look_for(Pattern(text) if text else None, jump=True)
        except PatternError:
            return

    def _found_as_vi(self, text: str) -> str:
        if text and self._pattern:
            self.editor.move_cursor(min(self.editor.selection))
        return ""

    def _command(self, text: str) -> str:
        """Runs what stands behind `:`; what is wrong with it, or ""."""
        match text.strip():
            case "w":
                self.app.call_later(self.app.run_action, "save")
            case "wq" | "x":
                self.app.call_later(self.app.run_action, "save_and_quit")
            case "q":
                self.app.call_later(self.app.run_action, "quit_asking")
            case "q!":
                self.app.exit(0)
            case "noh" | "nohlsearch":
                self.editor.show_matches(None)
            case "":
                pass
            case other if other[0].isdigit() or other == "$":
                return self.go_to_line(other)
            case _:
                return NO_SUCH
        return ""
