"""Texts in English that know what they were made of, so that they can be said in another language.

The language and the engine know English only, and nothing of catalogs: a phrase carries its template, which is the key of its
translation, and its fields. Who shows it says it, in `tui`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dsl.source import printable

_LONGEST_FIELD = 200  # of what comes of a file
_MOST_LISTED = 30


class Phrase(str):
    """A text, equal to its English. Its fields are safe to show; those that are phrases are said in their turn, the others are
    what a file says, or numbers."""

    __slots__ = ("fields", "template")
    template: str
    fields: Mapping[str, str]

    def __new__(cls, template: str, fields: Mapping[str, str] | None = None) -> Phrase:
        made = super().__new__(cls, template.format_map(fields) if fields else template)
        made.template = template
        made.fields = fields or {}
        return made

    def __getnewargs__(self) -> tuple[str, Mapping[str, str]]:  # type: ignore[override]  # for copies
        return self.template, self.fields


NOTHING = Phrase("")


def phrase(template: str, /, **fields: str | int) -> Phrase:
    """A whole English text, which is found by its name where texts are collected for translation; of its fields those that it
    has a place for."""
    return Phrase(template, {name: field(said) for name, said in fields.items() if f"{{{name}}}" in template})


def field(said: str | int) -> str:
    """What stands in a field: a phrase as it is, the rest safe to show."""
    return said if isinstance(said, Phrase) else printable(str(said))[:_LONGEST_FIELD]


def listed(parts: Sequence[str]) -> str:
    """`a, b, c`; of very many the first."""
    found = parts[0] if parts else NOTHING
    for part in [*parts[1:_MOST_LISTED], *(["..."] if len(parts) > _MOST_LISTED else [])]:
        found = phrase("{first}, {last}", first=found, last=part)
    return found


def told(parts: Sequence[str]) -> str:
    """`a; b; c`, each of which says something by itself."""
    found = parts[0] if parts else NOTHING
    for part in parts[1:]:
        found = phrase("{first}; {last}", first=found, last=part)
    return found


def either(parts: Sequence[str]) -> str:
    """`a, b or c`."""
    return phrase("{first} or {last}", first=listed(parts[:-1]), last=parts[-1]) if len(parts) > 1 else listed(parts)


def every(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return phrase("{first} and {last}", first=listed(parts[:-1]), last=parts[-1]) if len(parts) > 1 else listed(parts)
