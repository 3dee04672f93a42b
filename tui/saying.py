"""What the app says, in the language that it speaks: English, until `speak` chose another one.

The app is one for its process, and so is its language. Commands that print stay English: nothing calls `speak` for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dsl.source import printable
from tui.language import ENGLISH, Language, language, message

if TYPE_CHECKING:  # loaded after the first screen
    from dsl.plan import Assumption

_SERVICES = (message("data"), message("voice"), message("sms"))  # others are called as their file calls them


class _Spoken:
    code = ENGLISH


def speak(code: str) -> None:
    """From now on a language of `LANGUAGES` is spoken."""
    _Spoken.code = code


def spoken() -> Language:
    return language(_Spoken.code)


def say(text: str, /, **fields: str) -> str:
    """A whole English text in the language that is spoken, with its fields put in as they are."""
    return spoken().say(text, **fields)


def say_many(one: str, many: str, number: int, /, **fields: str) -> str:
    """The text for so many; its field `number` is how many."""
    return spoken().say_many(one, many, number, **fields)


def service_name(service: str) -> str:
    """What a service is called, safe to show."""
    return say(service) if service in _SERVICES else printable(service)


def assumption_text(assumption: Assumption) -> str:
    """What is assumed, safe to show."""
    fields = {name: service_name(text) if name == "service" else text for name, text in assumption.fields}
    return printable(say(assumption.template, **fields))
