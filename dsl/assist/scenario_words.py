"""What the keys of a scenario file mean, which of them stand where, and how what stands behind one is read by the language."""

from __future__ import annotations

from dsl.assist.scenario_place import TOP
from dsl.phrase import phrase
from dsl.scenario import Figure
from dsl.scenario_file import CYCLE_KEYS, KEYS, LINE_KEYS, RECORD_KEYS

MEANINGS = {
    "scenario": phrase("what it is called"),
    "plan": phrase("the plan it is about; the only one of the file beside it if not said"),
    "start": phrase("when the line starts, a local time of the plan's zone"),
    "opening": phrase("what the line has by then, such as `carried 7 GB until 2026-03-01`"),
    "cycles": phrase("cycle after cycle: what is done, and what it comes to"),
    "records": phrase("what is done at a time, in the order of time or not"),
    "at": phrase("a local time of the plan's zone"),
    "line": phrase("the line that does it, if not the first"),
    "lines": phrase("what other lines do in the cycle, by name"),
    "use": phrase("what is used, such as `6 GB` or `30 minutes at night`"),
    "buy": phrase("a pack"),
    "top up": phrase("an amount, and how long it lives, such as `2 GB for 30 days`"),
    "do": phrase('any other step of an example, such as `renew` or `change to "Large"`'),
    "expect": phrase("figures, such as `{left: 14 GB, carried: 10 GB because carry}`"),
}
NAMES = ("scenario", "plan", "buy", "line")  # behind these stands a name, as it is
_STARTS = {"use": "use ", "top up": "top up ", "do": "", "opening": "start with "}


def keys_in(container: str) -> tuple[str, ...]:
    """The keys of a mapping by the key that it stands behind; none of `lines`, where the names of lines stand."""
    match container:
        case "" if container == TOP:
            return KEYS
        case "cycles":
            return CYCLE_KEYS
        case "records":
            return RECORD_KEYS
        case "expect":
            return tuple(map(str, Figure))
        case "lines":
            return ()
        case _:
            return LINE_KEYS


def is_key(word: str) -> bool:
    return word in MEANINGS or word in set(Figure)


def read_behind(key: str) -> str | None:
    """What the language reads before the value of a key, on a line of an example; None where it reads no value of it."""
    return f"use 0 B -> {key} " if key in set(Figure) else _STARTS.get(key)
