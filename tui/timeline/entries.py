"""What a timeline is made of: entries, the windows of promotions, and the boundaries of cycles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from dsl.source import NOWHERE, Span
from engine.calendar import Calendar, Instant
from tui.steps import Place


class Kind(Enum):
    """What an entry is about, in the order in which those of one instant stand."""

    ENDS = auto()  # lots
    CYCLE = auto()
    PROMOTION = auto()
    STEP = auto()
    USES = auto()  # dated ones, where there are many
    EXPECTED = auto()


class State(Enum):
    """How it went."""

    PLAIN = auto()
    REFUSED = auto()
    MET = auto()
    MISSED = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """`words` and `why`, what is to be said about its state, are safe to show. `place` is where the step or the expectation
    stands in the scenario, None for what is the plan's own; `rule` where the text speaks of it, or NOWHERE."""

    at: Instant
    kind: Kind
    words: str
    place: Place | None = None
    state: State = State.PLAIN
    why: str = ""
    rule: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Window:
    """A promotion of the plan, from its start to its end."""

    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class Timeline:
    """`boundaries` are those of the cycles, from the start of the first to the end of the last. `problem` is what keeps the
    history from being run, where no entry tells it."""

    calendar: Calendar
    boundaries: tuple[Instant, ...]
    windows: tuple[Window, ...]
    entries: tuple[Entry, ...]
    problem: str = ""

    @property
    def start(self) -> Instant:
        return self.boundaries[0]

    @property
    def end(self) -> Instant:
        return self.boundaries[-1]
