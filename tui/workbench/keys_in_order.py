"""Keys in the order in which they were pressed.

Textual hands a character to the widget at once, but a key that is bound only after the event has bubbled to the top: of keys
that arrive together, as from a paste or while the app is busy, the characters would overtake the others.
"""

from __future__ import annotations

from textual import events
from textual.binding import BindingsMap
from textual.dom import DOMNode
from textual.widget import Widget
from textual.widgets import Input


def key_of(id_: str, *nodes: DOMNode) -> str:
    """The key that does something in one of these, as it is shown; "" where none does."""
    own = BindingsMap.merge([node._bindings for node in nodes])
    own.apply_keymap(nodes[0].app._keymap)
    return next((nodes[0].app.get_key_display(binding) for _, binding in own if binding.id == id_), "")


def is_text(event: events.Key) -> bool:
    """Whether a key stands for a character that somebody types; Alt with a letter brings the letter along, and does not."""
    return event.is_printable and not event.key.startswith(("alt+", "ctrl+", "super+", "meta+", "hyper+"))


class Field(Input):
    """An input that leaves keys with Alt to whoever binds them."""

    async def _on_key(self, event: events.Key) -> None:  # the input's own handler runs after this one
        if not is_text(event):
            event.prevent_default()


def hand_on(widget: Widget, event: events.Key) -> bool:
    """Gives a key to what has the focus by now, if that is not `widget`: a key before it led there. Whether it did."""
    focused = widget.screen.focused
    if focused is None or focused is widget or not widget.screen.is_current:
        return False
    event.stop()
    event.prevent_default()
    focused.post_message(events.Key(event.key, event.character))
    return True


async def act_on(widget: Widget, event: events.Key, *around: object) -> None:
    """Runs what `widget`, or what is around it, binds to a key, now, and stops the event; else leaves it to Textual."""
    for node, bindings in widget.screen._binding_chain:
        for binding in bindings.key_to_bindings.get(event.key, ()) if node is widget or node in around else ():
            if await widget.app.run_action(binding.action, node):
                event.stop()
                event.prevent_default()
                return
