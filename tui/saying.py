"""What the app says, in the language that it speaks: English, until `speak` chose another one.

The app is one for its process, and so is its language. Commands that print stay English: nothing calls `speak` for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsl import units
from dsl.phrase import Phrase
from dsl.source import printable
from dsl.units import DEFAULT_DATA_STEP
from tui.language import ENGLISH, Language, language, version

if TYPE_CHECKING:  # loaded after the first screen
    from dsl.plan import Assumption


class _Spoken:
    code = ENGLISH


def speak(code: str) -> None:
    """From now on a language of `LANGUAGES` is spoken."""
    _Spoken.code = code


def spoken() -> Language:
    return language(_Spoken.code)


def catalog_version() -> bytes:
    """Changes whenever something may be said otherwise."""
    return b"" if _Spoken.code == ENGLISH else f"{_Spoken.code} {version(_Spoken.code)}".encode()


def say(text: str, /, **fields: str) -> str:
    """A whole English text in the language that is spoken, with its fields put in as they are; a phrase has its own fields."""
    return spoken().say(text, **fields)


def say_many(one: str, many: str, number: int, /, **fields: str) -> str:
    """The text for so many; its field `number` is how many."""
    return spoken().say_many(one, many, number, **fields)


def service_name(service: str) -> str:
    """What a service is called, safe to show; one that a file declares as its file calls it."""
    return _said(units.called(service))


def amount_text(service: str, amount: int, data_step: int = DEFAULT_DATA_STEP) -> str:
    """An amount as people say it: `2.2 GB`, `120 min`."""
    return _said(units.show(service, amount, data_step))


def assumption_text(assumption: Assumption) -> str:
    """What is assumed, safe to show."""
    return printable(say(assumption.text))


def _said(text: str) -> str:
    """A phrase in the language that is spoken; the rest, which is alike in every language, as it is."""
    return say(text) if isinstance(text, Phrase) else printable(text)
