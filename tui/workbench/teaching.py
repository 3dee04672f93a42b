"""What teaches the app: help on a pane with its keys, and every command for the palette, each with a sentence and a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from textual.app import App, SystemCommand
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.dom import DOMNode
from textual.theme import ThemeProvider
from textual.widget import Widget
from textual.widgets.option_list import Option

from tui.language import message
from tui.saying import say
from tui.workbench.dialogs import Help
from tui.workbench.keys_in_order import key_of
from tui.workbench.page import Page

_NAMES = {
    "editor": message("The text"), "usage": message("The usage"), "find": message("Find and replace"),
    "folder": message("The folder"),
}  # fmt: skip  # of the panes, by their ids
_OF_TEXTUAL = (
    message("Copy selected text"), message("Cursor down select"), message("Cursor down"), message("Cursor left select"),
    message("Cursor left word select"), message("Cursor left"), message("Cursor line end select"), message("Cursor line end"),
    message("Cursor line start select"), message("Cursor line start"), message("Cursor page down"), message("Cursor page up"),
    message("Cursor right select"), message("Cursor right word select"), message("Cursor right"), message("Cursor up select"),
    message("Cursor up"), message("Cursor word left"), message("Cursor word right"), message("Cut selected text"),
    message("Cut"), message("Delete all to the left"), message("Delete all to the right"), message("Delete character left"),
    message("Delete character right"), message("Delete left to start of word"), message("Delete line"),
    message("Delete right to start of word"), message("Delete to line end"), message("Delete to line start"),
    message("Focus Next"), message("Focus Previous"), message("Go to end"), message("Go to start"),
    message("Move cursor left a word and select"), message("Move cursor left a word"), message("Move cursor left and select"),
    message("Move cursor left"), message("Move cursor right a word and select"), message("Move cursor right a word"),
    message("Move cursor right and select"), message("Move cursor right or accept the completion suggestion"),
    message("Page Down"), message("Page Left"), message("Page Right"), message("Page Up"),
    message("Paste text from the clipboard"), message("Paste"), message("Scroll Down"), message("Scroll End"),
    message("Scroll Home"), message("Scroll Left"), message("Scroll Right"), message("Scroll Up"), message("Select all"),
    message("Select line end"), message("Select line start"), message("Select line"), message("Select"), message("Submit"),
    message("First"), message("Last"), message("Down"),
)  # fmt: skip  # keys that come with its widgets


def help_on(app: App[int], pane: Widget | None) -> Help:
    """What the pane with the focus is for, and the keys that do something there."""
    # Ours first: what moves a cursor is known.
    bindings = sorted((active.binding for active in app.screen.active_bindings.values()), key=lambda one: not one.id)
    told = [one for one in bindings if one.description]  # each by its own key: `↑↓` is short for two, which both are told
    keys = [(app.get_key_display(replace(one, key_display=None)), say(one.tooltip or one.description)) for one in told]
    around = pane.ancestors_with_self if pane else []
    about = next((one for one in around if isinstance(one, Widget) and one.HELP and one.id), None)
    title = about.TAB if isinstance(about, Page) else _NAMES.get((about and about.id) or "", app.TITLE or "")
    return Help(say(title), say(about.HELP) if about and about.HELP else "", list(dict.fromkeys(keys)))


class _Palette(CommandPalette):
    """Textual's, which tells in our language that nothing is called so."""

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()

        def tell() -> None:
            if search_value:
                said = Content(say("No matches found"))
                self.query_one(CommandList).add_option(Option(said, id=self._NO_MATCHES, disabled=True))
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, tell)


def palette() -> CommandPalette:
    """Every command, to be found by its name."""
    return _Palette(placeholder=say("Search for commands…"), id="--command-palette")


def themes() -> CommandPalette:
    return _Palette(providers=[ThemeProvider], placeholder=say("Search for themes…"))


def commands(app: App[int], panes: Iterable[DOMNode]) -> Iterator[SystemCommand]:
    """Those of the app and of some panes, one of each name, whatever its keys."""
    named: set[str] = set()
    for owner in (app, *panes):
        for _, binding in owner._bindings:
            if binding.tooltip and binding.description not in named:
                named.add(binding.description)
                sentence = f"{say(binding.tooltip)} ({key_of(binding.id or '', owner)})"
                yield SystemCommand(say(binding.description), sentence, partial(app.run_action, binding.action, owner))
