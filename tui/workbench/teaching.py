"""What teaches the app: help on a pane with its keys, and every command for the palette, each with a sentence and a key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from textual.app import App, SystemCommand
from textual.dom import DOMNode
from textual.widget import Widget

from tui.language import message
from tui.saying import say
from tui.workbench.dialogs import Help
from tui.workbench.keys_in_order import key_of
from tui.workbench.page import Page

_NAMES = {
    "editor": message("The text"), "usage": message("The usage"), "find": message("Find and replace"),
    "folder": message("The folder"),
}  # fmt: skip  # of the panes, by their ids


def help_on(app: App[int], pane: Widget | None) -> Help:
    """What the pane with the focus is for, and the keys that do something there."""
    # Ours first: what moves a cursor is known.
    bindings = sorted((active.binding for active in app.screen.active_bindings.values()), key=lambda one: not one.id)
    keys = [(app.get_key_display(one), say(one.tooltip or one.description)) for one in bindings if one.description]
    around = pane.ancestors_with_self if pane else []
    about = next((one for one in around if isinstance(one, Widget) and one.HELP and one.id), None)
    title = about.TAB if isinstance(about, Page) else _NAMES.get((about and about.id) or "", app.TITLE or "")
    return Help(say(title), say(about.HELP) if about and about.HELP else "", list(dict.fromkeys(keys)))


def commands(app: App[int], panes: Iterable[DOMNode]) -> Iterator[SystemCommand]:
    """Those of the app and of some panes, one of each name, whatever its keys."""
    named: set[str] = set()
    for owner in (app, *panes):
        for _, binding in owner._bindings:
            if binding.tooltip and binding.description not in named:
                named.add(binding.description)
                sentence = f"{say(binding.tooltip)} ({key_of(binding.id or '', owner)})"
                yield SystemCommand(say(binding.description), sentence, partial(app.run_action, binding.action, owner))
