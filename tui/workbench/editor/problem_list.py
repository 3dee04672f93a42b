"""All problems of the text, to browse: go to one, mend it where that is certain, read why it matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from dsl.diagnostics import Diagnostic
from tui.saying import say, say_many
from tui.workbench.dialogs import Help
from tui.workbench.editor.drawn import ERROR_MARK, WARNING_MARK


class ProblemList(ModalScreen[Diagnostic | None]):
    """Comes to the problem to go to, or None. `show` keeps it up to date while it is open."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,ctrl+l", "dismiss(None)", "Close"),
        Binding("x,ctrl+r", "mend", "Mend", id="problems.mend", tooltip="Mend it, where it is certain how."),
        Binding("f1,question_mark", "page", "Why", id="problems.page", tooltip="Why it matters, with examples."),
        Binding("f8", "step(1)", "Next", show=False),
        Binding("shift+f8", "step(-1)", "Before", show=False),
    ]

    def __init__(self, problems: Sequence[Diagnostic], at: tuple[int, int], mend: Callable[[Diagnostic], None]) -> None:
        """`at` is the line, from 1, and column of the cursor: the problem there is chosen at first."""
        super().__init__()
        self._problems = tuple(problems)
        self._at = at
        self._mend = mend

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall wide"):
            yield Static(id="problem-count", classes="dialog-title", markup=False)
            yield OptionList(compact=True, id="problem-rows")
            yield Static(id="problem-help", markup=False)
            yield Static(say("Enter goes there, x mends, F1 says why, Esc closes"), classes="dialog-note", markup=False)

    def on_mount(self) -> None:
        first = next((number for number, one in enumerate(self._problems) if one.span.line >= self._at[0]), 0)
        self._fill(first)

    def show(self, problems: Sequence[Diagnostic]) -> None:
        if tuple(problems) != self._problems:
            self._problems = tuple(problems)
            self._fill(self._list.highlighted or 0)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    def _fill(self, chosen: int) -> None:
        count = len(self._problems)
        errors = sum(one.is_error for one in self._problems)
        said = say("No problems")
        if count:
            said = say_many(
                "{number} problem, {errors} to be changed",
                "{number} problems, {errors} to be changed",
                count,
                errors=str(errors),
            )
        self.query_one("#problem-count", Static).update(Content(said))
        self._list.clear_options()
        self._list.add_options([Option(_row(one)) for one in self._problems])
        self._list.highlighted = min(chosen, count - 1) if count else None
        self._list.focus()
        self._explain()

    @property
    def _chosen(self) -> Diagnostic | None:
        at = self._list.highlighted
        return self._problems[at] if at is not None and at < len(self._problems) else None

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        one = self._chosen
        said = say(one.message) if one else ""
        help_ = f" → {say(one.help)}" if one and one.help else ""
        fix = "   " + say("{key} mends it", key="x") if one and one.fix else ""
        self.query_one("#problem-help", Static).update(Content.assemble(said, (help_, "bold"), (fix, "$text-accent")))

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.dismiss(self._chosen)

    def action_step(self, by: int) -> None:
        (self._list.action_cursor_down if by > 0 else self._list.action_cursor_up)()

    def action_mend(self) -> None:
        if one := self._chosen:
            self._mend(one)

    def action_page(self) -> None:
        from tui.code_pages import titled

        if one := self._chosen:
            self.app.push_screen(Help(*titled(one.code), ()))


def _row(one: Diagnostic) -> Content:
    mark, style = (ERROR_MARK, "$text-error") if one.is_error else (WARNING_MARK, "$text-warning")
    return Content.assemble((f"{mark} {one.code}", style), (f"{one.span.line:>5}  ", "$foreground 60%"), say(one.message))
