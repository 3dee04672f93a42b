"""Whether two texts mean the same, wherever it stands in them."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar, cast

from dsl.check import check
from dsl.source import NOWHERE, Source, Span


def same_meaning(text: str, other: str) -> bool:
    """Whether two texts come to the same plans, examples and regulations, and have as many mistakes."""
    first, second = check(Source("", text)), check(Source("", other))
    if [one.code for one in first.diagnostics] != [one.code for one in second.diagnostics]:
        return False
    meanings = [without_places((one.plans, one.scenarios, one.regulations)) for one in (first, second)]
    return meanings[0] == meanings[1]


Meaning = TypeVar("Meaning")


def without_places(meaning: Meaning) -> Meaning:
    """A meaning, such as a plan or a scenario, without the places where it was written."""
    return cast("Meaning", _anywhere(meaning))


def _anywhere(meaning: object) -> Any:
    if isinstance(meaning, Span):
        return NOWHERE
    if isinstance(meaning, tuple):
        return tuple(map(_anywhere, meaning))
    if dataclasses.is_dataclass(meaning) and not isinstance(meaning, type):
        parts = {field.name: _anywhere(getattr(meaning, field.name)) for field in dataclasses.fields(meaning)}
        return type(meaning)(**parts)
    return meaning


def as_text(meaning: object) -> str:
    """A meaning without the places where it was written, the same in every process: a set has no order of its own."""
    if isinstance(meaning, Span):
        return ""
    if isinstance(meaning, frozenset):
        return f"{{{', '.join(sorted(map(as_text, meaning)))}}}"
    if isinstance(meaning, tuple):
        return f"({', '.join(map(as_text, meaning))})"
    if dataclasses.is_dataclass(meaning):
        parts = (f"{field.name}={as_text(getattr(meaning, field.name))}" for field in dataclasses.fields(meaning))
        return f"{type(meaning).__name__}({', '.join(parts)})"
    return repr(meaning)
