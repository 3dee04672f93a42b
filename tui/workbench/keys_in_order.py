"""Keys in the order in which they were pressed.

Textual hands a character to the widget at once, but a key that is bound only after the event has bubbled to the top: of keys
that arrive together, as from a paste or while the app is busy, the characters would overtake the others.
"""

from __future__ import annotations

from textual import events
from textual.widget import Widget


async def act_on(widget: Widget, event: events.Key) -> None:
    """Runs what `widget` binds to a key, now, and stops the event; else leaves it to Textual."""
    for node, bindings in widget.screen._binding_chain:
        for binding in bindings.key_to_bindings.get(event.key, ()) if node is widget else ():
            if await widget.app.run_action(binding.action, widget):
                event.stop()
                event.prevent_default()
                return
