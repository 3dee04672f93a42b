"""What is asked about histories: which preset, which of those that are kept, where to keep one; and how far reading is."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, ProgressBar, Static
from textual.widgets.option_list import Option

from dsl.source import printable
from tui import folders
from tui.language import message
from tui.saying import say
from tui.workbench.dialogs import AskPath, expanded

SEEDS = 10_000


class AskPreset(ModalScreen["tuple[str, int] | None"]):
    """A preset by its name and, for one of chance, its seed; None where it is dismissed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel"),
        Binding("r", "roll", "Another seed"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._seed = random.randrange(SEEDS)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(say("What is used in each cycle"), classes="dialog-title", markup=False)
            yield OptionList(compact=True, markup=False)
            yield Static(say("Enter takes it for all services, r rolls another seed, Esc goes back"), classes="dialog-note")

    def on_mount(self) -> None:
        self._fill()
        self.query_one(OptionList).highlighted = 0

    def _fill(self) -> None:
        from engine.presets import Preset, described

        options = self.query_one(OptionList)
        at = options.highlighted
        options.clear_options()
        for preset in Preset:
            seed = f" {self._seed}" if preset is Preset.RANDOM else ""
            options.add_option(Option(Content.assemble((say(preset), "bold"), f"  {say(described(preset))}{seed}")))
        options.highlighted = at

    def action_roll(self) -> None:
        from engine.presets import Preset

        self._seed = random.randrange(SEEDS)
        self._fill()
        self.query_one(OptionList).highlighted = list(Preset).index(Preset.RANDOM)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        from engine.presets import Preset

        self.dismiss((list(Preset)[event.option_index], self._seed))


class AskHistory(ModalScreen["int | Path | None"]):
    """One of some histories, by its index, or a path; None where it is dismissed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, choices: Sequence[str], folder: Path | None) -> None:
        """With a `folder` a path may be typed, from there on."""
        super().__init__()
        self._title = title
        self._choices = choices
        self._folder = folder

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._title), classes="dialog-title", markup=False)
            if self._folder is not None:
                yield Input(placeholder=say("a path to .yaml, .csv or .parquet, or choose below"), compact=True)
            yield OptionList(*(Option(Content(printable(one))) for one in self._choices), compact=True)
            yield Static(say("Enter looks at it, Esc goes back"), classes="dialog-note", markup=False)

    def on_mount(self) -> None:
        if self._choices:
            self.query_one(OptionList).highlighted = 0
            self.query_one(OptionList).focus()

    def on_key(self, event: events.Key) -> None:
        if event.key == "down" and isinstance(self.focused, Input) and self._choices:
            event.stop()
            self.query_one(OptionList).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(expanded(event.value, self._folder))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_index)


class AskScenarioPath(AskPath):
    """Where to keep a history; None where it is dismissed."""

    ASKED: ClassVar[str] = message("Keep this history as")
    NOTE: ClassVar[str] = message("Enter writes it, Esc goes back")
    REFUSED: ClassVar[str] = message("Not written: {error}")
    EXAMPLE: ClassVar[str] = "my.scenario.yaml"

    def named(self, path: Path) -> Path:
        return path if folders.is_yaml(path) else path.with_name(path.name + folders.SCENARIO)


class Reading(ModalScreen[None]):
    """How far a long reading is; Esc cancels it. Whoever reads looks at `is_cancelled`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel")]

    def __init__(self, name: str) -> None:
        super().__init__()
        self._file = name
        self.is_cancelled = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(say("Reading {file}", file=self._file)), classes="dialog-title", markup=False)
            yield ProgressBar(total=100, show_eta=False)
            yield Static("", id="reading-count", markup=False)
            yield Static(say("Esc cancels"), classes="dialog-note", markup=False)

    def report(self, said: str, percent: int) -> None:
        if self.is_mounted:
            self.query_one(ProgressBar).update(progress=percent)
            self.query_one("#reading-count", Static).update(Content(said))

    def action_cancel(self) -> None:
        self.is_cancelled = True
        self.query_one(".dialog-note", Static).update(say("Cancelled"))
