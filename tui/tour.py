"""The tour of the first start: a few steps, each of which says what to do and goes on when it was done. No terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from tui import places
from tui.language import message

_SEEN = "toured"


class Pane(Enum):
    """What a step is about."""

    TEXT = "text"
    OUTCOME = "outcome"
    USAGE = "usage"
    KEYS = "keys"


class Deed(Enum):
    """What somebody did, as far as a step may wait for it."""

    TYPED = "typed"
    USED_MORE = "used more"
    TURNED_PAGE = "turned page"
    BACK_IN_TEXT = "back in text"
    WENT_TO_PROBLEM = "went to problem"
    MENDED = "mended"
    SAVED = "saved"
    LISTED_COMMANDS = "listed commands"


@dataclass(frozen=True, slots=True)
class Step:
    pane: Pane
    waits_for: Deed
    text: str


STEPS = (
    Step(
        Pane.TEXT, Deed.TYPED,
        message("This text is a plan, a rule a line. Change a number, and watch the months follow."),
    ),
    Step(
        Pane.USAGE, Deed.USED_MORE,
        message("F7 leads to what a subscriber uses, month by month. Press F7, then ↑ to use more."),
    ),
    Step(
        Pane.OUTCOME, Deed.TURNED_PAGE,
        message("The same plan can be looked at in other ways. F4 turns the page."),
    ),
    Step(
        Pane.TEXT, Deed.BACK_IN_TEXT,
        message("F6 goes on to the next pane. Press it until you are back in the text."),
    ),
    Step(
        Pane.TEXT, Deed.WENT_TO_PROBLEM,
        message("Misspell a word, then press F8: it goes to the mistake and says what helps."),
    ),
    Step(
        Pane.TEXT, Deed.MENDED,
        message("Write what the line below the text says, or press Ctrl+Z until the mistake is gone."),
    ),
    Step(
        Pane.TEXT, Deed.SAVED,
        message("Ctrl+S saves the text. It asks for a name first; Esc there means not now."),
    ),
    Step(
        Pane.KEYS, Deed.LISTED_COMMANDS,
        message("F1 explains the pane you are in. Ctrl+P lists every command with its key."),
    ),
)  # fmt: skip


class Tour:
    """Where somebody is in it."""

    def __init__(self, steps: Sequence[Step] = STEPS) -> None:
        self._steps = steps
        self._at = 0

    @property
    def step(self) -> Step | None:
        """None: it is over."""
        return self._steps[self._at] if self._at < len(self._steps) else None

    @property
    def number(self) -> int:
        return self._at + 1

    @property
    def total(self) -> int:
        return len(self._steps)

    def did(self, deed: Deed) -> bool:
        """Whether that was what the step waits for: then the next is on."""
        if self.step is None or self.step.waits_for is not deed:
            return False
        self._at += 1
        return True


def is_due() -> bool:
    """Whether nobody saw it yet on this account; not, where that could not be remembered."""
    state = places.state()
    return state is not None and not (state / _SEEN).exists()


def remember() -> None:
    """It was begun: it is not shown by itself again."""
    if state := places.state():
        with contextlib.suppress(OSError):
            (state / _SEEN).touch()
