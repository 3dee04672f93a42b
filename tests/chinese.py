"""English where Chinese is spoken: what of a text is words of English that nobody typed and no language of machines needs."""

from __future__ import annotations

import re
from functools import cache

from dsl import grammar
from dsl.units import CURRENCIES, SERVICE_WORDS

# Names of things that are called so in Chinese, too: files, formats, keys, and what the settings are written with.
NAMES = frozenset(
    """rollover ctrl esc tab enter home end shift alt space pageup pagedown delete backspace insert editor visual
    yaml csv parquet utf nul json pip install plan scenario config settings tz database kid service amount seconds vi aa ab
    markdown pgup pgdn del super fill flex file
    sim bps kbps mbps gbps b kb mb gb tb min h d m s x w c a t o f p g n u ui utc eur usd gbp""".split()
)
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”|'[^']*'")
_PATHS = re.compile(r"\w+…|[\w.~$-]*[/.][\w./~-]+")
_CODES = re.compile(r"\brollover [a-z]+\b|\b[RSL]\d{3}\b|\bF\d{1,2}\b")
_WORDS = re.compile(r"(?<!\d)[A-Za-z][A-Za-z']+")


@cache
def _known() -> frozenset[str]:
    keywords = {part for word in grammar.keywords() for part in word.lower().replace("-", " ").split()}
    return NAMES | keywords | {one.lower() for one in CURRENCIES} | frozenset(SERVICE_WORDS)


def english(text: str, *typed: str) -> list[str]:
    """The English words of a text in Chinese, but for what stands in quotes, words of the language, names, keys and codes, and
    what is `typed`."""
    said = {word.lower() for one in typed for word in _WORDS.findall(one)}
    for pattern in (_QUOTED, _PATHS, _CODES):
        text = pattern.sub(" ", text)
    return [word for word in _WORDS.findall(text) if word.lower() not in _known() and word.lower() not in said]


def run_of_words(text: str) -> list[str]:
    """Words that follow each other outside of quotes, as in a sentence of English, though the language may know each."""
    for pattern in (_QUOTED, _PATHS, _CODES):
        text = pattern.sub(" | ", text)
    return re.findall(r"\b[a-z]+ [a-z]+\b", text)
