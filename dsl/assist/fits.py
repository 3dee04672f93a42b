"""Whether words that the grammar would take mean anything where they would stand: the checker is asked.

The grammar takes any mark behind any item and any line in any block; what of it is refused, with which words, is decided where
it is read. So a line is tried with its block's header and what is right above it, and the finding says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from dsl.check import check
from dsl.interactive import Reading
from dsl.source import Source

# Findings that are no wonder in a few lines out of their file, or in a line that ends too early.
_EXPECTED = {
    "R003", "R101", "R102", "R105", "R106", "R107", "R109", "R120", "R203", "R206", "R207", "R208", "R210", "R211", "R215",
    "R217", "R218", "R219", "R221", "R223", "R226", "R227", "R231", "R233", "R236", "R237", "R238", "R253", "R264", "R280",
}  # fmt: skip
_MOST_WORDS = 6
# What stands for what is not written yet; each order is tried: nothing may be missing, or a noun, or a life.
_STAND_INS = {
    "WORD": "data", "NUMBER": "2", "NAME": '"x"', "DATE": "2026-10-01", "MONTH": "months", "COLON": ":", "EQUALS": "=",
    "CLOCK": "05:00", "ORDINAL": "28th", "CARRIED": "carried", "TO": "to", "UP": "up", "EARLY": "early",
    "EXPIRE": "expire", "KEEP": "keep", "GRANT": "grant", "PLAN": "plan", "LEFT": "left", "COMMA": ",", "ON": "on",
    "AT": "at", "WITH": "with", "FROM": "from", "THE": "the", "NEXT": "next", "CYCLE": "cycle", "OF": "of", "IT": "it",
}  # fmt: skip
_ORDERS = ((), tuple(_STAND_INS), ("NUMBER", "MONTH", *_STAND_INS), ("GRANT", *_STAND_INS))


def fits(above: Sequence[str], line: str, start: int) -> bool:
    """Whether what stands on a line from column `start` on is about something there, below these lines."""
    return _fits((*above, line), start)


@lru_cache(maxsize=4_000)
def _fits(lines: tuple[str, ...], start: int) -> bool:
    found = check(Source("", "\n".join(lines))).diagnostics
    return not any(
        one.is_error and one.span.line == len(lines) and one.span.end > start and one.code not in _EXPECTED for one in found
    )


def endings(here: Reading) -> tuple[str, ...]:
    """Words that would end the line that has been read so far, so that it can be tried: "" where it may end, or where no end
    is near."""
    found = dict.fromkeys(ending for order in _ORDERS if (ending := _ending(here, order)) is not None)
    return tuple(found) or ("",)


def _ending(here: Reading, order: tuple[str, ...]) -> str | None:
    trial = here.copy()
    words: list[str] = []
    kinds = [""]
    for _ in range(_MOST_WORDS):
        possible = trial.possible()
        if "$END" in possible and (words or not order or order[0] not in possible):
            return " ".join(words)
        kind = next((one for one in order if one in possible), "")
        text = ("EUR" if "AT" in kinds else "GB") if (kinds[-1], kind) == ("NUMBER", "WORD") else _STAND_INS.get(kind, "")
        if not kind or not trial.take(kind):
            return None
        kinds.append(kind)
        words.append(text)
    return None
