"""What the app asks: which of a few answers, a path to write to, a file to open; and the page of help."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text, TextType
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import DirectoryTree, Input, OptionList, Static
from textual.widgets.option_list import Option

from dsl.source import printable, width
from tui import files, folders
from tui.files import FileError
from tui.language import message
from tui.saying import say
from tui.workbench.lines import hanging, in_rows


class Ask(ModalScreen[str]):
    """A question with a few answers; comes to the answer, "" where it is dismissed. An answer's first letter chooses it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "Cancel")]

    def __init__(self, question: str, answers: Sequence[str]) -> None:
        super().__init__()
        self._question = question
        self._answers = answers

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(Content(self._question), markup=False)
            yield OptionList(*(Option(Content(_with_letter(answer))) for answer in self._answers), compact=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._answers[event.option_index])

    def on_key(self, event: events.Key) -> None:
        for answer in self._answers:
            if event.character and event.character.lower() == answer[0].lower():
                event.stop()
                self.dismiss(answer)


def _with_letter(answer: str) -> str:
    """An answer as it is said; the letter that chooses it is that of the English word."""
    said = say(answer)
    return said if said == answer else f"{said} ({answer[:1].upper()})"


class AskPath(ModalScreen[Path | None]):
    """A path to write to; None where it is dismissed. A subclass asks for one of another kind of file."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]
    ASKED: ClassVar[str] = message("Save as")
    NOTE: ClassVar[str] = message("Enter saves, Esc goes back")
    REFUSED: ClassVar[str] = message("Not saved: {error}")
    EXAMPLE: ClassVar[str] = "my.plan"

    def __init__(self, path: Path | None) -> None:
        """`path` is where the text is now; it is offered where it can be shown as it is."""
        super().__init__()
        self._path = str(path) if path and shown(path) == str(path) else ""

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static(say(self.ASKED), classes="dialog-title", markup=False)
            yield Input(self._path, placeholder=self.EXAMPLE, compact=True, select_on_focus=False)
            yield Static(say(self.NOTE), classes="dialog-note", markup=False)

    def named(self, path: Path) -> Path:
        """What was typed, with the ending of such a file where it has none."""
        return path if path.suffix else path.with_name(path.name + folders.PLAN)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        try:
            self.dismiss(self._to_write(event.value.strip()))
        except FileError as error:
            self.query_one(".dialog-note", Static).update(Content(say(self.REFUSED, error=str(error))))

    def _to_write(self, typed: str) -> Path:
        """Raises FileError where it is a folder, there or by its `/`."""
        if not typed:
            raise FileError(say("write a name, such as {name}", name=self.EXAMPLE))
        path = expanded(typed)
        if typed.endswith(("/", os.sep)):
            raise FileError(say("{path} is a folder; add a name", path=typed))
        files.refuse_folder(path)
        named = self.named(path)
        files.refuse_folder(named)
        return named


class _Plans(DirectoryTree):
    """Folders and plan files; names are shown as text, whatever stands in them."""

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        seen = [path for path in paths if not path.name.startswith(".")]
        return [path for path in seen if path.suffix == folders.PLAN or files.is_folder(path)]

    def process_label(self, label: TextType) -> Text:
        return super().process_label(printable(str(label)))


class OpenFile(ModalScreen[Path | None]):
    """A file to open: typed, or chosen from the tree below; None where it is dismissed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall"):
            yield Static(say("Open a plan"), classes="dialog-title", markup=False)
            yield Input(placeholder=say("a path, or Tab and choose below"), compact=True)
            yield _Plans(self._folder)
            yield Static(say("Enter opens, Tab goes to the list, Esc goes back"), classes="dialog-note", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(expanded(event.value, self._folder))

    def on_directory_tree_file_selected(self, event: DirectoryTree.FileSelected) -> None:
        self.dismiss(event.path)


class Help(ModalScreen[None]):
    """What a pane is for and every key that works in it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f1,enter,q", "dismiss(None)", "Close")]

    def __init__(self, title: str, text: str, keys: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._keys = keys

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog tall"):
            yield Static(self._title, classes="dialog-title", markup=False)
            with VerticalScroll():
                yield Static(id="help-text", markup=False)
                yield Static(id="help-keys", markup=False)
            yield Static(say("Esc closes this"), classes="dialog-note", markup=False)

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def _show(self) -> None:
        """What a key does stands below where that begins, however wide the dialog is."""
        columns = max(1, self.query_one(VerticalScroll).scrollable_content_region.width)
        text = [row for line in self._text.split("\n") for row in in_rows(Content(line), columns)]
        self.query_one("#help-text", Static).update(Content("\n").join(text))
        wide = max((width(key) for key, _ in self._keys), default=0)
        rows = [Content("")]
        for key, word in self._keys:
            first, *more = hanging(word, columns, f"{key.rjust(wide)}  ", " " * (wide + 2))
            rows += [Content(first).stylize("bold $text-accent", 0, wide), *map(Content, more)]
        self.query_one("#help-keys", Static).update(Content("\n").join(rows))


def expanded(text: str, folder: Path | None = None) -> Path:
    """A path as typed, with `~` for home where that is known, from `folder` on."""
    path = Path(text.strip())
    with contextlib.suppress(RuntimeError):
        path = path.expanduser()
    return (folder or Path()) / path


def shown(path: Path) -> str:
    """A path, safe to show."""
    return printable(str(path))
