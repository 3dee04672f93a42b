"""The last row: the keys that matter where the focus is, as many as fit whole."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from dsl.source import width
from tui.saying import say

LEADING = 2  # keys of the app that stand before those of the pane


class KeyLine(Widget):
    """Keys of the focused pane first, then those of the app; one that does not fit is left out, never cut."""

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def _changed(self, _screen: Screen[object]) -> None:
        self.refresh()

    def _shown(self) -> list[tuple[str, str, str, DOMNode]]:
        """Key, word and action of each, and whose it is: first two of the app, which lead out of a pane, then the pane's, then
        the others."""
        order = [binding.id for binding in self.app.BINDINGS if isinstance(binding, Binding)]
        shown = []
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and not (active.node is self.app and binding.id not in order):
                place = order.index(binding.id) if binding.id in order else LEADING - 0.5
                shown.append((place, self.app.get_key_display(binding), say(binding.description), binding.action, active.node))
        # One that has several keys is active once for each.
        return [one[1:] for one in dict.fromkeys(sorted(shown, key=lambda one: one[0]))]

    def _fitting(self) -> list[tuple[int, int, str, str, str, DOMNode]]:
        found, at = [], 1
        for key, word, action, node in self._shown():
            end = at + width(key) + 1 + width(word)
            if end <= self.size.width - 1:
                found.append((at, end, key, word, action, node))
                at = end + 2
        return found

    def render(self) -> Content:
        parts: list[str | tuple[str, str]] = [" "]
        for _, _, key, word, *_ in self._fitting():
            parts += [(key, "bold $text-accent"), f" {word}  "]
        return Content.assemble(*parts)

    async def on_click(self, event: events.Click) -> None:
        for start, end, _, _, action, node in self._fitting():
            if start <= event.x < end:
                await self.app.run_action(action, node)
