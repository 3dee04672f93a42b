"""A history as a timeline: what happens in it in the order of time, and how that went. A file for each who makes it happen."""

from tui.timeline.entries import Entry, Kind, State, Timeline, Window
from tui.timeline.whole import timeline

__all__ = ["Entry", "Kind", "State", "Timeline", "Window", "timeline"]
